"""Formulas as MathML, so that no page needs a script for them."""

from __future__ import annotations

import re
from functools import cache
from html import unescape

from math_core import LatexError, LatexToMathML

from hardwired.formulas import FormulaError

__all__ = ["to_mathml"]

_ENVIRONMENT = re.compile(r"\\begin\{(align|gather|equation|multline|eqnarray|split|cases)\*?\}")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;")  # known to HTML and not to XML


@cache
def to_mathml(latex: str, display: bool, *, namespace: bool = False) -> str:
    """Return the MathML of a LaTeX formula.

    Parameters
    ----------
    latex : str
        A formula without dollar signs.
    display : bool
        Whether it stands in a line of its own; bare rows of such a formula are aligned.
    namespace : bool
        Whether it says that it is MathML, for documents that are no HTML.

    Raises
    ------
    FormulaError
        When the formula does not convert.
    """
    if display and "\\\\" in latex and not _ENVIRONMENT.search(latex):
        latex = f"\\begin{{aligned}}{latex}\\end{{aligned}}"
    converter = LatexToMathML(annotation=False, xml_namespace=namespace)
    try:
        mathml = converter.convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise FormulaError(" ".join(str(error).split())) from error
    return _ENTITY.sub(lambda entity: unescape(entity[0]), mathml)
