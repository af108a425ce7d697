"""``marks.csv`` after something was entered at the desk: written when the person pauses.

What is entered is in the gradebook before the page says so; this file only follows it. While a
command is at work in the folder it is left alone: that command writes it at its end.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.desk.course_folder import Course
from hardwired.course.errors import CourseError
from hardwired.course.lock import alone
from hardwired.course.marks_file import write_standings

__all__ = ["keep", "write"]

PAUSE = 2.0  # seconds without an entry
_numbers = itertools.count(1)
_last: dict[tuple[str, str], int] = {}


def write(course: Course, exercise: Exercise) -> bool:
    """Write the marks of an exercise anew; False if another command is at work."""
    with contextlib.suppress(CourseError, OSError, sqlite3.Error):
        with alone(course.marks), course.book() as book:  # whoever marks on does not wait for it
            write_standings(course.marks, exercise, book, course.roster(), course.rules())
        return True
    return False


def keep(course: Course, exercise: Exercise) -> BackgroundTask:
    """Give the task that writes the marks, unless more is entered before it comes to it."""
    key = (str(course.folder), exercise.slug)
    mine = _last[key] = next(_numbers)

    async def later() -> None:
        try:
            await asyncio.sleep(PAUSE)
            if _last[key] == mine:
                await run_in_threadpool(write, course, exercise)
        except asyncio.CancelledError:  # the desk ends, and does not wait for the pause
            if _last[key] == mine:
                write(course, exercise)

    return BackgroundTask(later)
