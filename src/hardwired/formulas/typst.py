"""Formulas: LaTeX to Typst, and each distinct formula compiled alone before the book is.

Typst stops at the first name that it does not know and then names a line of the generated file.
Compiling every distinct formula by itself first takes well under a millisecond each, so that a
bad one is named with its own file and line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import tex2typst
import typst

from hardwired.formulas import FormulaError

__all__ = ["FormulaChecker", "to_typst"]

_ENVIRONMENT = re.compile(
    r"\\begin\{(align|gather|equation|multline|eqnarray|split|cases|aligned|gathered|array|"
    r"[pbvBV]?matrix|smallmatrix)\*?\}"
)
_TAG = re.compile(r"\\(?:tag\*?|label)\s*\{[^{}]*\}|\\(?:nonumber|notag)\b")
_UPRIGHT = re.compile(r"\\(?:mathrm|textrm|mathsf)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")
_ARROW = re.compile(r"\\x(right|left)arrow\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_EQUILIBRIUM = re.compile(r"\\xrightleftharpoons\s*(?:\[[^\]]*\])?\s*\{([^{}]*)\}")
_PRIMES = re.compile(r"'{2,}")


def _upright(match: re.Match[str]) -> str:
    """Make several upright letters a word, which copies and reads as one."""
    inside = match.group(1)
    whole = re.sub(r"\\text\{([^{}]*)\}", r"\1", inside)
    if re.fullmatch(r"[A-Za-z0-9 .-]{2,}", whole):
        return rf"\text{{{whole}}}"
    if "\\text" in inside:
        return match.group(0)
    words = re.sub(r"(?<![\\A-Za-z])([A-Za-z0-9]{2,})", r"\\text{\1}", inside)
    return rf"\mathrm{{{words}}}"


def _prepare(tex: str) -> str:
    """Rewrite the LaTeX that tex2typst does not carry over."""
    tex = _TAG.sub("", tex)
    tex = _UPRIGHT.sub(_upright, tex)
    tex = tex.replace("{split}", "{aligned}").replace(r"\limits", "")
    tex = re.sub(r"\\textbf\{([^{}]*)\}", r"\\mathbf{\\text{\1}}", tex)
    tex = re.sub(r"(\\text\{[^{}]*\})", lambda m: m[1].replace('"', "\u201d"), tex)
    tex = _ARROW.sub(lambda m: rf"\overset{{{m[2]}}}{{\long{m[1]}arrow}}", tex)
    tex = _EQUILIBRIUM.sub(lambda m: rf"\overset{{{m[1]}}}{{\rightleftharpoons}}", tex)
    tex = _PRIMES.sub(lambda m: "^{" + r"\prime" * len(m[0]) + "}", tex)
    tex = re.sub(r"\\[lr]vert\b", "|", tex)
    tex = re.sub(r"\\(?:displaystyle|textstyle|allowbreak)\b", "", tex)
    if re.search(r"\\\\", tex) and not _ENVIRONMENT.search(tex):
        tex = rf"\begin{{aligned}}{tex}\end{{aligned}}"
    return tex.strip()


def to_typst(tex: str) -> str:
    """Convert a formula to Typst mathematics.

    Parameters
    ----------
    tex : str
        A formula in LaTeX, without dollar signs.

    Returns
    -------
    str
        Typst mathematics, without dollar signs.

    Raises
    ------
    FormulaError
        If the formula is empty or the converter refuses it.
    """
    prepared = _prepare(tex)
    if not prepared:
        raise FormulaError("the formula is empty: write it or take it out")
    try:
        converted = tex2typst.tex2typst(prepared)
    except Exception as error:
        reason = str(error).splitlines()[0]
        raise FormulaError(f"formula ${tex.strip()}$ does not convert: {reason}") from None
    return re.sub(r"\s*\n\s*", " ", str(converted)).strip()


@dataclass
class FormulaChecker:
    """Convert formulas and compile each distinct one alone, once."""

    _done: dict[str, str | FormulaError] = field(default_factory=dict)
    _compiler: typst.Compiler | None = None

    def __call__(self, tex: str) -> str:
        """Convert one formula.

        Raises
        ------
        FormulaError
            If it does not convert or does not compile.
        """
        if tex not in self._done:
            try:
                self._done[tex] = self._checked(tex)
            except FormulaError as error:
                self._done[tex] = error
        result = self._done[tex]
        if isinstance(result, FormulaError):
            raise result
        return result

    def _checked(self, tex: str) -> str:
        math = to_typst(tex)
        source = f"#set page(width: auto, height: auto)\n$ {math} $\n"
        if self._compiler is None:
            self._compiler = typst.Compiler(ignore_system_fonts=True)
        try:
            self._compiler.compile(input=source.encode(), format="svg")
        except (typst.TypstError, RuntimeError) as error:
            reason = str(error).strip().splitlines()[0].removeprefix("error: ")
            raise FormulaError(
                f"formula ${' '.join(tex.split())}$ does not typeset: {reason}"
            ) from None
        return math
