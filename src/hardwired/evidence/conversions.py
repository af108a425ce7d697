"""What an effect on one scale means on another.

Formulas: Cochrane conventions as told in ``harrer2021doing``, chapters 3 and 17.
"""

from __future__ import annotations

import math

from hardwired.evidence.effect_size import EffectSize


def _a(n1: int | None, n2: int | None) -> float:
    """Return the factor that links d and r: 4 for equal groups."""
    return 4.0 if n1 is None or n2 is None else (n1 + n2) ** 2 / (n1 * n2)


def r_from_d(
    d: float, variance: float = 0.0, *, n1: int | None = None, n2: int | None = None
) -> EffectSize:
    """Return the correlation that corresponds to a standardised difference.

    Parameters
    ----------
    d
        Cohen's d.
    variance
        Its variance, where known.
    n1, n2
        Sizes of the groups; equal groups are assumed without them.

    Returns
    -------
    EffectSize
        ``r = d / sqrt(d**2 + a)`` with ``a = (n1+n2)**2/(n1 n2)``, variance
        ``a**2 V / (d**2 + a)**3``.
    """
    a = _a(n1, n2)
    return EffectSize(d / math.sqrt(d**2 + a), a**2 * variance / (d**2 + a) ** 3, "r")


def d_from_odds_ratio(odds: float, variance: float = 0.0) -> EffectSize:
    """Return the standardised difference that corresponds to an odds ratio.

    Parameters
    ----------
    odds
        Odds ratio as printed.
    variance
        Variance of its logarithm, where known.

    Returns
    -------
    EffectSize
        ``d = ln(OR) sqrt(3) / pi`` (logistic distributions), variance ``3 V / pi**2``.
    """
    factor = math.sqrt(3) / math.pi
    return EffectSize(math.log(odds) * factor, variance * factor**2, "d")


def r_from_odds_ratio(odds: float, variance: float = 0.0) -> EffectSize:
    """Return the correlation that corresponds to an odds ratio, by way of d (equal groups).

    Parameters
    ----------
    odds
        Odds ratio as printed.
    variance
        Variance of its logarithm, where known.
    """
    d = d_from_odds_ratio(odds, variance)
    return r_from_d(d.value, d.variance)


def odds_ratio_from_r(r: float, variance: float = 0.0) -> EffectSize:
    """Return the odds ratio between equal groups that corresponds to a correlation, by way of d.

    Parameters
    ----------
    r
        Correlation, between -1 and 1.
    variance
        Its variance, where known.

    Returns
    -------
    EffectSize
        ``d = 2 r / sqrt(1 - r**2)`` and ``ln(OR) = d pi / sqrt(3)``, the inverse of
        :func:`r_from_odds_ratio`; variance by the delta method.
    """
    if not -1 < r < 1:
        raise ValueError("a correlation lies between -1 and 1")
    factor = 2 * math.pi / math.sqrt(3)
    slope = factor / (1 - r**2) ** 1.5
    return EffectSize(factor * r / math.sqrt(1 - r**2), slope**2 * variance, "odds ratio")


def _risk(baseline_risk: float) -> None:
    if not 0 < baseline_risk < 1:
        raise ValueError("the baseline risk is a proportion between 0 and 1")


def risk_ratio_from_odds_ratio(
    odds: float, baseline_risk: float, variance: float = 0.0
) -> EffectSize:
    """Return the risk ratio that an odds ratio means at a given risk in the comparison group.

    Parameters
    ----------
    odds
        Odds ratio as printed.
    baseline_risk
        Risk in the comparison group, between 0 and 1, taken as known.
    variance
        Variance of the logarithm of the odds ratio, where known.

    Returns
    -------
    EffectSize
        ``RR = OR / (1 - p0 + p0 OR)``, variance by the delta method.
    """
    _risk(baseline_risk)
    below = 1 - baseline_risk + baseline_risk * odds
    slope = (1 - baseline_risk) / below
    return EffectSize(math.log(odds / below), slope**2 * variance, "risk ratio")


def odds_ratio_from_risk_ratio(
    ratio: float, baseline_risk: float, variance: float = 0.0
) -> EffectSize:
    """Return the odds ratio that a risk ratio means at a given risk in the comparison group.

    Parameters
    ----------
    ratio
        Risk ratio as printed.
    baseline_risk
        Risk in the comparison group; ``ratio * baseline_risk`` must stay under 1.
    variance
        Variance of the logarithm of the risk ratio, where known.

    Returns
    -------
    EffectSize
        ``OR = RR (1 - p0) / (1 - RR p0)``, variance by the delta method.
    """
    _risk(baseline_risk)
    _risk(ratio * baseline_risk)
    rest = 1 - ratio * baseline_risk
    value = math.log(ratio * (1 - baseline_risk) / rest)
    return EffectSize(value, variance / rest**2, "odds ratio")


def number_needed_to_treat(difference: float) -> float:
    """Return how many must be treated for one more (or fewer) event.

    Parameters
    ----------
    difference
        Risk difference as a proportion, not zero.
    """
    if difference == 0:
        raise ValueError("no risk difference, no number needed to treat")
    return 1 / abs(difference)
