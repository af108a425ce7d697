"""What a PDF is given once it is typeset: headers of rows, formulas as MathML, no empty lines.

Apart from `compile`, because a gathering whose pages are only counted needs none of it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from pikepdf import Array, Dictionary, Name, Object, Pdf

from hardwired.press.binding.mathml import add_mathml
from hardwired.press.binding.pdf_tree import elements, kids, save
from hardwired.press.binding.rows import add_row_headers
from hardwired.press.promise import Promise

__all__ = ["drop_empty_lines", "finished"]


def finished(pdf: bytes, named: Sequence[bool], promise: Promise | None) -> bytes:
    """Give a PDF its row headers and the MathML of its formulas.

    Parameters
    ----------
    pdf : bytes
        As it came from the typesetter.
    named : sequence of bool
        Of each table whether its first cells name their rows.
    promise : Promise, optional
        What the PDF is to hold, with the LaTeX of its formulas.
    """
    with Pdf.open(io.BytesIO(pdf)) as opened:
        add_row_headers(opened, named)
        add_mathml(opened, promise.formulas if promise else {})
        drop_empty_lines(opened)
        written = io.BytesIO()
        save(opened, written)
    return written.getvalue()


def drop_empty_lines(pdf: Pdf) -> None:
    """Take the blank lines of listings out of the structure, where each is an empty paragraph."""
    for element in elements(pdf.Root.StructTreeRoot):
        if Name.Code == element.S:
            held = [kid for kid in kids(element) if not _is_empty(kid)]
            if 0 < len(held) < len(kids(element)):
                element.K = Array(held)


def _is_empty(kid: Object) -> bool:
    return isinstance(kid, Dictionary) and kid.get("/S") == Name.P and not kids(kid)
