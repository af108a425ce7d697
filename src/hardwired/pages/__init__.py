"""The Sphinx extension of the book: its directives, MathML, and what keeps its pages light.

Each module in these rooms has a ``setup`` of its own and can be loaded alone; nothing else in the
package imports Sphinx, except :mod:`hardwired.press`.
"""

from typing import Any

from sphinx.application import Sphinx

from hardwired import __version__

MODULES = (
    "text.alternative_text",
    "text.bibliography_style",
    "text.book_index",
    "directives.boxes",
    "text.chapter_numbers",
    "web.citation_cards",
    "directives.claims",
    "web.code_style",
    "epub.builder",
    "directives.exercise",
    "building.failing_cells",
    "text.formula_words",
    "web.glossary_cards",
    "text.glossary_terms",
    "web.inline_svg",
    "building.kernel",
    "text.mathml",
    "web.missing_page",
    "directives.model",
    "directives.model_catalogue",
    "directives.model_files",
    "directives.objectives",
    "web.page_assets",
    "directives.pathway",
    "directives.quiz",
    "web.reading",
    "directives.references",
    "web.search",
    "directives.searches",
    "directives.second_readers",
    "building.stale_outputs",
    "directives.studies",
    "directives.table_catalogue",
    "text.unique_ids",
    "web.unused_rules",
    "directives.works_by_chapter",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Load every module of the extension."""
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    app.setup_extension("hardwired.press")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
