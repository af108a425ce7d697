"""A first grading that was stopped, or a faulty exercise, leaves the desk usable."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import take
from hardwired.course.gradebook import Gradebook
from tests.course import tiny
from tests.course.desk.asked import Asker
from tests.course.desk.served import served

pytestmark = pytest.mark.ring("test")  # starts a server


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course of two exercises: one stopped in its first grading, one graded whole."""
    tiny.exercise(tmp_path / "exercises")
    other = tmp_path / "exercises" / "zwei" / "exercise.md"
    other.parent.mkdir()
    text = tiny.SOURCE.replace("slug: tiny", "slug: zwei").replace("title: Tiny", "title: Zwei")
    other.write_text(text, encoding="utf-8")
    made = classes.made(tmp_path / "course", tmp_path / "exercises", 2, ["zwei"])
    notebook = io.BytesIO(json.dumps(tiny.filled("s000")).encode())
    take(made, "tiny", [("s000.ipynb", notebook)])
    with Gradebook(made.book_file) as book:  # as a run leaves it that was stopped before its end
        book.add(classes.graded(made.exercise("tiny"), 0))
    return made


def test_a_stopped_first_grading_goes_on_from_the_page_of_its_files(course: Course) -> None:
    """The start, the exercise and its files are shown, with what is the matter, and the button."""
    with served(course.folder, course.default_exercises) as desk:
        start, overview = unescape(desk.get("/")), unescape(desk.get("/x/tiny"))
        files = unescape(desk.get("/x/tiny/files"))

    assert "grading tiny was broken off" in start
    assert "2 of 2 students wait for a person" in start  # of the other exercise
    assert 'href="/x/tiny/files"' in start
    assert "grading tiny was broken off" in overview
    assert "grading tiny was broken off" in files
    assert re.search(r"<button[^>]*>Grade what is new</button>", files)


def test_one_faulty_exercise_leaves_the_others_on_the_start_page(course: Course) -> None:
    """Its row says the fault; the row of the other is as it was."""
    (course.default_exercises / "tiny" / "exercise.md").write_text("no exercise", encoding="utf-8")
    with served(course.folder, course.default_exercises) as desk:
        start = unescape(desk.get("/"))

    rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", start, re.DOTALL)
    assert len(rows) == 2
    assert "exercise.md" in rows[0]
    assert "2 of 2 students wait for a person" in rows[1]


@pytest.mark.parametrize(
    "page",
    ["class", "student?id=s000", "seeing", "settling", "settling?student=s000", "back", "trial",
     "marking", "marking/words", "marking/words/compare", "release", "files", ""],
)  # fmt: skip
def test_no_page_is_an_error_while_a_first_grading_is_not_whole(course: Course, page: str) -> None:
    """What cannot be shown yet says so within the exercise's tabs, and leads to the grading."""
    desk = Asker(course, course.folder / "state")
    answer = desk.get(f"/x/tiny/{page}".rstrip("/"))
    if answer.code == 303:
        answer = desk.get(answer.headers["location"])

    assert answer.code == 200
    assert 'aria-label="Exercise tiny"' in answer.text
    assert 'href="/x/tiny/files"' in answer.text


def test_what_is_entered_meanwhile_is_refused_and_nothing_is_half_done(course: Course) -> None:
    """An action says in one sentence that the grading goes on first."""
    desk = Asker(course, course.folder / "state")
    for action in ("pages", "import", "class"):
        answer = desk.post(f"/x/tiny/back/{action}", ("form", "csv"))

        assert answer.code == 409
        assert "grading tiny was broken off" in answer.said
    assert not (course.marks / "export").exists()
