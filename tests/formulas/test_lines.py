"""Lines of a displayed formula that are too wide go on below, and lose no sign of theirs."""

from __future__ import annotations

from collections import Counter
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardwired.formulas import lines
from hardwired.formulas.mathml import to_mathml
from hardwired.models import catalog

MODELS = {name: model.latex() for name, model in catalog().items() if model.latex()}
SIDE_BY_SIDE = r"a = b + \frac{c}{d} - e(f - g), \qquad " * 4 + "h = 1"


def tree(latex: str, *, in_column: bool) -> ElementTree.Element:
    """Convert a displayed formula."""
    return ElementTree.fromstring(to_mathml(latex, True, in_column=in_column))


def signs(formula: ElementTree.Element) -> Counter[str]:
    """Count what is written, but for the crosses that a broken product gets."""
    return Counter(text for text in map(str.strip, formula.itertext()) if text and text != "×")


def widest(formula: ElementTree.Element) -> float:
    """Give the width of the widest row."""
    rows = [row for row in formula.iter("mtr") if row.find(".//mtable") is None]
    left = max((lines.width(row[0]) for row in rows if len(row) == 2), default=0.0)
    return max(
        left + lines.width(row[1]) if len(row) == 2 else lines.width(row)
        for row in rows or [formula]
    )


@pytest.mark.parametrize("name", MODELS)
def test_no_line_of_a_model_is_wider_than_a_column_and_no_sign_is_lost(name: str) -> None:
    """What stands in one long line stands in several short ones."""
    whole = tree(MODELS[name], in_column=False)
    broken = tree(MODELS[name], in_column=True)

    assert signs(broken) == signs(whole)
    assert widest(broken) <= lines.WIDEST + lines.INDENT


def test_formulas_side_by_side_come_to_stand_below_each_other() -> None:
    """Only where they are too wide together; a comma stays with its formula."""
    broken = tree(SIDE_BY_SIDE, in_column=True)
    rows = broken.findall("mtable/mtr")

    assert len(rows) == 5
    assert ["".join(row.itertext())[-1] for row in rows] == [",", ",", ",", ",", "1"]
    assert tree("a = b, \\qquad c = d", in_column=True).find("mtable") is None


def test_a_line_breaks_before_a_sign_outside_parentheses_first() -> None:
    """Cheapest is a sum's sign in the open, then one within parentheses, then a product."""
    long = " + ".join(f"x_{{{k}}}" for k in range(9))
    broken = tree(rf"\begin{{aligned}} y &= ({long}) - ({long}) \end{{aligned}}", in_column=True)
    second = "".join(broken.findall(".//mtr")[1].itertext()).strip()

    assert second.startswith("−")


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 60), st.integers(2, 12))
def test_a_sum_of_any_length_fits(count: int, letters: int) -> None:
    """Each line of it holds at most a column."""
    sum_ = " + ".join("a" * letters for _ in range(count))
    broken = tree(f"y = {sum_}", in_column=True)

    assert widest(broken) <= lines.WIDEST + lines.INDENT
    assert signs(broken) == signs(tree(f"y = {sum_}", in_column=False))


def test_a_formula_without_a_place_to_break_stays_whole() -> None:
    """It is wider than the column, and can be scrolled."""
    fraction = rf"\frac{{{'a' * 90}}}{{b}}"

    assert signs(tree(fraction, in_column=True)) == signs(tree(fraction, in_column=False))
