"""The ``{pathway}`` directive: a chapter's pathway diagram as an ordinary numbered figure."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hardwired import __version__, figures
from hardwired.figures.pathway import PathwayError, sources

#: Folder beside the doctrees that holds the drawn files.
FOLDER = "hardwired-figures"


class Pathway(SphinxDirective):
    """Draw ``figures/data/pathways/NAME.yml``; the body is the caption, ``:alt:`` is needed."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged,
        "alt": directives.unchanged_required,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        """Return one figure node with the image and its caption."""
        name = self.arguments[0]
        alternative = " ".join(self.options.get("alt", "").split())
        if not alternative:
            raise self.error(f"pathway '{name}' needs :alt: text that says what it shows")
        try:
            file = self._draw(name)
        except PathwayError as error:
            raise self.error(str(error)) from error
        image = nodes.image(uri=self._uri(file), alt=alternative)
        self.set_source_info(image)
        figure = nodes.figure("", image, classes=["hw-pathway", *self.options.get("class", [])])
        self.set_source_info(figure)
        self._add_caption(figure)
        self.add_name(figure)
        return [figure]

    def _draw(self, name: str) -> Path:
        for source in sources(name):
            self.env.note_dependency(str(source))
        folder = Path(self.env.doctreedir, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"pathway-{name}.svg"
        figures.save(figures.pathway(name), file)
        return file

    def _uri(self, file: Path) -> str:
        page = Path(self.env.doc2path(self.env.docname)).parent
        return Path(os.path.relpath(file, page)).as_posix()

    def _add_caption(self, figure: nodes.figure) -> None:
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        if not len(parsed):
            return
        first, *rest = parsed.children
        if not isinstance(first, nodes.paragraph):
            raise self.error("the caption of a pathway must begin with a paragraph")
        caption = nodes.caption(first.rawsource, "", *first.children)
        caption.source, caption.line = first.source, first.line
        figure += caption
        if rest:
            figure += nodes.legend("", *rest)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("pathway", Pathway)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
