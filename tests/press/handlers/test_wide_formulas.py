"""Formulas of every width stay on their page."""

from __future__ import annotations

from pathlib import Path

from hardwired import models
from hardwired.formulas.typst import FormulaChecker
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
