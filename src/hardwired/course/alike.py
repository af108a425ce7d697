"""Texts of two students that share whole phrases: a hint for a person, side by side, no verdict."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import combinations

from hardwired.course.border.text import prose
from hardwired.course.standing import Standing

__all__ = ["Alike", "alike", "side_by_side"]

PHRASE = 5  # words in a row that two who write for themselves seldom share
LEAST = 12  # phrases
SHARE = 0.4  # of the shorter text's phrases
COMMON = 0.1  # of the class: a phrase that more of them have comes from question or book
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Alike:
    """Two students' texts on one question; ``share`` is that of the shorter one's phrases."""

    question: str
    students: tuple[str, str]
    texts: tuple[str, str]
    share: float


def _phrases(text: str) -> list[tuple[str, ...]]:
    words = WORD.findall(text.casefold())
    return [tuple(words[n : n + PHRASE]) for n in range(len(words) - PHRASE + 1)]


def alike(rows: Sequence[Standing]) -> list[Alike]:
    """Give the pairs of students whose texts share phrases that few others have, most first."""
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    for s in rows:
        for (question, _), text in s.attempt.prose.items() if s.attempt else ():
            texts[question][s.student] = text
    out = []
    for question, mine in texts.items():
        phrases = {student: set(_phrases(text)) for student, text in mine.items()}
        holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for student, found in phrases.items():
            for phrase in found:
                holders[phrase].append(student)
        shared: dict[tuple[str, str], int] = defaultdict(int)
        for those in holders.values():
            if 2 <= len(those) <= max(6, COMMON * len(mine)):
                for pair in combinations(sorted(those), 2):
                    shared[pair] += 1
        for (a, b), number in shared.items():
            share = number / min(len(phrases[a]), len(phrases[b]))
            if number >= LEAST and share >= SHARE:
                out.append(Alike(question, (a, b), (mine[a], mine[b]), share))
    return sorted(out, key=lambda pair: (-pair.share, pair.question, pair.students))


def side_by_side(pair: Alike) -> tuple[str, str]:
    """Give both texts as HTML, what they share marked."""
    common = set(_phrases(pair.texts[0])) & set(_phrases(pair.texts[1]))

    def marked(text: str) -> str:
        text = prose(text)
        words = list(WORD.finditer(text))
        at: set[int] = set()
        for n, phrase in enumerate(_phrases(text)):
            if phrase in common:
                at.update(range(n, n + PHRASE))
        out, place = [], 0
        for n, word in enumerate(words):
            if n in at and n - 1 not in at:
                out += [escape(text[place : word.start()]), "<mark>"]
                place = word.start()
            if n in at and n + 1 not in at:
                out += [escape(text[place : word.end()]), "</mark>"]
                place = word.end()
        return "".join([*out, escape(text[place:])])

    return marked(pair.texts[0]), marked(pair.texts[1])
