"""The column that marks go back into: what it holds, and one that is new."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from pathlib import Path

import pytest
from benchmarks.cohort import classes

from hardwired.course import csvsafe, roster
from hardwired.course.desk import feedback
from hardwired.course.desk.course_folder import Course
from hardwired.course.export import export
from tests.course import tiny
from tests.course.desk.served import served

pytestmark = pytest.mark.ring("test")  # starts a server

CANVAS = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77),Final exam (78)\n"
    "    Points Possible,,,,,10,20\n"
    '"Number 0, Student",11,s000,s000,A,9,\n'
    '"Number 1, Student",12,s001,s001,A,,4\n'
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Feedback comments,\n"
    "Participant 501,Student Number 0,s000,s000@example.org,Submitted,,,\n"
    "Participant 502,Student Number 1,s001,s001@example.org,Submitted,3,,\n"
)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course of two with the gradebook of Canvas, in which one holds a 9 for this title."""
    tiny.exercise(tmp_path / "exercises")
    made = classes.made(tmp_path / "course", tmp_path / "exercises", 2)
    made.roster_file.write_text(CANVAS, encoding="utf-8")
    return made


def test_without_a_column_nothing_is_held(course: Course) -> None:
    """No place of this machine stands where a mark should."""
    rows = course.standings("tiny")

    assert [h.before for h in feedback.held(rows, course.roster(), "")] == ["", ""]
    assert [h.before for h in feedback.held(rows, course.roster(), "Tiny (77)")] == ["9", ""]


def test_a_heading_that_is_blank_stays_blank(course: Course, tmp_path: Path) -> None:
    """A comma at the end of each line of a worksheet is a column without a name."""
    (tmp_path / "w.csv").write_text(WORKSHEET, encoding="utf-8")
    people = roster.read(tmp_path / "w.csv")
    rows = course.standings("tiny")
    (path,) = export("moodle", course.exercise("tiny"), rows, tmp_path, people)

    assert [list(row.values())[-1] for row in csvsafe.read(path)] == ["", ""]
    assert str(tmp_path) not in path.read_text(encoding="utf-8")


def test_a_new_column_replaces_no_mark_that_one_of_this_title_holds(course: Course) -> None:
    """What the page calls a new one is one that Canvas does not have yet."""
    with served(course.folder, course.default_exercises) as desk:
        page = unescape(desk.get("/x/tiny/back"))
        (offered,) = re.findall(r'<option value="([^"]+)"[^>]*>A new one: Tiny 2<', page)
        new = unescape(desk.get(f"/x/tiny/back?column={offered}"))
        sent = desk.post("/x/tiny/back/import", form="canvas", column=offered)["page"]
        old = desk.post("/x/tiny/back/import", form="canvas", column="Tiny (77)")["page"]

    assert 'class="n">9<' in page
    assert 'class="n">9<' not in new
    assert str(course.folder / "roster.csv") not in new
    header, _, first, _ = csv.reader(io.StringIO(sent.lstrip("\ufeff")))
    assert (header[-1], first[-1]) == ("Tiny 2", "")
    header, _, first, _ = csv.reader(io.StringIO(old.lstrip("\ufeff")))
    assert (header[-1], first[-1]) == ("Tiny (77)", "9")
