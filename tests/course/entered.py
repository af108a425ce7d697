"""What markers gave, entered as a sheet would be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from hardwired.course.entries import Entry, Manual, record
from hardwired.course.gradebook import Gradebook
from hardwired.course.numbering import papers

__all__ = ["enter", "whose"]


def enter(book: Gradebook, exercise: str, given: Iterable[Manual]) -> list[int]:
    """Enter points by criterion, an act a marker; returns the numbers of the acts."""
    lines: dict[str, list[Entry]] = defaultdict(list)
    for m in given:
        lines[m.marker].append(Entry(m.student, m.answer, m.criterion, m.points, "", m.file_digest))
        if m.comment:
            lines[m.marker].append(Entry(m.student, m.answer, None, None, m.comment, m.file_digest))
    return [
        record(book, exercise, "criteria", mine, who=who, why="a sheet")
        for who, mine in lines.items()
    ]


def whose(book: Gradebook, row: Mapping[str, str], exercise: str = "tiny") -> str:
    """Give the student of a row of a marking sheet, which holds a number in place of them."""
    student = papers(book, exercise).student(int(row["paper"]))
    assert student is not None
    return student
