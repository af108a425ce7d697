r"""The text of a quiz item for course systems: paragraphs, emphasis, code and formulas.

Questions are MyST; the little of it that a question bank can carry is turned into XHTML here, with
formulas as MathML or as TeX between ``\(`` and ``\)``. Anything else is refused with its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from hardwired.course.quiz import Item, Option, Quiz, QuizError
from hardwired.formulas import FormulaError
from hardwired.formulas.mathml import to_mathml

__all__ = ["LETTERS", "Voice", "mathml", "name", "tex", "with_unit"]

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ROLE = re.compile(r"\{[\w:.-]+\}`")
_TAGS = {"em_open": "<em>", "em_close": "</em>", "strong_open": "<strong>"}
_TAGS |= {"strong_close": "</strong>", "softbreak": " ", "hardbreak": "<br/>"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").use(dollarmath_plugin)


def mathml(latex: str) -> str:
    """Return a formula of a line as MathML for documents that are XML.

    Raises
    ------
    FormulaError
        When it does not convert.
    """
    return to_mathml(latex, False, namespace=True)


def tex(latex: str) -> str:
    r"""Return a formula as ``\(...\)``, which Moodle and Canvas set; it must convert, too."""
    mathml(latex)
    return rf"\({escape(latex, quote=False)}\)"


def name(quiz: Quiz, item: Item) -> str:
    """Return the identifier of an item in every bank: ``05-wounds-q3``."""
    return f"{quiz.chapter}-{item.id}"


def with_unit(item: Item) -> str:
    """Return the question, with the unit of a numeric answer said once more."""
    if item.kind != "numeric" or item.unit == "1":
        return item.question
    return f"{item.question.rstrip()}\n\nAnswer with a number, in {item.unit}."


class Voice:
    """How one format writes the texts of one item.

    Parameters
    ----------
    quiz, item
        Whose texts these are; faults name them.
    formula
        Turns LaTeX into markup: :func:`mathml` or :func:`tex`.
    """

    def __init__(self, quiz: Quiz, item: Item, formula: Callable[[str], str]):
        self.place = f"{quiz.chapter}/quiz.yml: item {item.id}"
        self.item = item
        self._formula = formula

    def blocks(self, text: str) -> str:
        """Return a text as XHTML paragraphs."""
        return "".join(f"<p>{part}</p>" for part in self._paragraphs(text))

    def inline(self, text: str) -> str:
        """Return a text as XHTML without paragraphs."""
        return "<br/>".join(self._paragraphs(text))

    def question(self) -> str:
        """Return the question as paragraphs."""
        return self.blocks(with_unit(self.item))

    def options(self) -> Sequence[tuple[str, Option]]:
        """Return the options with their letters, in the order of the book's page."""
        return list(zip(LETTERS, self.item.shown, strict=False))

    def refuse(self, what: str, mend: str) -> QuizError:
        """Return the error that says what this item cannot be."""
        return QuizError(f"{self.place}: {what}; {mend}")

    def _paragraphs(self, text: str) -> list[str]:
        if role := _ROLE.search(text):
            raise self.refuse(f"'{role[0]}...' means nothing outside the book", "write it in words")
        parts = []
        for token in _parser().parse(text):
            if token.type == "inline":
                parts.append("".join(self._inline(child) for child in token.children or ()))
            elif token.type == "math_block":
                parts.append(self._math(token.content))
            elif token.type not in ("paragraph_open", "paragraph_close"):
                raise self._stranger(token)
        return parts

    def _inline(self, token: Token) -> str:
        if token.type == "text":
            return escape(token.content, quote=False)
        if token.type == "code_inline":
            return f"<code>{escape(token.content, quote=False)}</code>"
        if token.type in ("math_inline", "math_inline_double"):
            return self._math(token.content)
        if token.type in _TAGS:
            return _TAGS[token.type]
        raise self._stranger(token)

    def _math(self, latex: str) -> str:
        try:
            return self._formula(latex.strip())
        except FormulaError as error:
            raise self.refuse(
                f"the formula ${latex.strip()}$ does not convert ({error})", "mend it"
            ) from error

    def _stranger(self, token: Token) -> QuizError:
        kind = token.type.removesuffix("_open").replace("_", " ")
        mend = "use paragraphs, emphasis, code and formulas only"
        return self.refuse(f"a {kind} has no place in a question bank", mend)
