"""Numbers that stand in the prose of chapter 1 as computed, and what it says of its model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.models.analysis.steady import Autonomous, steady_states
from hardwired.models.catalogue.channels import pulse_period, shortest_delay
from tests.book.reading import prose_of

PULSES = models.get("channels-cortisol-pulses")
RAT, MEN = 7.2, 66.0
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("01-hardwired")


@pytest.fixture(scope="module")
def ends() -> pd.DataFrame:
    """Return the two ends of the cold study, in per cent."""
    table = evidence.table("hardwired-cold-dose-response").set_index("outcome")
    return table[["lowest_stress", "highest_stress"]]


def pulses(**overrides: float) -> float:
    """Return the time between pulses once the start is forgotten, or infinity."""
    run = PULSES.simulate(np.arange(0.0, 4001.0, 2.0), rtol=1e-6, **overrides)
    late = run.t > 2600
    return pulse_period(run.t[late], run["o"][late])


def test_colds_in_four_ways(prose: str, ends: pd.DataFrame) -> None:
    """20 points, 74 % more, odds 2.4 times as high."""
    low, high = ends.loc["clinical cold"] / 100

    assert f'"{100 * (high - low):.0f} points", "{100 * (high / low - 1):.0f} % more' in prose
    assert f'"odds {high / (1 - high) / (low / (1 - low)):.1f} times as high"' in prose


@pytest.mark.parametrize(("n", "words"), [(50, "about 1 to 39"), (100, "about 7 to 33")])
def test_an_interval_that_would_be(prose: str, ends: pd.DataFrame, n: int, words: str) -> None:
    """What 50 or 100 people at each end would leave open."""
    low, high = ends.loc["clinical cold"] / 100
    error = math.sqrt((low * (1 - low) + high * (1 - high)) / n) * stats.norm.ppf(0.975)
    limits = [round(100 * (high - low + sign * error)) for sign in (-1, 1)]

    assert words == f"about {limits[0]} to {limits[1]}"
    assert words.removeprefix("about ") in prose


def test_colds_among_the_infected(prose: str, ends: pd.DataFrame) -> None:
    """36 and 52 %; with 36 % throughout, infections alone would give 33 % at the high end."""
    share = 100 * ends.loc["clinical cold"] / ends.loc["infection"]
    alone = ends.loc["infection", "highest_stress"] * share.iloc[0] / 100

    assert f"about {share.iloc[0]:.0f} % had a cold at the low end (27 of 74)" in prose
    assert f"about {share.iloc[1]:.0f} % at the high end (47 of 90" in prose
    assert f"from 27 to {alone:.0f} %, and not to 47" in prose


def test_r_and_p_of_the_trained_fit_58_people(prose: str) -> None:
    """An r of 0.31 has p = 0.018 with 58 people and 0.010 with the 68 who were trained."""

    def p(n: int) -> float:
        return float(2 * stats.t.sf(0.31 * math.sqrt((n - 2) / (1 - 0.31**2)), n - 2))

    fitting = min(range(10, 100), key=lambda n: abs(p(n) - 0.018))
    low, high = np.tanh(np.arctanh(0.31) + stats.norm.ppf([0.025, 0.975]) / math.sqrt(fitting - 3))

    assert f"belongs to about {fitting} people" in prose
    assert f"with 68, p would be {p(68):.3f}" in prose
    assert f"95 % interval of r is {low:.2f} to {high:.2f}" in prose


def test_two_experiments_compared_by_their_t(prose: str) -> None:
    """D = 1.38 and 0.69; they differ by 2.07 (z = 3.4) or by 0.69 (z = 1.1)."""
    table = evidence.table("hardwired-conditioning-groups").dropna(subset=["t_printed"])
    n, m, t = (table[c].to_numpy(dtype=float) for c in ("n_control", "n_taught", "t_printed"))
    d = np.abs(t) * np.sqrt(1 / n + 1 / m)
    error = np.sqrt(1 / n + 1 / m + d**2 / (2 * (n + m)))
    low, high = d - 1.96 * error, d + 1.96 * error
    spread = float(np.hypot(*error))

    assert f"d = {d[0]:.2f} ({low[0]:.2f} to {high[0]:.2f})" in prose
    assert f"B has {d[1]:.2f} ({MINUS}{-low[1]:.2f} to {high[1]:.2f}) in size" in prose
    assert f"differ by {d.sum():.2f} (z = {d.sum() / spread:.1f})" in prose
    assert f"the difference is {d[0] - d[1]:.2f} (z = {(d[0] - d[1]) / spread:.1f})" in prose


def test_power_of_the_two_experiments(prose: str) -> None:
    """38 and 59 of 100 at d = 0.8; 80 % from 1.37 and 1.03."""
    small, large = (evidence.power.t_test(0.8, *n) for n in ((9, 10), (15, 17)))

    assert f"find it in {100 * small:.0f} of 100 studies" in prose
    assert f"only from d = {evidence.power.detectable_d(9, 10):.2f}" in prose
    assert f"{100 * large:.0f} of 100 and {evidence.power.detectable_d(15, 17):.2f}" in prose


@pytest.mark.ring("test")
@pytest.mark.parametrize("p1", [10.0, 60.0, 120.0])
def test_without_a_delay_there_are_no_pulses(prose: str, p1: float) -> None:
    """From a drive of 10 to one of 120."""
    assert pulses(tau=0.0, p1=p1) == math.inf
    assert "did not pulse at any drive that we tried, from 10 to 120" in prose


def test_pulses_begin_at_a_delay_that_grows_with_the_drive(prose: str) -> None:
    """8.5 minutes at a drive of 30 and 16.7 at 50, so that a stronger drive silences pulses."""
    begin = [shortest_delay(PULSES, 2.0, 25.0, p1=p1) for p1 in (30.0, 50.0)]

    assert f"pulses begin at a delay of {begin[0]:.1f} minutes; at 15" in prose
    assert f"{begin[1]:.1f} minutes at $p_1$ = 50" in prose


@pytest.mark.ring("test")
def test_periods_of_the_rat(prose: str) -> None:
    """62 minutes at a delay of 15; 76 to 78 at 22 to 23, two minutes slower for each minute."""
    at = {tau: pulses(tau=tau) for tau in (15.0, 22.0, 23.0)}

    assert f"at 15 minutes they come every {at[15.0]:.0f}" in prose
    assert f"gives {at[22.0]:.0f} to {at[23.0]:.0f} minutes" in prose
    assert (at[22.0] - at[15.0]) / 7 == pytest.approx(2, abs=0.1)


@pytest.mark.ring("test")
def test_a_steroid_of_66_minutes_with_its_level_kept(prose: str) -> None:
    """Pulses from 22.7 minutes on, level at 15, every 187 at 30, and never every 77."""
    kept = {"t_half": MEN, "q": RAT / MEN}
    begin = shortest_delay(PULSES, 2.0, 40.0, **kept)

    assert f"pulses begin at a delay of {begin:.1f} minutes; at 15 the hormone is level" in prose
    assert pulses(tau=15.0, **kept) == math.inf
    assert f"at 30 it pulses every {pulses(tau=30.0, **kept):.0f} minutes" in prose
    assert pulses(tau=23.0, **kept) > 140


def test_a_steroid_of_66_minutes_with_the_output_kept(prose: str) -> None:
    """The level rises 2.4-fold, the receptor's feedback is near its end, and nothing pulses."""
    rest = [rested(t_half=t_half) for t_half in (RAT, MEN)]
    a, r, o = rest[1]
    x = o * r

    assert f"the resting level rises {o / rest[0][2]:.1f}-fold" in prose
    assert x**2 / (0.05 + x**2) > 0.94
    for tau in (15.0, 30.0, 60.0, 120.0, 300.0):
        model = Autonomous(PULSES, {"tau": tau, "t_half": MEN})
        assert model.eigenvalues(np.array([a, r, o])).real.max() < 0
    assert "no delay that we tried, up to five hours, makes pulses" in prose


def rested(**overrides: Any) -> np.ndarray:
    """Return ACTH, receptor and steroid of the one steady state."""
    found = steady_states(PULSES, tau=2.0, tries=20, upper=[10, 2, 40], **overrides)
    assert len(found) == 1
    return np.array([found[0].values[s.symbol] for s in PULSES.states])
