"""What grading again would change is told before, and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course import settle
from hardwired.course.desk import trial
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.history import Change
from tests.course import tiny
from tests.course.desk.served import served


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
