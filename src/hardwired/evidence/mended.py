"""Tables whose print has a fault that the rest of the table shows, and their mending."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardwired import evidence
from hardwired.evidence.intervals import normal_reach


def forest_bathing(panel: str, *, mended: bool = True) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return differences of systolic pressure and their variances, in the order of the table.

    Parameters
    ----------
    panel
        ``walking`` or ``still``.
    mended
        Take the middle of the interval where the printed difference lies elsewhere: one sign of
        the printed table (Kozaki 2007-2) is wrong.
    """
    rows = evidence.table("balance-forest-bathing")
    rows = rows[rows["panel"] == panel]
    low, high = rows["low"].to_numpy(float), rows["high"].to_numpy(float)
    y = rows["difference"].to_numpy(float)
    middle = (low + high) / 2
    if mended:
        y = np.where(np.abs(y - middle) > 0.1, middle, y)
    return y, ((high - low) / (2 * normal_reach(1.0))) ** 2
