"""Gradebook, marking sheets, exports and reports."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from hardwired.course import (
    csvsafe,
    loader,
    marking,
    policy,
    roster,
)
from hardwired.course.authoring.exercise import Exercise, reads
from hardwired.course.class_page import class_page, copies, discrimination
from hardwired.course.engines.base import Engine
from hardwired.course.entries import Manual, criteria
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.marks_file import write_marks
from hardwired.course.merging import merge
from hardwired.course.standing import Line, Standing, standings
from hardwired.course.student_page import student_page
from tests.course import tiny
from tests.course.entered import enter, whose
from tests.course.rosters import CANVAS

# --- gradebook, sheets, exports, reports


NASTY = '=HYPERLINK("http://x"),\n"quoted" <script>alert(1)</script> \u202egnp'


def attempt(
    who: str, given: str = "5.125", points: float = 3, text: str = "Spread.", name: str = ""
) -> Attempt:
    """Give an attempt at the tiny exercise."""
    value = json.dumps({"t": "float", "v": float(given)})
    rows = (
        MarkRow("q1", "total", points, 3, None, "right", value),
        MarkRow("q1", "product", 3, 3, None, "right", '{"t": "int", "v": 8}'),
    )
    return Attempt(
        "tiny",
        who,
        name or who,
        f"{who}/tiny.ipynb",
        f"{who}-digest".ljust(64, "0"),
        "k",
        "graded",
        "",
        marks=rows,
        prose={("q2", "words"): text},
    )


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    """Give a gradebook with two students, one with a nasty name and text."""
    made = Gradebook(tmp_path / "gradebook.sqlite")
    made.add(attempt("ann"))
    made.add(attempt("bo", "6.5", 0, NASTY, NASTY))
    made.count("tiny", {who: (f"{who}-digest".ljust(64, "0"), "k") for who in ("ann", "bo")})
    return made


def test_a_newer_gradebook_and_another_database_are_left_alone(tmp_path: Path) -> None:
    """One line each, and not a byte changed."""
    import sqlite3

    newer, other = tmp_path / "newer.sqlite", tmp_path / "other.sqlite"
    with Gradebook(newer) as made:
        made.db.execute("PRAGMA user_version = 99")
    with sqlite3.connect(other) as db:
        db.execute("CREATE TABLE x (y)")
    (tmp_path / "text.sqlite").write_text("this is no database at all, but text" * 40)
    for path, says in (
        (newer, "newer hardwired"),
        (other, "not a gradebook"),
        (tmp_path / "text.sqlite", "cannot be used"),
    ):
        before = path.read_bytes()
        with pytest.raises(CourseError, match=says):
            Gradebook(path)
        assert path.read_bytes() == before


def test_a_marking_sheet_goes_out_and_comes_back(book: Gradebook, tmp_path: Path) -> None:
    """Nasty text survives, points of two markers are averaged, their agreement is computed."""
    made = tiny.exercise()
    (sheet,) = marking.write_sheets(made, book, tmp_path / "marking")
    rows = sorted(csvsafe.read(sheet), key=lambda r: whose(book, r))
    column = [c for c in rows[0] if c[:2] in ("1.", "2.")]

    assert rows[1]["text"].startswith('=HYPERLINK("http://x"),')
    assert all(
        not cell.startswith(("=", "+", "@"))
        for row in csv.reader(io.StringIO(sheet.read_text()))
        for cell in row
    )
    for marker, points in (("A", ((3, 1), (1, 0))), ("B", ((2, 1), (1, 1)))):
        with sheet.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            for row, (one, two) in zip(rows, points, strict=True):
                writer.writerow({**row, column[0]: one, column[1]: two, "comment": "Good."})
        assert merge(made, book, sheet, marker).points == 4
    (agree,) = marking.agreement(criteria(book, "tiny"))
    totals = {s.student: s.points for s in standings(made, book, None, policy.Policy())}

    assert (agree.criteria, agree.equal, agree.mean_difference) == (4, 0.5, 0.5)
    assert agree.kappa == pytest.approx(1 - (2 / 4) / (22 / 16))
    assert totals == {"ann": 9.5, "bo": 4.5}


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("paper", "eve", "no paper"),
        ("1", "4", "0 to 3 are possible"),
        ("1", "-1", "0 to 3"),
        ("1", "many", "no number"),
        ("version", "x", "no version"),
    ],
)
def test_a_bad_cell_is_named_and_the_good_ones_are_kept(
    column: str, value: str, says: str, book: Gradebook, tmp_path: Path
) -> None:
    """File and line are named; what can be used is entered."""
    made = tiny.exercise()
    (sheet,) = marking.write_sheets(made, book, tmp_path / "marking")
    rows = sorted(csvsafe.read(sheet), key=lambda r: whose(book, r))
    names = {"1": next(c for c in rows[0] if c.startswith("1."))}
    changed = [
        dict(rows[0]) | {names["1"]: "2"},
        dict(rows[1]) | {names.get(column, column): value},
    ]
    csvsafe.write(sheet, list(rows[0]), [list(row.values()) for row in changed])

    done = merge(made, book, sheet, "A")

    assert len(done.problems) == 1
    assert re.search(rf":3: .*{says}", done.problems[0])
    assert [(m.student, m.points) for m in criteria(book, "tiny")] == [("ann", 2)]


def test_exports_carry_names_with_commas_quotes_breaks_and_signs(
    book: Gradebook, tmp_path: Path
) -> None:
    """Canvas and nbgrader files read back whole; no cell is a formula; what waits is blank."""
    from hardwired.course.export import export

    made = tiny.exercise()
    enter(
        book,
        "tiny",
        [
            Manual("ann", "words", n, "A", p, "", "ann-digest".ljust(64, "0"))
            for n, p in ((0, 3), (1, 1))
        ],
    )
    (tmp_path / "c.csv").write_text(CANVAS)
    (tmp_path / "p.csv").write_text("student_id,name\nann,Ann\nbo,Bo\ncy,Cy\n")
    canvas = roster.read(tmp_path / "c.csv")
    rows = standings(made, book, roster.read(tmp_path / "p.csv"), policy.Policy())
    out = (
        export("canvas", made, rows, tmp_path, canvas)
        + export("nbgrader", made, rows, tmp_path, None)
        + export("csv", made, rows, tmp_path, None)
    )
    read = {p.stem: csvsafe.read(p) for p in out}

    assert [(r["Student"].strip(), r["ID"], r["Tiny (77)"]) for r in read["tiny-canvas"]] == [
        ("Points Possible", "", "10"),
        ("Adams, Ann", "501", "10"),
        ("Berg, Bo", "502", ""),
    ]
    assert [(r["student_id"], r["score"]) for r in read["tiny-nbgrader"]] == [
        ("ann", "10.0"),
        ("bo", ""),
        ("cy", ""),
    ]
    assert read["tiny-marks"][1]["name"].startswith('=HYPERLINK("http://x"),\n"quoted"')
    assert read["tiny-marks"][2]["reason"] == "nothing handed in"
    for path in out:
        for row in csv.reader(io.StringIO(path.read_text(), newline="")):
            assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    with pytest.raises(CourseError, match="Canvas gradebook file"):
        export("canvas", made, rows, tmp_path, None)


def test_gradescope_results_have_a_test_an_answer(book: Gradebook, tmp_path: Path) -> None:
    """While a part waits there is no score, for Gradescope would add up the others; then all."""
    from hardwired.course.export import gradescope_results

    (before, *_) = standings(tiny.exercise(), book, None, policy.Policy())
    waits = gradescope_results(before)
    digest = "ann-digest".ljust(64, "0")
    enter(book, "tiny", [Manual("ann", "words", n, "A", 1, "", digest) for n in (0, 1)])
    (after, *_) = standings(tiny.exercise(), book, None, policy.Policy())
    marked = gradescope_results(after)

    assert "score" not in waits
    assert [t.get("score") for t in waits["tests"]] == [None, None, None]
    assert marked["score"] == 8
    assert [(t["name"], t.get("score"), t["max_score"]) for t in marked["tests"]] == [
        ("q1: total", 3, 3),
        ("q1: product", 3, 3),
        ("q2: words", 2, 4),
    ]


def test_a_report_escapes_what_students_wrote(book: Gradebook) -> None:
    """No markup, no direction override, no script of theirs; and none of ours."""
    rows = standings(tiny.exercise(), book, None, policy.Policy())
    page = student_page(tiny.exercise(), rows[1])

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "\u202e" not in page
    assert '<html lang="en">' in page
    assert "<h1>" in page
    assert 'scope="col"' in page


def test_a_student_sees_the_code_that_was_marked(tmp_path: Path) -> None:
    """Of each question, folded, as text; nothing where there is none."""
    audit = {"code": {"q1": "total = sum(days) < 3  # <b>"}}
    made = tiny.exercise()
    with Gradebook(tmp_path / "g.sqlite") as book:
        book.add(replace(attempt("ann"), audit=audit))
        book.count("tiny", {"ann": (attempt("ann").file_digest, attempt("ann").run_key)})
        page = student_page(made, standings(made, book, None, policy.Policy())[0])

    assert "<pre>total = sum(days) &lt; 3  # &lt;b&gt;</pre>" in page
    assert page.count("<summary>Your code</summary>") == 1


def standing(who: str, *points: float, given: str = "") -> Standing:
    """Give a standing with one answer a question."""
    lines = tuple(Line(f"q{n}", f"a{n}", p, 1.0, "") for n, p in enumerate(points))
    return Standing(
        who,
        who,
        "graded",
        "",
        attempt(who, given) if given else None,
        lines,
        float(len(points)),
        0,
        1.0,
    )


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    """As computed by hand; undefined where all have the same."""
    assert discrimination([0, 1, 1, 0], [1, 3, 4, 1]) == pytest.approx(
        np.corrcoef([0, 1, 1, 0], [1, 2, 3, 1])[0, 1]
    )
    assert discrimination([1, 1, 1], [1, 2, 3]) is None


def test_copies_are_equal_answers_to_different_data() -> None:
    """Those who share what few others have are named, three as well as two."""
    rows = [
        standing("a", 1, given="5.125"),
        standing("b", 1, given="5.125"),
        standing("c", 1, given="6.5"),
    ]

    assert copies(rows, at_least=1) == [(("a", "b"), 1)]
    assert copies([*rows, standing("d", 1, given="5.125")], at_least=1) == [(("a", "b", "d"), 1)]


def test_the_class_page_has_distribution_items_and_trouble(book: Gradebook) -> None:
    """Counts that a teacher can check by hand."""
    page = class_page(tiny.exercise(), standings(tiny.exercise(), book, None, policy.Policy()))

    assert "2 students, 2 graded, 2 waiting for a person, 0 late; median 4.5, mean 4.5" in page
    assert "75%" in page
    assert page.count('fill="currentColor">1</text>') == 2  # a number on each bar


def test_a_student_is_forgotten_everywhere(book: Gradebook, tmp_path: Path) -> None:
    """Neither the database's bytes nor any file beside it names the student again."""
    from hardwired.course.forget import forget
    from hardwired.course.report import write_reports

    made = tiny.exercise()
    book.add(attempt("zelda-unique", text="Only Zelda wrote this."))
    book.count("tiny", {"zelda-unique": ("zelda-unique-digest".ljust(64, "0"), "k")})
    rows = standings(made, book, None, policy.Policy())
    write_marks(tmp_path / "marks.csv", made, rows)
    marking.write_sheets(made, book, tmp_path / "marking")
    write_reports(made, rows, tmp_path / "reports")

    assert forget("zelda-unique", book, tmp_path).gone > 3
    book.close()
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert b"zelda-unique" not in path.read_bytes(), path
            assert b"Only Zelda" not in path.read_bytes(), path
    assert b"ann" in (tmp_path / "marks.csv").read_bytes()


def test_the_validator_names_what_is_missing(zygote: Engine, bench: Exercise) -> None:
    """A ready exercise is ready; each planted fault is named at its question."""
    from hardwired.course.authoring.validate import validate
    from tests.course.conftest import SHORT

    assert [f.faults for f in validate(bench, zygote, SHORT)] == [()] * 8
    text = bench.path.read_text()
    planted = {
        "q1": ("range: [0, 60]", "range: [0, 1]", "outside its range"),
        "q3": (
            "value: 'carer.mean() + np.array([-1.96, 1.96]) * carer.sem()'",
            "value: interval",
            "counts as right",
        ),
        "q4": ("`radius_10`", "`radius`", "does not name"),
        "q5": ('k * t))**2"', '-k * t))**2"', "do not catch mutant 2"),
        "q6": (
            "{rule: one_sided, keep: 0.5}",
            "{rule: one_sided, keep: 0.5}\n        - {rule: factor, factor: 0.5, keep: 0.75}",
            "promises",
        ),
    }
    for old, new, _ in planted.values():
        assert old in text
        text = text.replace(old, new, 1)
    found = {f.question: "; ".join(f.faults) for f in validate(reads(text), zygote, SHORT)}

    for question, (_, _, says) in planted.items():
        assert says in found[question], found
    assert found["q2"] == found["q7"] == found["q8"] == ""


def test_loaded_cells_keep_their_advice() -> None:
    """Role and question of a cell are read, whatever else the metadata hold."""
    cells = loader.load(json.dumps(tiny.filled("s1")).encode()).cells

    assert [c.role for c in cells][:3] == ["identity", None, "draw"]
    assert [c.question for c in cells if c.question] == ["q1", "q2"]
