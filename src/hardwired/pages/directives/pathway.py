"""The ``{pathway}`` directive: a chapter's pathway diagram as an ordinary numbered figure."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives

from hardwired import figures
from hardwired.figures.pathway import PathwayError, sources
from hardwired.pages.directives.drawn import DrawnDirective


class Pathway(DrawnDirective):
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
            for source in sources(name):
                self.env.note_dependency(str(source))
            uri = self.drawn(figures.pathway(name), f"pathway-{name}")
        except PathwayError as error:
            raise self.error(str(error)) from error
        figure = self.figure(uri, alternative, "hw-pathway", *self.options.get("class", []))
        figure += [part for part in self.body_as_caption("pathway") if part is not None]
        self.add_name(figure)
        return [figure]
