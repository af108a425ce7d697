"""Titles as they are heard: of claims and boxes headings, of a list of contents none."""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.writers.html5 import HTML5Translator

__all__ = ["depart_title", "visit_title"]


def visit_title(self: HTML5Translator, node: nodes.title) -> None:
    """Open a title.

    The caption of a toctree stands in a navigation before the title of the page, so it is none of
    its headings, as Sphinx has it; the title of a claim or a box is one below its section.
    """
    parent = node.parent
    if isinstance(parent, nodes.Admonition):
        level = {"ARIA-LEVEL": str(min(self.section_level + 1, 6))}
        self.body.append(
            self.starttag(node, "p", "", CLASS="admonition-title", ROLE="heading", **level)
        )
        self.context.append("</p>\n")
    elif isinstance(parent, addnodes.compact_paragraph) and parent.get("toctree"):
        self.body.append(self.starttag(node, "p", "", CLASS="caption"))
        self.body.append('<span class="caption-text">')
        self.context.append("</span></p>\n")
    else:
        HTML5Translator.visit_title(self, node)


def depart_title(self: HTML5Translator, node: nodes.title) -> None:
    """Close it as Sphinx does."""
    HTML5Translator.depart_title(self, node)
