"""No room, no key, a gradebook of a newer version: one sentence, a way on, and nothing half done.

A limit on the size of files stands for the disk: what is written beyond it fails in the same calls.
"""

from __future__ import annotations

import io
import random
import resource
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course.desk import papers
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import downloads, take
from hardwired.course.gradebook import Gradebook
from tests.course import tiny
from tests.course.desk.asked import Asker

pytestmark = pytest.mark.ring("test")


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course in which three students were graded."""
    tiny.exercise(tmp_path / "exercises")
    return classes.made(tmp_path / "course", tmp_path / "exercises", 3, ["tiny"])


@pytest.fixture
def desk(course: Course, tmp_path: Path) -> Asker:
    """Give its desk."""
    return Asker(course, tmp_path / "state")


def marking(course: Course) -> str:
    """Give the address of a paper."""
    question, answer = papers.manual(course.exercise("tiny"))[0]
    with course.book() as book:
        paper = papers.papers(question, answer, book.attempts("tiny"))[0]
    return f"/x/tiny/marking/{answer.name}/{paper.token}"


def test_a_mark_that_finds_no_room_is_not_called_saved_and_is_taken_later(
    course: Course, desk: Asker
) -> None:
    """What was given before stands; the page says that there is no room; then there is."""
    here = marking(course)
    assert desk.post(f"{here}/points", ("criterion", "0"), ("points", "2")).code == 303
    with room_for(1):
        refused = desk.post(f"{here}/points", ("criterion", "0"), ("points", "1"))
    page = desk.get(here)

    assert refused.code == 409
    assert "make room and try again" in refused.said
    assert "1 of 2 criteria given, 2 of 4 points" in page.said
    assert desk.post(f"{here}/points", ("criterion", "0"), ("points", "1")).code == 303
    assert "1 of 2 criteria given, 1 of 4 points" in desk.get(here).said


def test_a_download_that_finds_no_room_leaves_nothing(course: Course) -> None:
    """Neither a file nor a part of one; with room it is taken whole."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("s001/tiny.ipynb", random.Random(3).randbytes(200_000))
    sink.seek(0)
    with room_for(50_000), pytest.raises(OSError, match="File too large"):
        take(course, "tiny", [("all.zip", sink)])
    left = [p for p in course.handed_in.rglob("*") if p.is_file()]
    sink.seek(0)
    take(course, "tiny", [("all.zip", sink)])

    assert left == []
    assert [len(d.files) for d in downloads(course, "tiny")] == [1]


def test_a_rule_that_finds_no_room_leaves_the_file_as_it_was(course: Course, desk: Asker) -> None:
    """A due date is written whole or not at all."""
    before = course.rules_file.read_bytes() if course.rules_file.is_file() else None
    with room_for(1):
        refused = desk.post("/x/tiny/due", ("due", "2027-03-05T18:00"))

    assert refused.code == 409
    assert "mend that and try again" in refused.said
    assert (course.rules_file.read_bytes() if course.rules_file.is_file() else None) == before
    assert desk.post("/x/tiny/due", ("due", "2027-03-05T18:00")).code == 303


@pytest.mark.parametrize("path", ["/", "/x/tiny/class", "/x/tiny/settling", "/x/tiny/marking"])
def test_a_gradebook_of_a_newer_version_is_said_and_left(
    course: Course, desk: Asker, path: str
) -> None:
    """One sentence on every page that reads it, and not a byte of it changes."""
    with Gradebook(course.book_file) as book:
        book.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db = sqlite3.connect(course.book_file)
    db.execute("PRAGMA user_version = 99")
    db.commit()
    db.close()
    before = course.book_file.read_bytes()
    page = desk.get(path)

    assert "newer" in page.said
    assert course.book_file.read_bytes() == before


def test_without_the_key_nothing_is_graded_and_the_ways_on_are_said(
    course: Course, desk: Asker
) -> None:
    """Put it back, or say that all had the same zip: a guess would grade on wrong data."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("s001/tiny.ipynb", "{}")
    sink.seek(0)
    take(course, "tiny", [("all.zip", sink)])
    refused = desk.post("/x/tiny/grade", ("asked", "public"))

    assert refused.code == 409
    assert "the key of the students' data is missing; put it back, or say that" in refused.said
    assert [d.graded for d in downloads(course, "tiny")] == [False]
