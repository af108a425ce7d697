"""The PDF builder: docutils to Typst to PDF, without TeX.

Here live the Sphinx builder ``typst``, its translator and the page design. Not here: the words of
formulas (`hardwired.formulas`) and the directives of the book
(`hardwired.pages`).
"""

from __future__ import annotations

from typing import Any


def setup(app: Any) -> dict[str, Any]:
    """Register the builder with a Sphinx application."""
    from hardwired.press.builder import setup as setup_builder

    return setup_builder(app)
