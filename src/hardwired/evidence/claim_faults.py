"""What keeps a mapping of `claims.yml` from being a claim: parts missing, misspelt, mistyped.

Whether a well-formed claim is also argued well is held in :mod:`hardwired.evidence.checks.claims`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hardwired.evidence.lined_yaml import Lined
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import (
    CERTAINTIES,
    CHAPTERS,
    KEY,
    LOWERING_REASONS,
    OUTCOMES,
    RAISING_REASONS,
    ROLES,
    SCALES,
    SEARCH_ID,
    STARTS,
    VERDICTS,
)

_TEXTS = ("id", "chapter", "article_says", "teacher")
_PART_TEXTS = ("id", "statement", "question", "verdict", "verdict_reasons", "would_change")
_PART = (*_PART_TEXTS, "searches", "outcomes", "references")
_REFERENCE = ("key", "role", "outcome", "why")
_OUTCOME_TEXTS = ("outcome", "kind", "population", "comparison", "starts", "certainty")
_OUTCOME = (*_OUTCOME_TEXTS, "lowers", "references")
_OUTCOME_MAY = ("studies", "people", "effect", "finding", "raises", "certainty_why", "numbers")
_NUMBERS = ("events", "i2", "tau2", "small-study-p")
_KINDS = tuple(kind for kind in OUTCOMES if kind != "context")


def claim_faults(item: Lined, shown: str) -> Iterator[Problem]:
    """Yield what keeps a mapping from being a claim.

    Parameters
    ----------
    item
        The mapping, with its lines.
    shown
        The file's name in messages.
    """
    name = str(item.get("id", "a claim without id"))
    yield from _wrong_parts(item, (*_TEXTS, "parts"), (), name, shown)
    yield from _texts(item, _TEXTS, name, shown)
    if "id" in item and not re.fullmatch(r"C[1-9]\d*", name):
        yield Problem(shown, item.at("id"), f"{name!r} is no claim number", "write C1 to C22")
    yield from _choice(item, "chapter", CHAPTERS, name, shown)
    if "parts" not in item:
        return
    parts = item["parts"]
    if not parts or not _mappings(parts):
        what = f"{name}: parts is not a list of mappings"
        yield Problem(shown, item.at("parts"), what, "write `- id: a` with statement and verdict")
        return
    seen: set[str] = set()
    for part in parts:
        label = f"{name}{part.get('id', '?')}"
        yield from _part_faults(part, label, shown)
        if label in seen:
            yield Problem(shown, part.at("id"), f"{label} stands twice", "give each its letter")
        seen.add(label)


def _part_faults(item: Lined, name: str, shown: str) -> Iterator[Problem]:
    yield from _wrong_parts(item, _PART, (), name, shown)
    yield from _texts(item, _PART_TEXTS, name, shown)
    if _filled(item.get("id")) and not re.fullmatch("[a-z]", item["id"]):
        yield Problem(shown, item.at("id"), f"{name}: the id is no letter", "write a, b, c")
    yield from _choice(item, "verdict", VERDICTS, name, shown)
    yield from _list(item, "searches", SEARCH_ID.fullmatch, "an id of searches.csv", name, shown)
    yield from _reference_faults(item, name, shown)
    if "outcomes" not in item:
        return
    if not item["outcomes"] or not _mappings(item["outcomes"]):
        what = f"{name}: a part without an outcome"
        mend = "write `- outcome:` with population, comparison and certainty"
        yield Problem(shown, item.at("outcomes"), what, mend)
        return
    for outcome in item["outcomes"]:
        yield from _outcome_faults(outcome, name, shown)


def _outcome_faults(item: Lined, part: str, shown: str) -> Iterator[Problem]:
    name = f"{part}, outcome {str(item.get('outcome', '?'))[:40]!r}"
    yield from _wrong_parts(item, _OUTCOME, _OUTCOME_MAY, name, shown)
    yield from _texts(item, _OUTCOME_TEXTS, name, shown)
    yield from _choice(item, "kind", _KINDS, name, shown)
    yield from _choice(item, "starts", STARTS, name, shown)
    yield from _choice(item, "certainty", CERTAINTIES, name, shown)
    for count in ("studies", "people"):
        if item.get(count) is not None and not _whole_number(item[count]):
            what = f"{name}: {count} {item[count]!r} is no whole number"
            yield Problem(shown, item.at(count), what, "write digits, or leave it out")
    yield from _move_faults(item, "lowers", LOWERING_REASONS, name, shown)
    yield from _move_faults(item, "raises", RAISING_REASONS, name, shown)
    yield from _effect_faults(item, name, shown)
    yield from _number_faults(item, name, shown)
    yield from _list(item, "references", KEY.fullmatch, "a bibliography key", name, shown)
    if not item.get("references"):
        what = f"{name}: no works"
        yield Problem(shown, item.at("references"), what, "name the works it rests on")
    if not item.get("effect") and not _filled(item.get("finding")):
        what = f"{name}: neither effect nor finding"
        yield Problem(shown, item.line, what, "give the number, or say in words what was found")


def _move_faults(
    item: Lined, part: str, known: dict[str, str], name: str, shown: str
) -> Iterator[Problem]:
    moves = item.get(part)
    if not moves:
        return
    if not isinstance(moves, Lined):
        mend = "write `reason: {steps: 1, why: ...}` lines"
        yield Problem(shown, item.at(part), f"{name}: {part} is not a mapping", mend)
        return
    for reason, move in moves.items():
        line = moves.at(reason)
        if reason not in known:
            what = f"{name}: {reason!r} does not stand among what {part} certainty"
            yield Problem(shown, line, what, f"use one of {', '.join(known)}")
        elif not isinstance(move, Lined) or set(move) != {"steps", "why"}:
            what = f"{name}: {reason} is not steps and why"
            yield Problem(shown, line, what, "write {steps: 1, why: one sentence}")
        elif move["steps"] not in (1, 2, 3) or not _filled(move["why"]):
            what = f"{name}: {reason} has no steps from 1 to 3 or does not say why"
            yield Problem(shown, line, what, "write {steps: 1, why: one sentence}")


def _effect_faults(item: Lined, name: str, shown: str) -> Iterator[Problem]:
    effect = item.get("effect")
    if not effect:
        return
    line = item.at("effect")
    mend = "write {scale: r, value: 0.08, low: 0.03, high: 0.14, level: 95}"
    known = {"scale", "value", "low", "high", "level"}
    if not isinstance(effect, Lined) or not {"scale", "value"} <= set(effect) <= known:
        yield Problem(shown, line, f"{name}: the effect cannot be read", mend)
        return
    if effect["scale"] not in SCALES:
        what = f"{name}: unknown scale {effect['scale']!r}"
        yield Problem(shown, line, what, f"use one of {', '.join(SCALES)}")
    numbers = {part: effect.get(part) for part in ("value", "low", "high", "level")}
    if not all(number is None or _number(number) for number in numbers.values()):
        yield Problem(shown, line, f"{name}: a number of the effect is no number", mend)
        return
    value, low, high, level = numbers.values()
    if (low is None) != (high is None):
        yield Problem(shown, line, f"{name}: only one of low and high", "fill both or neither")
    elif low is not None and high is not None and not low <= value <= high:
        what = f"{name}: {value} lies outside its own limits {low} to {high}"
        yield Problem(shown, line, what, "correct them")
    if level is not None and not 50 <= level < 100:
        yield Problem(shown, line, f"{name}: level {level} is no level", "write 95")


def _number_faults(item: Lined, name: str, shown: str) -> Iterator[Problem]:
    numbers = item.get("numbers")
    if not numbers:
        return
    mend = f"use {', '.join(_NUMBERS)}, each with a number"
    fits = isinstance(numbers, Lined) and set(numbers) <= set(_NUMBERS)
    if not fits or not all(map(_number, numbers.values())):
        yield Problem(shown, item.at("numbers"), f"{name}: numbers cannot be read", mend)


def _reference_faults(item: Lined, name: str, shown: str) -> Iterator[Problem]:
    if "references" not in item:
        return
    references = item["references"]
    if not _mappings(references):
        what = f"{name}: references is not a list of mappings"
        yield Problem(shown, item.at("references"), what, "write `- key:` with role and why")
        return
    seen: set[str] = set()
    for entry in references:
        yield from _wrong_parts(entry, _REFERENCE, (), name, shown)
        key = entry.get("key")
        for part in _REFERENCE:
            if part in entry and not _filled(entry[part]):
                what = f"{name}: {part} of a reference is not a text"
                yield Problem(shown, entry.at(part), what, "write it")
        if _filled(key) and not KEY.fullmatch(key):
            what = f"{name}: {key!r} is no bibliography key"
            yield Problem(shown, entry.at("key"), what, "write firstauthorYEARword")
        if key in seen:
            what = f"{name}: {key} stands twice"
            yield Problem(shown, entry.at("key"), what, "merge the two")
        seen.add(str(key))
        for part, words in (("role", ROLES), ("outcome", OUTCOMES)):
            if _filled(entry.get(part)) and entry[part] not in words:
                what = f"{name}: unknown {part} {entry[part]!r} of {key}"
                yield Problem(shown, entry.at(part), what, f"use one of {', '.join(words)}")


def _wrong_parts(
    item: Lined, must: tuple[str, ...], may: tuple[str, ...], name: str, shown: str
) -> Iterator[Problem]:
    for part in item:
        if part not in must and part not in may:
            what = f"{name}: unknown part {part!r}"
            yield Problem(shown, item.at(part), what, f"use {', '.join((*must, *may))}")
    for part in must:
        if part not in item:
            yield Problem(shown, item.line, f"{name}: no {part}", f"add `{part}:`")


def _texts(item: Lined, parts: tuple[str, ...], name: str, shown: str) -> Iterator[Problem]:
    for part in parts:
        if part in item and not _filled(item[part]):
            what = f"{name}: {part} is not a text"
            yield Problem(shown, item.at(part), what, "write it, in quotes if it has a colon")


def _choice(
    item: Lined, part: str, words: Iterable[str], name: str, shown: str
) -> Iterator[Problem]:
    if _filled(item.get(part)) and item[part] not in words:
        what = f"{name}: unknown {part} {item[part]!r}"
        yield Problem(shown, item.at(part), what, f"use one of {', '.join(words)}")


def _list(
    item: Lined, part: str, fits: Callable[[str], Any], kind: str, name: str, shown: str
) -> Iterator[Problem]:
    if part not in item:
        return
    texts = item[part]
    if not isinstance(texts, list):
        what = f"{name}: {part} is not a list"
        yield Problem(shown, item.at(part), what, "write it in brackets, [one, two]")
        return
    for text in texts:
        if not isinstance(text, str) or not fits(text):
            yield Problem(shown, item.at(part), f"{name}: {text!r} is not {kind}", "correct it")


def _mappings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, Lined) for entry in value)


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
