"""Effect sizes from printed summaries; what they mean on another scale stands in `conversions`.

Every function returns an :class:`EffectSize`, whose `value` and `variance` stand on the scale on
which effects are pooled: ratios as natural logarithms, correlations as Fisher's z where
:func:`fisher_z` made them. Its `estimate`, `low` and `high` stand on the scale of print.

Formulas: Cochrane conventions as told in ``harrer2021doing``, chapters 3 and 17.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy import special, stats

_LOG = ("odds ratio", "risk ratio", "hazard ratio", "rate ratio", "ratio of means")


@dataclass(frozen=True)
class EffectSize:
    """One effect with its sampling variance.

    Parameters
    ----------
    value
        The effect on the scale of pooling: the natural logarithm for ratios.
    variance
        Its sampling variance on that scale.
    measure
        ``d``, ``g``, ``r``, ``z``, ``mean difference``, ``risk difference``, ``odds ratio``,
        ``risk ratio``, ``hazard ratio``, ``rate ratio``, ``ratio of means``.
    level
        Level of `low` and `high`.
    df
        Degrees of freedom of the interval; infinite for a normal interval.

    Raises
    ------
    ValueError
        When the variance is negative or a number is not finite.
    """

    value: float
    variance: float
    measure: str
    level: float = 0.95
    df: float = math.inf

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and math.isfinite(self.variance)):
            raise ValueError(f"{self.measure} is not finite; is a group or a cell empty?")
        if self.variance < 0:
            raise ValueError(f"{self.measure} has a negative variance {self.variance}")

    @property
    def se(self) -> float:
        """Standard error on the scale of pooling."""
        return math.sqrt(self.variance)

    @property
    def estimate(self) -> float:
        """The effect as one prints it: ``exp(value)`` for ratios, ``tanh(value)`` for z."""
        return self._printed(self.value)

    @property
    def low(self) -> float:
        """Lower limit as one prints it."""
        return self.interval()[0]

    @property
    def high(self) -> float:
        """Upper limit as one prints it."""
        return self.interval()[1]

    def interval(self, level: float | None = None) -> tuple[float, float]:
        """Return the limits as one prints them.

        Parameters
        ----------
        level
            Level of the interval; the object's own by default.

        Returns
        -------
        low, high
        """
        reach = _quantile(self.level if level is None else level, self.df) * self.se
        return self._printed(self.value - reach), self._printed(self.value + reach)

    def _printed(self, value: float) -> float:
        if self.measure in _LOG:
            return math.exp(value)
        return math.tanh(value) if self.measure == "z" else value

    def __str__(self) -> str:
        low, high = self.interval()
        return (
            f"{self.measure} {self.estimate:.3g} ({100 * self.level:.3g} % interval "
            f"{low:.3g} to {high:.3g})"
        )


def _quantile(level: float, df: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level {level} is not between 0 and 1; write 0.95")
    upper = (1 + level) / 2
    return float(stats.norm.ppf(upper) if math.isinf(df) else stats.t.ppf(upper, df))


def sd_from_se(se: float, n: int) -> float:
    """Return the standard deviation of a group from the standard error of its mean.

    Parameters
    ----------
    se
        Standard error of the mean.
    n
        Size of the group.
    """
    return se * math.sqrt(n)


def variance_from_interval(
    low: float, high: float, *, level: float = 0.95, log: bool = False
) -> float:
    """Return the variance behind a symmetric normal interval.

    Parameters
    ----------
    low, high
        Limits as printed.
    level
        Level of the interval.
    log
        Whether it is symmetric on the logarithmic scale (ratios).

    Returns
    -------
    float
        ``((high - low) / (2 z))**2``, of the logarithms when `log`.
    """
    if log:
        low, high = math.log(low), math.log(high)
    return ((high - low) / (2 * _quantile(level, math.inf))) ** 2


def from_interval(
    estimate: float, low: float, high: float, measure: str, *, level: float = 0.95
) -> EffectSize:
    """Return the effect behind a printed estimate and its interval.

    Parameters
    ----------
    estimate, low, high
        As printed; ratios as ratios, correlations as correlations.
    measure
        See :class:`EffectSize`. For ``r`` the result is ``z``, where the interval is symmetric.
    level
        Level of the printed interval.

    Returns
    -------
    EffectSize
        On the scale of pooling.
    """
    if measure in _LOG:
        variance = variance_from_interval(low, high, level=level, log=True)
        return EffectSize(math.log(estimate), variance, measure, level)
    if measure == "r":
        variance = variance_from_interval(math.atanh(low), math.atanh(high), level=level)
        return EffectSize(math.atanh(estimate), variance, "z", level)
    return EffectSize(estimate, variance_from_interval(low, high, level=level), measure, level)


def mean_difference(
    m1: float, s1: float, n1: int, m2: float, s2: float, n2: int, *, pooled: bool = True
) -> EffectSize:
    """Return the difference of two means with its interval from Student's t.

    Parameters
    ----------
    m1, m2
        Means of the two groups.
    s1, s2
        Standard deviations in the same unit (from a standard error: :func:`sd_from_se`).
    n1, n2
        Sizes of the groups.
    pooled
        Whether one common variance is assumed (Student) or not (Welch).

    Returns
    -------
    EffectSize
        `value` = m1 - m2.
    """
    if pooled:
        variance = _pooled_sd(s1, n1, s2, n2) ** 2 * (1 / n1 + 1 / n2)
        df: float = n1 + n2 - 2
    else:
        v1, v2 = s1**2 / n1, s2**2 / n2
        variance = v1 + v2
        df = variance**2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    return EffectSize(m1 - m2, variance, "mean difference", df=df)


def _pooled_sd(s1: float, n1: int, s2: float, n2: int) -> float:
    if n1 < 2 or n2 < 2:
        raise ValueError("each group needs at least two people for a standard deviation")
    return math.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2))


def d_from_means(m1: float, s1: float, n1: int, m2: float, s2: float, n2: int) -> EffectSize:
    """Return Cohen's d of two groups.

    Parameters
    ----------
    m1, m2
        Means.
    s1, s2
        Standard deviations in the same unit (from a standard error: :func:`sd_from_se`).
    n1, n2
        Sizes of the groups.

    Returns
    -------
    EffectSize
        ``d = (m1 - m2) / pooled SD``, variance ``(n1+n2)/(n1 n2) + d**2 / (2 (n1+n2))``.
    """
    return _d((m1 - m2) / _pooled_sd(s1, n1, s2, n2), n1, n2)


def _d(d: float, n1: int, n2: int) -> EffectSize:
    return EffectSize(d, (n1 + n2) / (n1 * n2) + d**2 / (2 * (n1 + n2)), "d")


def correction_j(df: int) -> float:
    """Return the exact small-sample factor of Hedges' g.

    Parameters
    ----------
    df
        Degrees of freedom, n1 + n2 - 2.

    Returns
    -------
    float
        ``gamma(df/2) / (sqrt(df/2) gamma((df-1)/2))``, close to ``1 - 3/(4 df - 1)``.
    """
    if df < 2:
        raise ValueError("Hedges' g needs at least two degrees of freedom")
    half = df / 2
    return math.exp(special.gammaln(half) - special.gammaln(half - 0.5)) / math.sqrt(half)


def hedges_g(m1: float, s1: float, n1: int, m2: float, s2: float, n2: int) -> EffectSize:
    """Return Hedges' g of two groups: d without its small-sample bias.

    Parameters
    ----------
    m1, m2
        Means.
    s1, s2
        Standard deviations in the same unit.
    n1, n2
        Sizes of the groups.

    Returns
    -------
    EffectSize
        ``J d``, variance ``J**2`` times that of d.
    """
    return g_from_d(d_from_means(m1, s1, n1, m2, s2, n2).value, n1, n2)


def g_from_d(d: float, n1: int, n2: int) -> EffectSize:
    """Return Hedges' g from Cohen's d.

    Parameters
    ----------
    d
        Cohen's d.
    n1, n2
        Sizes of the groups.
    """
    j = correction_j(n1 + n2 - 2)
    return EffectSize(j * d, j**2 * _d(d, n1, n2).variance, "g")


def fisher_z(r: float, n: int) -> EffectSize:
    """Return Fisher's z of a correlation; its `estimate`, `low` and `high` are correlations.

    Parameters
    ----------
    r
        Correlation, between -1 and 1.
    n
        People, at least 4.

    Returns
    -------
    EffectSize
        ``atanh(r)``, variance ``1 / (n - 3)``.
    """
    if not -1 < r < 1:
        raise ValueError(f"r = {r} is no correlation between -1 and 1")
    if n < 4:
        raise ValueError("Fisher's z needs at least four people")
    return EffectSize(math.atanh(r), 1 / (n - 3), "z")


def _cells(a: float, b: float, c: float, d: float, need: str) -> tuple[float, float, float, float]:
    if min(a, b, c, d) < 0:
        raise ValueError("a count is negative")
    if a + b == 0 or c + d == 0:
        raise ValueError("a group is empty")
    empty = {"all": min(a, b, c, d) == 0, "events": min(a, c) == 0}[need]
    return (a + 0.5, b + 0.5, c + 0.5, d + 0.5) if empty else (a, b, c, d)


def odds_ratio(a: float, b: float, c: float, d: float) -> EffectSize:
    """Return the odds ratio of a 2x2 table (`value` is its logarithm).

    Parameters
    ----------
    a, b
        People with and without the event in the first group.
    c, d
        The same in the second group. One half is added to each cell when any is empty.

    Returns
    -------
    EffectSize
        ``ln(a d / (b c))``, variance ``1/a + 1/b + 1/c + 1/d``.
    """
    a, b, c, d = _cells(a, b, c, d, "all")
    return EffectSize(math.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d, "odds ratio")


def risk_ratio(a: float, b: float, c: float, d: float) -> EffectSize:
    """Return the risk ratio of a 2x2 table (`value` is its logarithm).

    Parameters
    ----------
    a, b
        People with and without the event in the first group.
    c, d
        The same in the second group. One half is added to each cell when a group has no event.

    Returns
    -------
    EffectSize
        ``ln((a/(a+b)) / (c/(c+d)))``, variance ``1/a - 1/(a+b) + 1/c - 1/(c+d)``.
    """
    a, b, c, d = _cells(a, b, c, d, "events")
    variance = 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)
    return EffectSize(math.log(a / (a + b) * (c + d) / c), variance, "risk ratio")


def risk_difference(a: float, b: float, c: float, d: float) -> EffectSize:
    """Return the difference of two risks.

    Parameters
    ----------
    a, b
        People with and without the event in the first group.
    c, d
        The same in the second group.

    Returns
    -------
    EffectSize
        ``p1 - p2``, variance ``p1 q1 / n1 + p2 q2 / n2``.
    """
    _cells(a, b, c, d, "all")
    n1, n2 = a + b, c + d
    p1, p2 = a / n1, c / n2
    return EffectSize(p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2, "risk difference")


def rate_ratio(events1: float, time1: float, events2: float, time2: float) -> EffectSize:
    """Return the ratio of two rates under Poisson counts (`value` is its logarithm).

    Parameters
    ----------
    events1, events2
        Events in each group, at least one.
    time1, time2
        Person-time at risk in the same unit.

    Returns
    -------
    EffectSize
        ``ln((e1/t1)/(e2/t2))``, variance ``1/e1 + 1/e2``.
    """
    if min(events1, events2) <= 0:
        raise ValueError("a rate ratio needs events in both groups")
    value = math.log(events1 / time1 * time2 / events2)
    return EffectSize(value, 1 / events1 + 1 / events2, "rate ratio")
