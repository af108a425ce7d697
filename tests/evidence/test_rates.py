"""Rates that printed rates, people and years imply."""

import math

import pytest
from scipy import stats

from hardwired.evidence.rates import pooled_rate, rate_reach


def test_the_reach_of_a_rate_is_that_of_its_count():
    """0.18 per 100 person-years of 3,344 people over 3.7 years are 22.3 deaths."""
    deaths = 0.18 * 3344 * 3.7 / 100

    assert rate_reach(0.18, 3344, 3.7) == pytest.approx(1.96 * 0.18 / math.sqrt(deaths), rel=1e-4)


def test_a_normal_reach_is_near_the_exact_limits_of_many_events():
    """A hundred events in 100 person-years: 0.80 to 1.20, exactly 0.81 to 1.22."""
    low, high = stats.chi2.ppf(0.025, 200) / 200, stats.chi2.ppf(0.975, 202) / 200

    assert rate_reach(100, 100, 1) / 100 == pytest.approx((high - low) / 2, abs=0.01)


def test_arms_without_a_count_share_the_rest():
    """Two of three arms unknown: each gets half of what is left."""
    assert pooled_rate([1.0, 2.0, 4.0], [10, math.nan, math.nan], 30) == pytest.approx(70 / 30)


def test_known_arms_are_weighted_by_their_people():
    """The mean of all people, not of arms."""
    assert pooled_rate([1.0, 2.0], [30, 10], 40) == pytest.approx(1.25)


def test_more_people_in_arms_than_there_are_is_refused():
    """One of the numbers is wrong."""
    with pytest.raises(ValueError, match="hold 40 of 30 people"):
        pooled_rate([1.0, 2.0], [30, 10], 30)
