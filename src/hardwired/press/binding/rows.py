"""Row headers in a tagged PDF.

A listener who walks through a table hears the header of each column; where the first cell names its
row, it is to be heard as well. The typesetter tags columns only, so that this is added afterwards,
for the tables whose source marks their first column (docutils' ``stub``).
"""

from __future__ import annotations

from collections.abc import Sequence

from pikepdf import Array, Name, NameTree, Object, Pdf, String

from hardwired.press.binding.pdf_tree import elements, kids, name_tree

__all__ = ["add_row_headers"]


def add_row_headers(pdf: Pdf, named: Sequence[bool]) -> None:
    """Tag the first cell of each row as its header, in the tables where it names the row.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        A tagged PDF.
    named : sequence of bool
        Of each table, in reading order, whether its first cells name their rows.
    """
    if not any(named):
        return
    root = pdf.Root.StructTreeRoot
    tables = [element for element in elements(root) if Name.Table == element.S]
    names = dict(NameTree(root.IDTree).items())
    for number, (table, wanted) in enumerate(zip(tables, named, strict=True)):
        bodies = [part for part in kids(table) if Name.TBody == part.S] if wanted else []
        rows = [row for body in bodies for row in kids(body)]
        for row, line in enumerate(rows):
            _head(line, name := f"R{number}y{row}")
            names[name] = kids(line)[0]
    root.IDTree = name_tree(pdf, names)


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
