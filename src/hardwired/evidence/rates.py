"""Rates of events that printed rates, people and years imply."""

from __future__ import annotations

import math
from collections.abc import Sequence

from hardwired.evidence.intervals import normal_reach


def rate_reach(rate: float, people: float, years: float, level: float = 0.95) -> float:
    """Return half the width of the interval of a printed rate.

    Parameters
    ----------
    rate
        Events per 100 person-years.
    people, years
        Those at risk, and for how long each; their product is the time at risk.
    level
        Level of the interval.
    """
    return float(normal_reach(math.sqrt(rate * 100 / (people * years)), level))


def pooled_rate(rates: Sequence[float], people: Sequence[float], everybody: float) -> float:
    """Return the rate of several arms together.

    Parameters
    ----------
    rates
        Rates of the arms, in any unit.
    people
        People in each arm, ``nan`` where that is not known.
    everybody
        People in all these arms; what is not known is shared out in equal parts.

    Raises
    ------
    ValueError
        If the known arms hold more people than there are.
    """
    known = sum(n for n in people if not math.isnan(n))
    unknown = sum(math.isnan(n) for n in people)
    if known > everybody:
        raise ValueError(f"the arms hold {known:g} of {everybody:g} people; correct one of them")
    share = (everybody - known) / unknown if unknown else 0.0
    weights = [share if math.isnan(n) else n for n in people]
    return sum(w * r for w, r in zip(weights, rates, strict=True)) / sum(weights)
