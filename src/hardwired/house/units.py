"""Units in words: what the library calls ``cell/mm^3`` a reader sees as cells/mm³."""

from __future__ import annotations

import re

from hardwired.house.numbers import true_minus

__all__ = ["quantity_words", "unit_words"]

_SHOWN = {
    "degC": "°C", "hour": "h", "minute": "min", "percent": "%", "microliter": "µl",
    "^2": "²", "^3": "³", "^4": "⁴", "**2": "²", "**3": "³", "**4": "⁴", "*": "·",
    "arbitrary_unit": "a.u.",
}  # fmt: skip
_PLURAL = ("day", "week", "month", "year", "point", "person", "patient", "study", "episode")


def unit_words(unit: str) -> str:
    """Spell a unit for readers: ``cell/mm^3`` becomes cells/mm³."""
    for written, shown in _SHOWN.items():
        unit = unit.replace(written, shown)
    return f"cells{unit[4:]}" if unit.split("/")[0] == "cell" else unit


def quantity_words(number: str, unit: str) -> str:
    """Return a number with its unit: ``9.4 days``, ``31 %``, ``0.42`` where the unit is ``1``."""
    if unit == "1":
        return true_minus(number)
    if unit in _PLURAL and not re.fullmatch(r"[-\u2212]?1(\.0*)?", number):
        unit = {"study": "studies", "person": "people"}.get(unit, f"{unit}s")
    unit = unit.replace("degC", "°C")
    return f"{true_minus(number)}\u00a0{unit}"
