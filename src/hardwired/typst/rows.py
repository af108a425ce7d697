"""Row headers in a tagged PDF.

A listener who walks through a table hears the header of each column; where the first cell names its
row, it is to be heard as well. The typesetter tags columns only, so that this is added afterwards,
for the tables whose source marks their first column (docutils' ``stub``).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, Pdf, String

__all__ = ["elements", "kids", "save", "with_row_headers"]


def kids(element: Object) -> list[Object]:
    """Give what an element of the structure tree holds."""
    if "/K" not in element:
        return []
    return list(element.K) if isinstance(element.K, Array) else [element.K]


def elements(element: Object) -> Iterator[Object]:
    """Walk through the elements below one, in reading order."""
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def save(pdf: Pdf, target: Path | BinaryIO) -> None:
    """Write a PDF, compact and each time with the same bytes."""
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def with_row_headers(pdf: bytes, named: Sequence[bool]) -> bytes:
    """Tag the first cell of each row as its header, in the tables where it names the row.

    Parameters
    ----------
    pdf : bytes
        A tagged PDF.
    named : sequence of bool
        Of each table, in reading order, whether its first cells name their rows.

    Returns
    -------
    bytes
        The PDF with those cells as headers.
    """
    if not any(named):
        return pdf
    with Pdf.open(io.BytesIO(pdf)) as opened:
        root = opened.Root.StructTreeRoot
        tables = [element for element in elements(root) if Name.Table == element.S]
        names = dict(NameTree(root.IDTree).items())
        for number, (table, wanted) in enumerate(zip(tables, named, strict=True)):
            bodies = [part for part in kids(table) if Name.TBody == part.S] if wanted else []
            rows = [row for body in bodies for row in kids(body)]
            for row, line in enumerate(rows):
                _head(line, name := f"R{number}y{row}")
                names[name] = kids(line)[0]
        ordered = sorted(names, key=lambda name: bytes(String(name)))
        pairs = [item for name in ordered for item in (String(name), names[name])]
        root.IDTree = opened.make_indirect(Dictionary(Names=Array(pairs)))
        written = io.BytesIO()
        save(opened, written)
    return written.getvalue()


def _head(row: Object, name: str) -> None:
    """Make the first cell of a row the header of the others."""
    first, *others = kids(row)
    first.S = Name.TH
    first.ID = String(name)
    for cell in (first, *others):
        for attributes in cell.A:
            if Name.Table == attributes.O and cell is first:
                attributes.Scope = Name.Row
            elif Name.Table == attributes.O:
                attributes.Headers = Array([*attributes.get("/Headers", ()), String(name)])
