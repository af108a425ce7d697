"""How the book writes numbers: a true minus sign, and powers of ten as powers.

``numbers.js`` is the same rule for the explorers; a test holds the two together.
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["SCRIPT", "number_words", "true_minus"]

#: The rule as a script, for pages that write numbers while they are read.
SCRIPT = Path(__file__).with_name("numbers.js")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: From this power of ten on, and below the fourth decimal, numbers are written with a power.
_POWER = 7


def true_minus(text: str) -> str:
    """Return a text whose negative numbers carry a minus sign instead of a hyphen.

    Ranges and compound words keep their hyphen: only one that follows a blank, a bracket or the
    beginning and stands before a digit is a minus. Roles, code and formulas are left as they are.
    """
    parts = re.split(r"(`[^`]*`|\$[^$]*\$)", text)
    parts[::2] = [re.sub(r"(?<![^\s(\[])-(?=\.?\d)", "\u2212", part) for part in parts[::2]]
    return "".join(parts)


def number_words(value: float, digits: int) -> str:
    """Write a number with so many significant digits, as print does and no computer.

    Parameters
    ----------
    value
        The number.
    digits
        Significant digits.

    Returns
    -------
    str
        ``0.25``, ``−3``, ``266,010``, ``5 × 10⁷`` for what a computer writes as ``5e+07``, and
        ``never`` for a time or rate without end.
    """
    if value == float("inf"):
        return "never"
    text = f"{value:.{digits}g}"
    head, power, exponent = text.partition("e")
    if not power:
        return true_minus(text)
    if 0 < int(exponent) < _POWER:
        return true_minus(f"{float(text):,.0f}")
    raised = f"10{str(int(exponent)).translate(_RAISED)}"
    if head in ("1", "-1"):
        return true_minus(f"{head[:-1]}{raised}")
    return f"{true_minus(head)} × {raised}"
