"""The text of a tagged PDF in the order in which it is read, whatever page it stands on.

What floats, what stands at a page's head or foot and where pages end does not part a text here.
"""

from __future__ import annotations

import ctypes
import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from pikepdf import Array, Dictionary, Object, Pdf
from pypdfium2 import raw as pdfium

__all__ = ["Tagged", "read"]

_ROOM = 4096
"""Letters that one piece of a line has at most; Typst writes a line in many."""


@dataclass(frozen=True)
class Tagged:
    """What a listener is told.

    Attributes
    ----------
    text : str
        All text that has tags, in their order.
    said : tuple of str
        The words of figures and formulas.
    """

    text: str
    said: tuple[str, ...]


def read(pdf: bytes) -> Tagged:
    """Read a tagged PDF."""
    pieces = _marked(pdf)
    text: list[str] = []
    said: list[str] = []
    with Pdf.open(io.BytesIO(pdf)) as opened:
        numbers = {page.obj.objgen: number for number, page in enumerate(opened.pages)}
        for word, key in _walk(opened.Root.StructTreeRoot, -1, numbers):
            if word:
                said.append(" ".join(word.split()))
            text += pieces.get(key, ())
    return Tagged("".join(text), tuple(said))


def _walk(
    element: Object, page: int, numbers: dict[tuple[int, int], int]
) -> Iterator[tuple[str, tuple[int, int]]]:
    """Give words that stand for an element, and (page, number) of each marked piece of text."""
    if "/Pg" in element:
        page = numbers[element.Pg.objgen]
    if "/Alt" in element:
        yield str(element.Alt), (-1, -1)
    if "/K" not in element:
        return
    inner = element.K
    for kid in inner if isinstance(inner, Array) else [inner]:
        if isinstance(kid, int):
            yield "", (page, kid)
        elif isinstance(kid, Dictionary) and "/MCID" in kid:
            at = numbers[kid.Pg.objgen] if "/Pg" in kid else page
            yield "", (at, int(kid.MCID))
        elif isinstance(kid, Dictionary) and "/S" in kid:
            yield from _walk(kid, page, numbers)


def _marked(pdf: bytes) -> dict[tuple[int, int], list[str]]:
    """Give the text of each marked piece by page and number."""
    found: dict[tuple[int, int], list[str]] = {}
    buffer = (ctypes.c_ushort * _ROOM)()
    target = ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR))
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document):
        text = page.get_textpage()
        for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
            thing = pdfium.FPDFPage_GetObject(page.raw, index)
            if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_TEXT:
                continue
            mark = pdfium.FPDFPageObj_GetMarkedContentID(thing)
            length = pdfium.FPDFTextObj_GetText(thing, text.raw, target, 2 * _ROOM)
            piece = bytes(memoryview(buffer).cast("B")[: max(length - 2, 0)])
            found.setdefault((number, mark), []).append(piece.decode("utf-16-le", "replace"))
        text.close()
        page.close()
    document.close()
    return found
