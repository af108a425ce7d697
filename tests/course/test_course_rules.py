"""What a course adds to marks: rules of course.yml, copies, regrades, two markers, exports."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from hardwired.course import (
    codec,
    csvsafe,
    history,
    marking,
    policy,
    roster,
    session,
    submissions,
    totals,
)
from hardwired.course.authoring.exercise import Exercise, reads
from hardwired.course.class_page import class_page
from hardwired.course.engines.base import Engine
from hardwired.course.entries import Manual, criteria
from hardwired.course.export import export
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.merging import merge
from hardwired.course.schema import APPLICATION, SCHEMA, VERSION
from hardwired.course.standing import Standing, standings
from hardwired.course.student_page import readable, student_page
from tests.course import tiny
from tests.course.conftest import SHORT
from tests.course.entered import enter

NASTY = '=HYPERLINK("http://x"),\n"quoted", \'single\''
SECOND = tiny.SOURCE.replace("slug: tiny", "slug: second").replace("title: Tiny", "title: Second")


def attempt(
    who: str, points: float = 3, *, exercise: str = "tiny", name: str = "", at: str | None = None
) -> Attempt:
    """Give an attempt with these points for its first answer and all for its second."""
    rows = (
        MarkRow("q1", "total", points, 3, None, "right", '{"t": "float", "v": 5.5}'),
        MarkRow("q1", "product", 3, 3, None, "right", '{"t": "int", "v": 8}'),
    )
    return Attempt(
        exercise,
        who,
        name or who,
        f"{who}/{exercise}.ipynb",
        digest(who),
        "k",
        "graded",
        "",
        handed_in=at,
        marks=rows,
        prose={("q2", "words"): "Spread."},
    )


def digest(who: str) -> str:
    """Give the file digest of somebody's attempt."""
    return who.encode().hex().ljust(64, "0")[:64]


def prose(who: str, points: tuple[float, float] = (3, 1), marker: str = "A") -> list[Manual]:
    """Give a marker's points for somebody's text."""
    return [Manual(who, "words", n, marker, p, "", digest(who)) for n, p in enumerate(points)]


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    """Give a gradebook of two exercises: Ann did both, Bo the first, late."""
    made = Gradebook(tmp_path / "gradebook.sqlite")
    made.add(attempt("ann", at="2026-11-10T11:00:00+00:00"))
    made.add(attempt("bo", 0, name=NASTY, at="2026-11-11T13:00:00+00:00"))
    made.add(attempt("ann", 0, exercise="second", at="2026-11-10T11:00:00+00:00"))
    for slug, people in (("tiny", ("ann", "bo")), ("second", ("ann",))):
        made.count(slug, {who: (digest(who), "k") for who in people})
        enter(made, slug, [m for who in people for m in prose(who)])
    return made


def rules(tmp_path: Path, text: str) -> policy.Policy:
    """Give the rules of a course.yml."""
    (tmp_path / "course.yml").write_text(text)
    return policy.read(tmp_path / "course.yml")


def points(book: Gradebook, exercise: Exercise, law: policy.Policy) -> dict[str, tuple]:
    """Give points and maximum of each student."""
    return {s.student: (s.points, s.most) for s in standings(exercise, book, None, law)}


# --- course.yml


def test_each_rule_of_the_course_changes_the_marks_as_it_says(
    book: Gradebook, tmp_path: Path
) -> None:
    """Due date, late rule, its bound and grace, an extension, and a dropped question."""
    made = tiny.exercise()
    due = "exercises: {tiny: {due: 2026-11-10T12:00:00Z}}\n"
    late = "late: {per_day: 0.1, most: 0.5, grace_minutes: 10}\n"
    extended = "extensions: {bo: {tiny: 2026-11-12}}\n"
    bounded = "late: {per_day: 0.4, most: 0.5}\n"
    dropped = "exercises: {tiny: {drop: [q2]}}\n"

    assert points(book, made, policy.Policy()) == {"ann": (10, 10), "bo": (7, 10)}
    assert points(book, made, rules(tmp_path, due)) == {"ann": (10, 10), "bo": (7, 10)}
    assert points(book, made, rules(tmp_path, due + late)) == {"ann": (10, 10), "bo": (5.6, 10)}
    assert points(book, made, rules(tmp_path, due + late + extended))["bo"] == (7, 10)
    assert points(book, made, rules(tmp_path, due + bounded))["bo"] == (3.5, 10)
    assert points(book, made, rules(tmp_path, dropped)) == {"ann": (6, 6), "bo": (3, 6)}


def test_weights_add_exercises_up(book: Gradebook, tmp_path: Path) -> None:
    """Shares by weight; what was not handed in counts nothing; what waits leaves a blank."""
    both = [tiny.exercise(), reads(SECOND)]
    law = rules(tmp_path, "exercises: {tiny: {weight: 3}, second: {weight: 1}}\n")
    rows = totals.totals(both, book, None, law)
    equal = totals.totals(both, book, None, policy.Policy())
    book.add(attempt("cy"))
    book.count("tiny", {"cy": (digest("cy"), "k")})
    waiting = totals.totals(both, book, None, law)[-1]

    assert {t.student: t.share for t in rows} == {
        "ann": pytest.approx((3 * 1.0 + 0.7) / 4),
        "bo": pytest.approx(3 * 0.7 / 4),
    }
    assert {t.student: t.share for t in equal} == {"ann": pytest.approx(0.85), "bo": 0.35}
    assert (waiting.student, waiting.shares, waiting.share) == (
        "cy",
        {"tiny": None, "second": 0.0},
        None,
    )
    totals.write_totals(tmp_path / "course.csv", both, rows)
    assert [list(r.values()) for r in csvsafe.read(tmp_path / "course.csv")] == [
        ["ann", "ann", "100", "70", "92.5"],
        ["bo", NASTY, "70", "0", "52.5"],
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exercises: [tiny]\n", "exercises must be a mapping"),
        ("exercises: {tiny: 3}\n", "tiny must be a mapping"),
        ("exercises: {tiny: {weight: -1}}\n", "tiny: weight is -1"),
        ("exercises: {tiny: {weight: yes}}\n", "tiny: weight is True"),
        ("exercises: {tiny: {drop: q1}}\n", "tiny: drop is 'q1'"),
        ("exercises: {tiny: {du: 2026-11-10}}\n", "unknown key 'du'"),
        ("extensions: {ann: 2026-11-10}\n", "extensions of ann must be a mapping"),
        ("late: {per_day: 2}\n", "per_day is 2; give a number from 0 to 1"),
        ("late: {most: much}\n", "most is 'much'"),
        ("late: {grace_minutes: -5}\n", "grace_minutes is -5"),
        ("- a list\n", "must be a mapping"),
        ("exercises: {tiny: {due: never}}\n", "'never' is not a date"),
        ("exercises: {tiny: {due: 2026-02-30}}\n", "holds a date that there is not"),
        ("exercises: {tiny: {due: 1}\n", "cannot be read"),
    ],
)
def test_a_fault_of_course_yml_is_one_line(text: str, says: str, tmp_path: Path) -> None:
    """The file, the place, what is wanted."""
    with pytest.raises(policy.CourseError, match=r"course\.yml: ") as caught:
        rules(tmp_path, text)

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


# --- copies and regrades


def test_all_copies_are_kept_and_shown_and_the_newest_counts(
    zygote: Engine, tmp_path: Path
) -> None:
    """Name, time and digest of each; only the newest is run; a later one takes its place."""
    made = tiny.exercise()
    for name in ("a", "b", "c"):
        tiny.write(
            tmp_path / "in" / "ann" / f"{name}.ipynb", tiny.filled("ann", f"total = '{name}'")
        )

    class Kept:
        name, versions, once = zygote.name, zygote.versions, zygote.once

        def close(self) -> None:
            """Leave the engine to its fixture."""

    def grade(book: Gradebook) -> dict[str, bool]:
        session.grade_all(made, submissions.collect(tmp_path / "in", None), book, Kept(), SHORT)
        return {copy.file: copy.counts for copy in book.copies("tiny")}

    import os

    with Gradebook(tmp_path / "g.sqlite") as book:
        for when, name in enumerate(("c", "a", "b")):
            os.utime(tmp_path / "in/ann" / f"{name}.ipynb", (10**9 + when, 10**9 + when))
        first = grade(book)
        os.utime(tmp_path / "in/ann/c.ipynb", (10**9 + 9, 10**9 + 9))
        second = grade(book)
        rows = standings(made, book, None, policy.Policy())
        page = class_page(made, rows, handed=book.copies("tiny"))
        given = [json.loads(a.marks[0].given)["v"] for a in book.attempts("tiny")]
        history = len(book.attempts("tiny", counting=False))
        book.forget("ann")
        left = book.copies("tiny")

    assert first == {"ann/a.ipynb": False, "ann/b.ipynb": True, "ann/c.ipynb": False}
    assert second == {"ann/a.ipynb": False, "ann/b.ipynb": False, "ann/c.ipynb": True}
    assert (given, history) == (["c"], 2)
    assert "superseded" in page
    assert "ann/a.ipynb" in page
    assert "ann/c.ipynb" not in page.split("superseded")[1]
    assert left == []


def test_a_gradebook_of_an_earlier_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """What it held is still there, and copies can be kept."""
    path = tmp_path / "old.sqlite"
    with sqlite3.connect(path) as db:
        db.executescript(SCHEMA)
        db.execute("PRAGMA user_version = 1")
        db.execute(f"PRAGMA application_id = {APPLICATION}")
        db.execute(
            "INSERT INTO manual VALUES ('tiny', 'ann', 'words', 0, 'A', 2.5, 'Good.', 'd', 0)"
        )
    with Gradebook(path) as book:
        assert book.copies("tiny") == []
        assert criteria(book, "tiny") == [Manual("ann", "words", 0, "A", 2.5, "Good.", "d")]
        assert book.db.execute("PRAGMA user_version").fetchone() == (VERSION,)


def test_a_regrade_says_which_marks_it_changed(book: Gradebook) -> None:
    """Of the same file, against the attempt before; a new file is no regrade."""
    book.add(attempt("bo", 1.5))
    book.count("tiny", {"bo": (digest("bo"), "k")})
    changed = history.changes(book.attempts("tiny", counting=False))
    rows = standings(tiny.exercise(), book, None, policy.Policy())
    page = class_page(tiny.exercise(), rows, changed=changed)

    assert changed == [history.Change("bo", "total", 0.0, 1.5)]
    assert "bo, <code>total</code>: 0, now 1.5" in page


# --- answers as a person reads them


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5.25, "5.25"),
        (3.3333333333333335, "3.33333"),
        (0.000012345678, "1.23457e-05"),
        (float("nan"), "nan"),
        ("carer", "carer"),
        (None, "None"),
        (True, "True"),
        ([1, 2.5, "x"], "[1, 2.5, x]"),
        (np.arange(3.0), "[0.0, 1.0, 2.0]"),
        (np.ones((2, 2)), "[[1.0, 1.0], [1.0, 1.0]]"),
        (list(range(30)), "[0, 1, 2, 3, 4, 5, 6, 7, ... (30 in all)]"),
        ({"a": [1]}, "{a: [1]}"),
        (
            pd.DataFrame({"group": ["carer", "control"], "n": [14, 7]}),
            "  group   n\n  carer  14\ncontrol   7",
        ),
    ],
)
def test_an_answer_is_shown_as_a_person_writes_it(value: object, text: str) -> None:
    """No JSON of ours; long ones are cut with their length."""
    assert readable(codec.encode(value)) == text


def test_a_hostile_answer_is_shown_as_text_alone(book: Gradebook) -> None:
    """Tables, lists and malformed claims: escaped, bounded, and never an error."""
    table = pd.DataFrame({f"<b>{n}": ["<script>" * 9] * 40 for n in range(12)})
    given = [
        codec.encode(table),
        {"t": "table", "columns": 3, "v": []},
        {"t": "list", "v": [{"t": "list", "v": "x"}]},
        {"t": "refused", "v": "<script>"},
        ["no object"],
    ]
    made = tiny.exercise()
    for n, claim in enumerate(given):
        marks = (MarkRow("q1", "total", 0, 3, None, "not right", json.dumps(claim)),)
        who = f"s{n}"
        book.add(
            Attempt("tiny", who, who, f"{who}.ipynb", digest(who), "k", "graded", "", marks=marks)
        )
        book.count("tiny", {who: (digest(who), "k")})
    pages = {s.student: student_page(made, s) for s in standings(made, book, None, policy.Policy())}

    assert "... (40 rows, 12 columns in all)" in pages["s0"]
    assert all("could not be read" in pages[f"s{n}"] for n in (1, 2, 3, 4))
    assert not any("<script" in page or "<b>" in page for page in pages.values())


# --- exports


WORKSHEET = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Feedback comments\n"
    'Participant 901,"Adams, Ann ""Annie""",ann,Submitted,,10,\n'
    "Participant 902,\"=cmd|' /C calc'!A0\nBerg\",bo,,,10,\n"
    "Participant 903,Cy,cy,,,10,\n"
)
PARTICIPANTS = (
    "First name,Last name,ID number,Email address\n"
    '"Ann, the ""first""",Adams,ann,ann@x.org\n'
    '"=Bo\nBert",Berg,bo,bo@x.org\n'
    "Cy,Clark,cy,cy@x.org\n"
)


def exported(book: Gradebook, text: str, tmp_path: Path) -> tuple[list[dict], str]:
    """Export to Moodle; give rows as read back and the raw text."""
    (tmp_path / "r.csv").write_text(text)
    people = roster.read(tmp_path / "r.csv")
    rows: list[Standing] = standings(tiny.exercise(), book, people, policy.Policy())
    (path,) = export("moodle", tiny.exercise(), rows, tmp_path, people)
    return [dict(row) for row in csvsafe.read(path)], path.read_bytes().decode()


@pytest.mark.parametrize("text", [WORKSHEET, PARTICIPANTS], ids=["worksheet", "participants"])
def test_moodle_files_carry_any_name_and_no_formula(
    text: str, book: Gradebook, tmp_path: Path
) -> None:
    """Commas, quotes, line breaks and a leading equals sign come back as they were."""
    rows, raw = exported(book, text, tmp_path)
    original = list(csv.DictReader(io.StringIO(text, newline="")))
    grade = "Grade" if "Grade" in rows[0] else "Tiny"

    assert [row[grade] for row in rows] == ["10", "7", ""]
    for row, before in zip(rows, original, strict=True):
        same = set(row) & set(before) - {"Grade", "Feedback comments"}
        assert len(same) >= 2
        assert {k: row[k] for k in same} == {k: before[k] for k in same}
    for line in csv.reader(io.StringIO(raw, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)


def test_a_moodle_worksheet_keeps_its_columns_and_gets_reasons(
    book: Gradebook, tmp_path: Path
) -> None:
    """Grades and comments are filled in, whoever handed nothing in stays blank."""
    rows, raw = exported(book, WORKSHEET, tmp_path)

    assert raw.splitlines()[0] == WORKSHEET.splitlines()[0]
    assert rows[0]["Feedback comments"].startswith("q1: 6 of 6\nq2: ")
    assert rows[2]["Feedback comments"] == ""


def test_students_with_awkward_identifiers_get_files_of_their_own(tmp_path: Path) -> None:
    """Nobody's page overwrites another's, and none leaves its folder."""
    names = ["a/b", "a_b", "a b", "../a", "..", "", "é", "ann@x.org"]
    files = [csvsafe.file_name(name) for name in names]

    assert len(set(files)) == len(files)
    assert csvsafe.file_name("ann@x.org") == "ann@x.org"
    for file in files:
        assert file == Path(file).name
        assert not file.startswith(".")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_comes_back_as_spreadsheets_save_it(
    delimiter: str, book: Gradebook, tmp_path: Path
) -> None:
    """With commas, semicolons or tabs, a mark of the encoding or none, and decimal commas."""
    made = reads(tiny.SOURCE.replace("Says what", "Says, in order, what"))
    (sheet,) = marking.write_sheets(made, book, tmp_path / "marking")
    raw = sheet.read_bytes()
    rows = csvsafe.read(sheet)
    columns = [c for c in rows[0] if c[:2] in ("1.", "2.")]
    for mark in ("utf-8", "utf-8-sig"):
        with sheet.open("w", newline="", encoding=mark) as file:
            writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
            writer.writeheader()
            for row in rows:
                writer.writerow({**row, columns[0]: "1,5", columns[1]: "1", "marker": ""})

        assert merge(made, book, sheet, mark).points == 4
    given = {m.points for m in criteria(book, "tiny") if m.marker != "A"}

    assert raw.startswith(b"\xef\xbb\xbf")
    assert given == {1.5, 1.0}
