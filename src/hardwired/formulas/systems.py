r"""Systems of equations: their rows, so that a long one is said equation by equation."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from hardwired.formulas import FormulaError
from hardwired.formulas.words import words

__all__ = ["LONGEST", "Equation", "equations"]

#: Signs of words that are said at once; a listener cannot stop within them.
LONGEST = 400
_ALIGNED = re.compile(r"\s*\\begin\{(aligned|align\*?|split)\}(.*)\\end\{\1\}\s*", re.DOTALL)
_PIECE = re.compile(r"\\begin\{|\\end\{|\\\\(?:\[[^\]]*\])?|\\.|[{}&]|[^\\{}&]+", re.DOTALL)
# Braces, and environments, whose names stand in braces of their own.
_OPENS = {"{": 1, "}": -1, r"\begin{": 2, r"\end{": 0}


@dataclass(frozen=True)
class Equation:
    """What is said at once.

    Attributes
    ----------
    latex : str
        The formula, without marks of alignment.
    words : str
        Its words.
    left : str
        What stands left of the sign at which the rows of a system are aligned.
    """

    latex: str
    words: str
    left: str = ""


def equations(tex: str, whole: str, say: Callable[[str], str]) -> list[Equation]:
    r"""Part a formula whose words are too long into its equations.

    Parameters
    ----------
    tex : str
        A formula in LaTeX; rows of ``aligned`` are parted where they are parted by ``\\``.
    whole : str
        Its words; where an author parted them by semicolons as the rows are, each row has its own.
    say : callable
        Gives the words of a row.

    Returns
    -------
    list of Equation
        The formula itself, if its words are short enough, else an equation a row.

    Raises
    ------
    FormulaError
        If what is said at once is longer than `LONGEST` and has no rows.
    """
    found = [Equation(tex, whole)]
    rows = _rows(tex) if len(whole) > LONGEST else []
    if len(rows) > 1:
        told = whole.split("; ")
        authored = len(told) == len(rows) and not _by_machine(tex, whole)
        parts = told if authored else [say(left + right) for left, right in rows]
        found = [
            Equation(left + right, " ".join(said.split()), left)
            for (left, right), said in zip(rows, parts, strict=True)
        ]
    for each in found:
        if len(each.words) > LONGEST:
            raise FormulaError(
                f"formula ${' '.join(each.latex.split())}$ takes {len(each.words)} signs to say,"
                f" {LONGEST} at most: give it shorter words in formula_words.yml"
            )
    return found


def _by_machine(tex: str, whole: str) -> bool:
    try:
        return words(tex) == " ".join(whole.split())
    except FormulaError:
        return False


def _rows(tex: str) -> list[tuple[str, str]]:
    """Give the left and the right side of each row of an aligned formula."""
    match = _ALIGNED.fullmatch(tex)
    if match is None:
        return []
    rows, depth = [["", ""]], 0
    side = 0
    for piece in _PIECE.findall(match[2]):
        depth += _OPENS.get(piece, 0)
        if piece.startswith(r"\\") and depth == 0:
            rows.append(["", ""])
            side = 0
        elif piece == "&" and depth == 0:
            side = 1
        else:
            rows[-1][side] += piece
    return [(left.strip(), f" {right.strip()}") for left, right in rows if (left + right).strip()]
