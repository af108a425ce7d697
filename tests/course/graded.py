"""Grading as the tests do it: into a folder, with an engine that a fixture keeps."""

from __future__ import annotations

from pathlib import Path

from hardwired.course import policy, session, submissions
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine
from hardwired.course.gradebook import Gradebook
from hardwired.course.marks_file import write_marks
from hardwired.course.standing import standings
from tests.course.conftest import SHORT

__all__ = ["Kept", "automatic", "grade"]


class Kept:
    """An engine that a session may close and a test may use again."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.name = engine, engine.name
        self.versions, self.once = engine.versions, engine.once

    def close(self) -> None:
        """Leave the engine to its fixture."""


def grade(exercise: Exercise, folder: Path, out: Path, engine: Engine, **options: object) -> list:
    """Grade a folder into ``out``; returns the standings."""
    out.mkdir(parents=True, exist_ok=True)
    with Gradebook(out / "gradebook.sqlite") as book:
        session.grade_all(
            exercise,
            submissions.collect(folder, options.pop("roster", None)),
            book,
            Kept(engine),
            options.pop("limits", SHORT),
            **options,
        )
        rows = standings(exercise, book, None, policy.Policy())
    write_marks(out / "marks.csv", exercise, rows)
    return rows


def automatic(row: object) -> float:
    """Points that no person gave."""
    return sum(line.points or 0.0 for line in row.lines)
