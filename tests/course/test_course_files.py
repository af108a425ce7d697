"""Exercise files, rosters, submissions, rules, sheets, exports and reports, by their rules."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwired.course import (
    codec,
    csvsafe,
    loader,
    marking,
    policy,
    roster,
    student,
    submissions,
    variants,
)
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Answer, Exercise, Rule, read, reads
from hardwired.course.class_page import class_page, copies, discrimination
from hardwired.course.compare import close, compare
from hardwired.course.engines.base import Engine, strict
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook, Manual, MarkRow
from hardwired.course.partial import mark
from hardwired.course.standing import Line, Standing, standings, write_marks
from hardwired.course.student_page import student_page
from tests.course import tiny

# --- the source


def test_points_are_shared_and_rubrics_add_up() -> None:
    """Answers without points share what is left."""
    made = tiny.exercise()

    assert made.points == 10
    assert [a.points for a in made.question("q1").answers] == [3, 3]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("kind: number\n", "kind: numbr\n", "kind 'numbr'"),
        ("points: 6", "pionts: 6", "unknown key 'pionts'"),
        ("rule: sign", "rule: sing", "partial rule 'sing'"),
        ("points: 3}", "points: 2}", "rubric must add up"),
        ('{"hardwired": {"prompt": "q1"}}', "{}", "no prompt before it"),
        ("slug: tiny", "slag: tiny", "no `hardwired: {slug"),
        ("{name: product", "{name: total", "taken by another answer"),
        ("    q2:\n", "    q7:\n", "has no points"),
        ("role: draw", "role: drow", "role 'drow'"),
    ],
)
def test_a_fault_of_the_source_is_one_line_with_file_and_line(
    old: str, new: str, says: str
) -> None:
    """File, line, what is wrong."""
    with pytest.raises(CourseError, match=r"exercise\.md:\d+: ") as caught:
        reads(tiny.SOURCE.replace(old, new, 1))

    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_student_notebook_has_no_solution_and_the_markers_for_work() -> None:
    """Solution, tolerance, rubric and rules are out; the scaffold and the checks are in."""
    made = tiny.exercise()
    text = json.dumps(strip.student_notebook(made))

    assert "# YOUR CODE HERE\\nraise NotImplementedError" in text
    assert 'check(\\"q1\\")' in text
    for secret in [*strip.solution_lines(made), "0.001", "rubric", "keep"]:
        assert secret not in text


def test_the_sheet_prints_the_tables_that_the_questions_read(root: Path) -> None:
    """Without a computer a question can be done only if its numbers stand on the paper."""
    made = read(root / "exercises/05-wounds/exercise.md")
    sheet = strip.sheet(made)

    _, _, tables = sheet.partition("## The tables that the questions read")
    names = re.findall(r"^\*\*(\S+)\*\*$", tables, flags=re.M)
    assert names == [
        "wounds-delays", "wounds-hads", "wounds-correlations", "wounds-nulls", "wounds-trials",
    ]  # fmt: skip
    assert "| score | not_healed | healed | total |\n| --- | --- | --- | --- |\n" in tables
    assert "\n| 14 or more | 49 | 19 | 68 |\n" in tables
    assert "| emery2005exercise | 2005 | 28 | 28 | punch biopsy | exercise | better |  |" in tables


@pytest.mark.parametrize(
    "source",
    ["### BEGIN SOLUTION\nx = 1", "x\n### END SOLUTION", "### BEGIN SOLUTION\n### BEGIN SOLUTION"],
)
def test_a_marker_without_its_partner_is_an_error(source: str) -> None:
    """Otherwise a solution could slip out."""
    with pytest.raises(CourseError, match="SOLUTION"):
        strip.cut(source)


def test_nbgrader_metadata_name_the_answer_cells() -> None:
    """Schema 3: answer cells are solutions to be graded, the exercise's own are locked."""
    cells = strip.student_notebook(tiny.exercise(), nbgrader=True)["cells"]
    found = {
        c["metadata"]["nbgrader"]["grade_id"]: c["metadata"]["nbgrader"]
        for c in cells
        if "nbgrader" in c["metadata"]
    }

    assert found["q1"]["solution"]
    assert found["q1"]["grade"]
    assert found["q1"]["points"] == 6
    assert found["draw"]["locked"]
    assert not found["draw"]["grade"]


# --- identity and data


def test_seeds_depend_on_exercise_identity_and_key() -> None:
    """Spelling apart, and nothing else."""
    key = bytes(range(32))

    assert variants.public_seed("a", " Ann ") == variants.public_seed("a", "ann")
    assert variants.public_seed("a", "ann") != variants.public_seed("b", "ann")
    assert variants.secret_seed(key, "a", "ann") != variants.secret_seed(bytes(32), "a", "ann")
    assert variants.secret_seed(key, "a", "ann") != variants.public_seed("a", "ann")


def test_a_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    """32 bytes, mode 0600, read back; a damaged one is refused."""
    path = tmp_path / "course.key"
    key = variants.make_key(path)

    assert len(key) == 32
    assert path.stat().st_mode & 0o777 == 0o600
    assert variants.make_key(path) == variants.read_key(path) == key
    path.write_text("abc")
    with pytest.raises(CourseError, match=r"course\.key"):
        variants.read_key(path)


VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(), st.text(max_size=30)
)


@given(
    st.recursive(
        VALUES,
        lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(max_size=5), v, max_size=4),
        max_leaves=10,
    )
)
def test_values_survive_the_border(value: object) -> None:
    """Encode, JSON, decode gives the same value; NaN stays NaN."""
    back = codec.decode(json.loads(json.dumps(codec.encode(value), allow_nan=False)))

    assert repr(back) == repr(value) or isinstance(value, str | list | dict)
    if "\\ud" not in repr(value):
        assert repr(back) == repr(value)


def test_tables_and_arrays_survive_the_border() -> None:
    """Dtypes become float, integer, truth or text."""
    table = pd.DataFrame(
        {"a": [1, 2], "b": [0.5, float("nan")], "c": ["x", "y"], "d": [True, False]}
    )
    back = codec.decode(json.loads(json.dumps(codec.encode(table))))
    array = np.arange(6.0).reshape(2, 3)

    assert back.equals(table)
    assert np.array_equal(codec.decode(codec.encode(array)), array)


@given(
    st.recursive(
        VALUES,
        lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=4), v, max_size=3),
        max_leaves=8,
    )
)
def test_a_hostile_blob_is_decoded_or_refused(blob: object) -> None:
    """Nothing else is raised."""
    for candidate in (
        blob,
        {"t": "array", "dtype": "float", "shape": blob, "v": blob},
        {"t": "table", "columns": blob, "v": blob, "rows": blob},
    ):
        try:
            codec.decode(candidate)
        except codec.Refused:
            continue


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b'{"a": NaN}', "NaN"),
        (b'{"a": 1, "a": 2}', "twice"),
        (b"[" * 100 + b"]" * 100, "deeper"),
        (b"[" * 100_000, "not"),
        (b'{"a": 123456789012345678901}', "digits"),
        (b"x" * 200, "larger"),
        (b"\xff\xff", "readable"),
    ],
)
def test_the_parser_at_the_border_is_strict(data: bytes, says: str) -> None:
    """No NaN, no double keys, bounded size, depth and integers."""
    with pytest.raises(ValueError, match=says):
        strict(data, 150 if says == "larger" else 10**6)


# --- comparing


def blob(value: object) -> dict:
    """Encode."""
    return codec.encode(value)


def test_closeness_is_of_numbers_and_nan_only_of_nan() -> None:
    """Either tolerance suffices; infinities equal only themselves."""
    nan, inf = float("nan"), float("inf")

    assert close(100, 100.9, 0.01, 0)
    assert not close(100, 101.1, 0.01, 0)
    assert close(0, 0.05, 0, 0.1)
    assert not close(0, 0.2, 0, 0.1)
    assert close(nan, nan, 0, 0)
    assert not close(1, nan, 1, 1)
    assert not close(nan, 1, 1, 1)
    assert close(inf, inf, 0, 0)
    assert not close(inf, 1e308, 1, 1)


@pytest.mark.parametrize("value", [True, "1.0", None, [1.0, 2.0], {"a": 1}])
def test_a_number_is_no_other_kind(value: object) -> None:
    """Truth values and texts are no numbers, however equal."""
    match = compare(Answer("x", "number", 1), blob(1.0), blob(value))

    assert match.share == 0
    assert not match.comparable


def test_rows_are_matched_by_key() -> None:
    """Order does not matter with a key, and does without."""
    table = pd.DataFrame({"g": ["a", "b"], "m": [1.0, 2.0]})
    turned = table.iloc[::-1]

    assert compare(Answer("t", "table", 1, key=("g",)), blob(table), blob(turned)).right
    assert compare(Answer("t", "table", 1), blob(table), blob(turned)).share == 0


RULES = [
    (Rule("factor", 0.5, None, {"factor": 100}), 2.0, 200.0),
    (Rule("unit", 0.5, None, {"unit": "hour"}), 2.0, 48.0),
    (Rule("sign"), 2.0, -2.0),
    (Rule("reciprocal"), 2.0, 0.5),
    (Rule("complement"), 0.2, 0.8),
    (Rule("log_base", 0.5, None, {"right": "e", "wrong": 10}), 2.302585092994046, 1.0),
    (Rule("se_for_sd", 0.5, None, {"n": 16}), 2.0, 0.5),
    (Rule("sd_for_se", 0.5, None, {"n": 16}), 2.0, 8.0),
    (Rule("one_sided"), 0.04, 0.02),
    (Rule("two_sided"), 0.04, 0.08),
    (Rule("rounding", 0.5, None, {"digits": 2}), 2.345, 2.3),
]


@pytest.mark.parametrize(("rule", "right", "wrong"), RULES, ids=[r.rule for r, *_ in RULES])
def test_a_rule_gives_its_share_to_its_wrong_answer_alone(
    rule: Rule, right: float, wrong: float
) -> None:
    """Right earns all, the named error its share with a reason, anything else nothing."""
    answer = Answer("x", "number", 4, unit="day", rel=1e-6, partial=(rule,))
    got = mark(answer, blob(right), blob(wrong), {})

    assert mark(answer, blob(right), blob(right), {}).points == 4
    assert (got.points, got.rule) == (2, rule.rule)
    assert len(got.reason) > 10
    assert mark(answer, blob(right), blob(wrong * 1.37), {}).points == 0


def test_swapped_groups_and_shares() -> None:
    """A reversed array, exchanged columns, and the share of right entries."""
    array = Answer("x", "array", 4, partial=(Rule("swapped", 0.5),))
    table = Answer("t", "table", 4, partial=(Rule("swapped", 0.5, None, {"columns": ["a", "b"]}),))
    share = Answer("x", "array", 4, partial=(Rule("share", 1.0),))
    frame = pd.DataFrame({"a": [1.0], "b": [2.0]})

    assert mark(array, blob([1.0, 2.0]), blob([2.0, 1.0]), {}).points == 2
    assert mark(table, blob(frame), blob(pd.DataFrame({"a": [2.0], "b": [1.0]})), {}).points == 2
    assert mark(share, blob([1.0, 2.0, 3.0, 4.0]), blob([1.0, 2.0, 3.0, 9.0]), {}).points == 3


# --- what students see


def test_check_tells_the_form_and_never_the_value() -> None:
    """Name, kind, unit, shape, range; the same words for right and wrong values."""
    number = {"name": "x", "kind": "number", "unit": "day", "range": [0, 60]}
    said = {str(v): student.describe(number, {"x": v}) for v in (10.5, 11.5, 99.0, "a", True)}

    assert said["10.5"] == said["11.5"] == "can be read (in day)."
    assert "plausible range 0 to 60" in said["99.0"]
    assert "a number is asked for" in said["a"]
    assert "a number is asked for" in said["True"]
    assert "not there yet" in student.describe(number, {})
    assert "not (2,)" in student.describe(
        {"name": "a", "kind": "array", "shape": [2]}, {"a": [1, 2, 3]}
    )
    assert "no column 'm'" in student.describe(
        {"name": "t", "kind": "table", "columns": ["m"]}, {"t": pd.DataFrame()}
    )


# --- rosters and submissions

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77)
    Points Possible,,,,,10
"Adams, Ann",501,u1,ann,S,
"Berg, Bo",502,u2,bo,S,
"""
WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 901,Ann Adams,ann@x.org,Submitted,,10
Participant 902,Bo Berg,bo@x.org,,,10
"""
PARTICIPANTS = (
    "First name,Last name,ID number,Email address\nAnn,Adams,u1,ann@x.org\nBo,Berg,u2,bo@x.org\n"
)
PLAIN = "student_id;name\nann;Ann Adams\nbo;Bo Berg\n"


@pytest.mark.parametrize(
    ("text", "kind", "ids", "key"),
    [
        (CANVAS, "canvas", ["ann", "bo"], "501"),
        (WORKSHEET, "moodle-worksheet", ["ann@x.org", "bo@x.org"], "901"),
        (PARTICIPANTS, "moodle-participants", ["u1", "u2"], "Ann Adams"),
        (PLAIN, "plain", ["ann", "bo"], "ANN"),
    ],
)
def test_a_roster_is_read_by_its_header(
    text: str, kind: str, ids: list[str], key: str, tmp_path: Path
) -> None:
    """Canvas, Moodle's two, and plain; a student is found by the system's own number or name."""
    path = tmp_path / "r.csv"
    path.write_text(text)
    read = roster.read(path)

    assert (read.kind, [s.id for s in read.students]) == (kind, ids)
    assert read.find(key).id == ids[0]


def test_two_students_with_one_identifier_are_refused(tmp_path: Path) -> None:
    """By name, with the file."""
    path = tmp_path / "r.csv"
    path.write_text("student_id\nann\nANN\n")

    with pytest.raises(CourseError, match="two students have the identifier"):
        roster.read(path)


def hand_in(path: Path, files: dict[str, str]) -> Path:
    """Give a zip with files, later ones newer."""
    with zipfile.ZipFile(path, "w") as archive:
        for n, (name, text) in enumerate(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 1 + n, 12, 0, 0)), text)
    return path


def test_canvas_and_moodle_zips_are_told_apart_and_the_newest_counts(tmp_path: Path) -> None:
    """Copies, late marks and names with commas; nothing is lost."""
    (tmp_path / "r.csv").write_text(CANVAS)
    (tmp_path / "w.csv").write_text(WORKSHEET)
    canvas = hand_in(
        tmp_path / "c.zip",
        {
            "adamsann_501_9001_tiny-1.ipynb": "new",
            "adamsann_501_9000_tiny.ipynb": "old",
            "bergbo_LATE_502_9002_tiny.ipynb": "late",
            "__MACOSX/x": "",
        },
    )
    moodle = hand_in(
        tmp_path / "m.zip",
        {
            "Ann Adams_901_assignsubmission_file_/a.ipynb": "old",
            "Ann Adams_901_assignsubmission_file_/b.ipynb": "new",
            "Bo Berg_902_assignsubmission_file_/x.pdf": "%PDF",
        },
    )
    first = submissions.collect(canvas, roster.read(tmp_path / "r.csv"))
    second = submissions.collect(moodle, roster.read(tmp_path / "w.csv"))

    assert [(h.student, h.read(), h.newest, h.late) for h in first] == [
        ("ann", b"old", False, False),
        ("ann", b"new", True, False),
        ("bo", b"late", True, True),
    ]
    assert [(h.student, h.read(), h.newest) for h in second] == [
        ("ann@x.org", b"old", False),
        ("ann@x.org", b"new", True),
        ("bo@x.org", b"%PDF", True),
    ]


def test_an_empty_folder_and_a_missing_one_are_named(tmp_path: Path) -> None:
    """One line, with what to do."""
    with pytest.raises(CourseError, match="holds no file"):
        submissions.collect(tmp_path, None)
    with pytest.raises(CourseError, match="does not exist"):
        submissions.collect(tmp_path / "no", None)


# --- rules of a course


def test_due_dates_extensions_and_the_late_rule(tmp_path: Path) -> None:
    """Days begun, after grace; an extension moves the date; the loss has a bound."""
    path = tmp_path / "course.yml"
    path.write_text(
        "exercises:\n  tiny: {due: 2026-11-10T12:00:00Z, drop: [q1]}\n"
        "extensions: {bo: {tiny: 2026-11-12T12:00:00Z}}\n"
        "late: {per_day: 0.1, most: 0.3, grace_minutes: 10}\n"
    )
    rules = policy.read(path)
    late = {who: rules.days_late("tiny", who, "2026-11-11T12:30:00+00:00") for who in ("ann", "bo")}

    assert late == {"ann": 2, "bo": 0}
    assert rules.days_late("tiny", "ann", "2026-11-10T12:09:00+00:00") == 0
    assert [round(rules.kept(d), 3) for d in (0, 2, 9)] == [1.0, 0.8, 0.7]
    assert rules.dropped("tiny") == {"q1"}
    path.write_text("exrcises: {}\n")
    with pytest.raises(CourseError, match="unknown key 'exrcises'"):
        policy.read(path)


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
    rows = csvsafe.read(sheet)
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
        assert marking.merge(made, book, sheet, marker) == 4
    (agree,) = marking.agreement(book.manual("tiny"))
    totals = {s.student: s.points for s in standings(made, book, None, policy.Policy())}

    assert (agree.criteria, agree.equal, agree.mean_difference) == (4, 0.5, 0.5)
    assert agree.kappa == pytest.approx(1 - (2 / 4) / (22 / 16))
    assert totals == {"ann": 9.5, "bo": 4.5}


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("student", "eve", "no student"),
        ("1", "4", "0 to 3 are possible"),
        ("1", "-1", "0 to 3"),
        ("1", "many", "no number"),
        ("file_digest", "x", "another file"),
    ],
)
def test_a_wrong_marking_sheet_changes_nothing(
    column: str, value: str, says: str, book: Gradebook, tmp_path: Path
) -> None:
    """File and line are named; the good rows before it are not taken either."""
    made = tiny.exercise()
    (sheet,) = marking.write_sheets(made, book, tmp_path / "marking")
    rows = csvsafe.read(sheet)
    names = {"1": next(c for c in rows[0] if c.startswith("1."))}
    changed = [
        dict(rows[0]) | {names["1"]: "2"},
        dict(rows[1]) | {names.get(column, column): value},
    ]
    csvsafe.write(sheet, list(rows[0]), [list(row.values()) for row in changed])

    with pytest.raises(CourseError, match=rf":3: .*{says}"):
        marking.merge(made, book, sheet, "A")
    assert book.manual("tiny") == []


def test_exports_carry_names_with_commas_quotes_breaks_and_signs(
    book: Gradebook, tmp_path: Path
) -> None:
    """Canvas and nbgrader files read back whole; no cell is a formula; what waits is blank."""
    from hardwired.course.export import export

    made = tiny.exercise()
    book.merge(
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
        ("bo", "3.0"),
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
    """Points of the grader are scores; what waits for a person has none."""
    from hardwired.course.export import gradescope_results

    rows = standings(tiny.exercise(), book, None, policy.Policy())
    tests = gradescope_results(rows[0])["tests"]

    assert [(t["name"], t.get("score"), t["max_score"]) for t in tests] == [
        ("q1: total", 3, 3),
        ("q1: product", 3, 3),
        ("q2: words", None, 4),
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
    """Two who share what nobody else has are named; what three share is common knowledge."""
    rows = [
        standing("a", 1, given="5.125"),
        standing("b", 1, given="5.125"),
        standing("c", 1, given="6.5"),
    ]

    assert copies(rows, at_least=1) == [("a", "b", 1)]
    assert copies([*rows, standing("d", 1, given="5.125")], at_least=1) == []


def test_the_class_page_has_distribution_items_and_trouble(book: Gradebook) -> None:
    """Counts that a teacher can check by hand."""
    page = class_page(tiny.exercise(), standings(tiny.exercise(), book, None, policy.Policy()))

    assert "2 students, 2 graded; median 4.5, mean 4.5" in page
    assert "75%" in page


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

    assert forget("zelda-unique", book, tmp_path) > 3
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
