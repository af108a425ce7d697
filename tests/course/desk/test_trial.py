"""What grading again would change is told before, and changes nothing."""

from __future__ import annotations

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course import settle
from hardwired.course.desk import downloads, pages_trial, trial
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.history import Change
from tests.course import tiny
from tests.course.desk.served import served

pytestmark = pytest.mark.ring("test")  # starts a server


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course of three whose prose a person excused, so that each has a mark."""
    tiny.exercise(tmp_path / "exercises")
    made = classes.made(tmp_path / "course", tmp_path / "exercises", 3)
    with made.entering() as book:
        for n in range(3):
            exercise = made.exercise("tiny")
            settle.excuse(book, exercise, f"s00{n}", answer="words", who="Ann", why="no prose")
    return made


def again(book: Gradebook, a: Attempt, points: float) -> None:
    """Write down that a file was graded again, with so many points for its first answer."""
    marks = (replace(a.marks[0], points=points), *a.marks[1:])
    book.add(replace(a, run_key="k2", marks=marks))
    book.count("tiny", {a.student: (a.file_digest, "k2")})


def test_a_trial_tells_each_mark_that_would_change_and_leaves_them(course: Course) -> None:
    """Marks that would change are told student by student and answer by answer; nothing changes."""
    before = course.book_file.read_bytes()
    out = trial.copied(course, "tiny")
    assert out.stat().st_mode & 0o077 == 0
    with Gradebook(out / "gradebook.sqlite", create=False) as book:
        first, second, _ = book.attempts("tiny")
        other = 0.0 if first.marks[0].points else 3.0
        again(book, first, other)
        again(book, second, second.marks[0].points)
    found = trial.compared(course, course.exercise("tiny"))

    assert [(m.student, m.name) for m in found.moved] == [("s000", "Student Number 0")]
    (moved,) = found.moved
    assert moved.before is not None
    assert moved.after is not None
    # Prose is excused: six points of the numbers stand for the ten of the exercise.
    difference = (other - first.marks[0].points) * 10 / 6
    assert moved.after - moved.before == pytest.approx(difference, abs=0.011)
    assert found.answers == (Change("s000", "total", first.marks[0].points, other),)
    assert found.students == 3
    assert course.book_file.read_bytes() == before

    trial.take_away(course, "tiny")
    assert not out.parent.exists()


def test_a_trial_without_anything_graded_here_is_refused_in_one_sentence(course: Course) -> None:
    """Without downloads there is nothing to grade again; a page that was left takes its copy."""
    trial.copied(course, "tiny")
    with served(course.folder, course.default_exercises) as desk:
        assert "Try it" in desk.get("/x/tiny/trial")
        assert not trial.folder(course, "tiny").exists()
        assert set(desk.post("/x/tiny/trial")) == {"error"}


def test_a_trial_whose_grading_failed_compares_nothing(course: Course) -> None:
    """If a download cannot be graded, the page does not say that everybody keeps every point."""
    tiny.write(course.folder / "s000.ipynb", tiny.filled("s000"))
    with open(course.folder / "s000.ipynb", "rb") as file:
        (kept,) = downloads.take(course, "tiny", [("s000.ipynb", file)])
    downloads.note(kept, True, ())
    shutil.rmtree(kept.path)
    with served(course.folder, course.default_exercises) as desk:
        desk.post("/x/tiny/trial")
        end = time.monotonic() + 60
        while json.loads(desk.get("/x/tiny/job/trial"))["running"]:
            assert time.monotonic() < end
            time.sleep(0.05)
        page = desk.get("/x/tiny/trial")

    assert "Nothing was compared: 1 of the downloads could not be graded." in page
    assert "keep every point" not in page
    assert not trial.folder(course, "tiny").exists()


def test_a_trial_is_forgotten_once_something_is_graded(course: Course) -> None:
    """What would change is told until attempts change; after that it would be told of others."""
    trial.copied(course, "tiny")
    compare = pages_trial.comparing(course, "tiny", 2)
    for number in range(2):
        compare(number, ["3 graded in 0.1 s (1800 a minute)"])
    told = pages_trial.ended(course, "tiny")
    assert told is not None
    assert told.found is not None
    assert (told.found.moved, told.found.students) == ((), 3)
    with Gradebook(course.book_file) as book:
        first = book.attempts("tiny")[0]
        again(book, first, 0.0 if first.marks[0].points else 3.0)

    assert pages_trial.ended(course, "tiny") is None


def test_whoever_marks_does_not_wait_for_files_that_are_written(course: Course) -> None:
    """While reports of a class are written, what another person enters is entered."""

    def entered() -> float | None:
        with course.entering() as book:
            settle.adjust(book, course.exercise("tiny"), "s000", 1, who="Bo", why="seen")
        return course.standings("tiny")[0].added

    with ThreadPoolExecutor(1) as others, course.writing() as book:
        assert others.submit(entered).result(timeout=20) == 1
        assert len(book.attempts("tiny")) == 3
