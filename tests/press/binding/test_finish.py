"""What a PDF is given once it is typeset."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf

from hardwired.press.binding.pdf_tree import elements, kids
from tests.press.conftest import Build


def test_a_blank_line_of_a_listing_is_no_empty_paragraph(small_book: Callable[..., Build]) -> None:
    """A listener hears three lines of code; the typesetter tags five, two of them empty."""
    built = small_book("# A page\n\n```python\na = 1\n\n\nb = 2\nprint(a + b)\n```\n")
    with pikepdf.open(built.pdf) as pdf:
        (code,) = [it for it in elements(pdf.Root.StructTreeRoot) if it.S == "/Code"]
        lines = [kid for kid in kids(code) if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]

        assert built.said == ""
        assert len(lines) == 3
        assert all(kids(line) for line in lines)
