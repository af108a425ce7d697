"""How far true effects differ: Cochran's Q, the variance between studies, and its limits.

Studies lie along the last axis; ``dersimonian1986metaanalysis`` for the moment estimator,
``harrer2021doing`` (chapters 4 and 5) for the rest.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from hardwired.evidence.literatures import Values, effects_of


def typical_variance(v: Values) -> Values:
    """Return the typical sampling variance that I2 compares tau2 with."""
    w = 1 / v
    total = w.sum(axis=-1)
    return np.asarray((v.shape[-1] - 1) * total / (total**2 - (w**2).sum(axis=-1)))


def cochran_q(values: ArrayLike, variances: ArrayLike, tau2: float = 0.0) -> Values:
    """Return Cochran's Q of each literature, or its generalised form at a given tau2.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,) or (literatures, k).
    tau2
        Variance of true effects in the weights.
    """
    y, v = effects_of(values, variances)
    w = 1 / (v + tau2)
    mean = (w * y).sum(axis=-1) / w.sum(axis=-1)
    return np.asarray((w * (y - mean[..., None]) ** 2).sum(axis=-1))


def tau2_none(values: ArrayLike, variances: ArrayLike) -> Values:
    """Return no variance of true effects, one 0 a literature."""
    return np.zeros(np.shape(values)[:-1])


def tau2_dl(values: ArrayLike, variances: ArrayLike) -> Values:
    """Return the variance of true effects after DerSimonian and Laird.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,) or (literatures, k).

    Returns
    -------
    numpy.ndarray
        ``(Q - df) / (sum w - sum w**2 / sum w)``, not below 0
        (``dersimonian1986metaanalysis``), one a literature.
    """
    y, v = effects_of(values, variances)
    if y.shape[-1] == 1:
        return tau2_none(y, v)
    w = 1 / v
    total = w.sum(axis=-1)
    excess = cochran_q(y, v) - (y.shape[-1] - 1)
    return np.asarray(np.maximum(0.0, excess / (total - (w**2).sum(axis=-1) / total)))


def tau2_reml(values: ArrayLike, variances: ArrayLike) -> Values:
    """Return the variance of true effects by restricted maximum likelihood.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,) or (literatures, k).

    Returns
    -------
    numpy.ndarray
        The maximum of the restricted likelihood over tau2 >= 0, one a literature: searched on a
        grid, then by Brent's method, so that a local maximum is not taken for the global one.
    """
    y, v = effects_of(values, variances)
    if y.ndim == 1:
        return np.asarray(_reml(y, v))
    return np.array([_reml(one, its) for one, its in zip(y, v, strict=True)])


def _reml(y: Values, v: Values) -> float:
    if len(y) == 1:
        return 0.0
    # Work in units of the mean variance, so that the search does not depend on the unit.
    unit = float(v.mean())
    y, v = (y - y.mean()) / math.sqrt(unit), v / unit

    def loss(tau2: float) -> float:
        w = 1 / (v + tau2)
        gap = y - w @ y / w.sum()
        return float(0.5 * (np.log(v + tau2).sum() + math.log(w.sum()) + w @ gap**2))

    top = float(np.ptp(y)) ** 2 + float(v.max())
    grid = np.concatenate([[0.0], np.geomspace(1e-6 * float(v.min()), top, 60)])
    losses = [loss(tau2) for tau2 in grid]
    best = int(np.argmin(losses))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = _score_root(y, v, float(low), float(high))
    if found is None or loss(found) > losses[best]:
        found = float(grid[best])
    return found * unit


def _score_root(y: Values, v: Values, low: float, high: float) -> float | None:
    """Return where the derivative of the restricted likelihood crosses zero, if it does."""

    def score(tau2: float) -> float:
        w = 1 / (v + tau2)
        gap = y - w @ y / w.sum()
        return float(w**2 @ gap**2 - w.sum() + (w**2).sum() / w.sum())

    first, last = score(low), score(high)
    if first <= 0 and low == 0:
        return 0.0
    if first * last > 0:
        return None
    return float(optimize.brentq(score, low, high, xtol=1e-14, rtol=1e-14))


def q_profile(values: ArrayLike, variances: ArrayLike, level: float = 0.95) -> tuple[float, float]:
    """Return limits for the variance of true effects by the Q profile.

    Parameters
    ----------
    values, variances
        Effects and sampling variances of one literature, shape (k,).
    level
        Level of the interval.

    Returns
    -------
    low, high
        The tau2 at which the generalised Q meets the upper and lower quantile of chi-squared
        with k - 1 degrees of freedom; 0 where it never does; NaN for a single study.
    """
    y, v = effects_of(values, variances)
    df = len(y) - 1
    if df == 0:
        return math.nan, math.nan

    def limit(probability: float) -> float:
        wanted = float(stats.chi2.ppf(probability, df))
        if cochran_q(y, v) <= wanted:
            return 0.0
        top = float(np.ptp(y)) ** 2 + float(v.max())
        while cochran_q(y, v, top) > wanted:
            top *= 2
        return float(optimize.brentq(lambda tau2: cochran_q(y, v, tau2) - wanted, 0.0, top))

    return limit((1 + level) / 2), limit((1 - level) / 2)
