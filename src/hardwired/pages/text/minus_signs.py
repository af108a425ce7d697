"""Numbers as print sets them: a true minus sign, and powers of ten as powers."""

from __future__ import annotations

import re

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: From this power of ten on, and below the first decimals, numbers are written with a power.
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
        ``0.25``, ``−3``, ``266,010`` and ``5 × 10⁷`` for what a computer writes as ``5e+07``.
    """
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
