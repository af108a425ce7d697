"""Folded code: its name is what is seen, and says whose code it is."""

from __future__ import annotations

from html import escape
from typing import cast

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.writers.html5 import HTML5Translator

__all__ = ["NODE", "depart", "visit"]

NODE = HideCodeCellNode


def visit(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Open the fold: ``Code of Figure 5.3``, or what is hidden where no figure follows."""
    classes = " ".join(["hide", *node["classes"]])
    name = escape(_name(self, node), quote=False)
    self.body.append(f'<details class="{classes}">\n<summary>{name}</summary>\n')


def depart(self: HTML5Translator, node: HideCodeCellNode) -> None:
    """Close the fold."""
    self.body.append("</details>\n")


def _name(translator: HTML5Translator, node: HideCodeCellNode) -> str:
    if "above-input" not in node["classes"]:
        return "Output"
    builder = cast(StandaloneHTMLBuilder, translator.builder)
    numbers = builder.fignumbers.get("figure", {})
    for figure in node.parent.findall(nodes.figure):
        for identifier in figure["ids"]:
            if identifier in numbers:
                wording = builder.config.numfig_format["figure"]
                return f"Code of {wording % '.'.join(map(str, numbers[identifier]))}"
    return "Code"
