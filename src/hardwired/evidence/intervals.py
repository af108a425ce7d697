"""Intervals that printed numbers imply: of a mean, a count, a difference of arms, from a p."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import stats

from hardwired.evidence.effect_size import EffectSize, variance_from_interval


def normal_reach(se: Any, level: float = 0.95) -> Any:
    """Return half the width of a normal interval.

    Parameters
    ----------
    se
        Standard error, a number or an array.
    level
        Level of the interval.
    """
    return stats.norm.ppf((1 + level) / 2) * se


def student_reach(se: Any, n: Any, level: float = 0.95) -> Any:
    """Return half the width of the interval of a mean, by Student's t with n - 1 degrees.

    Parameters
    ----------
    se
        Standard error of the mean, a number or an array.
    n
        People behind it, at least 2.
    level
        Level of the interval.
    """
    return stats.t.ppf((1 + level) / 2, n - 1) * se


def interval_from_p(value: float, p: float, level: float = 0.95) -> tuple[float, float]:
    """Return the interval that belongs to an estimate and its two-sided p.

    Parameters
    ----------
    value
        The estimate, on a scale on which it is about normal with the null at 0.
    p
        Its two-sided p.
    level
        Level of the interval.

    Returns
    -------
    low, high
    """
    half = float(normal_reach(abs(value), level) / stats.norm.isf(p / 2))
    return value - half, value + half


def difference_of_arms(
    group: tuple[float, float, float],
    control: tuple[float, float, float],
    *,
    level: float = 0.95,
) -> EffectSize:
    """Return the difference of two arms from their means and intervals.

    Parameters
    ----------
    group, control
        Mean, lower and upper limit of each arm, in one unit.
    level
        Level of those limits.

    Returns
    -------
    EffectSize
        Group minus control; the arms are taken as independent.
    """
    variance = sum(variance_from_interval(*arm[1:], level=level) for arm in (group, control))
    return EffectSize(group[0] - control[0], variance, "mean difference", level)


def count_limits(events: int, level: float = 0.95) -> tuple[float, float]:
    """Return the exact Poisson limits of a count.

    Parameters
    ----------
    events
        What was counted.
    level
        Level of the interval.
    """
    tail = (1 - level) / 2
    low = float(stats.chi2.ppf(tail, 2 * events)) / 2 if events else 0.0
    return low, float(stats.chi2.ppf(1 - tail, 2 * events + 2)) / 2


def hazard_of_risk(risk: Any, time: float) -> Any:
    """Return the constant hazard behind a risk, ``-ln(1 - risk)/time``.

    Parameters
    ----------
    risk
        Share with the event by `time`, below 1; a number or an array.
    time
        Length of the follow-up.
    """
    return -np.log1p(-np.asarray(risk)) / time if np.ndim(risk) else -math.log1p(-risk) / time
