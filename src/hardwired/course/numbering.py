"""The number under which markers see a student's paper: drawn by lot, known to the gradebook alone.

A number belongs to one student and one exercise for good, and to nobody else in this gradebook.
Nothing of the student goes into it, so that nobody can turn it back who has not the gradebook.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hardwired.course.gradebook import Gradebook

__all__ = ["Paper", "Papers", "allot", "papers", "typed"]

LEAST, MOST = 100_000, 999_999  # six digits: no zero in front that a spreadsheet would take


@dataclass(frozen=True)
class Paper:
    """What a sheet says of a paper: the student's number, and which of their files it is."""

    number: int
    version: int


@dataclass(frozen=True)
class Papers:
    """The papers of an exercise: of (student, file digest), and the other way round."""

    of: Mapping[tuple[str, str], Paper]

    def whose(self, paper: Paper) -> tuple[str, str] | None:
        """Give student and file digest of a paper."""
        return next((key for key, one in self.of.items() if one == paper), None)

    def student(self, number: int) -> str | None:
        """Give the student who has this number."""
        return next((key[0] for key, one in self.of.items() if one.number == number), None)


def papers(book: Gradebook, exercise: str) -> Papers:
    """Give the papers that have a number; a student's files are counted as they were graded."""
    rows = book.db.execute(
        "SELECT p.number, a.student, a.file_digest FROM attempt AS a"
        " JOIN paper AS p ON p.exercise = a.exercise AND p.student = a.student"
        " WHERE a.exercise = ? GROUP BY a.student, a.file_digest ORDER BY min(a.id)",
        (exercise,),
    )
    seen: dict[int, int] = {}
    out: dict[tuple[str, str], Paper] = {}
    for number, student, digest in rows:
        seen[number] = seen.get(number, 0) + 1
        out[student, digest] = Paper(number, seen[number])
    return Papers(out)


def allot(book: Gradebook, exercise: str, students: Iterable[str]) -> Papers:
    """Give each student a number who has none yet, and then all papers."""
    with book.transaction():
        rows = book.db.execute("SELECT number, exercise, student FROM paper").fetchall()
        taken = {number for number, _, _ in rows}
        have = {student for _, slug, student in rows if slug == exercise}
        for student in dict.fromkeys(students):
            if student in have:
                continue
            number = LEAST + secrets.randbelow(MOST - LEAST + 1)
            while number in taken:
                number = LEAST + secrets.randbelow(MOST - LEAST + 1)
            taken.add(number)
            book.db.execute("INSERT INTO paper VALUES (?, ?, ?)", (number, exercise, student))
    return papers(book, exercise)


def typed(cell: str) -> int | None:
    """Read a number as a spreadsheet may have saved it: ``482913``, ``482913.0``, ``482,913``."""
    text = re.sub("[\\s'\u2019]", "", cell)
    hit = re.fullmatch(r"(\d{1,6})(?:[.,]0{1,2})?", text)
    hit = hit or re.fullmatch(r"(\d{3}[.,]\d{3})(?:[.,]0{1,2})?", text)
    return int(re.sub("[.,]", "", hit[1])) if hit else None
