"""What people enter: an append-only record, sheets that nobody overwrites, settling by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hardwired.course import csvsafe, entries, marking, settle
from hardwired.course.authoring.exercise import Exercise, reads
from hardwired.course.entries import Entry, Manual
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Copy, Gradebook, MarkRow
from hardwired.course.marks_file import write_standings
from hardwired.course.merging import merge
from hardwired.course.policy import Policy
from hardwired.course.standing import Standing, standings
from tests.course import tiny
from tests.course.entered import enter, whose

TINY = tiny.exercise()


def attempt(who: str, status: str = "graded", digest: str = "") -> Attempt:
    """Give a submission whose sum is wrong and whose text waits."""
    marks = (
        MarkRow("q1", "total", 0, 3, None, "total is not right.", '{"t": "float", "v": 5.5}'),
        MarkRow("q1", "product", 3, 3, None, "right", '{"t": "int", "v": 8}'),
    )
    graded = status == "graded"
    return Attempt(
        exercise="tiny",
        student=who,
        name=who.title(),
        file=f"{who}/tiny.ipynb",
        file_digest=digest or who * 20,
        run_key="k",
        status=status,
        reason="" if graded else "the file is a PDF, not a notebook",
        marks=marks if graded else (),
        prose={("q2", "words"): f"Spread, says {who}."} if graded else {},
    )


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    """Give a gradebook with Ann and Bo graded and Cy's file unreadable."""
    made = Gradebook(tmp_path / "gradebook.sqlite")
    for a in (attempt("ann"), attempt("bo"), attempt("cy", "unreadable")):
        made.add(a)
    made.count("tiny", {who: (who * 20, "k") for who in ("ann", "bo", "cy")})
    return made


def row(book: Gradebook, student: str, made: Exercise = TINY) -> Standing:
    """Give how a student stands."""
    return next(s for s in standings(made, book, None, Policy()) if s.student == student)


def full(who: str, marker: str, *points: float | None) -> list[Manual]:
    """Give a marker's points, criterion by criterion; None was left blank."""
    return [
        Manual(who, "words", n, marker, p, "", who * 20)
        for n, p in enumerate(points)
        if p is not None
    ]


def fill(sheet: Path, change: Callable[[dict[str, str]], dict[str, str]], **form: str) -> None:
    """Change each row of a sheet as a person would."""
    rows = [dict(r) for r in csvsafe.read(sheet)]
    with sheet.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, list(rows[0]), **form)
        writer.writeheader()
        writer.writerows(change(r) for r in rows)


def sheet_of(book: Gradebook, folder: Path) -> list[dict[str, str]]:
    """Write the sheet; gives its rows."""
    (sheet,) = marking.write_sheets(TINY, book, folder)
    return [dict(r) for r in csvsafe.read(sheet)]


def cells(row: dict[str, str]) -> list[str]:
    """Give the columns of the criteria."""
    return [name for name in row if name[:2] in ("1.", "2.")]


# --- marks from markers


def test_a_row_without_every_criterion_is_begun_and_no_mark(book: Gradebook) -> None:
    """It waits, says who began it, and counts nothing until one marker has marked everything."""
    enter(book, "tiny", full("ann", "AB", 3, None))
    begun = row(book, "ann")
    enter(book, "tiny", full("ann", "CD", None, 1))
    halves = row(book, "ann")
    enter(book, "tiny", full("ann", "CD", 1, 1))
    done = row(book, "ann")

    assert (begun.points, begun.waiting) == (None, ("q2",))
    assert "begun by AB (1 of 2 criteria)" in begun.lines[2].reason
    assert halves.waiting == ("q2",)
    assert (done.question("q2"), done.points) == (3, 6)  # (3 + 1) / 2 of the first, 1 of the second


def test_history_tells_who_when_and_why_and_an_undo_can_be_undone(book: Gradebook) -> None:
    """Nothing leaves the record; what holds follows from it."""
    (number,) = enter(book, "tiny", full("ann", "AB", 3, 1))
    before = row(book, "ann").points
    entries.undo(book, "tiny", number, who="Chief", why="wrong sheet")
    without = row(book, "ann").points
    taken = [(a.kind, a.who, a.why, a.holds) for a in entries.history(book, "tiny", "ann")]
    entries.undo(book, "tiny", number + 1, who="Chief", why="it was right")
    again = row(book, "ann").points

    assert (before, without, again) == (7, None, 7)
    assert taken == [
        ("criteria", "AB", "a sheet", False),
        ("undo", "Chief", "wrong sheet", True),
    ]
    assert len(entries.history(book, "tiny")) == 3
    with pytest.raises(CourseError, match="taken back before"):
        entries.undo(book, "tiny", number + 1, who="Chief")
    with pytest.raises(CourseError, match="no entry 77"):
        entries.undo(book, "tiny", 77, who="Chief")


def test_an_entry_without_a_name_or_a_line_is_refused(book: Gradebook) -> None:
    """And leaves nothing behind."""
    for who, lines in ((" ", [Entry("ann")]), ("AB", [])):
        with pytest.raises(CourseError):
            entries.record(book, "tiny", "excuse", lines, who=who, why="ill")

    assert entries.history(book, "tiny") == []


@pytest.mark.parametrize("kind", ["figure", "prose"])
def test_what_a_broken_run_lost_waits_and_is_not_nothing(kind: str, tmp_path: Path) -> None:
    """A figure is there only after a run: 0 would be a mark for the machine's fault."""
    made = TINY
    if kind == "figure":
        two = "- {name: product, kind: number, tolerance: {abs: 0.001}}"
        rubric = "rubric: [{criterion: Is drawn, points: 3}]"
        drawn = f"- {{name: product, kind: figure, {rubric}}}"
        made = reads(tiny.SOURCE.replace(two, drawn))
    question, answer = ("q1", "product") if kind == "figure" else ("q2", "words")
    broken = replace(
        attempt("ann"), status="no result", reason="no result: memory", marks=(), prose={}
    )
    empty = replace(attempt("bo"), prose={("q2", "words"): ""})
    with Gradebook(tmp_path / "g.sqlite") as book:
        for a in (broken, empty):
            book.add(a)
        book.count("tiny", {who: (who * 20, "k") for who in ("ann", "bo")})
        rows = standings(made, book, None, Policy())
        ann, bo = (next(x for x in s.lines if x.answer == answer) for s in rows)
        cases = {(c.student, c.answer): c.ways for c in settle.queue(book, made, rows)}
        settle.mark(book, made, "ann", 2, answer=answer, who="Chief", why="seen in the notebook")
        seen = next(x for x in row(book, "ann", made).lines if x.answer == answer)

    assert (ann.points, bo.points) == (None, 0)
    assert "no result: memory" in ann.reason
    assert question in rows[0].waiting
    assert cases["ann", answer] == ("mark", "excuse")  # there is nothing to mark by a rubric
    assert seen.points == 2


def test_marks_and_comments_belong_to_the_file_that_they_were_given_to(
    book: Gradebook, tmp_path: Path
) -> None:
    """With both files marked each shows its own, and the old one's hold when it counts again."""
    first, second = "ann" * 20, "b" * 60
    book.add(attempt("ann", digest=second))
    enter(book, "tiny", [Manual("ann", "words", n, "AB", 1, "Old.", first) for n in (0, 1)])
    book.count("tiny", {"ann": (second, "k")})
    fresh = row(book, "ann")
    (blank,) = (r for r in sheet_of(book, tmp_path / "new") if whose(book, r) == "ann")
    enter(book, "tiny", [Manual("ann", "words", 0, "AB", 3, "New.", second)])
    (begun,) = (r for r in sheet_of(book, tmp_path / "both") if whose(book, r) == "ann")
    enter(book, "tiny", [Manual("ann", "words", 1, "AB", 1, "New.", second)])
    later = row(book, "ann").lines[2]
    book.count("tiny", {"ann": (first, "k")})
    again = row(book, "ann").lines[2]

    assert fresh.waiting == ("q2",)
    assert (blank["comment"], blank["marker"]) == ("", "")
    assert (begun["comment"], begun["marker"]) == ("New.", "AB")
    assert (later.points, later.reason) == (4, "New.")
    assert (again.points, again.reason) == (2, "Old.")


def test_two_markers_of_two_files_neither_agree_nor_differ(book: Gradebook) -> None:
    """One marked the file of before, the other the one that came after."""
    given = [Manual("ann", "words", 0, who, 3, "", who * 20) for who in ("AB", "CD")]
    enter(book, "tiny", given)

    assert marking.agreement(entries.criteria(book, "tiny")) == []


# --- sheets


def test_a_sheet_that_somebody_filled_is_never_overwritten(book: Gradebook, tmp_path: Path) -> None:
    """A late student gets a sheet beside it; the filled one keeps every byte."""
    (sheet,) = marking.write_sheets(TINY, book, tmp_path)
    fill(sheet, lambda r: r | {cells(r)[0]: "2,5", "comment": "Good"}, delimiter=";")
    before = sheet.read_bytes()
    same = marking.write_sheets(TINY, book, tmp_path)
    book.add(attempt("dee"))
    book.count("tiny", {"dee": ("dee" * 20, "k")})
    both = marking.write_sheets(TINY, book, tmp_path)
    again = marking.write_sheets(TINY, book, tmp_path)

    assert sheet.read_bytes() == before
    assert same == [sheet]
    assert [p.name for p in both] == ["marking-tiny-q2-words.csv", "marking-tiny-q2-words-2.csv"]
    assert again == both
    assert [whose(book, r) for r in csvsafe.read(both[1])] == ["dee"]
    assert marking.filled_sheets(book, both) == [sheet]


def test_points_given_stand_in_a_new_sheet_with_their_marker(
    book: Gradebook, tmp_path: Path
) -> None:
    """A row a marker; who has none has a blank one."""
    enter(book, "tiny", [*full("ann", "AB", 3, None), *full("ann", "CD", 1.5, 1)])
    (sheet,) = marking.write_sheets(TINY, book, tmp_path)
    rows = csvsafe.read(sheet)

    given = [(whose(book, r), *[r[c] for c in cells(dict(r))], r["marker"]) for r in rows]
    assert sorted(given, key=lambda g: g[0]) == [
        ("ann", "3", "", "AB"),
        ("ann", "1.5", "1", "CD"),
        ("bo", "", "", ""),
    ]


def test_a_corrected_sheet_replaces_what_the_same_marker_gave(
    book: Gradebook, tmp_path: Path
) -> None:
    """Merged twice nothing is doubled; a dash takes a point back; AB is ab."""
    (sheet,) = marking.write_sheets(TINY, book, tmp_path)
    fill(sheet, lambda r: r | {cells(r)[0]: "3", cells(r)[1]: "1"})
    first = merge(TINY, book, sheet, "AB")
    twice = merge(TINY, book, sheet, "ab ")
    fill(sheet, lambda r: r | {cells(r)[0]: "-" if whose(book, r) == "bo" else "0"})
    third = merge(TINY, book, sheet, "AB")

    assert (first.points, first.changed, len(first.acts)) == (4, 0, 1)
    assert (twice.points, twice.acts) == (4, ())
    assert third.changed == 2
    assert row(book, "ann").question("q2") == 1
    assert row(book, "bo").waiting == ("q2",)


def test_all_bad_cells_are_named_and_the_good_ones_kept(book: Gradebook, tmp_path: Path) -> None:
    """Too many points, a word, a stranger, a file of before, one marker twice: a line each."""
    (sheet,) = marking.write_sheets(TINY, book, tmp_path)
    rows = sorted(map(dict, csvsafe.read(sheet)), key=lambda r: whose(book, r))
    one, two = cells(rows[0])
    made = [
        rows[0] | {one: "4", two: "1"},
        rows[1] | {one: "plenty", two: "nan"},
        rows[1] | {"paper": "12", one: "1"},
        rows[0] | {"version": "9", one: "1"},
        rows[1] | {one: "1", "marker": "XY"},
        rows[1] | {one: "2", "marker": "xy"},
    ]
    csvsafe.write(sheet, list(rows[0]), [list(r.values()) for r in made])
    done = merge(TINY, book, sheet, "AB")

    assert [p.split(":")[1] for p in done.problems] == ["2", "3", "3", "4", "5", "7"]
    assert "4 points, but 0 to 3 are possible" in done.problems[0]
    assert "'plenty' is no number" in done.problems[1]
    assert [(m.student, m.criterion, m.points) for m in entries.criteria(book, "tiny")] == [
        ("ann", 1, 1)
    ]


def test_a_level_in_words_is_worth_what_the_heading_says(book: Gradebook, tmp_path: Path) -> None:
    """Equal steps from none to all the points."""
    made = reads(tiny.SOURCE.replace("points: 3}", "points: 3, levels: [absent, named, told]}"))
    (sheet,) = marking.write_sheets(made, book, tmp_path)
    fill(sheet, lambda r: r | {cells(r)[0]: "Named", cells(r)[1]: "1"})
    done = merge(made, book, sheet, "AB")

    assert "absent = 0 / named = 1.5 / told = 3" in cells(dict(csvsafe.read(sheet)[0]))[0]
    assert (done.problems, row(book, "ann").question("q2")) == ((), 2.5)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("1. Says what the sum leaves out", "1. Names the device"), "fit no question"),
        (("paper,", "who,"), "no column 'paper'"),
        (("comment,marker", "marker,marker"), "'marker' stands twice"),
    ],
)
def test_a_sheet_of_something_else_is_one_line_and_nothing_is_entered(
    change: tuple[str, str], says: str, book: Gradebook, tmp_path: Path
) -> None:
    """Another exercise's sheet, or one whose header was spoilt."""
    (sheet,) = marking.write_sheets(TINY, book, tmp_path)
    fill(sheet, lambda r: r | {cells(r)[0]: "1", cells(r)[1]: "1"})
    sheet.write_text(sheet.read_text(encoding="utf-8-sig").replace(*change), encoding="utf-8")

    with pytest.raises(CourseError, match=says):
        merge(TINY, book, sheet, "AB")
    assert entries.history(book, "tiny") == []


# --- settling


def test_a_mark_by_hand_holds_until_it_is_taken_back(book: Gradebook, tmp_path: Path) -> None:
    """For an answer, a question, or a file that cannot be read; it is shown with its reason."""
    settle.mark(book, TINY, "ann", 2, answer="total", who="Chief", why="a slip of ours")
    settle.mark(book, TINY, "ann", 4, answer="q2", who="Chief", why="read on paper")
    number = settle.mark(book, TINY, "cy", 7.5, who="Chief", why="handed in as PDF")
    ann, cy = row(book, "ann"), row(book, "cy")
    write_standings(tmp_path, TINY, book, None, Policy())
    told = {r["student"]: r for r in csvsafe.read(tmp_path / "marks-tiny.csv")}
    entries.undo(book, "tiny", number, who="Chief", why="")

    assert (ann.points, cy.points, cy.status) == (9, 7.5, "by hand")
    assert told["cy"]["points"] == "7.5"
    assert "handed in as PDF" in told["cy"]["settled_by_hand"]
    assert (row(book, "cy").points, row(book, "cy").status) == (None, "unreadable")


def test_an_excuse_and_added_points_count_as_the_guide_says(book: Gradebook) -> None:
    """The rest stands for the whole; points are added last and never go below nought."""
    settle.excuse(book, TINY, "bo", answer="q2", who="Chief", why="ill")
    settle.adjust(book, TINY, "bo", -1, who="Chief", why="late")
    settle.excuse(book, TINY, "cy", who="Chief", why="ill")
    bo, cy = row(book, "bo"), row(book, "cy")

    assert bo.points == 4  # 3 of 6 are 5 of 10, less 1
    assert (cy.excused, cy.final, cy.points) == (True, True, None)


def test_the_queue_names_each_case_with_its_file_and_ways(book: Gradebook) -> None:
    """And is empty when all is settled."""
    book.keep_copies(
        "tiny",
        [Copy("ann", f"ann/{n}.ipynb", d * 60, None, False, n == "b") for n, d in ("ax", "by")],
    )
    before = settle.queue(book, TINY, standings(TINY, book, None, Policy()))
    for case in before:
        settle.mark(book, TINY, case.student, 1, answer=case.answer, who="C", why="seen")

    assert [(c.student, c.answer, c.file) for c in before] == [
        ("ann", "words", "ann/tiny.ipynb"),
        ("bo", "words", "bo/tiny.ipynb"),
        ("cy", "", "cy/tiny.ipynb"),
    ]
    assert before[0].ways == ("criteria", "mark", "excuse", "choose")
    assert before[2].ways == ("mark", "excuse")
    assert settle.queue(book, TINY, standings(TINY, book, None, Policy())) == []


def test_what_cannot_be_settled_so_is_refused_in_one_line(book: Gradebook) -> None:
    """Too many points, no reason, an unknown answer, file or student, nothing to accept."""
    rows = standings(TINY, book, None, Policy())
    for work, says in (
        (lambda: settle.mark(book, TINY, "ann", 99, who="C", why="x"), "0 to 10"),
        (lambda: settle.mark(book, TINY, "ann", 1, who="C", why=" "), "a reason is needed"),
        (lambda: settle.mark(book, TINY, "ann", 1, answer="q9", who="C", why="x"), "no answer"),
        (lambda: settle.choose(book, TINY, "ann", "x.ipynb", who="C", why="x"), "no one file"),
        (lambda: settle.accept(book, TINY, "ann", who="C", why="x"), "nothing to accept"),
        (lambda: settle.adjust(book, TINY, "ann", 0, who="C", why="x"), "cannot be added"),
        (lambda: settle.find(rows, "anna"), "did you mean ann"),
    ):
        with pytest.raises(CourseError, match=says):
            work()

    assert entries.history(book, "tiny") == []
