"""p values that can be recomputed from printed summaries.

Two-sided throughout. Means and spreads, counts, correlations and intervals; nothing needs the
rows of individual people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from hardwired.evidence.effect_size import mean_difference, variance_from_interval


@dataclass(frozen=True)
class TestResult:
    """A test statistic, its degrees of freedom (None where it has none) and its p value."""

    __test__ = False  # not a test class, whatever pytest thinks of the name

    statistic: float
    df: float | None
    p: float


def t_test(
    m1: float, s1: float, n1: int, m2: float, s2: float, n2: int, *, pooled: bool = True
) -> TestResult:
    """Return Student's (or Welch's) t test of two independent groups.

    Parameters
    ----------
    m1, m2
        Means.
    s1, s2
        Standard deviations in the same unit.
    n1, n2
        Sizes of the groups.
    pooled
        Student's test with one variance; Welch's when False.
    """
    effect = mean_difference(m1, s1, n1, m2, s2, n2, pooled=pooled)
    t = effect.value / effect.se
    return TestResult(t, effect.df, float(2 * stats.t.sf(abs(t), effect.df)))


def chi_squared(a: int, b: int, c: int, d: int, *, corrected: bool = False) -> TestResult:
    """Return Pearson's chi-squared test of a 2x2 table.

    Parameters
    ----------
    a, b
        People with and without the event in the first group.
    c, d
        The same in the second group.
    corrected
        Whether Yates' correction for continuity is made.
    """
    n = a + b + c + d
    margins = (a + b) * (c + d) * (a + c) * (b + d)
    if margins == 0:
        raise ValueError("a row or column of the table is empty")
    gap: float = abs(a * d - b * c)
    if corrected:
        gap = max(0.0, gap - n / 2)
    statistic = n * gap**2 / margins
    return TestResult(statistic, 1, float(stats.chi2.sf(statistic, 1)))


def fisher_exact(a: int, b: int, c: int, d: int) -> TestResult:
    """Return Fisher's exact test of a 2x2 table.

    Parameters
    ----------
    a, b
        People with and without the event in the first group.
    c, d
        The same in the second group.

    Returns
    -------
    TestResult
        `statistic` is the sample odds ratio; p adds the tables that are no more probable.
    """
    first, second, events = a + b, c + d, a + c
    if first == 0 or second == 0:
        raise ValueError("a group is empty")
    possible = np.arange(max(0, events - second), min(first, events) + 1)
    mass = stats.hypergeom.pmf(possible, first + second, events, first)
    here = mass[possible == a][0]
    p = float(min(1.0, mass[mass <= here * (1 + 1e-7)].sum()))
    odds = math.inf if b * c == 0 else a * d / (b * c)
    return TestResult(odds, None, p)


def correlation_test(r: float, n: int) -> TestResult:
    """Return the t test that a correlation is zero.

    Parameters
    ----------
    r
        Pearson's correlation.
    n
        People, at least 3.
    """
    if n < 3 or not -1 < r < 1:
        raise ValueError("the test needs a correlation under 1 in size and three people")
    t = r * math.sqrt((n - 2) / (1 - r**2))
    return TestResult(t, n - 2, float(2 * stats.t.sf(abs(t), n - 2)))


def from_interval(
    estimate: float, low: float, high: float, *, level: float = 0.95, log: bool = False
) -> TestResult:
    """Return the normal test behind a printed estimate and its interval.

    Parameters
    ----------
    estimate, low, high
        As printed.
    level
        Level of the interval.
    log
        Whether the effect is a ratio, so that its logarithm is tested against zero.
    """
    se = math.sqrt(variance_from_interval(low, high, level=level, log=log))
    if se == 0:
        raise ValueError("the interval has no width")
    z = (math.log(estimate) if log else estimate) / se
    return TestResult(z, None, float(2 * stats.norm.sf(abs(z))))
