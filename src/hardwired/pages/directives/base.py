"""What the directives share: lines of the page's markup, labelled sentences, tables, figures."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from docutils import nodes
from docutils.nodes import Node
from matplotlib.figure import Figure
from sphinx.util.docutils import SphinxDirective

from hardwired import figures

__all__ = ["Cell", "HwDirective"]

#: What stands in a cell of a table: plain text, or nodes.
Cell = str | Sequence[Node]
_DRAWN = "hardwired-figures"


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

    def drawn(self, figure: Figure, name: str) -> str:
        """Draw a figure into a file beside the doctrees; return its address for this page."""
        folder = Path(self.env.doctreedir, _DRAWN)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{name}.svg"
        figures.save(figure, file)
        page = Path(self.env.doc2path(self.env.docname)).parent
        return Path(os.path.relpath(file, page)).as_posix()

    def figure(self, uri: str, alternative: str, *classes: str) -> nodes.figure:
        """Make a figure of one picture, which has no caption yet."""
        image = nodes.image(uri=uri, alt=alternative)
        self.set_source_info(image)
        figure = nodes.figure("", image, classes=list(classes))
        self.set_source_info(figure)
        return figure

    def body_as_caption(self, what: str) -> tuple[nodes.caption | None, nodes.legend | None]:
        """Parse the body: its first paragraph is a caption, what follows a legend."""
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        if not len(parsed):
            return None, None
        first, *rest = parsed.children
        if not isinstance(first, nodes.paragraph):
            raise self.error(f"the caption of a {what} must begin with a paragraph")
        caption = nodes.caption(first.rawsource, "", *first.children)
        caption.source, caption.line = first.source, first.line
        return caption, nodes.legend("", *rest) if rest else None


def _nodes(cell: Cell) -> list[Node]:
    return [nodes.Text(cell)] if isinstance(cell, str) else list(cell)


def _row(cells: Sequence[Cell]) -> nodes.row:
    return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *_nodes(c))) for c in cells))
