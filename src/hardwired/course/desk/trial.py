"""What grading again would change, before it is done: a copy of the gradebook is graded instead.

The copy lies in a folder of its own and is taken away as soon as the two were compared; what a
person entered is in the copy too, so that the marks compared are those that would stand.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Gradebook
from hardwired.course.history import Change
from hardwired.course.standing import Standing, standings

__all__ = ["Moved", "Trial", "compared", "copied", "folder", "take_away"]


@dataclass(frozen=True)
class Moved:
    """A student whose points, without what waits, would be others; None is no mark."""

    student: str
    name: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Trial:
    """What would change: marks of students, and answers one by one."""

    moved: tuple[Moved, ...]
    answers: tuple[Change, ...]
    students: int


def folder(course: Course, slug: str) -> Path:
    """Give the folder in which an exercise is tried."""
    return course.folder / ".trial" / slug


def take_away(course: Course, slug: str) -> None:
    """Take the copy away, if there is one."""
    shutil.rmtree(folder(course, slug), ignore_errors=True)
    with contextlib.suppress(OSError):
        folder(course, slug).parent.rmdir()


def copied(course: Course, slug: str) -> Path:
    """Copy the gradebook as it is at this moment; gives the folder of the copy."""
    take_away(course, slug)
    out = folder(course, slug)
    out.parent.mkdir(mode=0o700, exist_ok=True)
    out.mkdir(mode=0o700)
    with course.book() as book, contextlib.closing(sqlite3.connect(out / "gradebook.sqlite")) as to:
        book.db.backup(to)
    return out


def compared(course: Course, exercise: Exercise) -> Trial:
    """Compare the copy, graded, with the gradebook."""
    with (
        course.book() as book,
        Gradebook(folder(course, exercise.slug) / "gradebook.sqlite", create=False) as other,
    ):
        before = standings(exercise, book, course.roster(), course.rules())
        after = standings(exercise, other, course.roster(), course.rules())
    return Trial(
        moved=tuple(_moved(before, after)),
        answers=tuple(_answers(before, after)),
        students=len(after),
    )


def _moved(before: Sequence[Standing], after: Sequence[Standing]) -> list[Moved]:
    old = {s.student: s for s in before}
    return [
        Moved(s.student, s.name, was, s.so_far)
        for s in after
        for was in (old[s.student].so_far if s.student in old else None,)
        if was != s.so_far
    ]


def _answers(before: Sequence[Standing], after: Sequence[Standing]) -> list[Change]:
    old = {(s.student, x.answer): x.points for s in before for x in s.lines}
    new = {(s.student, x.answer): x.points for s in after for x in s.lines}
    return [
        Change(*key, old.get(key), new.get(key))
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]
