"""The source of an exercise: what is read of it, what students get and see of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwired.course import (
    codec,
    student,
    variants,
)
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Answer, Rule, read, reads
from hardwired.course.compare import close, compare
from hardwired.course.engines.base import strict
from hardwired.course.errors import CourseError
from hardwired.course.partial import mark
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


TEXT = st.characters(exclude_categories=["Cs"])
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**15), 10**15), st.floats(),
    st.text(TEXT, max_size=30),
)  # fmt: skip


@given(
    st.recursive(
        VALUES,
        lambda v: (
            st.lists(v, max_size=4) | st.dictionaries(st.text(TEXT, max_size=5), v, max_size=4)
        ),
        max_leaves=10,
    )
)
def test_values_survive_the_border(value: object) -> None:
    """Encode, JSON, decode gives the same value; NaN stays NaN."""
    back = codec.decode(json.loads(json.dumps(codec.encode(value), allow_nan=False)))

    assert repr(back) == repr(value)


def test_half_a_character_is_made_visible_at_the_border() -> None:
    """A lone surrogate, which no file can hold, comes back as the six signs of its escape."""
    value = {"a\ud800": ["\udfff"]}
    back = codec.decode(json.loads(json.dumps(codec.encode(value))))

    assert back == {r"a\ud800": [r"\udfff"]}


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


@pytest.mark.parametrize("value", [True, "1.0 or 2", "one", None, [1.0, 2.0], {"a": 1, "b": 2}])
def test_a_number_is_no_other_kind(value: object) -> None:
    """Truth values are no numbers, however equal, nor is a text that says more than one."""
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
