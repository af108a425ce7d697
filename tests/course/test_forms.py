"""``check`` and the grader are one: what is called readable can be an answer, and is compared."""

from __future__ import annotations

import array
import collections
import datetime
import decimal
import fractions
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from hardwired.course.authoring.exercise import Answer
from hardwired.course.codec import Refused, decode, encode
from hardwired.course.compare import compare, rounds_to
from hardwired.course.partial import mark
from hardwired.course.student import describe

Pair = collections.namedtuple("Pair", "low high")


class Lent:
    """What other libraries keep an array in."""

    def __init__(self, values: list[float]) -> None:
        self.values = np.array(values, dtype=float)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        return self.values


NUMBER, ARRAY = Answer("x", "number", 1, rel=1e-4), Answer("x", "array", 1, rel=1e-4)


def found(value: Any, kind: str, **more: Any) -> str:
    """Give what `check` says of a value."""
    return describe({"name": "x", "kind": kind, **more}, {"x": value})


@pytest.mark.parametrize(
    "value",
    [
        *(2.5, np.float32(2.5), np.float16(2.5), np.longdouble(2.5), decimal.Decimal("2.5")),
        *(fractions.Fraction(5, 2), sympy.Rational(5, 2), sympy.Float(2.5), np.array(2.5)),
        *(np.array([[2.5]]), pd.Series([2.5]), [2.5], (2.5,), pd.DataFrame({"a": [2.5]})),
        *(np.ma.array([2.5]), complex(2.5, 0), pd.Index([2.5]), np.complex128(2.5)),
        *("2.5", " 2.50", "= 2.5.", "2.5 people", np.str_("2.5"), ["2.5"], np.array("2.5")),
        *({2.5}, frozenset([2.5]), {"x": 2.5}, {"x": [2.5]}, sympy.Matrix([2.5]), Lent([2.5])),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_number_is_a_number_in_whatever_it_comes(value: object) -> None:
    """Libraries' own numbers and containers of one; `check` and the grader agree."""
    assert found(value, "number") == "can be read."
    assert compare(NUMBER, encode(2.5), encode(value)).right


@pytest.mark.parametrize(
    "value",
    [
        *([1.0, 3.0], (1, 3), Pair(1.0, 3.0), np.array([1, 3]), range(1, 4, 2)),
        *(collections.deque([1, 3]), array.array("d", [1, 3]), pd.Series([1, 3]), pd.Index([1, 3])),
        *(np.ma.array([1.0, 3.0]), np.array([1, np.float64(3)], dtype=object)),
        *(pd.array([1.0, 3.0], dtype="Float64"), pd.DataFrame({"a": [1.0, 3.0]}), {"a": 1, "b": 3}),
        *(np.array([[1.0], [3.0]]), np.array([[1.0, 3.0]])),
        *([decimal.Decimal(1), fractions.Fraction(3)], {"a": 1.0, "b": 3.0}.values()),
        *(pd.Series([decimal.Decimal(1), decimal.Decimal(3)]), {3.0, 1.0}, frozenset([1, 3])),
        *(
            "1 to 3",
            "(1, 3)",
            "[1. 3.]",
            "1.0-3.0",
            "1 \u2013 3",
            "1.0; 3.0",
            ["1", "3.0"],
            ("1", 3),
        ),
        *(np.array(["1", "3"]), pd.Series(["1.0", "3"]), {"low": "1", "high": "3"}),
        *({"high": 3, "low": 1}, {"CI upper": 3.0, "CI lower": 1.0}),
        *(pd.Interval(1, 3), sympy.Matrix([1, 3]), [sympy.Integer(1), sympy.Rational(3)]),
        *(Lent([1, 3]), [np.float32(1), np.array(3)], np.array([[1, 3]], dtype=object)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_interval_is_an_interval_in_whatever_it_comes(value: object) -> None:
    """As tests and tables give it: named tuples, indexes, columns, masked and object arrays."""
    assert found(value, "array", shape=[2]) == "can be read."
    assert compare(ARRAY, encode([1.0, 3.0]), encode(value)).right


def test_quantities_lose_their_unit_alone_and_in_lists() -> None:
    """And another dimension is refused by both, in one sentence."""
    import pint

    unit = pint.UnitRegistry()
    hours = [unit.Quantity(h, "hour") for h in (24, 72)]

    assert found(hours, "array", shape=[2], unit="day") == "can be read (in day)."
    assert compare(ARRAY, encode([1.0, 3.0]), encode(hours, "day")).right
    assert "cannot be turned into day" in found(unit.Quantity(1, "kg"), "number", unit="day")


@pytest.mark.parametrize(
    ("unit", "values"),
    [
        ("day", ("2.5 days", "2.5d", "2.5 Day.", pd.Timedelta(60, "h"), np.timedelta64(60, "h"))),
        ("hour", ("2.5 h", "2.5 hrs", datetime.timedelta(minutes=150), [pd.Timedelta(9000, "s")])),
        ("mm/day", ("2.5 mm/day", "2.5 mm per day", "2.5mm/d")),
        ("mm**2", ("2.5 mm\u00b2", "2.5 mm^2", "2.5 mm2", "2.5 mm**2")),
        ("kg", ("2.5 kg", "2.5 kilograms")),
    ],
)
def test_a_text_with_the_unit_and_a_duration_are_numbers_of_it(
    unit: str, values: tuple[object, ...]
) -> None:
    """A duration is turned into the unit; a text must say the one that is asked for."""
    answer = Answer("x", "number", 1, rel=1e-4, unit=unit)
    for value in values:
        assert found(value, "number", unit=unit) == f"can be read (in {unit})."
        assert compare(answer, encode(2.5), encode(value, unit)).right, value
    assert not compare(answer, encode(2.5), encode("2.5 furlongs", unit)).comparable
    assert not compare(answer, encode(2.5), encode("2.5 thousand", unit)).comparable


@pytest.mark.parametrize(
    "make", [lambda v: (x for x in v), lambda v: map(float, v), lambda v: filter(None, v)]
)
def test_what_is_read_once_is_an_answer_after_check_has_read_it(
    make: Callable[[list[float]], object],
) -> None:
    """`check` leaves a list in its place, so that the grader finds the items again."""
    names = {"x": make([1.0, 3.0])}
    said = describe({"name": "x", "kind": "array", "shape": [2]}, names)

    assert said == "can be read."
    assert names["x"] == [1.0, 3.0]
    assert compare(ARRAY, encode([1.0, 3.0]), encode(make([1.0, 3.0]))).right


@pytest.mark.parametrize(
    "value",
    [
        *("2.5 %", "2 per cent", "3 percentage points", "5 pct"),
        *("2,500", "1.5 million", "7 k", "see above", {"a", "b"}, pd.Timedelta(1, "h")),
        *(
            {1, 2, 3},
            10**400,
            lambda: 1,
            1 + 2j,
            object(),
            Pair,
            b"1.2",
            "1,2",
            "3 dozen",
            "8.3 or 9",
        ),
        *(None, "about 8", ["1.2", "x"], True, [1, [2, "x"]], np.array(["a"]), pd.Series(["a"])),
        *(sympy.Symbol("x"), np.zeros(30_000), [[[[[[[[[[1]]]]]]]]]]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_number_is_so_for_both_and_said_in_a_sentence(value: object) -> None:
    """With a verb, and a full stop."""
    said = found(value, "array")
    try:
        right = compare(ARRAY, encode([1.2, 3.4]), encode(value)).comparable
    except Refused as error:
        right, said_too = False, str(error)
        assert said_too.split()[0] in ("is", "holds", "has")

    assert not right
    assert said.split()[0] in ("is", "holds", "has")
    assert said.endswith(".")


numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.fractions(),
    st.decimals(),
    st.complex_numbers(),
    st.booleans(),
    st.text(max_size=5),
    st.none(),
    st.floats(width=32).map(np.float32),
    st.integers(-100, 100).map(np.int8),
)
values = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.lists(inner, max_size=4).map(collections.deque),
        st.dictionaries(st.text(max_size=3), inner, max_size=3),
        st.lists(inner, min_size=1, max_size=4).map(lambda v: pd.Series(v, dtype=object)),
        st.sets(st.integers(0, 9), max_size=3),
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(values, st.sampled_from(["number", "array", "table", "choice"]))
def test_whatever_check_can_read_can_be_an_answer(value: object, kind: str) -> None:
    """Over types that neither side names; what is read survives the border."""
    answer = Answer("x", kind, 1, options=("a", "b"), columns=("a",))
    said = found(value, kind, options=["a", "b"])
    if said != "can be read.":
        assert said.split()[0] in ("is", "holds", "has", "must", "lies", "cannot")
        return
    blob = encode(value)
    decode(blob)
    expected = {"number": 1.0, "array": [1.0], "table": pd.DataFrame({"a": [1.0]}), "choice": "a"}
    match = compare(answer, encode(expected[kind]), blob)

    assert "is asked for" not in match.reason


# --- digits


@pytest.mark.parametrize(
    ("got", "points", "rule"),
    [
        *((12.3456, 1, None), (12.3, 1, None), (12.35, 1, None), (12.346, 1, None)),
        *((12.0, 0.75, "rounding"), (12.4, 0, None), (12.2, 0, None), (10.0, 0, None)),
        *((-12.3, 0.5, "sign"), (1234.56, 0.5, "factor"), (0.123, 0.5, "factor")),
    ],
)
def test_three_digits_are_right_and_two_are_worth_three_quarters(
    got: float, points: float, rule: str | None
) -> None:
    """Of 12.3456; what is not a rounding of it is not right, however near."""
    answer = Answer("x", "number", 1, rel=1e-6)
    given_ = mark(answer, encode(12.3456), encode(got), {})

    assert (given_.points, given_.rule) == (points, rule)


def test_a_whole_right_answer_has_no_digits_to_lose() -> None:
    """1,234 people are not 1,230; an interval's ends are rounded alike."""
    people = Answer("x", "number", 1, abs=0.1)
    interval = Answer("x", "array", 1, abs=1e-6)

    assert mark(people, encode(1234), encode(1230), {}).points == 0
    assert mark(interval, encode([-0.5123, 12.3456]), encode([-0.5, 12.3]), {}).points == 1
    assert not rounds_to(12.3456, math.nan, 3)


@pytest.mark.parametrize(
    ("whole", "got", "right"),
    [("up", 11, True), ("up", 10, False), ("nearest", 11, True), (None, 11, False)],
)
def test_people_come_whole_as_the_field_prints_them(
    whole: str | None, got: int, right: bool
) -> None:
    """A number needed to treat of 10.87 is printed as 11."""
    answer = Answer("x", "number", 1, rel=0.001, whole=whole)

    assert (mark(answer, encode(10.87), encode(got), {}).points == 1) == right


@pytest.mark.parametrize(
    "text",
    [
        *("The arms differ.", " the  arms differ", "'The arms differ'", "the arms\u00a0differ!"),
        *(np.str_("the arms differ"), {"the arms differ"}, {"x": "The arms differ"}),
    ],
)
def test_a_stop_a_case_or_a_space_never_costs_a_point(text: object) -> None:
    """Nor do quotes, nor a space that does not break."""
    answer = Answer("x", "choice", 1, options=("the arms differ", "they do not"))

    assert found(text, "choice", options=list(answer.options)) == "can be read."
    assert compare(answer, encode("the arms differ"), encode(text)).right
