"""Mathematics as MathML made at build time, so that no page needs a script for it."""

import re
from functools import cache
from html import escape, unescape
from typing import Any

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

_ENVIRONMENT = re.compile(r"\\begin\{(align|gather|equation|multline|eqnarray|split|cases)\*?\}")

_ENTITY = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)\w+;")  # known to HTML and not to EPUB's XML


@cache
def to_mathml(latex: str, display: bool) -> str:
    """Return the MathML of a LaTeX formula.

    Raises
    ------
    math_core.LatexError
        When the formula does not convert.
    """
    if display and "\\\\" in latex and not _ENVIRONMENT.search(latex):
        latex = f"\\begin{{aligned}}{latex}\\end{{aligned}}"
    converter = LatexToMathML(annotation=False)
    mathml = converter.convert_with_local_state(latex, displaystyle=display)
    return _ENTITY.sub(lambda entity: unescape(entity[0]), mathml)


def _render(self: HTML5Translator, node: nodes.Element, display: bool) -> str:
    try:
        mathml = to_mathml(node.astext(), display)
    except LatexError as error:
        logger.warning("formula does not convert to MathML: %s", error, location=node)
        return f"<code>{escape(node.astext())}</code>"
    words = node.get("alt")
    if words:
        mathml = mathml.replace("<math", f'<math aria-label="{escape(words)}"', 1)
    return mathml


def visit_inline(self: HTML5Translator, node: nodes.math) -> None:
    """Write an inline formula."""
    self.body.append(self.starttag(node, "span", "", CLASS="math"))
    self.body.append(_render(self, node, display=False))
    self.body.append("</span>")
    raise nodes.SkipNode


def visit_display(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula, with its number and a link to itself when it has a label."""
    anchored = node.parent.get("ids") == node["ids"]  # MyST puts the anchor on a wrapper too
    self.body.append('<div class="math">' if anchored else self.starttag(node, "div", CLASS="math"))
    self.body.append(_render(self, node, display=True))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer ``mathml`` (chosen by ``html_math_renderer``)."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
