"""Values as plain JSON and back: what crosses the border of the sandbox, and what data files hold.

Only exact types are taken: a subclass could lie about itself. Nothing is ever pickled.
A value becomes ``{"t": kind, "v": ...}``; floats that JSON lacks become the strings ``nan``,
``inf`` and ``-inf``.
This file is read by the trusted side and by the guest alike; the guest's copy is not trusted.
"""

from __future__ import annotations

import math
from typing import Any

__all__ = ["MAX_ITEMS", "Refused", "decode", "encode"]

MAX_ITEMS = 20_000
MAX_TEXT = 20_000
MAX_DEPTH = 8
MAX_COLUMNS = 100
MOST_DECODED = 2 * MAX_ITEMS + MAX_COLUMNS  # tables and arrays count beside what they hold
ESCAPED = 10  # times as long may a text be whose surrogates were made visible
INT_DIGITS = 10**18


class Refused(ValueError):  # noqa: N818
    """The value is of a kind that cannot be an answer; the message says which."""


def encode(value: Any) -> dict[str, Any]:
    """Encode numbers, texts, arrays, tables, lists and dicts; raise `Refused` for all else."""
    return _encode(value, 0, [0])


def _encode(value: Any, depth: int, count: list[int]) -> dict[str, Any]:
    import numpy as np

    if depth > MAX_DEPTH:
        raise Refused(f"nested deeper than {MAX_DEPTH}")
    count[0] += 1
    if count[0] > MAX_ITEMS:
        raise Refused(f"more than {MAX_ITEMS} items")
    kind = type(value)
    if value is None:
        return {"t": "none"}
    if kind is bool or kind is np.bool_:
        return {"t": "bool", "v": bool(value)}
    if kind is int or (kind.__module__ == "numpy" and kind in _integers()):
        return {"t": "int", "v": _int(int(value))}
    if kind is float or (kind.__module__ == "numpy" and kind in _floats()):
        return {"t": "float", "v": _float(float(value))}
    if kind is str or kind is np.str_:
        return {"t": "str", "v": _text(str(value))}
    if kind is np.ndarray:
        return _array(value)
    if kind is list or kind is tuple:
        return {"t": "list", "v": [_encode(item, depth + 1, count) for item in value]}
    if kind is dict:
        pairs = [
            [_encode(k, depth + 1, count), _encode(v, depth + 1, count)] for k, v in value.items()
        ]
        return {"t": "dict", "v": pairs}
    if kind.__module__.startswith("pandas"):
        return _pandas(value, kind, count)
    raise Refused(f"is a {kind.__name__[:60]}, which cannot be an answer")


def _integers() -> tuple[type, ...]:
    import numpy as np

    return (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)


def _floats() -> tuple[type, ...]:
    import numpy as np

    return (np.float16, np.float32, np.float64)


def _int(value: int) -> int | float:
    if abs(value) >= INT_DIGITS:
        raise Refused("an integer of more than 18 digits")
    return value


def _float(value: float) -> float | str:
    if math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")


def _text(value: str) -> str:
    if len(value) > MAX_TEXT:
        raise Refused(f"a text of more than {MAX_TEXT} characters")
    return value.encode("utf-8", "backslashreplace").decode()


def _array(value: Any) -> dict[str, Any]:
    if value.size > MAX_ITEMS:
        raise Refused(f"more than {MAX_ITEMS} items")
    if value.ndim > 4:
        raise Refused("an array of more than 4 dimensions")
    kind = value.dtype.kind
    flat = value.ravel().tolist()
    if kind == "f":
        items: list[Any] = [_float(float(x)) for x in flat]
        name = "float"
    elif kind in "iu":
        items, name = [_int(int(x)) for x in flat], "int"
    elif kind == "b":
        items, name = [bool(x) for x in flat], "bool"
    elif kind in "UO" and all(type(x) is str for x in flat):
        items, name = [_text(x) for x in flat], "str"
    elif kind == "O" and all(type(x) in (int, float) for x in flat):
        items, name = [_float(float(x)) for x in flat], "float"
    else:
        raise Refused(f"an array of {str(value.dtype)[:40]}, not of numbers or texts")
    return {"t": "array", "dtype": name, "shape": [int(n) for n in value.shape], "v": items}


def _pandas(value: Any, kind: type, count: list[int]) -> dict[str, Any]:
    import pandas as pd

    if kind is pd.Series:
        return _column(value)
    if kind is not pd.DataFrame:
        raise Refused(f"is a {kind.__name__[:60]}, which cannot be an answer")
    count[0] += value.size
    if count[0] > MAX_ITEMS or len(value.columns) > MAX_COLUMNS:
        raise Refused(f"a table of more than {MAX_ITEMS} entries or {MAX_COLUMNS} columns")
    names = [_text(str(name)) for name in value.columns]
    if len(set(names)) != len(names):
        raise Refused("a table in which two columns have one name")
    return {
        "t": "table",
        "columns": names,
        "rows": len(value),
        "v": [_column(value.iloc[:, i]) for i in range(len(names))],
    }


def _column(series: Any) -> dict[str, Any]:
    import numpy as np

    kind = series.dtype.kind if hasattr(series.dtype, "kind") else "O"
    if kind in "fiub" and isinstance(series.dtype, np.dtype):
        return _array(series.to_numpy())
    values = series.astype(object).tolist()
    if kind in "fiub":
        return _array(
            np.array([float("nan") if v is None or v != v else v for v in values], dtype=float)
        )
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
        raise Refused(f"malformed value ({type(error).__name__})") from None


def _count(count: list[int], items: int) -> None:
    count[0] += items
    if count[0] > MOST_DECODED:
        raise Refused(f"more than {MAX_ITEMS} items")


def _words(value: Any) -> str:
    if type(value) is not str or len(value) > MAX_TEXT * ESCAPED:
        raise Refused("malformed text")
    return value


def _decode(blob: Any, depth: int, count: list[int]) -> Any:
    if depth > MAX_DEPTH or type(blob) is not dict:
        raise Refused("malformed value")
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
    raise Refused("malformed value")


def _number(value: Any) -> float:
    if type(value) in (int, float):
        return float(value)
    if value in ("nan", "inf", "-inf"):
        return float(value)
    raise Refused("malformed number")


def _unarray(blob: dict[str, Any], count: list[int]) -> Any:
    import numpy as np

    value, shape = blob["v"], blob["shape"]
    if (
        type(value) is not list
        or type(shape) is not list
        or len(value) > MAX_ITEMS
        or len(shape) > 4
    ):
        raise Refused("malformed array")
    if any(type(n) is not int or n < 0 for n in shape) or math.prod(shape) != len(value):
        raise Refused("malformed array")
    _count(count, len(value))
    kinds = {"float": float, "int": int, "bool": bool, "str": str}
    kind = kinds[blob["dtype"]]
    if kind is float:
        items: list[Any] = [_number(x) for x in value]
    else:
        if any(type(x) is not kind for x in value):
            raise Refused("malformed array")
        items = [_words(x) for x in value] if kind is str else value
    dtype = {"float": np.float64, "int": np.int64, "bool": np.bool_, "str": object}[blob["dtype"]]
    return np.array(items, dtype=dtype).reshape(shape)


def _untable(blob: dict[str, Any], count: list[int]) -> Any:
    import pandas as pd

    names, columns = blob["columns"], blob["v"]
    if type(names) is not list or type(columns) is not list or len(names) != len(columns):
        raise Refused("malformed table")
    if len(names) > MAX_COLUMNS or any(type(n) is not str for n in names):
        raise Refused("malformed table")
    if len(set(names)) != len(names):
        raise Refused("malformed table")
    parts = {}
    for name, column in zip(names, columns, strict=True):
        array = _decode(column, 1, count)
        if getattr(array, "shape", None) != (blob["rows"],):
            raise Refused("malformed table")
        parts[name] = array
    return pd.DataFrame(parts)
