"""The article's claims, weighed: `claims.yml` as frozen values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardwired.evidence import lined_yaml
from hardwired.evidence.lined_yaml import Lined
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import (
    CERTAINTIES,
    CERTAINTY_REASONS,
    CHAPTERS,
    KEY,
    OUTCOMES,
    ROLES,
    VERDICTS,
)


@dataclass(frozen=True)
class ClaimReference:
    """A work that speaks to a claim.

    Parameters
    ----------
    key
        Bibliography key.
    role
        ``for``, ``against`` or ``qualifies``.
    why
        One sentence: what it found that matters here.
    outcome
        What the work measured: ``human``, ``human-mechanism``, ``animal``, ``cell``, ``context``.
    line
        Line in `claims.yml`.
    """

    key: str
    role: str
    why: str
    outcome: str
    line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Claim:
    """One statement of the article and what the evidence makes of it.

    Parameters
    ----------
    id
        ``C1`` to ``C22``.
    chapter
        Chapter that weighs it, ``05-wounds``.
    article_says
        The statement in our words.
    verdict
        A key of :data:`hardwired.evidence.schema.VERDICTS`.
    verdict_reasons
        Why that verdict.
    certainty
        Certainty of the human evidence, a key of ``CERTAINTIES`` (after GRADE).
    certainty_reasons
        Reason (a key of ``CERTAINTY_REASONS``) to sentence.
    references
        Works for, against and qualifying.
    teacher
        What a careful teacher would say instead.
    line
        Line in `claims.yml`.
    lines
        Line of each part of it.
    """

    id: str
    chapter: str
    article_says: str
    verdict: str
    verdict_reasons: str
    certainty: str
    certainty_reasons: dict[str, str] = field(hash=False)
    references: tuple[ClaimReference, ...]
    teacher: str
    line: int = field(default=0, compare=False, repr=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False, hash=False)

    @property
    def number(self) -> int:
        """The number in the id, for sorting."""
        return int(self.id[1:])

    @property
    def verdict_words(self) -> str:
        """The verdict as a reader sees it."""
        return VERDICTS[self.verdict]

    @property
    def certainty_words(self) -> str:
        """The certainty as a reader sees it."""
        return CERTAINTIES[self.certainty]


_TEXTS = ("id", "chapter", "article_says", "verdict", "verdict_reasons", "certainty", "teacher")
_PARTS = (*_TEXTS, "certainty_reasons", "references")
_REFERENCE_PARTS = ("key", "role", "outcome", "why")


def read_claims(path: Path, shown: str) -> tuple[dict[str, Claim], list[Problem]]:
    """Read `claims.yml`.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    claims, problems
        Claims without fault by id in the order of the file, and every fault found.
    """
    content, problems = lined_yaml.read(path, shown)
    if problems:
        return {}, problems
    if not isinstance(content, list):
        return {}, [Problem(shown, 1, "not a list of claims", "begin each claim with `- id:`")]
    claims: dict[str, Claim] = {}
    for item in content:
        if not isinstance(item, Lined):
            problems.append(
                Problem(shown, 1, f"{item!r} is no claim", "begin each claim with `- id:`")
            )
            continue
        faults = list(_faults(item, shown))
        problems += faults
        if faults:
            continue
        claim = _claim(item)
        if claim.id in claims:
            what = f"claim {claim.id} stands twice (first at line {claims[claim.id].line})"
            problems.append(Problem(shown, claim.line, what, "merge the two"))
            continue
        claims[claim.id] = claim
    return claims, problems


def _claim(item: Lined) -> Claim:
    texts = {name: _text(item[name]) for name in _TEXTS}
    references = tuple(
        ClaimReference(
            entry["key"],
            entry["role"],
            _text(entry["why"]),
            entry["outcome"],
            entry.line,
        )
        for entry in item["references"]
    )
    reasons = {name: _text(text) for name, text in (item["certainty_reasons"] or {}).items()}
    return Claim(
        **texts,
        certainty_reasons=reasons,
        references=references,
        line=item.line,
        lines=dict(item.lines),
    )


def _text(value: str) -> str:
    return " ".join(value.split())


def _faults(item: Lined, shown: str) -> Iterator[Problem]:
    """Yield what keeps a mapping from being a claim."""
    name = str(item.get("id", "a claim without id"))
    yield from _wrong_parts(item, _PARTS, name, shown)
    for part in _TEXTS:
        if part in item and not _filled(item[part]):
            what = f"{name}: {part} is not a text"
            yield Problem(shown, item.at(part), what, "write it, in quotes if it has a colon")
    if "id" in item and not re.fullmatch(r"C[1-9]\d*", name):
        yield Problem(shown, item.at("id"), f"{name!r} is no claim number", "write C1 to C22")
    for part, words in (
        ("chapter", CHAPTERS),
        ("verdict", tuple(VERDICTS)),
        ("certainty", tuple(CERTAINTIES)),
    ):
        if _filled(item.get(part)) and item[part] not in words:
            what = f"{name}: unknown {part} {item[part]!r}"
            yield Problem(shown, item.at(part), what, f"use one of {', '.join(words)}")
    yield from _reason_faults(item, name, shown)
    yield from _reference_faults(item, name, shown)


def _reason_faults(item: Lined, name: str, shown: str) -> Iterator[Problem]:
    if "certainty_reasons" not in item:
        return
    reasons = item["certainty_reasons"]
    if reasons is None or reasons == []:
        return
    if not isinstance(reasons, Lined):
        what = f"{name}: certainty_reasons is not a mapping"
        yield Problem(shown, item.at("certainty_reasons"), what, "write `reason: sentence` lines")
        return
    for reason, text in reasons.items():
        if reason not in CERTAINTY_REASONS:
            what = f"{name}: unknown certainty reason {reason!r}"
            mend = f"use one of {', '.join(CERTAINTY_REASONS)}"
            yield Problem(shown, reasons.at(reason), what, mend)
        elif not _filled(text):
            what = f"{name}: {reason} says nothing"
            yield Problem(shown, reasons.at(reason), what, "write one sentence")


def _reference_faults(item: Lined, name: str, shown: str) -> Iterator[Problem]:
    if "references" not in item:
        return
    references = item["references"]
    if not isinstance(references, list) or not all(isinstance(r, Lined) for r in references):
        what = f"{name}: references is not a list of mappings"
        yield Problem(shown, item.at("references"), what, "write `- key:` with role and why")
        return
    seen: set[str] = set()
    for entry in references:
        yield from _wrong_parts(entry, _REFERENCE_PARTS, name, shown)
        key = entry.get("key")
        for part in _REFERENCE_PARTS:
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


def _wrong_parts(item: Lined, parts: tuple[str, ...], name: str, shown: str) -> Iterator[Problem]:
    for part in item:
        if part not in parts:
            what = f"{name}: unknown part {part!r}"
            yield Problem(shown, item.at(part), what, f"use {', '.join(parts)}")
    for part in parts:
        if part not in item:
            yield Problem(shown, item.line, f"{name}: no {part}", f"add `{part}:`")


def _filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
