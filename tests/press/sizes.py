"""Read a PDF back: how large its formulas are set."""

from __future__ import annotations

import ctypes
import math
from pathlib import Path

import pypdfium2
from pypdfium2 import raw as pdfium


def formula_signs(page: pypdfium2.PdfPage) -> set[float]:
    """Give the sizes in points, to a tenth, of the signs of formulas on a page."""
    sizes = set()
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        thing = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(thing) != pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        name = ctypes.create_string_buffer(100)
        pdfium.FPDFFont_GetBaseFontName(pdfium.FPDFTextObj_GetFont(thing), name, 100)
        if b"Math" in name.value:
            size, matrix = ctypes.c_float(), pdfium.FS_MATRIX()
            pdfium.FPDFTextObj_GetFontSize(thing, size)
            pdfium.FPDFPageObj_GetMatrix(thing, matrix)
            sizes.add(round(size.value * math.hypot(matrix.c, matrix.d), 1))
    return sizes


def small_formulas(path: Path) -> list[str]:
    """Find formulas under 8 points, by their signs, and subscripts under 5.5.

    A subscript of a subscript is half as large as its formula, and five sevenths of the subscript;
    one of the two stands on the same page.
    """
    findings = []
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document):
        sizes = formula_signs(page)
        findings += [
            f"page {number + 1} has a formula with signs of {size} points"
            for size in sorted(sizes)
            if size < 5.5
            and not any(min(abs(2 * size - it), abs(1.4 * size - it)) < 0.11 for it in sizes)
        ]
    document.close()
    return findings
