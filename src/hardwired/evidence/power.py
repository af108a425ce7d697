"""Power and sample size, before a study and after it.

Two-sided tests of two independent groups, two proportions and a correlation. The t test uses
the noncentral t distribution; proportions and correlations use normal approximations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import optimize, stats

_MOST = 10_000_000


def t_test(d: float, n1: int, n2: int | None = None, *, alpha: float = 0.05) -> float:
    """Return the power of a two-sided t test of two independent groups.

    Parameters
    ----------
    d
        True standardised difference.
    n1, n2
        Sizes of the groups; equal groups when `n2` is left out.
    alpha
        Significance level.

    Returns
    -------
    float
        Probability of p < alpha in either direction.
    """
    n2 = n1 if n2 is None else n2
    if min(n1, n2) < 2:
        raise ValueError("each group needs at least two people")
    df = n1 + n2 - 2
    shift = abs(d) / math.sqrt(1 / n1 + 1 / n2)
    bound = stats.t.ppf(1 - alpha / 2, df)
    wrong_sign = float(stats.nct.cdf(-bound, df, shift)) if shift < 8 else 0.0  # under 1e-15
    return float(stats.nct.sf(bound, df, shift)) + wrong_sign


def t_test_size(d: float, power: float = 0.8, *, alpha: float = 0.05) -> int:
    """Return the people needed in each of two equal groups.

    Parameters
    ----------
    d
        Standardised difference to be found, not zero.
    power
        Wanted power.
    alpha
        Significance level.
    """
    return _smallest(lambda n: t_test(d, n, alpha=alpha), power, d)


def detectable_d(
    n1: int, n2: int | None = None, power: float = 0.8, *, alpha: float = 0.05
) -> float:
    """Return the standardised difference that a study of this size finds with the wanted power.

    Parameters
    ----------
    n1, n2
        Sizes of the groups; equal groups when `n2` is left out.
    power
        Wanted power, above alpha.
    alpha
        Significance level.

    Returns
    -------
    float
        The smallest such d.
    """
    if not alpha < power < 1:
        raise ValueError("the wanted power lies between alpha and 1")
    return float(optimize.brentq(lambda d: t_test(d, n1, n2, alpha=alpha) - power, 0.0, 20.0))


def correlation(r: float, n: int, *, alpha: float = 0.05) -> float:
    """Return the power to find a correlation, by Fisher's z.

    Parameters
    ----------
    r
        True correlation.
    n
        People, at least 4.
    alpha
        Significance level.
    """
    if n < 4:
        raise ValueError("Fisher's z needs at least four people")
    return _two_sided(math.atanh(abs(r)) * math.sqrt(n - 3), alpha)


def correlation_size(r: float, power: float = 0.8, *, alpha: float = 0.05) -> int:
    """Return the people needed to find a correlation.

    Parameters
    ----------
    r
        Correlation to be found, not zero.
    power
        Wanted power.
    alpha
        Significance level.
    """
    return _smallest(lambda n: correlation(r, max(n, 4), alpha=alpha), power, r)


def proportions(
    p1: float, p2: float, n1: int, n2: int | None = None, *, alpha: float = 0.05
) -> float:
    """Return the power to tell two proportions apart (normal approximation).

    Parameters
    ----------
    p1, p2
        True proportions.
    n1, n2
        Sizes of the groups; equal groups when `n2` is left out.
    alpha
        Significance level.

    Returns
    -------
    float
        Power of the chi-squared test without correction.
    """
    n2 = n1 if n2 is None else n2
    mean = (n1 * p1 + n2 * p2) / (n1 + n2)
    null = math.sqrt(mean * (1 - mean) * (1 / n1 + 1 / n2))
    true = math.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    bound = stats.norm.ppf(1 - alpha / 2) * null
    gap = abs(p1 - p2)
    if true == 0:
        return float(gap > bound)
    return float(stats.norm.sf((bound - gap) / true) + stats.norm.cdf((-bound - gap) / true))


def proportions_size(p1: float, p2: float, power: float = 0.8, *, alpha: float = 0.05) -> int:
    """Return the people needed in each of two equal groups to tell two proportions apart.

    Parameters
    ----------
    p1, p2
        Proportions, not equal.
    power
        Wanted power.
    alpha
        Significance level.
    """
    return _smallest(lambda n: proportions(p1, p2, n, alpha=alpha), power, p1 - p2)


@dataclass(frozen=True)
class Exaggeration:
    """What becomes of a true effect in studies that reach significance.

    Parameters
    ----------
    power
        Probability of significance.
    type_s
        Share of significant results with the wrong sign.
    type_m
        Mean size of significant results over the true size.
    """

    power: float
    type_s: float
    type_m: float


def exaggeration(effect: float, se: float, *, alpha: float = 0.05) -> Exaggeration:
    """Return power, sign error and exaggeration of a normal estimate.

    Parameters
    ----------
    effect
        True effect, not zero.
    se
        Standard error of the estimate.
    alpha
        Significance level.

    Returns
    -------
    Exaggeration
        In closed form, from the truncated normal distribution.
    """
    if effect == 0 or se <= 0:
        raise ValueError("exaggeration needs an effect and a positive standard error")
    shift = abs(effect) / se
    bound = stats.norm.ppf(1 - alpha / 2)
    above, below = stats.norm.sf(bound - shift), stats.norm.cdf(-bound - shift)
    power = above + below
    # E|z| over both rejection regions: the mean of a normal truncated at the bounds.
    size = (
        shift * above
        + stats.norm.pdf(bound - shift)
        - (shift * below - stats.norm.pdf(-bound - shift))
    ) / power
    return Exaggeration(float(power), float(below / power), float(size / shift))


def _two_sided(shift: float, alpha: float) -> float:
    bound = stats.norm.ppf(1 - alpha / 2)
    return float(stats.norm.sf(bound - shift) + stats.norm.cdf(-bound - shift))


def _smallest(power_of: Callable[[int], float], power: float, effect: float) -> int:
    """Return the smallest size whose power reaches what is wanted."""
    if effect == 0:
        raise ValueError("no study finds an effect of zero")
    if not 0 < power < 1:
        raise ValueError("the wanted power lies between 0 and 1")
    low, high = 1, 2
    while power_of(high) < power:
        low, high = high, 2 * high
        if high > _MOST:
            raise ValueError(f"more than {_MOST} people would be needed")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power_of(middle) >= power else (middle, high)
    return high
