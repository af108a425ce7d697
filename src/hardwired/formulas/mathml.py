"""Formulas as MathML, so that no page needs a script for them."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from xml.etree import ElementTree

from math_core import LatexError, LatexToMathML

from hardwired.formulas import FormulaError, lines

__all__ = ["to_mathml"]

_ENVIRONMENT = re.compile(r"\\begin\{(align|gather|equation|multline|eqnarray|split|cases)\*?\}")
_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;")  # known to HTML and not to XML
_NAMESPACE = "http://www.w3.org/1998/Math/MathML"
_ROWS = {"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded", "merror"}
_SCRIPTS = {"msub", "msup", "msubsup"}
_OPENING, _CLOSING = ("(", "["), (")", "]")


@cache
def to_mathml(
    latex: str, display: bool, *, namespace: bool = False, in_column: bool = False
) -> str:
    """Return the MathML of a LaTeX formula.

    Parameters
    ----------
    latex : str
        A formula without dollar signs.
    display : bool
        Whether it stands in a line of its own; bare rows of such a formula are aligned.
    namespace : bool
        Whether it says that it is MathML, for documents that are no HTML.
    in_column : bool
        Whether lines that are too wide for a column go on below.

    Raises
    ------
    FormulaError
        When the formula does not convert.
    """
    if display and "\\\\" in latex and not _ENVIRONMENT.search(latex):
        latex = f"\\begin{{aligned}}{latex}\\end{{aligned}}"
    try:
        mathml = LatexToMathML(annotation=False).convert_with_local_state(
            latex, displaystyle=display
        )
    except LatexError as error:
        raise FormulaError(" ".join(str(error).split())) from error
    root = ElementTree.fromstring(_ENTITY.sub(lambda entity: unescape(entity[0]), mathml))
    for element in list(root.iter()):
        _group(element)
    if in_column:
        lines.fit(root)
    if namespace:
        root.set("xmlns", _NAMESPACE)
    return ElementTree.tostring(root, encoding="unicode")


def _group(row: ElementTree.Element) -> None:
    """Make a row of its own of each pair of parentheses and what is between them.

    Its members are then prefix and postfix for every browser: WebKit lets a parenthesis that stands
    in the middle of a row, and may not stretch, run into the script before it. A power stands at
    the group, where LaTeX has it at the closing parenthesis.
    """
    opened: list[int] = []
    children = list(row) if row.tag in _ROWS else []
    position = 0
    while position < len(children):
        child = children[position]
        scripted = child if child.tag in _SCRIPTS else None
        mark = _fence(child[0] if scripted is not None else child)
        if mark in _OPENING and scripted is None:
            opened.append(position)
        elif mark in _CLOSING and opened:
            start = opened.pop()
            closing = child if scripted is None else child[0]
            group = ElementTree.Element("mrow")
            group.extend([*children[start:position], closing])
            for fence in (group[0], closing):
                fence.attrib.pop("stretchy", None)
            if scripted is not None:
                scripted[0] = group
                group = scripted
            children[start : position + 1] = [group]
            position = start
        position += 1
    if children:
        row[:] = children


def _fence(element: ElementTree.Element) -> str:
    fixed = element.tag == "mo" and element.get("stretchy") == "false"
    return (element.text or "") if fixed else ""
