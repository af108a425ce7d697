"""One literature or many: effects with their variances, studies along the last axis."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Values = NDArray[Any]


def effects_of(values: ArrayLike, variances: ArrayLike) -> tuple[Values, Values]:
    """Return effects and variances as arrays, of shape (k,) or (literatures, k).

    Raises
    ------
    ValueError
        For unequal shapes, nothing at all, a missing number, or a variance that is not positive.
    """
    y = np.asarray(values, dtype=float)
    v = np.asarray(variances, dtype=float)
    if y.ndim not in (1, 2) or y.shape != v.shape or y.size == 0:
        raise ValueError(f"{y.shape} effects with {v.shape} variances; give one variance each")
    if not (np.isfinite(y).all() and np.isfinite(v).all()):
        raise ValueError("an effect or variance is missing; leave the study out")
    if (v <= 0).any():
        raise ValueError("a variance is not positive; was a standard error or SD meant?")
    return y, v


def plain(value: Any) -> Any:
    """Return a number where there is one literature, an array where there are many."""
    return float(value) if np.ndim(value) == 0 else value
