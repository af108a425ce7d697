"""Sheets for markers hold numbers and nobody's identifier; sheets that held one still come back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hardwired.course import csvsafe, entries, forget, marking
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.merging import merge
from hardwired.course.numbering import allot, papers, typed
from hardwired.course.policy import Policy
from hardwired.course.standing import standings
from tests.course import tiny
from tests.course.commanded import command_line
from tests.course.entered import whose

TINY = tiny.exercise()
CLASS = ("s1000001", "s1000002", "jsmith03", "007")


def attempt(who: str, digest: str = "", exercise: str = "tiny") -> Attempt:
    """Give an attempt with a text of one's own."""
    made = Attempt(
        exercise=exercise,
        student=who,
        name=f"Name of {who}",
        file=f"{who}/tiny.ipynb",
        file_digest=digest or who.ljust(64, "f"),
        run_key="k",
        status="graded",
        reason="",
    )
    return replace(made, prose={("q2", "words"): f"What number {CLASS.index(who)} thinks."})


def counted(book: Gradebook, a: Attempt) -> None:
    """Add an attempt and let it count."""
    book.add(a)
    book.count(a.exercise, {a.student: (a.file_digest, "k")})


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    """Give the gradebook of a class."""
    made = Gradebook(tmp_path / "gradebook.sqlite")
    for who in CLASS:
        counted(made, attempt(who))
    return made


def sheet_of(book: Gradebook, folder: Path) -> tuple[Path, list[dict[str, str]]]:
    """Write the sheet; give its place and rows."""
    sheet = marking.write_sheets(TINY, book, folder / "marking")[-1]
    return sheet, [dict(r) for r in csvsafe.read(sheet)]


def saved(sheet: Path, rows: list[dict[str, str]]) -> None:
    """Save rows as a person would."""
    csvsafe.write(sheet, list(rows[0]), [list(r.values()) for r in rows], mark=True)


def filled(row: dict[str, str], first: str = "3", second: str = "1") -> dict[str, str]:
    """Fill a row's criteria in."""
    one, two = (name for name in row if name[:2] in ("1.", "2."))
    return row | {one: first, two: second}


def earlier(book: Gradebook, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Give the rows as earlier versions wrote them: by identifier and digest."""
    known = {p.number: key for key, p in papers(book, "tiny").of.items()}
    return [
        dict(zip(("student", "file_digest"), known[int(r["paper"])], strict=True))
        | {k: v for k, v in r.items() if k not in ("paper", "version")}
        for r in rows
    ]


def points(book: Gradebook) -> dict[str, float | None]:
    """Give what each student has for the question that people mark."""
    return {s.student: s.question("q2") for s in standings(TINY, book, None, Policy())}


def test_a_sheet_says_nothing_of_who_wrote_what(book: Gradebook, tmp_path: Path) -> None:
    """Neither identifier nor name nor digest, nor the order of the class: rows go by number."""
    sheet, rows = sheet_of(book, tmp_path)
    text = sheet.read_text(encoding="utf-8-sig")
    numbers = [int(r["paper"]) for r in rows]

    assert numbers == sorted(numbers)
    assert {whose(book, r) for r in rows} == set(CLASS)
    assert all(100_000 <= n <= 999_999 for n in numbers)
    for who in CLASS[:3]:
        assert who not in text
        assert f"{who}f" not in text


def test_a_number_is_a_students_own_within_an_exercise(book: Gradebook, tmp_path: Path) -> None:
    """A rerun and a second file keep it, another exercise has another, no two are alike."""
    before = {k: p.number for k, p in allot(book, "tiny", CLASS).of.items()}
    counted(book, attempt("007", "e" * 64))
    counted(book, attempt("007", exercise="other"))
    after, other = allot(book, "tiny", CLASS), allot(book, "other", CLASS)
    both = sorted((p for (who, _), p in after.of.items() if who == "007"), key=lambda p: p.version)

    assert len(set(before.values())) == len(CLASS)
    assert [p.version for p in both] == [1, 2]
    assert {p.number for p in both} == {before["007", "007".ljust(64, "f")]}
    assert {p.number for p in other.of.values()}.isdisjoint(before.values())


def test_numbers_follow_from_nothing_that_a_marker_may_know(tmp_path: Path) -> None:
    """Two gradebooks of one class number it otherwise."""
    drawn = []
    for name in ("a", "b"):
        with Gradebook(tmp_path / name) as book:
            for who in CLASS:
                counted(book, attempt(who))
            drawn.append([p.number for p in allot(book, "tiny", CLASS).of.values()])

    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("form", ["{}", "{}.0", "{},00", " {} "])
def test_a_sheet_comes_back_by_number_as_spreadsheets_save_it(
    form: str, book: Gradebook, tmp_path: Path
) -> None:
    """Whole numbers that became decimal ones, blanks around them."""
    sheet, rows = sheet_of(book, tmp_path)
    made = [r | {k: form.format(r[k]) for k in ("paper", "version")} for r in map(filled, rows)]
    saved(sheet, made)
    done = merge(TINY, book, sheet, "AB")

    assert (done.points, done.problems) == (8, ())
    assert points(book) == dict.fromkeys(CLASS, 4)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "sep=,\r\n" + text.lstrip("\ufeff"),
        lambda text: text.replace("paper,version", "PAPER,Version", 1),
        lambda text: text.replace("paper,version,words", "paper,left out,words", 1),
        lambda text: text + ",,,\r\n,,,,,,,\r\n",
    ],
    ids=["Excel's own line", "capitals", "no version", "empty rows"],
)
def test_a_sheet_comes_back_whose_frame_was_changed(
    change: Callable[[str], str], book: Gradebook, tmp_path: Path
) -> None:
    """What is sure without it is not asked for."""
    sheet, rows = sheet_of(book, tmp_path)
    saved(sheet, list(map(filled, rows)))
    text = sheet.read_bytes().decode("utf-8-sig")
    sheet.write_bytes(change(text).encode("utf-8"))
    done = merge(TINY, book, sheet, "AB")

    assert (done.points, done.problems) == (8, ())


def test_without_a_version_a_student_of_two_files_is_asked_about(
    book: Gradebook, tmp_path: Path
) -> None:
    """Nobody can say which of them was marked."""
    counted(book, attempt("jsmith03", "e" * 64))
    sheet, rows = sheet_of(book, tmp_path)
    saved(sheet, [filled(r) | {"version": ""} for r in rows])
    done = merge(TINY, book, sheet, "AB")

    (said,) = done.problems
    assert "has no version ''; correct the cell `version`" in said
    assert done.points == 6


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"PK\3\4\x80", "it is a workbook"), (b"<html><table>", "it is a web page")],
)
def test_what_is_no_table_is_called_what_it_is(
    data: bytes, says: str, book: Gradebook, tmp_path: Path
) -> None:
    """And nothing is entered."""
    (tmp_path / "sheet.csv").write_bytes(data)

    with pytest.raises(CourseError, match=f"{says}.*save it as CSV"):
        merge(TINY, book, tmp_path / "sheet.csv", "AB")


@pytest.mark.parametrize("text", ["482,913", "482.913", "482 913", "482'913", "482913.0"])
def test_a_number_with_a_mark_for_thousands_is_the_same(text: str) -> None:
    """As spreadsheets of several countries show it."""
    assert typed(text) == 482_913


@pytest.mark.parametrize("text", ["", "ann", "48.2913", "4829130", "1e5"])
def test_what_is_no_number_of_a_paper_is_none(text: str) -> None:
    """It is named, and nobody is marked by it."""
    assert typed(text) is None


def test_a_sheet_of_an_earlier_version_still_merges(book: Gradebook, tmp_path: Path) -> None:
    """By identifier and digest, also where the zeros were lost; what it lacks is numbered."""
    sheet, rows = sheet_of(book, tmp_path)
    old = [r for r in earlier(book, rows) if r["student"] != "s1000002"]
    old = [filled(r | {"student": r["student"].lstrip("0")}) for r in old]
    saved(sheet, old)
    kept = sheet.read_bytes()
    done = merge(TINY, book, sheet, "AB")
    rest, fresh = sheet_of(book, tmp_path)

    assert (done.points, done.problems) == (6, ())
    assert points(book) == {**dict.fromkeys(CLASS, 4), "s1000002": None}
    assert sheet.read_bytes() == kept
    assert rest.name == "marking-tiny-q2-words-2.csv"
    assert {whose(book, r) for r in fresh} >= {"s1000002"}


def test_a_row_about_a_file_that_no_more_counts_is_named_by_its_number(
    book: Gradebook, tmp_path: Path
) -> None:
    """The message keeps the marker's view: no identifier is in it."""
    sheet, rows = sheet_of(book, tmp_path)
    saved(sheet, list(map(filled, rows)))
    counted(book, attempt("jsmith03", "e" * 64))
    done = merge(TINY, book, sheet, "AB")

    (said,) = done.problems
    assert "another file of paper" in said
    assert "jsmith03" not in said
    assert points(book)["jsmith03"] is None


def test_a_student_who_is_forgotten_leaves_every_sheet(book: Gradebook, tmp_path: Path) -> None:
    """New and old, filled and not; the number is nobody's afterwards."""
    sheet, rows = sheet_of(book, tmp_path)
    number = next(r["paper"] for r in rows if whose(book, r) == "jsmith03")
    saved(sheet, list(map(filled, rows)))
    saved(tmp_path / "marking/old.csv", earlier(book, rows))
    forget.forget("jsmith03", book, tmp_path)
    left = [csvsafe.read(p) for p in sorted((tmp_path / "marking").glob("*.csv"))]

    assert [len(rows) for rows in left] == [3, 3]
    assert number not in {r.get("paper") for rows in left for r in rows}
    assert papers(book, "tiny").student(int(number)) is None


def test_the_instructor_finds_who_a_number_is(
    book: Gradebook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the history, in what waits, and to settle by it."""
    sheet, rows = sheet_of(book, tmp_path)
    saved(sheet, list(map(filled, rows[:1])))
    merge(TINY, book, sheet, "AB")
    who, number = whose(book, rows[0]), rows[0]["paper"]
    tiny.exercise(tmp_path)
    common = ("tiny", "--exercises", str(tmp_path), "--out", str(tmp_path))
    command_line("settle", *common, "--history")
    told = capsys.readouterr().out
    command_line("settle", *common, "--student", number, "--excuse", "--why", "ill")

    assert f"{who} (paper {number})" in told
    assert entries.history(book, "tiny", who)[-1].kind == "excuse"
