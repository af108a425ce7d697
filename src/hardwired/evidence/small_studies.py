"""Whether small studies show larger effects, the sign of a missing part of the literature.

The regression test of ``egger1997bias``, for one literature or for many at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from hardwired.evidence.literatures import Values, effects_of, plain


@dataclass(frozen=True)
class Egger:
    """Egger's regression test for small-study effects; arrays for several literatures.

    Parameters
    ----------
    intercept, se
        Intercept of effect/se on 1/se, zero when small studies show no other effect.
    t, df, p
        Its test.
    low, high
        Its limits.
    slope, slope_se
        The effect expected of an infinitely large study (also called PET) and its error.
    """

    intercept: Any
    se: Any
    t: Any
    df: int
    p: Any
    low: Any
    high: Any
    slope: Any
    slope_se: Any


def egger(values: ArrayLike, variances: ArrayLike, level: float = 0.95) -> Egger:
    """Test whether small studies show larger effects (``egger1997bias``).

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,) or (literatures, k); at least three studies,
        not all of one size.
    level
        Level of the limits.

    Returns
    -------
    Egger
        Numbers, or arrays of shape (literatures,).

    Raises
    ------
    ValueError
        With fewer than three studies, or a literature whose studies are all of one size.
    """
    y, v = effects_of(values, variances)
    x = np.sqrt(v)
    df = y.shape[-1] - 2
    if df < 1:
        raise ValueError("a regression on study size needs at least three studies")
    w = 1 / v
    total = w.sum(axis=-1)
    x_mean, y_mean = (w * x).sum(axis=-1) / total, (w * y).sum(axis=-1) / total
    dx, dy = x - x_mean[..., None], y - y_mean[..., None]
    spread = (w * dx**2).sum(axis=-1)
    if one_size(v).any():
        raise ValueError("all studies are of one size; nothing to regress on")
    slope = (w * dx * dy).sum(axis=-1) / spread
    limit = y_mean - slope * x_mean
    scale = (w * (dy - slope[..., None] * dx) ** 2).sum(axis=-1) / df
    se = np.sqrt(scale / spread)
    t = slope / se
    reach = stats.t.ppf((1 + level) / 2, df) * se
    return Egger(
        intercept=plain(slope),
        se=plain(se),
        t=plain(t),
        df=df,
        p=plain(2 * stats.t.sf(np.abs(t), df)),
        low=plain(slope - reach),
        high=plain(slope + reach),
        slope=plain(limit),
        slope_se=plain(np.sqrt(scale * (1 / total + x_mean**2 / spread))),
    )


def one_size(variances: ArrayLike) -> Values:
    """Return for each literature whether all its studies are of one size."""
    x = np.sqrt(np.asarray(variances, dtype=float))
    return np.asarray(np.ptp(x, axis=-1) <= 1e-6 * x.max(axis=-1))
