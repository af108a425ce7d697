"""What libraries and the language keep numbers in, made plain: the first step of the codec.

A quantity loses its unit, a duration becomes a number of it, an interval its two ends, an iterator
a list, a set of two its items in order, and what can be an array becomes one. Like the codec this
is read by the trusted side and by the guest alike, and the guest's copy is not trusted.
"""

from __future__ import annotations

import itertools
import math
import types
from typing import Any

__all__ = ["ITERATORS", "Refused", "number", "plain"]

ITERATORS = (types.GeneratorType, map, filter, zip, reversed, enumerate)  # read once, then empty
SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0, "week": 604800.0}


class Refused(ValueError):  # noqa: N818
    """The value is of a kind that cannot be an answer; the message says which."""


def plain(value: Any, unit: str | None, most: int) -> Any:
    """Give a value in a form that the codec knows, or as it is.

    Parameters
    ----------
    value : object
        What a notebook holds.
    unit : str or None
        What a quantity or a duration is turned into.
    most : int
        Items that are read of an iterator.
    """
    kind = type(value)
    if hasattr(kind, "magnitude") and hasattr(kind, "units"):
        return _magnitude(value, unit)
    if isinstance(value, ITERATORS):
        return list(itertools.islice(value, most + 1))
    if isinstance(value, set | frozenset) and 0 < len(value) <= 2:
        try:  # of an interval there is but one order, of one item too
            return sorted(value)
        except TypeError:
            return value
    module = kind.__module__.partition(".")[0]
    if kind.__name__ == "Interval" and module == "pandas":
        return [value.left, value.right]
    if kind.__name__ in ("timedelta", "Timedelta", "timedelta64"):
        return _durations([value], unit)[0]
    if getattr(getattr(value, "dtype", None), "kind", "") == "m" and module in ("numpy", "pandas"):
        return _durations(value, unit)
    if module not in ("builtins", "numpy", "pandas", "array") and hasattr(kind, "__array__"):
        return _as_array(value)
    return value


def _as_array(value: Any) -> Any:
    """Give the array that an object of another library says it is."""
    import numpy as np

    made = np.asarray(value)
    return made if type(made) is np.ndarray and made.dtype.kind in "fiubcO" else value


def _durations(values: Any, unit: str | None) -> Any:
    """Turn durations into numbers of the unit that is asked for."""
    import numpy as np
    import pandas as pd

    if unit not in SECONDS:
        raise Refused(f"is a duration, but {unit or 'a plain number'} is asked for")
    seconds = pd.to_timedelta(np.ravel(values)).total_seconds()
    return np.asarray(seconds, dtype=float).reshape(np.shape(values)) / SECONDS[unit]


def _magnitude(value: Any, unit: str | None) -> Any:
    """Take the unit off a quantity; one of another dimension is refused."""
    if not unit:
        if not value.dimensionless:
            raise Refused(f"has the unit {value.units}, but a plain number is asked for"[:160])
        return value.to("").magnitude
    try:
        return value.to(unit).magnitude
    except Exception:
        raise Refused(f"is in {value.units}, which cannot be turned into {unit}"[:160]) from None


def number(value: Any) -> float | None:
    """Give a number of a library that keeps its own: Decimal, Fraction, SymPy; None for others."""
    import decimal
    import numbers

    import numpy as np

    if isinstance(value, complex | np.complexfloating):
        return float(value.real) if value.imag == 0 else None
    known = isinstance(value, decimal.Decimal | numbers.Real)
    if not known and type(value).__module__.partition(".")[0] in ("sympy", "mpmath", "gmpy2"):
        known = not getattr(value, "free_symbols", None)
    if not known:
        return None
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
    except (TypeError, ValueError, ArithmeticError):
        return None
