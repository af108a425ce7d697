"""What targets ask of a model: a quantity at a time, a peak."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from hardwired.models.model import Model

Measure = Callable[[Model], float]


def at(symbol: str, *times: float, **overrides: Any) -> Measure:
    """Return the measure 'a quantity at the last of these times'."""
    return lambda m: float(m.simulate(list(times), **overrides)[symbol][-1])


def peak(symbol: str, times: np.ndarray, what: str, **overrides: Any) -> Measure:
    """Return the measure 'time or height of a peak' on a grid of times.

    Parameters
    ----------
    what
        ``time`` or ``height``.
    """

    def measure(m: Model) -> float:
        time, height = m.simulate(times, **overrides).peak(symbol)
        return float(time if what == "time" else height)

    return measure
