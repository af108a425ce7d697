"""What the directives share: lines of the page's markup, labelled sentences, tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docutils import nodes
from docutils.nodes import Node
from sphinx.util.docutils import SphinxDirective

__all__ = ["Cell", "HwDirective"]

#: What stands in a cell of a table: plain text, or nodes.
Cell = str | Sequence[Node]


class HwDirective(SphinxDirective):
    """A directive of the book; its subclasses say in their docstring what an author writes."""

    def inline(self, text: str) -> list[Node]:
        """Parse one line of the page's markup."""
        found, messages = self.state.inline_text(text, self.lineno)
        return [*found, *messages]

    def said(self, label: str, content: Cell, *classes: str) -> nodes.paragraph:
        """Make a paragraph that begins with a label in bold; text is of the page's markup."""
        said = nodes.paragraph("", "", nodes.strong("", label), classes=list(classes))
        if content:
            said += nodes.Text(" ")
            said += self.inline(content) if isinstance(content, str) else list(content)
        self.set_source_info(said)
        return said

    def table(
        self,
        headings: Sequence[str],
        widths: Sequence[int],
        rows: Iterable[Sequence[Cell]],
        *,
        title: Cell = "",
        classes: Sequence[str] = (),
        names_row: int | None = 0,
    ) -> nodes.table:
        """Make a table.

        Parameters
        ----------
        headings : sequence of str
            The header row.
        widths : sequence of int
            The width of each column, as shares.
        rows : iterable of sequences
            The cells of each row.
        title : str or sequence of nodes
            The caption, as plain text or nodes.
        classes : sequence of str
            Classes of the table.
        names_row : int or None
            The column whose cells name their rows, and are headers; none if there is no such.
        """
        table = nodes.table(classes=list(classes))
        self.set_source_info(table)
        if title:
            caption = nodes.title("", "", *_nodes(title))
            self.set_source_info(caption)
            table += caption
        group = nodes.tgroup(cols=len(headings))
        for place, width in enumerate(widths):
            group += nodes.colspec(colwidth=width, **({"stub": 1} if place == names_row else {}))
        group += nodes.thead("", _row(headings))
        group += nodes.tbody("", *map(_row, rows))
        table += group
        return table


def _nodes(cell: Cell) -> list[Node]:
    return [nodes.Text(cell)] if isinstance(cell, str) else list(cell)


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *_nodes(c))) for c in cells))
