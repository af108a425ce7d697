"""One formula, three ways: MathML for pages and question banks, words for the ear, Typst for print.

No Sphinx here. Each way takes LaTeX without dollar signs and raises `FormulaError` for a formula
that it cannot carry over: nothing is shown in place of a formula that was not understood.
"""

from __future__ import annotations

__all__ = ["FormulaError"]


class FormulaError(ValueError):
    """A formula that does not convert; the message says which and why, in one line."""
