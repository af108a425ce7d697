"""Numbers as print sets them: a true minus sign before a negative number."""

from __future__ import annotations

import re


def true_minus(text: str) -> str:
    """Return a text whose negative numbers carry a minus sign instead of a hyphen.

    Ranges and compound words keep their hyphen: only one that follows a blank, a bracket or the
    beginning and stands before a digit is a minus. Roles, code and formulas are left as they are.
    """
    parts = re.split(r"(`[^`]*`|\$[^$]*\$)", text)
    parts[::2] = [re.sub(r"(?<![^\s(\[])-(?=\.?\d)", "\u2212", part) for part in parts[::2]]
    return "".join(parts)
