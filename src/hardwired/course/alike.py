"""Answers that are perhaps not independent: groups of texts, and where two of them agree.

A hint for a person, never a verdict. Everything is computed on this machine. Texts are compared by
runs of words; runs that stand in the question, or that many of the class use, do not count.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hardwired.course.authoring.exercise import Answer, Exercise, Question
from hardwired.course.standing import Standing

__all__ = ["Alike", "Group", "Pair", "groups", "in_class", "shared"]

RUN = 6  # words in a row
LEAST = 0.25  # share of the shorter text's runs that the other has too
FEW = 6  # who may share a run, in however small a class
MANY = 0.25  # share of the class above which a run is common speech
WORD = re.compile(r"\w+(?:['\u2019]\w+)*")


@dataclass(frozen=True)
class Pair:
    """Two texts by their keys, and the share of the shorter one's runs that both have."""

    first: str
    second: str
    share: float


@dataclass(frozen=True)
class Group:
    """Texts that hang together by pairs, the most alike first."""

    keys: tuple[str, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Alike:
    """What a class wrote for one prose answer, by student, and the groups in it."""

    question: Question
    answer: Answer
    texts: Mapping[str, str]
    groups: Sequence[Group]


def in_class(exercise: Exercise, rows: Sequence[Standing]) -> list[Alike]:
    """Give the groups of each prose answer that has any."""
    out = []
    for q in exercise.questions:
        for a in q.answers:
            if a.kind == "prose":
                given = [(s.student, s.attempt.prose) for s in rows if s.attempt]
                texts = {student: prose.get((q.name, a.name), "") for student, prose in given}
                if found := groups(texts, q.prompt):
                    out.append(Alike(q, a, texts, found))
    return out


def _runs(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in WORD.findall(text)]
    return set(zip(*(words[i:] for i in range(RUN)), strict=False))


def groups(texts: Mapping[str, str], known: str = "", least: float = LEAST) -> list[Group]:
    """Give the groups of texts that share more than chance and the question explain.

    Parameters
    ----------
    texts : mapping of str to str
        A text by its key.
    known : str
        What everybody had before them: the question.
    least : float
        Share of the shorter text's runs of words from which two are alike.

    Returns
    -------
    list of Group
        The most alike first.
    """
    own = {key: _runs(text) for key, text in texts.items()}
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key, runs in own.items():
        for run in runs:
            holders[run].append(key)
    many = max(FEW, int(MANY * len(texts)))
    common = _runs(known) | {run for run, keys in holders.items() if len(keys) > many}
    both: Counter[tuple[str, str]] = Counter()
    for run, keys in holders.items():
        if run not in common and len(keys) > 1:
            both.update(combinations(sorted(keys), 2))
    left = {key: len(runs - common) for key, runs in own.items()}
    pairs = [
        Pair(a, b, n / min(left[a], left[b]))
        for (a, b), n in both.items()
        if n >= RUN and n / min(left[a], left[b]) >= least
    ]
    return _hanging(pairs)


def _hanging(pairs: Sequence[Pair]) -> list[Group]:
    """Put the pairs that have a text in common together."""
    root: dict[str, str] = {}

    def top(key: str) -> str:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for pair in pairs:
        root[top(pair.first)] = top(pair.second)
    mine: dict[str, list[Pair]] = defaultdict(list)
    for pair in sorted(pairs, key=lambda p: (-p.share, p.first, p.second)):
        mine[top(pair.first)].append(pair)
    found = [
        Group(tuple(sorted({key for p in ps for key in (p.first, p.second)})), tuple(ps))
        for ps in mine.values()
    ]
    return sorted(found, key=lambda g: (-g.pairs[0].share, g.keys))


def shared(text: str, other: str) -> list[tuple[str, bool]]:
    """Cut a text where it begins and ceases to agree with another; True where it agrees."""
    theirs = _runs(other)
    words = list(WORD.finditer(text))
    plain = [word[0].casefold() for word in words]
    held: set[int] = set()
    for i in range(len(words) - RUN + 1):
        if tuple(plain[i : i + RUN]) in theirs:
            held.update(range(i, i + RUN))
    out: list[tuple[str, bool]] = []
    at, i = 0, 0
    while i < len(words):
        if i not in held:
            i += 1
            continue
        end = i
        while end + 1 < len(words) and end + 1 in held:
            end += 1
        if words[i].start() > at:
            out.append((text[at : words[i].start()], False))
        out.append((text[words[i].start() : words[end].end()], True))
        at, i = words[end].end(), end + 1
    if at < len(text):
        out.append((text[at:], False))
    return out
