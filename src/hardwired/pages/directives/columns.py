"""Columns of the tables that the book's directives make."""

from __future__ import annotations

from docutils import nodes

__all__ = ["columns"]


def columns(*widths: int) -> list[nodes.colspec]:
    """Give columns of these widths, of which the first names its row: its cells are headers."""
    specs = [nodes.colspec(colwidth=width) for width in widths]
    specs[0]["stub"] = 1
    return specs
