"""``marks-SLUG.csv``, a row a student; and ``marks.csv``, all exercises of the folder together."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe, settle
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.gradebook import Gradebook
from hardwired.course.policy import Policy
from hardwired.course.roster import Roster
from hardwired.course.standing import Standing, standings

__all__ = ["write_marks", "write_standings"]

BEFORE = ("student", "name", "exercise", "status", "points", "most", "raw_points", "days_late")
AFTER = ("waiting_for_a_person", "reason", "file", "file_digest", "engine", "settled_by_hand")


def write_standings(
    out: Path, exercise: Exercise, book: Gradebook, roster: Roster | None, policy: Policy
) -> list[Standing]:
    """Write both files into ``out``; returns the standings."""
    rows = standings(exercise, book, roster, policy)
    write_marks(out / f"marks-{exercise.slug}.csv", exercise, rows)
    _write_course(out)
    return rows


def write_marks(path: Path, exercise: Exercise, rows: Sequence[Standing]) -> None:
    """Write a row for every student, reasons included.

    Points are blank while a person has to look, so that no part looks like the whole.
    """
    names = [question.name for question in exercise.questions]
    csvsafe.write(path, [*BEFORE, *names, *AFTER], [_row(exercise, s, names) for s in rows])


def _row(exercise: Exercise, s: Standing, names: Sequence[str]) -> list[Any]:
    a = s.attempt
    return [
        s.student,
        s.name,
        exercise.slug,
        "excused" if s.excused else s.status,
        _show(s.points),
        _show(s.most),
        _show(s.raw if s.final and not s.excused else None),
        s.days_late,
        *(_show(s.question(name)) for name in names),
        " ".join(s.waiting),
        s.reason,
        a.file if a else "",
        a.file_digest if a else "",
        a.audit.get("engine", "") if a else "",
        "; ".join(map(settle.words, s.settled)),
    ]


def _show(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"


def _write_course(out: Path) -> None:
    """Write the rows of all exercises into one file; a question that one has not stays blank."""
    tables = [csvsafe.read(path) for path in sorted(out.glob("marks-*.csv"))]
    names = dict.fromkeys(
        name for rows in tables for name in (rows[0] if rows else ()) if name not in BEFORE
    )
    header = [*BEFORE, *(name for name in names if name not in AFTER), *AFTER]
    csvsafe.write(
        out / "marks.csv",
        header,
        [[row.get(name, "") for name in header] for rows in tables for row in rows],
    )
