"""In which forms an answer may come: one list for ``check`` in the notebook and for the grader.

Each function takes what `hardwired.course.codec.decode` gives and returns the plain value, or None
if the form is another. Nothing here knows what is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["A", "array", "choice", "kind_of", "number", "table"]

A = {
    "number": "a number",
    "array": "an array of numbers",
    "table": "a table (a pandas DataFrame)",
    "choice": "one of the given words",
    "function": "a function",
    "figure": "a matplotlib figure",
}
# How people write the units that exercises ask for; others must be converted, and not by us.
UNITS = {
    "second": ("s", "sec", "secs", "second", "seconds"),
    "minute": ("min", "mins", "minute", "minutes"),
    "hour": ("h", "hr", "hrs", "hour", "hours"),
    "day": ("d", "day", "days"),
    "week": ("week", "weeks", "wk", "wks"),
    "kg": ("kg", "kgs", "kilogram", "kilograms"),
    "mmHg": ("mmhg", "mm hg"),
    "mm/day": ("mm/day", "mm/d", "mm per day", "mm / day", "mm day-1", "mm/days"),
    "mm**2": ("mm**2", "mm^2", "mm2", "sq mm", "square mm", "square millimetres"),
}
# Words by which a number may be another: a hundredth of itself as well as many times it.
MANIFOLD = re.compile(
    r"(?i)\b(?:k|m|bn|dozen|hundred|thousand|million|billion)s?\b|\bper ?(?:cent|mil)|\bpct\b"
)
PLAIN = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?"
LONGEST_SAID, MOST_SAID = 400, 100  # characters and entries of numbers in a text
MARKS = ".,;:!?'\"`\u2018\u2019\u201c\u201d*_() "


def kind_of(value: Any) -> str:
    """Name the form of a value, with its article."""
    names = {
        bool: "a truth value",
        str: "a text",
        dict: "a dictionary",
        type(None): "None",
    }
    if type(value) in names:
        return names[type(value)]
    kind = type(value).__name__
    if type(value) is list:
        inside = "texts" if value and all(type(x) is str for x in value) else ""
        return f"a list of {inside or len(value)}{'' if inside else ' items'}"
    if kind == "ndarray":
        words = {"O": "texts", "b": "truth values"}.get(value.dtype.kind, "numbers")
        return f"an array of {value.size} {words}"
    return "a table" if kind == "DataFrame" else "a number"


def number(value: Any, unit: str | None = None) -> float | None:
    """Give a number: by itself, as a text, or the only entry of a list, array, column or table."""
    if type(value).__name__ == "DataFrame" and value.shape == (1, 1):
        value = value.to_numpy()
    if type(value).__name__ == "ndarray" and value.size == 1 and value.dtype.kind == "O":
        value = value.ravel().tolist()
    for _ in range(4):
        if type(value) in (list, dict) and len(value) == 1:
            (value,) = value.values() if type(value) is dict else value
    if type(value) in (int, float):
        return float(value)
    if type(value) is str:
        found = _said(value, unit)
        return found[0] if len(found) == 1 else None
    if type(value).__name__ == "ndarray" and value.size == 1 and value.dtype.kind in "fi":
        return float(value.reshape(()))
    return None


def array(value: Any, shape: Sequence[int | None] | None = None, unit: str | None = None) -> Any:
    """Give an array of floats: of a list, an array, a column, a row, a dictionary, a text.

    ``shape`` is that which is asked for; a column or a row that lies the other way is turned, if
    one of its sides is 1.
    """
    import numpy as np

    if type(value) is dict:
        value = [value[key] for key in _in_order(list(value))]
    if type(value).__name__ == "ndarray" and value.dtype.kind == "O" and value.ndim == 1:
        value = value.tolist()
    if type(value) is str:
        value = _said(value, unit)
        if len(value) < 2:
            return None
    if type(value) is list and value and len(value) <= MOST_SAID:
        said = [number(item, unit) if type(item) is str else item for item in value]
        value = said if all(item is not None for item in said) else value
    if type(value) is list:
        value = [_single(item) for item in value]
        if not _plain(value):
            return None  # never given to NumPy: a long text among numbers would cost its length
        try:
            value = np.array(value)
        except ValueError:
            return None
    if type(value).__name__ == "DataFrame":
        if any(value[name].dtype.kind not in "fi" for name in value.columns):
            return None
        value = value.to_numpy()
    if type(value).__name__ != "ndarray" or value.dtype.kind not in "fi":
        return None
    value = value.astype(float)
    if shape is not None and len(shape) == 1 and value.ndim > 1 and max(value.shape) == value.size:
        return value.reshape(-1)
    return value


def _in_order(keys: list[Any]) -> list[Any]:
    """Give the keys as they stand; of two ends that are called low and high the low one first."""
    ends = [str(key)[:40].casefold() for key in keys]
    turned = len(ends) == 2 and re.search("high|upp", ends[0]) and "low" in ends[1]
    return keys[::-1] if turned else keys


def _said(text: str, unit: str | None) -> list[float]:
    """Read what a person wrote as numbers, as ``8.3 days`` or ``(1.2, 3.4)``; else nothing.

    A unit must be the one that is asked for. What may be read in two ways is not read.
    """
    if len(text) > LONGEST_SAID:
        return []
    text = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    text = re.sub(
        r"(?<=\d)\s*[\u2013\u2014]\s*(?=[\d.])|(?<=\d)-(?=[\d.])|(?<=\d) - (?=[\d.])", "; ", text
    )
    text = re.sub(r"^[=~\u2248]\s*", "", text).strip("[]() .")
    out = []
    for part in re.split(r"[,;]\s+|[,;]$|\s+to\s+|\s+and\s+|\s+(?=[+-]?\.?\d)", text):
        hit = re.fullmatch(rf"({PLAIN})\s*(.*)", part.strip(), re.DOTALL)
        if not hit or not _is_unit(hit[2], unit):
            return []
        out.append(float(hit[1]))
    return out


def _is_unit(text: str, unit: str | None) -> bool:
    """Whether what follows a number is nothing, its unit, or (where there is none) a plain word."""
    text = text.strip(" .")
    if not text:
        return True
    if unit:
        return text.casefold() in (unit.casefold(), *UNITS.get(unit, ()))
    return bool(re.fullmatch(r"[^\W\d_]{3,}(?: [^\W\d_]+){0,2}", text)) and not MANIFOLD.search(
        text
    )


def _single(item: Any) -> Any:
    """Give the number in an array of one; a list of such is a list of numbers."""
    if type(item).__name__ == "ndarray" and item.dtype.kind in "fi":
        return item.tolist()
    return [_single(x) for x in item] if type(item) is list else item


def _plain(value: list[Any]) -> bool:
    """Whether a list holds numbers, or such lists, and nothing else."""
    return all(
        _plain(item) if type(item) is list else type(item) in (int, float, bool) for item in value
    )


def table(value: Any) -> Any:
    """Give a table: of a DataFrame, or a dictionary of columns of one length."""
    import pandas as pd

    if type(value).__name__ == "DataFrame":
        return value
    if type(value) is not dict or not value or not all(type(k) is str for k in value):
        return None
    columns = {k: v.tolist() if hasattr(v, "tolist") else v for k, v in value.items()}
    if not all(type(v) is list for v in columns.values()):
        return None
    if len({len(v) for v in columns.values()}) != 1:
        return None
    if any(type(x) not in (int, float, str, bool) for v in columns.values() for x in v):
        return None
    return pd.DataFrame(columns)


def choice(value: Any, options: Iterable[str]) -> str | None:
    """Give the option that a text names, whatever its case, spaces, quotes and final stop."""
    if type(value) in (list, dict) and len(value) == 1:
        (value,) = value.values() if type(value) is dict else value
    if type(value).__name__ == "ndarray" and value.size == 1:
        value = value.ravel().tolist()[0]
    if type(value) is not str:
        return None
    wanted = _word(value)
    for option in options:
        if _word(option) == wanted:
            return option
    return None


def _word(text: str) -> str:
    """Reduce a text to what distinguishes it."""
    text = unicodedata.normalize("NFKC", text[:1000]).casefold()
    for dash in "\u2010\u2011\u2012\u2013\u2014\u2212-_":
        text = text.replace(dash, " ")
    return " ".join(text.replace("\u2019", "'").split()).strip(MARKS)
