"""Intervals that printed numbers imply, against print and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence
from hardwired.evidence import intervals
from hardwired.evidence.mended import forest_bathing


@pytest.mark.parametrize("p", [0.5, 0.05, 0.001])
def test_an_interval_from_p_gives_the_p_back(p: float) -> None:
    """Half the interval over 1.96 is the standard error that p was made with."""
    low, high = intervals.interval_from_p(0.2, p)
    se = (high - low) / (2 * 1.959964)

    assert (low + high) / 2 == pytest.approx(0.2)
    assert 2 * stats.norm.sf(0.2 / se) == pytest.approx(p, rel=1e-5)


def test_a_difference_of_arms_gives_the_printed_p() -> None:
    """Berger and colleagues print p = 0.29 for CD4 cells; 37.5 cells, -32 to 107."""
    row = evidence.table("hiv-stress-management-arms").set_index("outcome").loc["change of CD4"]
    arms = ([row[f"{arm}{end}"] for end in ("", "_low", "_high")] for arm in ("group", "control"))
    gap = intervals.difference_of_arms(*arms)

    assert 2 * stats.norm.sf(gap.value / gap.se) == pytest.approx(0.29, abs=0.005)
    assert (gap.low, gap.high) == pytest.approx((-32.3, 107.3), abs=0.05)


def test_the_reach_of_a_mean_is_that_of_scipy() -> None:
    """Student's t for few people, the normal for many, number by number of an array."""
    sample = np.array([4.0, 6.0, 5.0, 9.0, 7.0])
    low, high = stats.t.interval(0.95, 4, sample.mean(), stats.sem(sample))

    assert 2 * intervals.student_reach(stats.sem(sample), 5) == pytest.approx(high - low)
    assert intervals.normal_reach(np.array([1.0, 2.0]), 0.9) == pytest.approx([1.644854, 3.289707])


def test_limits_of_a_count_are_the_exact_ones() -> None:
    """Ten events: 4.80 to 18.39 (tables of Garwood); none: 0 to 3.69."""
    assert intervals.count_limits(10) == pytest.approx((4.795, 18.390), abs=1e-3)
    assert intervals.count_limits(0) == pytest.approx((0.0, 3.689), abs=1e-3)


def test_a_hazard_gives_its_risk_back() -> None:
    """31.7 per cent in six years is 0.0635 a year."""
    assert intervals.hazard_of_risk(0.317, 6) == pytest.approx(0.0635, abs=1e-4)
    assert 1 - np.exp(-6 * intervals.hazard_of_risk(np.array([0.1, 0.9]), 6)) == pytest.approx(
        [0.1, 0.9]
    )


def test_the_printed_table_of_forest_bathing_has_one_wrong_sign() -> None:
    """Exactly one printed difference lies far from the middle of its interval."""
    moved = [
        int((forest_bathing(panel)[0] != forest_bathing(panel, mended=False)[0]).sum())
        for panel in ("walking", "still")
    ]

    assert moved == [0, 1]
