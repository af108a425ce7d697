"""Power and sample size, before a study and after it.

Two-sided t tests of two independent groups, by the noncentral t distribution.
"""

from __future__ import annotations

import math
from collections.abc import Callable

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
