"""What directives share that draw: a file beside the doctrees, and a figure with its caption."""

from __future__ import annotations

import os
from pathlib import Path

from docutils import nodes
from matplotlib.figure import Figure

from hardwired import figures
from hardwired.pages.directives.base import HwDirective

__all__ = ["DrawnDirective"]

_FOLDER = "hardwired-figures"


class DrawnDirective(HwDirective):
    """A directive whose page shows what the library draws while the book is built."""

    def drawn(self, figure: Figure, name: str) -> str:
        """Draw a figure into a file beside the doctrees; return its address for this page."""
        folder = Path(self.env.doctreedir, _FOLDER)
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
