"""Meta-analysis: pooling, heterogeneity, and the signs of a missing part of the literature.

Everything works on effects with known variances (see :mod:`hardwired.evidence.effect_size`):
logarithms of ratios, Fisher's z of correlations.

Formulas: ``dersimonian1986metaanalysis`` for the moment estimator, ``egger1997bias`` for the
regression test, ``harrer2021doing`` (chapters 4, 5 and 9) for the rest.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, stats

from hardwired.evidence.effect_size import EffectSize

METHODS = ("REML", "DL", "fixed")


@dataclass(frozen=True)
class Pooled:
    """The result of pooling.

    Parameters
    ----------
    estimate, se, low, high
        Pooled effect, its standard error and limits.
    p
        Two-sided p of no effect (normal, or t with k - 1 for Hartung-Knapp).
    tau2
        Variance of true effects; 0 for the fixed-effect model.
    tau2_low, tau2_high
        Its limits by the Q profile.
    Q, df, p_heterogeneity
        Cochran's test.
    I2
        Percent of variation beyond chance, ``100 (Q - df) / Q``, not below 0.
    I2_from_tau2
        The same from `tau2` and the typical variance, as some programs print it.
    prediction_low, prediction_high
        Interval for the true effect of a new study (t with k - 2); NaN under three studies or
        for the fixed-effect model.
    weights
        Share of each study, summing to 1; shape (k,).
    k, method, hartung_knapp, level
        How it was made.
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    tau2: float
    tau2_low: float
    tau2_high: float
    Q: float
    df: int
    p_heterogeneity: float
    I2: float
    I2_from_tau2: float
    prediction_low: float
    prediction_high: float
    weights: NDArray[np.float64] = field(repr=False, compare=False)
    k: int
    method: str
    hartung_knapp: bool
    level: float

    @property
    def tau(self) -> float:
        """Standard deviation of true effects."""
        return math.sqrt(self.tau2)

    def transformed(self, function: Callable[[float], float]) -> Pooled:
        """Return the same result on the scale of print.

        Parameters
        ----------
        function
            Increasing function, ``math.exp`` for ratios, ``math.tanh`` for Fisher's z.

        Returns
        -------
        Pooled
            Estimate, limits and prediction limits transformed; `se` and `tau2` stay as they are.
        """
        names = ("estimate", "low", "high", "prediction_low", "prediction_high")
        changes: dict[str, Any] = {name: function(getattr(self, name)) for name in names}
        return replace(self, **changes)

    def __str__(self) -> str:
        return (
            f"{self.estimate:.3g} ({100 * self.level:.3g} % interval {self.low:.3g} to "
            f"{self.high:.3g}), k = {self.k}, I2 = {self.I2:.0f} %, tau2 = {self.tau2:.3g}"
        )


def pool(
    values: ArrayLike,
    variances: ArrayLike,
    method: str = "REML",
    hartung_knapp: bool = False,
    level: float = 0.95,
) -> Pooled:
    """Pool effects by inverse variance.

    Parameters
    ----------
    values
        Effects, shape (k,), on a scale with normal errors.
    variances
        Their sampling variances, shape (k,), positive.
    method
        ``"fixed"``; or random effects with tau2 by ``"DL"`` (DerSimonian and Laird) or
        ``"REML"`` (restricted maximum likelihood).
    hartung_knapp
        Take the standard error from the spread of the effects and t with k - 1 degrees of
        freedom (random effects only).
    level
        Level of all intervals.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        For unequal lengths, a variance that is not positive, an unknown method, or
        Hartung-Knapp with fewer than two studies or fixed effects.
    """
    y, v = _effects(values, variances)
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; use one of {', '.join(METHODS)}")
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1; write 0.95")
    k = len(y)
    if hartung_knapp and (method == "fixed" or k < 2):
        raise ValueError("Hartung-Knapp needs random effects and at least two studies")
    tau2 = {"fixed": _no_tau2, "DL": tau2_dl, "REML": tau2_reml}[method](y, v)
    w = 1 / (v + tau2)
    estimate = float(w @ y / w.sum())
    se = float(1 / math.sqrt(w.sum()))
    quantile = stats.norm.ppf((1 + level) / 2)
    statistic = stats.norm
    if hartung_knapp:
        se *= math.sqrt(float(w @ (y - estimate) ** 2) / (k - 1))
        quantile = stats.t.ppf((1 + level) / 2, k - 1)
        statistic = stats.t(k - 1)
    q, df = cochran_q(y, v), k - 1
    low2, high2 = q_profile(y, v, level)
    reach = math.nan
    if method != "fixed" and k > 2:
        reach = float(stats.t.ppf((1 + level) / 2, k - 2)) * math.sqrt(tau2 + se**2)
    share = tau2 / (tau2 + _typical_variance(v)) if k > 1 else 0.0
    ratio = estimate / se if se else math.inf
    return Pooled(
        estimate=estimate,
        se=se,
        low=float(estimate - quantile * se),
        high=float(estimate + quantile * se),
        p=float(2 * statistic.sf(abs(ratio))),
        tau2=tau2,
        tau2_low=low2,
        tau2_high=high2,
        Q=q,
        df=df,
        p_heterogeneity=float(stats.chi2.sf(q, df)) if df else 1.0,
        I2=max(0.0, 100 * (q - df) / q) if q > 0 else 0.0,
        I2_from_tau2=100 * share,
        prediction_low=estimate - reach,
        prediction_high=estimate + reach,
        weights=w / w.sum(),
        k=k,
        method=method,
        hartung_knapp=hartung_knapp,
        level=level,
    )


def pool_effects(effects: Sequence[EffectSize], **options: object) -> Pooled:
    """Pool effect sizes of one measure; see :func:`pool` for the options.

    Parameters
    ----------
    effects
        At least one; the result stands on their scale of pooling.
    **options
        Passed to :func:`pool`.

    Raises
    ------
    ValueError
        When the measures differ.
    """
    measures = {effect.measure for effect in effects}
    if len(measures) != 1:
        raise ValueError(f"cannot pool {', '.join(sorted(measures)) or 'nothing'} together")
    values = [effect.value for effect in effects]
    return pool(values, [effect.variance for effect in effects], **options)  # type: ignore[arg-type]


def _effects(values: ArrayLike, variances: ArrayLike) -> tuple[NDArray, NDArray]:
    y = np.asarray(values, dtype=float)
    v = np.asarray(variances, dtype=float)
    if y.ndim != 1 or y.shape != v.shape or len(y) == 0:
        raise ValueError(f"{y.shape} effects with {v.shape} variances; give one variance each")
    if not (np.isfinite(y).all() and np.isfinite(v).all()):
        raise ValueError("an effect or variance is missing; leave the study out")
    if (v <= 0).any():
        raise ValueError("a variance is not positive; was a standard error or SD meant?")
    return y, v


def _no_tau2(y: NDArray, v: NDArray) -> float:
    return 0.0


def _typical_variance(v: NDArray) -> float:
    """Return the typical sampling variance that I2 compares tau2 with."""
    w = 1 / v
    return float((len(v) - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum()))


def cochran_q(values: ArrayLike, variances: ArrayLike, tau2: float = 0.0) -> float:
    """Return Cochran's Q, or its generalised form at a given tau2.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,).
    tau2
        Variance of true effects in the weights.
    """
    y, v = _effects(values, variances)
    w = 1 / (v + tau2)
    return float(w @ (y - w @ y / w.sum()) ** 2)


def tau2_dl(values: ArrayLike, variances: ArrayLike) -> float:
    """Return the variance of true effects after DerSimonian and Laird.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,).

    Returns
    -------
    float
        ``(Q - df) / (sum w - sum w**2 / sum w)``, not below 0
        (``dersimonian1986metaanalysis``).
    """
    y, v = _effects(values, variances)
    if len(y) == 1:
        return 0.0
    w = 1 / v
    excess = cochran_q(y, v) - (len(y) - 1)
    return max(0.0, excess / float(w.sum() - (w**2).sum() / w.sum()))


def tau2_reml(values: ArrayLike, variances: ArrayLike) -> float:
    """Return the variance of true effects by restricted maximum likelihood.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,).

    Returns
    -------
    float
        The maximum of the restricted likelihood over tau2 >= 0: searched on a grid, then by
        Brent's method, so that a local maximum is not taken for the global one.
    """
    y, v = _effects(values, variances)
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


def _score_root(y: NDArray, v: NDArray, low: float, high: float) -> float | None:
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
        Effects and sampling variances, shape (k,).
    level
        Level of the interval.

    Returns
    -------
    low, high
        The tau2 at which the generalised Q meets the upper and lower quantile of chi-squared
        with k - 1 degrees of freedom; 0 where it never does; NaN for a single study.
    """
    y, v = _effects(values, variances)
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


@dataclass(frozen=True)
class Egger:
    """Egger's regression test for small-study effects.

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

    intercept: float
    se: float
    t: float
    df: int
    p: float
    low: float
    high: float
    slope: float
    slope_se: float


def egger(values: ArrayLike, variances: ArrayLike, level: float = 0.95) -> Egger:
    """Test whether small studies show larger effects (``egger1997bias``).

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,), at least three, not all of one size.
    level
        Level of the limits.

    Returns
    -------
    Egger

    Raises
    ------
    ValueError
        With fewer than three studies or equal variances.
    """
    y, v = _effects(values, variances)
    se = np.sqrt(v)
    fit = _weighted_line(se, y, v)
    t = fit.slope / fit.slope_se
    reach = float(stats.t.ppf((1 + level) / 2, fit.df)) * fit.slope_se
    return Egger(
        intercept=fit.slope,
        se=fit.slope_se,
        t=t,
        df=fit.df,
        p=float(2 * stats.t.sf(abs(t), fit.df)),
        low=fit.slope - reach,
        high=fit.slope + reach,
        slope=fit.intercept,
        slope_se=fit.intercept_se,
    )


@dataclass(frozen=True)
class LimitEffect:
    """The effect expected of an infinitely large study, and its standard error."""

    estimate: float
    se: float


def peese(values: ArrayLike, variances: ArrayLike) -> LimitEffect:
    """Return the precision-effect estimate with standard error (PEESE).

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,), at least three, not all of one size.

    Returns
    -------
    LimitEffect
        Intercept of the weighted regression of effects on their variances.
    """
    y, v = _effects(values, variances)
    fit = _weighted_line(v, y, v)
    return LimitEffect(fit.intercept, fit.intercept_se)


@dataclass(frozen=True)
class _Line:
    intercept: float
    intercept_se: float
    slope: float
    slope_se: float
    df: int


def _weighted_line(x: NDArray, y: NDArray, v: NDArray) -> _Line:
    """Fit y on x with weights 1/v and a free scale, by the normal equations."""
    if len(y) < 3:
        raise ValueError("a regression on study size needs at least three studies")
    w = 1 / v
    x_mean = float(w @ x / w.sum())
    y_mean = float(w @ y / w.sum())
    spread = float(w @ (x - x_mean) ** 2)
    if spread <= 1e-12 * float(w @ x**2):
        raise ValueError("all studies are of one size; nothing to regress on")
    slope = float(w @ ((x - x_mean) * (y - y_mean))) / spread
    intercept = y_mean - slope * x_mean
    df = len(y) - 2
    scale = float(w @ (y - intercept - slope * x) ** 2) / df
    return _Line(
        intercept,
        math.sqrt(scale * (1 / float(w.sum()) + x_mean**2 / spread)),
        slope,
        math.sqrt(scale / spread),
        df,
    )


def leave_one_out(
    values: ArrayLike,
    variances: ArrayLike,
    labels: Sequence[str] | None = None,
    **options: object,
) -> pd.DataFrame:
    """Pool again and again, each time without one study.

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,), at least two.
    labels
        Names of the studies.
    **options
        Passed to :func:`pool`.

    Returns
    -------
    pandas.DataFrame
        One row a study left out: label, estimate, low, high, p, tau2, Q, I2.
    """
    y, v = _effects(values, variances)
    if len(y) < 2:
        raise ValueError("nothing is left when the only study is left out")
    names = [str(i + 1) for i in range(len(y))] if labels is None else list(labels)
    rows = []
    for i, name in enumerate(names):
        rest = pool(np.delete(y, i), np.delete(v, i), **options)  # type: ignore[arg-type]
        parts = ("estimate", "low", "high", "p", "tau2", "Q", "I2")
        rows.append({"label": name} | {part: getattr(rest, part) for part in parts})
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class TrimAndFill:
    """What trim and fill makes of a set of studies.

    Parameters
    ----------
    missing
        Studies thought to be missing.
    side
        ``left`` or ``right``: where.
    values, variances
        The studies with the filled ones behind them, shape (k + missing,).
    filled
        True for those that were filled in, same shape.
    pooled
        All of them, pooled.
    original
        The studies as they were, pooled.
    """

    missing: int
    side: str
    values: NDArray[np.float64] = field(repr=False, compare=False)
    variances: NDArray[np.float64] = field(repr=False, compare=False)
    filled: NDArray[np.bool_] = field(repr=False, compare=False)
    pooled: Pooled
    original: Pooled


def trim_and_fill(
    values: ArrayLike,
    variances: ArrayLike,
    *,
    side: str | None = None,
    estimator: str = "L0",
    method: str = "REML",
    hartung_knapp: bool = False,
    level: float = 0.95,
) -> TrimAndFill:
    """Make a funnel symmetric by mirroring its surplus studies (Duval and Tweedie).

    Parameters
    ----------
    values, variances
        Effects and sampling variances, shape (k,), at least three.
    side
        Where studies are thought to be missing, ``"left"`` or ``"right"``; by default the side
        away from the small studies (sign of Egger's intercept).
    estimator
        ``"L0"`` (from the sum of ranks) or ``"R0"`` (from the outermost run).
    method, hartung_knapp, level
        As in :func:`pool`; the same method centres the funnel.

    Returns
    -------
    TrimAndFill
        A way to see how sensitive a result is to one kind of missing studies, not a corrected
        truth.
    """
    y, v = _effects(values, variances)
    if len(y) < 3:
        raise ValueError("trim and fill needs at least three studies")
    if estimator not in ("L0", "R0"):
        raise ValueError(f"unknown estimator {estimator!r}; use L0 or R0")
    if side not in (None, "left", "right"):
        raise ValueError(f"unknown side {side!r}; use left or right")
    options = {"method": method, "hartung_knapp": hartung_knapp, "level": level}
    if side is None:
        side = "right" if _small_study_slope(y, v) < 0 else "left"
    sign = 1.0 if side == "left" else -1.0
    order = np.argsort(sign * y, kind="stable")
    x, u = (sign * y)[order], v[order]
    missing, centre, seen = 0, 0.0, set()
    while missing not in seen:
        seen.add(missing)
        kept = len(x) - missing
        centre = pool(x[:kept], u[:kept], method=method).estimate
        missing = min(_surplus(x - centre, estimator), len(x) - 1)
    kept = len(x) - missing
    centre = pool(x[:kept], u[:kept], method=method).estimate
    all_values = np.concatenate([y, sign * (2 * centre - x[kept:])])
    all_variances = np.concatenate([v, u[kept:]])
    return TrimAndFill(
        missing,
        side,
        all_values,
        all_variances,
        np.arange(len(all_values)) >= len(y),
        pool(all_values, all_variances, **options),  # type: ignore[arg-type]
        pool(y, v, **options),  # type: ignore[arg-type]
    )


def _small_study_slope(y: NDArray, v: NDArray) -> float:
    try:
        return egger(y, v).intercept
    except ValueError:  # equal sizes: no slope, take the usual side
        return 0.0


def _surplus(gaps: NDArray, estimator: str) -> int:
    """Estimate how many studies lie too many above the centre."""
    n = len(gaps)
    # Gaps that differ by rounding alone are ties, otherwise a symmetric funnel would not be.
    ranks = stats.rankdata(np.round(np.abs(gaps), 12))
    above = gaps > 0
    if estimator == "L0":
        raw = (4 * ranks[above].sum() - n * (n + 1)) / (2 * n - 1)
    else:
        below = ranks[~above]
        outermost = below.max() if len(below) else 0.0
        raw = float((ranks[above] > outermost).sum()) - 1
    return max(0, round(float(raw)))
