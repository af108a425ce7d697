"""Words for formulas: the machine's reading, mended, and the authors' table over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardwired.formulas import FormulaError
from hardwired.formulas.words import FormulaWords, load, normalise, words

READINGS = {
    r"k_{\mathrm{max}}": "k sub max",
    r"\mathrm{IL\text{-}6}": "IL-6",
    r"\mathrm{ng\,mL^{-1}}": "ng per mL",
    r"\mathrm{m^{-2}}": "per m squared",
    r"\mu\mathrm{g}": "micro g",
    r"X^\top X": "X transpose X",
    "x^*": "x star",
    r"x \sim y": "x is distributed as y",
    r"P(A \mid B)": "P open paren A given B close paren",
    "T_{1/2}": "T sub one half",
    r"\mathrm{CD4}^+": "CD4 plus",
    r"\lvert x \rvert": "absolute value of x",
    r"a \tag{3}": "a",
    r"H^{+}(E)": "H superscript plus open paren E close paren",
    r"H^{-} = 1 - H^{+}": "H superscript minus equals 1 minus H superscript plus",
    r"\sqrt{6} \times 4.0": "root 6, times 4.0",
    r"\sqrt{n}": "square root of n",
    r"\varepsilon\,\mathbb{1}_{t \ge t_{\mathrm{on}}}": (
        "epsilon indicator of t is greater than or equal to t sub on"
    ),
}


@pytest.mark.parametrize("tex", READINGS)
def test_reading_is_mended(tex: str) -> None:
    """What the machine spells or leaves as a glyph is said as a word."""
    assert words(tex) == READINGS[tex]


def test_normalising_leaves_plain_formulas_alone() -> None:
    """A formula without the known faults is read as it stands."""
    assert normalise(r"\frac{a}{b} + c_i") == r"\frac{a}{b} + c_i"


@pytest.mark.parametrize("tex", [r"\foo", r"\,", r"\foo{x} + 1"])
def test_formula_without_words_is_an_error(tex: str) -> None:
    """A command that cannot be said is an error that tells the mend."""
    with pytest.raises(FormulaError, match=r"has no words.*add it to formula_words\.yml"):
        words(tex)


def test_authors_overrule_the_machine(tmp_path: Path) -> None:
    """A formula in the table is read as written there; spaces do not count."""
    table = tmp_path / "formula_words.yml"
    table.write_text("'r = -0.42': the correlation is minus 0.42\n", encoding="utf-8")

    say = load(table)

    assert say("r=-0.42") == "the correlation is minus 0.42"
    assert say("r = 0.42") == "r equals 0.42"


def test_no_table_is_an_empty_table(tmp_path: Path) -> None:
    """A book without a table is read by the machine alone."""
    assert load(tmp_path / "none.yml") == FormulaWords({}, tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("- a list", "expected a mapping"),
        ("'x': ''", "are empty"),
        ("'x': [", r"formula_words\.yml:\d+: this is no YAML"),
    ],
)
def test_damaged_table_is_named(text: str, complaint: str, tmp_path: Path) -> None:
    """A table that cannot be read is an error with its file."""
    table = tmp_path / "formula_words.yml"
    table.write_text(text, encoding="utf-8")

    with pytest.raises(FormulaError, match=complaint):
        load(table)
