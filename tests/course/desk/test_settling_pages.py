"""Settling at a running desk: what it enters is what the command enters, and all can be undone."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from benchmarks.cohort import classes

from hardwired.course import entries
from hardwired.course.commands import add_commands
from hardwired.course.desk.course_folder import Course
from hardwired.course.gradebook import Copy, Gradebook
from hardwired.course.standing import Standing
from tests.course import tiny
from tests.course.desk.asked import Asker
from tests.course.desk.served import Desk, served

pytestmark = pytest.mark.ring("test")  # starts a server

REASON = "the file is a PDF, not a <b>notebook</b>"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Give a course of four: one marked but for prose, one unreadable, one mismatch, one blank."""
    tiny.exercise(tmp_path / "exercises")
    made = Course(tmp_path / "course", tmp_path / "exercises")
    made.make("A course", "Ada Marker", "Europe/London")
    made.marks.mkdir()
    exercise = made.exercise("tiny")
    with Gradebook(made.book_file) as book:
        good = [classes.graded(exercise, n) for n in range(4)]
        held = [
            replace(a, status=status, reason=reason, marks=(), prose={}, figures={})
            for a, (status, reason) in zip(
                good[1:],
                (
                    ("unreadable", REASON),
                    ("mismatch", "identifier mismatch: it says 's9'"),
                    ("blank", "it is as it was given out"),
                ),
                strict=True,
            )
        ]
        for a in (good[0], *held):
            book.add(a)
        book.count("tiny", {a.student: (a.file_digest, "k") for a in good})
        copies = [Copy(a.student, a.file, a.file_digest, None, False, True) for a in good]
        book.keep_copies("tiny", [*copies, Copy("s003", "old.ipynb", "e" * 64, None, False, False)])
    return made


@pytest.fixture
def desk(course: Course) -> Iterator[Desk]:
    """Give a running desk that let us in."""
    with served(course.folder, course.default_exercises) as running:
        yield running


def row(course: Course, student: str) -> Standing:
    """Give how a student stands."""
    return next(s for s in course.standings("tiny") if s.student == student)


def test_the_queue_shows_each_case_with_its_file_its_reason_and_its_ways(desk: Desk) -> None:
    """Each case stands with its file, its reason as text, its ways, and a text for the student."""
    page = desk.get("/x/tiny/settling")

    assert "q2: 1 answers wait to be marked" in page
    assert "<b>notebook" not in page
    assert REASON in unescape(page)
    sections = re.findall(r'<section class="case".*?</section>', page, re.DOTALL)
    ways = [re.findall(r'name="way" value="(\w+)"', section) for section in sections]
    assert ways == [
        ["mark", "excuse"],
        ["accept", "mark", "excuse"],
        ["accept", "choose", "mark", "excuse"],
    ]
    assert all(f"s00{n}/tiny.ipynb" in section for n, section in enumerate(sections, 1))
    assert "Dear Student Number 1," in sections[0]


def test_the_desk_enters_what_the_command_enters(
    course: Course, desk: Desk, tmp_path: Path
) -> None:
    """Each way at the desk and its command lead to the same marks, acts, and files of marks."""
    ways = (
        ({"student": "s001", "way": "mark", "points": "4,5"}, ["--points", "4.5"]),
        ({"student": "s002", "way": "accept"}, ["--accept"]),
        ({"student": "s003", "way": "choose", "file": "e" * 64}, ["--choose", "old.ipynb"]),
        (
            {"student": "s000", "way": "excuse", "answer": "total"},
            ["--excuse", "--question", "total"],
        ),
        ({"student": "s000", "way": "adjust", "points": "\u22120.5"}, ["--add=-0.5"]),
    )
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers())
    twin = tmp_path / "twin"
    twin.mkdir()
    (twin / "gradebook.sqlite").write_bytes(course.book_file.read_bytes())
    for fields, options in ways:
        desk.post("/x/tiny/settling", why="seen", **fields)
        command = ["settle", "tiny", "--exercises", str(course.default_exercises)]
        command += ["--out", str(twin), "--student", fields["student"], "--why", "seen"]
        done = parser.parse_args([*command, "--who", "Ada Marker", *options])
        assert done.run(done) in (0, 1)
    with course.book() as ours, Gradebook(twin / "gradebook.sqlite") as theirs:
        acts = [
            [(a.kind, a.who, a.why, a.entries, a.holds) for a in entries.history(book, "tiny")]
            for book in (ours, theirs)
        ]
    assert acts[0] == acts[1]
    assert [kind for kind, *_ in acts[0]] == ["mark", "accept", "choose", "excuse", "adjust"]
    assert row(course, "s001").points == 4.5


def test_a_page_opened_before_another_file_counted_settles_nothing(
    course: Course, desk: Desk
) -> None:
    """What was decided on one file is not entered of another that came in meanwhile."""
    case, other = (
        dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        for form in re.findall(
            r'<form method="post" action="/x/tiny/settling" .*?</form>',
            desk.get("/x/tiny/settling?student=s002"),
            re.DOTALL,
        )
    )
    with Gradebook(course.book_file) as book:
        (old,) = [a for a in book.attempts("tiny") if a.student == "s002"]
        book.add(replace(old, file="newer.ipynb", file_digest="f" * 64, run_key="k2"))
        counting = {a.student: (a.file_digest, a.run_key) for a in book.attempts("tiny")}
        book.count("tiny", {**counting, "s002": ("f" * 64, "k2")})
    for form, fields in (
        (case, {"way": "accept"}),
        (case, {"way": "mark", "points": 4}),
        (other, {"way": "mark", "points": 4}),
        (other, {"way": "excuse"}),
        (other, {"way": "adjust", "points": 1}),
    ):
        told = desk.post("/x/tiny/settling", why="seen", **{**form, **fields})
        assert "newer.ipynb counts now" in told["error"]
    assert row(course, "s002").points is None
    fresh = desk.get("/x/tiny/settling?student=s002")
    assert fresh.count(f'name="digest" value="{"f" * 64}"') == 2
    desk.post("/x/tiny/settling", **{**other, "digest": "f" * 64}, way="mark", points=4, why="seen")
    assert row(course, "s002").points == 4


def test_all_is_undone_by_number_and_says_who(course: Course, desk: Desk) -> None:
    """What was settled stands in the log with who, and its button takes it back."""
    desk.post("/x/tiny/settling", student="s001", way="excuse", why="ill")
    assert row(course, "s001").excused
    page = desk.get("/x/tiny/settling")
    assert re.search(r"the exercise excused \(ill\), Ada Marker, \d{4}-\d\d-\d\d", page)

    desk.post("/x/tiny/settling/undo", number=1)
    assert not row(course, "s001").excused
    assert "(taken back)" in desk.get("/x/tiny/settling")


def test_only_the_last_choice_waits_to_be_run(course: Course, desk: Desk) -> None:
    """One that another choice replaced is nothing that has not been run yet."""
    counting = row(course, "s003").attempt
    assert counting is not None
    desk.post("/x/tiny/settling", student="s003", way="choose", file="e" * 64, why="asked")
    waits = desk.get("/x/tiny/settling")
    desk.post(
        "/x/tiny/settling", student="s003", way="choose", file=counting.file_digest, why="this one"
    )
    settled = desk.get("/x/tiny/settling")

    assert "have not been run yet: Student Number 3." in waits
    assert "have not been run yet" not in settled


def test_what_cannot_be_settled_so_is_one_sentence(course: Course, desk: Desk) -> None:
    """What cannot be entered is refused in one sentence, and nothing is entered."""
    for fields in (
        {"student": "s001", "way": "mark", "points": "11", "why": "x"},
        {"student": "s001", "way": "mark", "points": "", "why": "x"},
        {"student": "s001", "way": "mark", "points": "3", "why": " "},
        {"student": "s001", "way": "accept", "why": "x"},
        {"student": "s003", "way": "choose", "file": "no", "why": "x"},
        {"student": "s001", "way": "away", "why": "x"},
    ):
        assert set(desk.post("/x/tiny/settling", **fields)) == {"error"}
    assert set(desk.post("/x/tiny/settling/undo", number="\u0661")) == {"error"}
    assert set(desk.post("/x/tiny/settling/undo", number=7)) == {"error"}
    with course.book() as book:
        assert entries.history(book, "tiny") == []


@pytest.mark.ring("all")
@pytest.mark.browser
def test_settling_and_seeing_are_usable_by_all(course: Course, browser: Any) -> None:
    """A case is settled by keys; no violation of WCAG 2.2 A or AA, light, dark and narrow."""
    with served(course.folder, course.default_exercises, enter=False) as desk:
        page = browser.new_page(viewport={"width": 320, "height": 800})
        page.goto(desk.start)
        page.wait_for_url(f"{desk.base}/")
        page.goto(f"{desk.base}/x/tiny/settling?student=s001")
        page.locator('form:has(button:text-is("Settle")) [value="mark"]').focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type("7")
        page.locator("#why-1").focus()
        page.keyboard.type("read on paper")
        page.keyboard.press("Enter")
        page.get_by_role("status").wait_for()

        assert row(course, "s001").points == 7
        texts = "/seeing/texts?answer=words&a=s000&b=s001"
        answers = "/seeing/answers?a=s000&b=s001"
        for path in ("/settling", "/settling?student=s003", "/seeing", texts, answers):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(f"{desk.base}/x/tiny{path}")
                found = Axe().run(page).response["violations"]

                assert [v["id"] for v in found] == []
                assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.close()


def test_all_that_wait_for_one_reason_are_accepted_at_once_if_they_are_as_many_as_was_said(
    course: Course, tmp_path: Path
) -> None:
    """One act, as of the command; a page that is out of date enters nothing."""
    desk, exercise = Asker(course, tmp_path / "state"), course.exercise("tiny")
    reason = "version 1 of the exercise, and this is <2>"
    with Gradebook(course.book_file) as book:
        late = [
            replace(classes.graded(exercise, n), status="mismatch", reason=reason, marks=())
            for n in (4, 5)
        ]
        counting = {a.student: (a.file_digest, "k") for a in (*book.attempts("tiny"), *late)}
        for a in late:
            book.add(a)
        book.count("tiny", counting)
    fields = (("reason", reason), ("why", "only the wording changed"))
    page = desk.get("/x/tiny/settling")
    stale = desk.post("/x/tiny/settling/all", *fields, ("number", "3"))
    with course.book() as book:
        untouched = entries.history(book, "tiny")
    taken = desk.post("/x/tiny/settling/all", *fields, ("number", "2"))
    with course.book() as book:
        (act,) = entries.history(book, "tiny")

    assert "Accept all 2 files that wait because version 1" in page.said
    assert "this is <2>" not in page.text
    assert (stale.code, untouched) == (409, [])
    assert "2 files wait for this reason now" in stale.said
    assert taken.code == 303
    assert (act.kind, act.why, act.who) == ("accept", "only the wording changed", "Ada Marker")
    assert [entry.student for entry in act.entries] == ["s004", "s005"]
