"""Meta-analysis: pooling, of one literature or of many at once.

Everything works on effects with known variances (see :mod:`hardwired.evidence.effect_size`):
logarithms of ratios, Fisher's z of correlations; studies lie along the last axis.
How far true effects differ is told in `heterogeneity`, whether small studies show larger ones in
`small_studies`; both are offered here too.

Formulas: ``harrer2021doing`` (chapters 4, 5 and 9).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from hardwired.evidence.effect_size import EffectSize
from hardwired.evidence.heterogeneity import (
    cochran_q,
    q_profile,
    tau2_dl,
    tau2_none,
    tau2_reml,
    typical_variance,
)
from hardwired.evidence.literatures import Values, effects_of, plain
from hardwired.evidence.small_studies import Egger, egger

__all__ = ["METHODS", "Egger", "Pooled", "egger", "pool", "pool_effects"]

_TAU2 = {"REML": tau2_reml, "DL": tau2_dl, "fixed": tau2_none}
METHODS = tuple(_TAU2)
Number = Any
"""A float for one literature, an array of shape (literatures,) for several."""


@dataclass(frozen=True)
class Pooled:
    """The result of pooling: numbers, or arrays of shape (literatures,).

    Parameters
    ----------
    estimate, se, low, high
        Pooled effect, its standard error and limits.
    p
        Two-sided p of no effect (normal, or t with k - 1 for Hartung-Knapp).
    tau2
        Variance of true effects; 0 for the fixed-effect model.
    tau2_low, tau2_high
        Its limits by the Q profile; NaN for several literatures.
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
        Share of each study, summing to 1; shape (k,) or (literatures, k).
    k, method, hartung_knapp, level
        How it was made.
    """

    estimate: Number
    se: Number
    low: Number
    high: Number
    p: Number
    tau2: Number
    tau2_low: Number
    tau2_high: Number
    Q: Number
    df: int
    p_heterogeneity: Number
    I2: Number
    I2_from_tau2: Number
    prediction_low: Number
    prediction_high: Number
    weights: Values = field(repr=False, compare=False)
    k: int
    method: str
    hartung_knapp: bool
    level: float

    @property
    def tau(self) -> float:
        """Standard deviation of true effects."""
        return float(math.sqrt(self.tau2))

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
        Effects, shape (k,) or (literatures, k), on a scale with normal errors.
    variances
        Their sampling variances, of the same shape, positive.
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
    y, v = effects_of(values, variances)
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; use one of {', '.join(METHODS)}")
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1; write 0.95")
    k = y.shape[-1]
    if hartung_knapp and (method == "fixed" or k < 2):
        raise ValueError("Hartung-Knapp needs random effects and at least two studies")
    tau2 = _TAU2[method](y, v)
    w = 1 / (v + tau2[..., None])
    total = w.sum(axis=-1)
    estimate = (w * y).sum(axis=-1) / total
    se = total**-0.5
    law = stats.norm
    if hartung_knapp:
        gap = y - estimate[..., None]
        se = se * np.sqrt((w * gap**2).sum(axis=-1) / (k - 1))
        law = stats.t(k - 1)
    reach = law.ppf((1 + level) / 2) * se
    q, df = cochran_q(y, v), k - 1
    beyond = np.full_like(se, np.nan)
    if method != "fixed" and k > 2:
        beyond = stats.t.ppf((1 + level) / 2, k - 2) * np.sqrt(tau2 + se**2)
    one = y.ndim == 1
    low2, high2 = q_profile(y, v, level) if one else (np.full_like(se, np.nan),) * 2
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(se > 0, estimate / se, np.inf)
        excess = np.where(q > 0, np.maximum(0.0, 100 * (q - df) / q), 0.0)
    return Pooled(
        estimate=plain(estimate),
        se=plain(se),
        low=plain(estimate - reach),
        high=plain(estimate + reach),
        p=plain(2 * law.sf(np.abs(ratio))),
        tau2=plain(tau2),
        tau2_low=low2,
        tau2_high=high2,
        Q=plain(q),
        df=df,
        p_heterogeneity=plain(stats.chi2.sf(q, df)) if df else 1.0,
        I2=plain(excess),
        I2_from_tau2=plain(100 * tau2 / (tau2 + typical_variance(v)) if k > 1 else 0 * tau2),
        prediction_low=plain(estimate - beyond),
        prediction_high=plain(estimate + beyond),
        weights=w / total[..., None],
        k=k,
        method=method,
        hartung_knapp=hartung_knapp,
        level=level,
    )


def pool_effects(effects: Sequence[EffectSize], **options: Any) -> Pooled:
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
    return pool(values, [effect.variance for effect in effects], **options)
