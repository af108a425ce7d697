"""The file of marks follows what was entered: after a pause, or when the desk ends."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course import csvsafe, settle
from hardwired.course.desk import marks_kept
from hardwired.course.desk.course_folder import Course
from hardwired.course.lock import alone
from tests.course import tiny
from tests.course.desk.served import awaited


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course in which somebody has 2.5 points by hand."""
    tiny.exercise(tmp_path / "exercises")
    made = classes.made(tmp_path / "course", tmp_path / "exercises", 2)
    with made.entering() as book:
        settle.mark(book, made.exercise("tiny"), "s000", 2.5, who="Ann", why="read on paper")
    return made


def points(course: Course) -> list[str]:
    """Give the points in the file of marks."""
    path = course.marks / "marks.csv"
    return [row["points"] for row in csvsafe.read(path)] if path.exists() else []


def test_of_several_entries_the_last_one_writes_the_file(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While somebody enters on nothing is written; after the last entry the file is."""
    monkeypatch.setattr(marks_kept, "PAUSE", 0.0)
    exercise = course.exercise("tiny")
    first, last = marks_kept.keep(course, exercise), marks_kept.keep(course, exercise)
    awaited(first())
    assert points(course) == []

    awaited(last())
    assert points(course) == ["2.5", ""]


def test_a_desk_that_ends_does_not_wait_for_the_pause(course: Course) -> None:
    """Whoever ends the desk at once has the file as well."""

    async def ending() -> None:
        task = asyncio.ensure_future(marks_kept.keep(course, course.exercise("tiny"))())
        await asyncio.sleep(0)
        task.cancel()
        await task

    awaited(ending())
    assert points(course) == ["2.5", ""]


def test_a_command_at_work_in_the_folder_is_left_alone(course: Course) -> None:
    """While a command is at work it writes the file itself."""
    with alone(course.marks):
        assert not marks_kept.write(course, course.exercise("tiny"))
    assert points(course) == []
    assert marks_kept.write(course, course.exercise("tiny"))
