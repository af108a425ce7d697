"""``{map-parts}``: where each part of the book's map is told, for web pages.

A line a part, ``thymus: [Two systems that decide](chapters/01-hardwired.md#two-systems)``. The
lines stand as a list below the map; where scripts run, ``book/_static/hardwired.js`` lays each link
over its part of the picture, so that a touch on the part opens its place.
"""

from __future__ import annotations

from docutils import nodes
from docutils.nodes import Node

from hardwired.figures.body_map import parts, places
from hardwired.pages.directives.base import HwDirective

__all__ = ["MapParts"]


class MapParts(HwDirective):
    """Links from parts of the map; a part that the map has not, or a line without one, fails."""

    has_content = True

    def run(self) -> list[Node]:
        """Return a container ``hw-map-parts`` that only web pages show."""
        labels, boxes = parts(), places()
        box = nodes.container(classes=["hw-map-parts", "hw-web-only"])
        self.set_source_info(box)
        box += nodes.raw("", "<ul>", format="html")
        for offset, line in enumerate(self.content):
            name, colon, link = line.partition(":")
            if not colon or name not in labels:
                message = f"there is no part {name!r} on the map; there are: {', '.join(labels)}"
                raise self.error(message)
            left, top, width, height = (f"{100 * share:.2f}%" for share in boxes[name])
            style = f"left:{left};top:{top};width:{width};height:{height}"
            words = nodes.paragraph("", f"{labels[name]}: ", *self._parse(link, offset))
            told = f'data-left="{left}" data-top="{top}" data-width="{width}"'
            box += nodes.raw("", f'<li style="{style}" {told}>', format="html")
            box += words
            box += nodes.raw("", "</li>", format="html")
        box += nodes.raw("", "</ul>", format="html")
        return [box]

    def _parse(self, text: str, offset: int) -> list[Node]:
        found, messages = self.state.inline_text(text.strip(), self.content_offset + offset + 1)
        return [*found, *messages]
