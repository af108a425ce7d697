"""Values as plain JSON and back: what crosses the border of the sandbox, and what data files hold.

Forms that mean the same become one; nothing is ever pickled. ``check`` in the notebook and the
grader both go through here, so that what one can read the other can.
A value becomes ``{"t": kind, "v": ...}``; floats that JSON lacks become the strings ``nan``,
``inf`` and ``-inf``.
This file is read by the trusted side and by the guest alike; the guest's copy is not trusted.
"""

from __future__ import annotations

import math
from typing import Any

from hardwired.course import foreign
from hardwired.course.foreign import Refused

__all__ = ["MAX_ITEMS", "Refused", "decode", "encode"]

MAX_ITEMS = 20_000
MAX_TEXT = 20_000
MAX_DEPTH = 8
MAX_COLUMNS = 100
MOST_DECODED = 2 * MAX_ITEMS + MAX_COLUMNS  # tables and arrays count beside what they hold
ESCAPED = 10  # times as long may a text be whose surrogates were made visible
INT_DIGITS = 10**18


def encode(value: Any, unit: str | None = None) -> dict[str, Any]:
    """Encode numbers, texts, arrays, tables, lists and dicts; raise `Refused` for all else.

    Parameters
    ----------
    value : object
        What a notebook holds. Forms that mean the same are one: a named tuple is a list, an index
        an array, a fraction a float; what is masked is not a number.
    unit : str, optional
        A quantity with a unit is turned into this one and loses it.
    """
    return _encode(value, 0, [0], unit)


def _encode(value: Any, depth: int, count: list[int], unit: str | None = None) -> dict[str, Any]:
    import numpy as np

    if depth > MAX_DEPTH:
        raise Refused(f"is nested deeper than {MAX_DEPTH} lists")
    count[0] += 1
    if count[0] > MAX_ITEMS:
        raise Refused(f"holds more than {MAX_ITEMS} items")
    value = foreign.plain(value, unit, MAX_ITEMS)
    kind = type(value)
    if value is None:
        return {"t": "none"}
    if kind is bool or kind is np.bool_:
        return {"t": "bool", "v": bool(value)}
    if isinstance(value, int | np.integer) and not isinstance(value, np.timedelta64):
        return _whole(int(value))
    if isinstance(value, float | np.floating):
        return {"t": "float", "v": _float(float(value))}
    if isinstance(value, str):
        return {"t": "str", "v": _text(str(value))}
    if isinstance(value, np.ndarray):
        return _array(value)
    if isinstance(value, dict):
        pairs = [
            [_encode(k, depth + 1, count), _encode(v, depth + 1, count, unit)]
            for k, v in dict.items(value)
        ]
        return {"t": "dict", "v": pairs}
    if kind.__module__.partition(".")[0] == "pandas":
        return _pandas(value, kind, count)
    if isinstance(value, _sequences()):
        if hasattr(value, "__len__") and len(value) > MAX_ITEMS:
            raise Refused(f"holds more than {MAX_ITEMS} items")
        items: Any = value
        return {"t": "list", "v": [_encode(item, depth + 1, count, unit) for item in items]}
    if (number := foreign.number(value)) is not None:
        return {"t": "float", "v": _float(number)}
    raise Refused(f"is {_named(value, kind)}, which cannot be an answer")


def _sequences() -> tuple[type, ...]:
    import array
    import collections

    views: tuple[type, ...] = (type({}.values()), type({}.keys()), type({}.items()))
    return (list, tuple, range, collections.deque, array.array, *views)


def _named(value: Any, kind: type) -> str:
    """Name what cannot be an answer, with what may be done where that is easily said."""
    if callable(value) and not isinstance(value, type):
        return "a function (was it called, with parentheses?)"
    if isinstance(value, set | frozenset):
        return "a set, in which there is no order (make it a list)"
    if isinstance(value, complex):
        return "a complex number"
    name = kind.__name__[:60]
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _whole(value: int) -> dict[str, Any]:
    """Encode an integer; one that is too long for the wire goes as a float."""
    if abs(value) < INT_DIGITS:
        return {"t": "int", "v": value}
    try:
        return {"t": "float", "v": float(value)}
    except OverflowError:
        raise Refused("is an integer of more than 308 digits, which cannot be an answer") from None


def _float(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise Refused(f"is a text of more than {MAX_TEXT} characters")
    return value.encode("utf-8", "backslashreplace").decode()


def _array(value: Any) -> dict[str, Any]:
    import numpy as np

    if value.size > MAX_ITEMS:
        raise Refused(f"holds more than {MAX_ITEMS} items")
    if value.ndim > 4:
        raise Refused("is an array of more than 4 dimensions")
    if isinstance(value, np.ma.MaskedArray):
        if value.dtype.kind in "fiub" and np.ma.is_masked(value):
            value = np.ma.filled(value.astype(float), np.nan)
        value = np.ma.getdata(value)
    value = np.asarray(value)
    kind = value.dtype.kind
    flat = value.ravel().tolist()
    if kind == "O":
        name, items = _objects(flat)
    elif kind == "f":
        name, items = "float", [_float(float(x)) for x in flat]
    elif kind in "iu" and all(abs(x) < INT_DIGITS for x in flat):
        name, items = "int", [int(x) for x in flat]
    elif kind in "iu":
        name, items = "float", [float(x) for x in flat]
    elif kind == "c" and not np.any(value.imag):
        name, items = "float", [_float(float(x.real)) for x in flat]
    elif kind == "b":
        name, items = "bool", [bool(x) for x in flat]
    elif kind in "UT":
        name, items = "str", [_text(str(x)) for x in flat]
    else:
        raise Refused(f"is an array of {str(value.dtype)[:40]}, not of numbers or texts")
    return {"t": "array", "dtype": name, "shape": [int(n) for n in value.shape], "v": items}


def _objects(flat: list[Any]) -> tuple[str, list[Any]]:
    """Give the items of an array of objects that are all numbers, or all texts."""
    if flat and all(isinstance(x, str) for x in flat):
        return "str", [_text(str(x)) for x in flat]
    items: list[Any] = []
    for x in flat:
        blob = (
            {"t": "float", "v": "nan"}
            if x is None or type(x).__name__ == "NAType"
            else (_encode(x, MAX_DEPTH, [0]))
        )
        if blob["t"] == "array" and blob["shape"] == [] and blob["dtype"] in ("int", "float"):
            blob = {"t": "float", "v": blob["v"][0]}
        if blob["t"] not in ("int", "float"):
            raise Refused("is an array of mixed objects, not of numbers or texts")
        value = blob["v"]
        items.append(value if type(value) is str else _float(float(value)))
    return "float", items


def _pandas(value: Any, kind: type, count: list[int]) -> dict[str, Any]:
    import pandas as pd

    if isinstance(value, pd.Series):
        return _column(value)
    if isinstance(value, pd.Index) and not isinstance(value, pd.MultiIndex):
        return _column(value.to_series())
    if isinstance(value, pd.api.extensions.ExtensionArray):
        return _column(pd.Series(value))
    if kind.__name__ == "NAType":
        return {"t": "float", "v": "nan"}
    if not isinstance(value, pd.DataFrame):
        raise Refused(f"is {_named(value, kind)}, which cannot be an answer")
    count[0] += value.size
    if count[0] > MAX_ITEMS or len(value.columns) > MAX_COLUMNS:
        raise Refused(f"is a table of more than {MAX_ITEMS} entries or {MAX_COLUMNS} columns")
    names = [_text(str(name)) for name in value.columns]
    if len(set(names)) != len(names):
        raise Refused("is a table in which two columns have one name")
    return {
        "t": "table",
        "columns": names,
        "rows": len(value),
        "v": [_column(value.iloc[:, i]) for i in range(len(names))],
    }


def _column(series: Any) -> dict[str, Any]:
    import numpy as np
    import pandas as pd

    if len(series) > MAX_ITEMS:
        raise Refused(f"holds more than {MAX_ITEMS} items")
    kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
    if kind in "fiubc" and isinstance(series.dtype, np.dtype):
        return _array(series.to_numpy())
    values = series.astype(object).tolist()
    if kind == "b" and not series.isna().any():
        return _array(np.array([bool(v) for v in values], dtype=bool))
    if kind in "fiub":
        return _array(np.array([float("nan") if pd.isna(v) else v for v in values], dtype=float))
    try:  # objects that are all numbers, as those of Decimal
        if values and not any(isinstance(v, str) for v in values):
            made = np.empty(len(values), dtype=object)
            made[:] = values
            return _array(made)
    except Refused:
        pass
    return _array(np.array([v if type(v) is str else str(v) for v in values], dtype=object))


def decode(blob: Any) -> Any:
    """Invert `encode`; the blob may come from a hostile hand: what is malformed is `Refused`.

    The bounds of `encode` hold here too, for the value as a whole.
    """
    try:
        return _decode(blob, 0, [0])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        if isinstance(error, Refused):
            raise
        raise Refused(f"is malformed ({type(error).__name__})") from None


def _count(count: list[int], items: int) -> None:
    count[0] += items
    if count[0] > MOST_DECODED:
        raise Refused(f"holds more than {MAX_ITEMS} items")


def _words(value: Any) -> str:
    if type(value) is not str or len(value) > MAX_TEXT * ESCAPED:
        raise Refused("is a malformed text")
    return value


def _decode(blob: Any, depth: int, count: list[int]) -> Any:
    if depth > MAX_DEPTH or type(blob) is not dict:
        raise Refused("is malformed")
    _count(count, 1)
    kind, value = blob.get("t"), blob.get("v")
    if kind == "none":
        return None
    if kind == "bool" and type(value) is bool:
        return value
    if kind == "int" and type(value) is int:
        return value
    if kind == "float":
        return _number(value)
    if kind == "str":
        return _words(value)
    if kind == "array":
        return _unarray(blob, count)
    if kind == "list" and type(value) is list:
        return [_decode(item, depth + 1, count) for item in value]
    if kind == "dict" and type(value) is list:
        return {_decode(k, depth + 1, count): _decode(v, depth + 1, count) for k, v in value}
    if kind == "table":
        return _untable(blob, count)
    raise Refused("is malformed")


def _number(value: Any) -> float:
    if type(value) in (int, float):
        return float(value)
    if value in ("nan", "inf", "-inf"):
        return float(value)
    raise Refused("is a malformed number")


def _unarray(blob: dict[str, Any], count: list[int]) -> Any:
    import numpy as np

    value, shape = blob["v"], blob["shape"]
    if (
        type(value) is not list
        or type(shape) is not list
        or len(value) > MAX_ITEMS
        or len(shape) > 4
    ):
        raise Refused("is a malformed array")
    if any(type(n) is not int or n < 0 for n in shape) or math.prod(shape) != len(value):
        raise Refused("is a malformed array")
    _count(count, len(value))
    kinds = {"float": float, "int": int, "bool": bool, "str": str}
    kind = kinds[blob["dtype"]]
    if kind is float:
        items: list[Any] = [_number(x) for x in value]
    else:
        if any(type(x) is not kind for x in value):
            raise Refused("is a malformed array")
        items = [_words(x) for x in value] if kind is str else value
    dtype = {"float": np.float64, "int": np.int64, "bool": np.bool_, "str": object}[blob["dtype"]]
    return np.array(items, dtype=dtype).reshape(shape)


def _untable(blob: dict[str, Any], count: list[int]) -> Any:
    import pandas as pd

    names, columns = blob["columns"], blob["v"]
    if type(names) is not list or type(columns) is not list or len(names) != len(columns):
        raise Refused("is a malformed table")
    if len(names) > MAX_COLUMNS or any(type(n) is not str for n in names):
        raise Refused("is a malformed table")
    if len(set(names)) != len(names):
        raise Refused("is a malformed table")
    parts = {}
    for name, column in zip(names, columns, strict=True):
        array = _decode(column, 1, count)
        if getattr(array, "shape", None) != (blob["rows"],):
            raise Refused("is a malformed table")
        parts[name] = array
    return pd.DataFrame(parts)
