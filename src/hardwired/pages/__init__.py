"""The Sphinx extension of the book: its directives, MathML, and what keeps its pages light.

Each module here has a ``setup`` of its own and can be loaded alone; nothing else in the package
imports Sphinx, except :mod:`hardwired.press`.
"""

from typing import Any

from sphinx.application import Sphinx

from hardwired import __version__

MODULES = (
    "alternative_text",
    "bibliography_style",
    "book_index",
    "boxes",
    "chapter_numbers",
    "citation_cards",
    "claims",
    "code_style",
    "epub",
    "exercise",
    "failing_cells",
    "formula_words",
    "glossary_cards",
    "glossary_terms",
    "inline_svg",
    "kernel",
    "mathml",
    "missing_page",
    "model",
    "model_catalogue",
    "objectives",
    "page_assets",
    "pathway",
    "quiz",
    "reading",
    "references",
    "search",
    "second_readers",
    "stale_outputs",
    "studies",
    "table_catalogue",
    "unique_ids",
    "unused_rules",
    "works_by_chapter",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Load every module of the extension."""
    for module in MODULES:
        app.setup_extension(f"{__name__}.{module}")
    app.setup_extension("hardwired.press")
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
