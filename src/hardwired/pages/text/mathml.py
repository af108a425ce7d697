"""Mathematics as MathML made at build time, so that no page needs a script for it."""

from html import escape

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from hardwired.formulas import FormulaError
from hardwired.formulas.mathml import to_mathml

logger = logging.getLogger(__name__)


def _render(self: HTML5Translator, node: nodes.Element, display: bool) -> str:
    try:
        mathml = to_mathml(node.astext(), display, in_column=display)
    except FormulaError as error:
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


#: Chosen by ``html_math_renderer: mathml``.
RENDERER = ((visit_inline, None), (visit_display, None))
