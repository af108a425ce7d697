"""Heads of tables that say whether they name their column or their row."""

from __future__ import annotations

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator

__all__ = ["depart", "visit"]


def visit(self: HTML5Translator, node: nodes.entry) -> None:
    """Open a cell as docutils does; a head gets its scope."""
    HTML5Translator.visit_entry(self, node)
    if self.body[-1].startswith("<th"):
        row = node.parent
        scope = "col" if isinstance(row.parent, nodes.thead) else "row"
        self.body[-1] = self.body[-1].replace("<th", f'<th scope="{scope}"', 1)


def depart(self: HTML5Translator, node: nodes.entry) -> None:
    """Close it as docutils does."""
    HTML5Translator.depart_entry(self, node)
