"""Grading in the background: stopped at any moment, it goes on from what was finished."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardwired.course import csvsafe
from hardwired.course.desk.jobs import Job, Jobs
from hardwired.course.errors import CourseError
from tests.course import tiny

STUDENTS = 12


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def grading(folder: Path) -> Job:
    """Give a job that grades a small class."""
    tiny.exercise(folder / "exercises")
    for number in range(STUDENTS):
        name = f"s{number:02d}"
        tiny.write(folder / "in" / name / "tiny.ipynb", tiny.filled(name))
    (folder / "marks").mkdir(exist_ok=True)
    options = ("--exercises", str(folder / "exercises"), "--out", str(folder / "marks"))
    return Job("tiny", "grade", (("grade", "tiny", str(folder / "in"), *options),))


@pytest.mark.ring("all")
@pytest.mark.needs("namespaces")
def test_a_job_is_stopped_and_goes_on(tmp_path: Path) -> None:
    """A stop keeps what was finished; the same job again ends with everybody graded."""
    jobs, first = Jobs(), grading(tmp_path)
    jobs.start(first)
    with pytest.raises(CourseError, match="still running"):
        jobs.start(grading(tmp_path))
    until(lambda: any("engine:" in line for line in first.lines))
    jobs.stop()
    until(lambda: not first.running)

    assert (first.code, first.stopped) == (130, True)

    second = grading(tmp_path)
    jobs.start(second)
    until(lambda: not second.running)

    assert second.code == 0
    assert any(line.startswith(f"{STUDENTS} rows in") for line in second.lines)
    assert second.total == 0 or second.done == second.total
    marks = csvsafe.read(tmp_path / "marks" / "marks-tiny.csv")
    assert [row["q1"] for row in marks] == ["6"] * STUDENTS
    assert jobs.of("tiny", "grade") is second


def test_a_job_that_cannot_be_done_says_why(tmp_path: Path) -> None:
    """The line of the command stands in the log, and nothing keeps running."""
    jobs, job = Jobs(), Job("tiny", "grade", (("grade", "no-such", "x", "--out", str(tmp_path)),))
    jobs.start(job)
    until(lambda: not job.running)

    assert job.code == 1
    assert len(job.lines) == 1
    assert "no-such" in job.lines[0]
