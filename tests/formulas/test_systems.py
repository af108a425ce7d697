r"""Long systems of equations are said equation by equation."""

import pytest

from hardwired.formulas import FormulaError
from hardwired.formulas.systems import LONGEST, equations

CASES = r"\begin{cases} 1 & x > 0 \\ 0 & x \le 0 \end{cases}"
TWO = rf"\begin{{aligned}} \frac{{dx}}{{dt}} &= a\,x \\ y &= {CASES} \end{{aligned}}"
LONG = "word " * 100


def row(tex: str) -> str:
    """Say a row by its first letter."""
    return f"row {tex.strip()[:5]}"


def test_what_is_short_is_said_at_once() -> None:
    """A system of few signs stays one formula."""
    (only,) = equations(TWO, "two equations", row)

    assert (only.latex, only.words, only.left) == (TWO, "two equations", "")


def test_a_long_system_is_parted_where_its_own_rows_are() -> None:
    """Rows of `cases` within a row part nothing; its own signs of alignment are gone."""
    first, second = equations(TWO, LONG, row)

    assert first.latex == r"\frac{dx}{dt} = a\,x"
    assert first.left == r"\frac{dx}{dt}"
    assert second.latex == f"y = {CASES}"
    assert second.words == "row y = \\"


def test_words_of_an_author_are_parted_where_the_author_parted_them() -> None:
    """By semicolons, if there are as many parts as rows; else each row is said by the machine."""
    told = [f"the {name} " + "long " * 50 for name in ("first", "second")]

    assert [e.words for e in equations(TWO, "; ".join(told), row)] == [t.strip() for t in told]
    assert equations(TWO, "; ".join([*told, "third"]), row)[0].words == r"row \frac"


def test_rows_without_a_sign_of_alignment_and_distances_between_rows() -> None:
    r"""``\\[2pt]`` parts rows too, and an escaped ampersand is none."""
    system = r"\begin{aligned} a \\[2pt] b_{\mathrm{R\&D}} &= 1 \\ \end{aligned}"
    rows = equations(system, LONG, row)

    assert [(e.left, e.latex) for e in rows] == [
        ("a", "a "),
        (r"b_{\mathrm{R\&D}}", r"b_{\mathrm{R\&D}} = 1"),
    ]


@pytest.mark.parametrize(
    ("tex", "say"), [("x = 1", row), (TWO, lambda tex: "x" * (LONGEST + 1))], ids=["one", "a row"]
)
def test_what_cannot_be_said_shortly_is_refused(tex: str, say) -> None:
    """One line names the formula, how long it is, and where shorter words go."""
    with pytest.raises(FormulaError, match=r"signs to say, 400 at most.*formula_words\.yml"):
        equations(tex, LONG, say)
