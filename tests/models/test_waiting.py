"""Episodes in windows of six weeks: counted, kept, and chosen by a clinic."""

from __future__ import annotations

import numpy as np
import pytest

from hardwired.models.catalogue import shedding, shedding_runs, waiting


def test_an_episode_counts_in_the_window_in_which_it_begins() -> None:
    """A run of positive swabs across the border of two windows counts once, in the first."""
    swabs = np.zeros((1, 85))
    swabs[0, [1, 2, 41, 42, 43, 50]] = 1e4

    assert waiting.count(swabs).tolist() == [[2, 1]]


def test_what_is_under_way_on_day_nought_began_before() -> None:
    """A positive swab on day 0 and 1 is no new episode."""
    swabs = np.zeros((1, 43))
    swabs[0, [0, 1]] = 1e4

    assert waiting.count(swabs).tolist() == [[0]]


def test_admission_looks_at_the_next_window() -> None:
    """Windows 3, 1, 2, 2 admitted at two: 3 and 2 have a next window, with 1 and 2."""
    found = waiting.admit(np.array([[3, 1, 2, 2]]), 2)

    assert (found.admitted, found.before, found.after) == (2, 2.5, 1.5)
    assert (found.fall, found.fewer) == (pytest.approx(40.0), 50.0)


def test_a_diary_after_admission_is_compared_with_itself() -> None:
    """Windows 3, 1, 2, 2: admitted on the 3 compares 1 with 2; the second 2 has no pair."""
    found = waiting.recruit(np.array([[3, 1, 2, 2]]), 2)

    assert (found.admitted, found.at_admission, found.before, found.after) == (1, 3.0, 1.0, 2.0)
    assert (found.fewer, found.more) == (0.0, 100.0)


def test_the_error_of_a_fall_is_that_of_drawing_people_again() -> None:
    """The jackknife agrees with a bootstrap over people within a tenth."""
    counts = waiting.windows()
    rng = np.random.default_rng(2)
    drawn = [waiting.recruit(counts[rng.integers(0, 60, 60)], 2).fall for _ in range(400)]

    assert waiting.recruit(counts, 2).error == pytest.approx(np.std(drawn), rel=0.1)


@pytest.mark.parametrize("spread", [0.0, 0.5, 1.0])
def test_the_fall_of_unequal_people_is_that_of_a_simulation(spread: float) -> None:
    """Three hundred thousand people with their own rates, admitted by the diary or before it."""
    rng = np.random.default_rng(3)
    shape = 1 / spread**2 if spread else 0
    rates = rng.gamma(shape, 1.6 / shape, 300_000) if spread else np.full(300_000, 1.6)
    counts = rng.poisson(rates[:, None], (rates.size, 3))

    assert waiting.admit(counts[:, :2], 2).fall == pytest.approx(
        waiting.door(1.6, spread, 2), abs=0.5
    )
    assert waiting.recruit(counts, 2).fall == pytest.approx(0, abs=0.7)


@pytest.mark.ring("test")
def test_kept_windows_are_what_the_simulator_gives() -> None:
    """The first window of the kept run, drawn again from the same seed."""
    rng = np.random.default_rng(waiting.SEED)
    days = waiting.WINDOW_DAYS
    again = shedding_runs.daily_swabs(shedding.published(), waiting.PEOPLE, days, rng)
    kept = waiting.windows()

    assert kept.shape == (waiting.PEOPLE, waiting.NUMBER)
    assert waiting.count(again)[:, 0].tolist() == kept[:, 0].tolist()


def test_kept_windows_agree_with_the_kept_cohort() -> None:
    """Episodes a year of both runs agree within three standard errors."""
    a = waiting.windows().mean(axis=1) * 365 / waiting.WINDOW_DAYS
    b = shedding_runs.full_cohort().episodes
    error = np.hypot(a.std(ddof=1), b.std(ddof=1)) / np.sqrt(waiting.PEOPLE)

    assert abs(a.mean() - b.mean()) < 3 * error
