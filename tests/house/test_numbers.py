"""Numbers are written by one rule, in Python and in the script of the explorers."""

import json
import random

import pytest

from hardwired.house.numbers import SCRIPT, number_words, true_minus
from hardwired.house.units import quantity_words, unit_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-0.42", "\u22120.42"),
        ("(-1 to -.5)", "(\u22121 to \u2212.5)"),
        ("IL-1 beta, 3-5 days, 2-year", "IL-1 beta, 3-5 days, 2-year"),
        ("a - b", "a - b"),
        ("$x = -1$ and `-2` and -3", "$x = -1$ and `-2` and \u22123"),
    ],
)
def test_only_negative_numbers_get_a_minus(text, expected):
    """Names, ranges and dashes stay."""
    assert true_minus(text) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (0.0017635, 5, "0.0017635"),
        (-0.4184, 5, "\u22120.4184"),
        (79828, 5, "79828"),
        (266010, 5, "266,010"),
        (3.999e6, 4, "3,999,000"),
        (1e6, 5, "1,000,000"),
        (5e7, 5, "5 × 10⁷"),
        (1e7, 5, "10⁷"),
        (-1e-7, 5, "\u221210⁻⁷"),
        (-2.15e-11, 5, "\u22122.15 × 10⁻¹¹"),
    ],
)
def test_no_number_is_written_as_a_computer_writes_it(value, digits, expected):
    """Thousands have their comma, and powers of ten are powers."""
    assert number_words(value, digits) == expected


def test_what_never_comes_has_no_number():
    """A half-life without end is no number."""
    assert number_words(float("inf"), 3) == "never"


@pytest.fixture(scope="module")
def script(browser):
    """Return a page with the script's rule in it."""
    page = browser.new_page()
    code = (
        f"const hardwired = {{}}; {SCRIPT.read_text(encoding='utf-8')} window.hardwired = hardwired"
    )
    page.evaluate(f"() => {{ {code}; }}")
    yield page
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("digits", [2, 3, 4, 5])
def test_the_script_writes_every_number_as_python_does(script, digits):
    """A slider and the table above it say the same value alike, from 1e-9 to 1e12."""
    draw = random.Random(14)
    values = [0.0, 1.0, -1.0, 1e-4, 1e-5, 99999, 100000, 120000, 1e6, 1e7, 12345678, 0.00095, 9.995]
    values += [draw.choice((-1, 1)) * 10 ** draw.uniform(-9, 12) for _ in range(400)]
    said = script.evaluate(
        "([values, digits]) => values.map((v) => hardwired.number(v, digits))", [values, digits]
    )

    assert said == [number_words(value, digits) for value in json.loads(json.dumps(values))]


def test_units_are_spelled_for_readers():
    """ASCII of the declaration becomes what a reader expects."""
    assert unit_words("cell/mm^3") == "cells/mm³"
    assert unit_words("pg/cell/day") == "pg/cell/day"
    assert unit_words("degC") == "°C"
    assert unit_words("arbitrary_unit^4") == "a.u.⁴"


@pytest.mark.parametrize(
    ("number", "unit", "expected"),
    [
        ("9.4", "day", "9.4\u00a0days"),
        ("1", "day", "1\u00a0day"),
        ("-1.0", "week", "\u22121.0\u00a0week"),
        ("3", "study", "3\u00a0studies"),
        ("12", "person", "12\u00a0people"),
        ("31", "%", "31\u00a0%"),
        ("0.42", "1", "0.42"),
        ("37.5", "degC", "37.5\u00a0°C"),
    ],
)
def test_a_number_with_its_unit_is_in_the_plural_where_that_is_due(number, unit, expected):
    """One day, 9.4 days; what is no count keeps its sign."""
    assert quantity_words(number, unit) == expected
