"""Every formula of a page gets its words as attribute ``alt``, whatever it is written to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from hardwired.formulas import FormulaError
from hardwired.formulas.words import read

logger = logging.getLogger(__name__)


class SayFormulas(SphinxPostTransform):
    """Give every formula its words as attribute ``alt``, whatever the output format."""

    def run(self, **kwargs: Any) -> None:
        """Set ``alt``, or warn with the place of the formula that has no words."""
        formulas = [
            node
            for node in self.document.findall(
                lambda n: isinstance(n, nodes.math | nodes.math_block)
            )
            if not node.get("alt")
        ]
        if not formulas:
            return
        try:
            say = read(Path(self.app.srcdir) / self.config.hardwired_formula_words)
        except FormulaError as error:
            logger.warning("%s", error, type="hardwired", subtype="formula")
            return
        for node in formulas:
            try:
                node["alt"] = say(node.astext())
            except FormulaError as error:
                logger.warning("%s", error, location=node, type="hardwired", subtype="formula")


def depend_on_table(app: Sphinx, doctree: nodes.document) -> None:
    """Build a page with formulas again when the authors' table has changed."""
    table = Path(app.srcdir) / app.config.hardwired_formula_words
    has_formulas = any(
        True for kind in (nodes.math, nodes.math_block) for _ in doctree.findall(kind)
    )
    if table.exists() and has_formulas:
        app.env.note_dependency(str(table))
