"""Formulas become MathML that a browser lays out by itself."""

import pytest

from hardwired.formulas import FormulaError
from hardwired.formulas.mathml import to_mathml


def test_fraction_is_a_fraction():
    """The structure of the formula survives, not only its glyphs."""
    assert "<mfrac>" in to_mathml(r"\frac{dr}{dt} = -v", display=True)


def test_rows_without_an_environment_are_aligned():
    """Bare rows of a displayed formula become the rows of a table."""
    assert to_mathml(r"a &= b \\ c &= d", display=True).count("<mtr") == 2


def test_no_entity_is_left_that_only_html_knows():
    """EPUB and question banks are XML, which knows five entities."""
    formula = to_mathml(r"\ln x < \exp y", display=False)

    assert "\u2061" in formula
    assert "&lt;" in formula
    assert "&ApplyFunction;" not in formula


def test_unknown_command_is_an_error():
    """A formula that does not convert is never printed as something else."""
    with pytest.raises(FormulaError):
        to_mathml(r"\notacommand{x}", display=False)


@pytest.mark.parametrize(
    ("tex", "mathml"),
    {
        "k_t(x)": "<msub>KT</msub><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>",
        "(x)^2": "<msup><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mn>2</mn></msup>",
        "((x))": "<mrow><mo>(</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mo>)</mo></mrow>",
        "[x)": "<mrow><mo>[</mo><mi>x</mi><mo>)</mo></mrow>",
        ")x(": '<mo stretchy="false">)</mo><mi>x</mi><mo stretchy="false">(</mo>',
    }.items(),
)
def test_parentheses_and_what_they_hold_are_a_row(tex: str, mathml: str) -> None:
    """Each engine sets them as a prefix and a postfix; a power belongs to the whole."""
    inside = to_mathml(tex, display=False).removeprefix("<math>").removesuffix("</math>")

    assert inside == mathml.replace("KT", "<mi>k</mi><mi>t</mi>")
