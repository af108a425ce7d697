"""Formulas of every width stay on their page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf

from hardwired import models
from hardwired.formulas.typst import FormulaChecker
from hardwired.press.binding.pdf_tree import elements
from tests.press.conftest import Build, compile_pages
from tests.press.readback import A4, words, words_outside


def test_no_formula_runs_off_the_page_or_into_its_number(sink: Build, tmp_path: Path) -> None:
    """One too wide for the text reaches out beside it, and one too wide for that is set smaller."""
    convert = FormulaChecker()
    latex = [model.latex() for model in models.catalog().values() if model.latex()]
    lines = [(convert(formula), "") for formula in latex]
    lines += [(convert("V = " + r"\frac{R}{C} + " * count + "9"), str(count)) for count in (9, 30)]
    source = '#import "template.typ": *\n#show: book\n' + "".join(
        f'\n#bm("words", "{number}", "", $ {formula} $)\n' for formula, number in lines
    )
    pdf = tmp_path / "formulas.pdf"
    pdf.write_bytes(compile_pages(sink.out, source))
    found = words(pdf)

    assert len(latex) > 12
    assert words_outside(pdf, A4) == []
    for number in (word for word in found if word.text in ("(9)", "(30)")):
        beside = [
            word
            for word in found
            if word.page == number.page and word.top < number.bottom and word.bottom > number.top
        ]
        assert max(word.right for word in beside if word is not number) < number.left - 3


def test_a_long_system_is_said_and_set_equation_by_equation(
    small_book: Callable[..., Build],
) -> None:
    """Forty rows break over pages, their signs stay below each other, the first has the number."""
    rows = [rf"{'q' * (1 + n % 3)}_{{{n}}} &= {n}\,\alpha + \beta" for n in range(40)]
    text = "\n".join(
        [r"```{math}", ":label: long", r"\begin{aligned}", *(rf"{r} \\" for r in rows)]
    )
    built = small_book(f"# A system\n\n{text}\n\\end{{aligned}}\n```\n")
    with pikepdf.open(built.pdf) as pdf:
        said = [str(it.Alt) for it in elements(pdf.Root.StructTreeRoot) if it.S == "/Formula"]
    found = words(built.pdf)
    signs = [word for word in found if word.text == "="]

    assert built.said == ""
    assert len(said) == len(signs) == 40
    assert said[1] == "q q sub 1 equals 1 alpha plus beta"
    assert len({word.page for word in signs}) > 1
    assert max(word.left for word in signs) - min(word.left for word in signs) < 0.5
    (number,) = [word for word in found if word.text == "(1.1)"]
    assert number.page == signs[0].page
    assert number.top < signs[1].top
