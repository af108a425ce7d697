"""The author's guide: every directive by a snippet, in a small book that only authors build.

``sphinx-build guide OUT`` makes its pages. The directive ``{snippet} NAME`` shows a file of
``snippets/`` as it is written, and below it what becomes of it.
"""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from hardwired.pages.directives.base import HwDirective

project = "Hardwired: the author's guide"
author = "The Hardwired authors"
language = "en_GB"
extensions = ["hardwired.pages"]
exclude_patterns = ["snippets", "_build"]
html_theme = "furo"
html_math_renderer = "mathml"
html_static_path = ["../book/_static"]
html_css_files = ["hardwired.css"]
html_js_files = ["hardwired.js", "quiz.js", "search.js"]
templates_path = ["../book/_templates"]
pygments_style = "hardwired.pages.web.code_style.Light"
bibtex_bibfiles = ["../references.bib"]
bibtex_default_style = bibtex_reference_style = "hardwired"
bibtex_tooltips = False
nb_execution_mode = "off"
numfig = math_numfig = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline"]
# The guide shows one of each: what it does not show (claims, searches, chapters) cannot be linked.
suppress_warnings = ["ref.ref", "ref.doc", "bibtex.duplicate_citation"]


class Snippet(HwDirective):
    """A snippet as an author writes it, and what becomes of it."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the source and the result."""
        path = Path(self.env.srcdir, "snippets", f"{self.arguments[0]}.md")
        self.env.note_dependency(str(path))
        text = path.read_text(encoding="utf-8")
        source = nodes.literal_block(text, text, language="none", classes=["guide-source"])
        shown = nodes.container(classes=[f"guide-{path.stem}"])
        self.content.data = text.splitlines()
        self.content.items = [(str(path), number) for number in range(len(self.content.data))]
        self.state.nested_parse(self.content, 0, shown, match_titles=True)
        return [source, shown]


def setup(app: Sphinx) -> None:
    """Register the directive of the guide."""
    app.add_directive("snippet", Snippet)
