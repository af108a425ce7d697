"""The reports of an exercise: a page a student, and one for the class."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.class_page import class_page
from hardwired.course.entries import Manual, criteria
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Copy, Gradebook
from hardwired.course.history import Change, changes
from hardwired.course.policy import Policy
from hardwired.course.roster import Roster
from hardwired.course.standing import Standing, standings
from hardwired.course.student_page import student_page
from hardwired.house.files import write_atomic

__all__ = ["report", "write_reports"]


def report(
    exercise: Exercise,
    book: Gradebook,
    out: Path,
    roster: Roster | None,
    policy: Policy,
    *,
    show_expected: bool = False,
) -> list[Path]:
    """Write the pages of what a gradebook holds; returns the files.

    Raises
    ------
    CourseError
        If nobody has handed in this exercise.
    """
    rows = standings(exercise, book, roster, policy)
    if not rows:
        raise CourseError(
            f"{book.path}: has no submission of {exercise.slug}; run `hardwired grade` first"
        )
    expected = {}
    if show_expected:
        for s in rows:
            solved = book.reference(s.attempt.audit.get("reference", "")) if s.attempt else None
            if solved:
                expected[s.student] = solved["answers"]
    return write_reports(
        exercise,
        rows,
        out,
        manual=criteria(book, exercise.slug),
        changed=changes(book.attempts(exercise.slug, counting=False)),
        handed=book.copies(exercise.slug),
        expected=expected,
    )


def write_reports(
    exercise: Exercise,
    rows: Sequence[Standing],
    out: Path,
    *,
    manual: Sequence[Manual] = (),
    changed: Sequence[Change] = (),
    handed: Sequence[Copy] = (),
    expected: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Path]:
    """Write all pages; ``expected`` (by student) only where the instructor asks for it."""
    written = []
    for s in rows:
        path = out / "students" / f"{exercise.slug}-{csvsafe.file_name(s.student)}.html"
        page = student_page(exercise, s, (expected or {}).get(s.student))
        write_atomic(path, page.encode())
        written.append(path)
    path = out / f"{exercise.slug}-class.html"
    write_atomic(path, class_page(exercise, rows, manual, changed, handed).encode())
    return [*written, path]
