"""Numbers that stand in the prose of chapter 5 as "computed here" follow from the evidence."""

import re

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, with plain spaces and no markup of emphasis."""
    text = (ROOT / "book/chapters/05-wounds.md").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", text.replace("*", "").replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture(scope="module")
def carers():
    """Return the row of the carers' healing times."""
    return evidence.studies(chapter="05-wounds").loc["kiecolt1995-days"]


@pytest.fixture(scope="module")
def d(carers) -> float:
    """Cohen's d of the carers' study, from means and standard errors."""
    spreads = np.sqrt(13) * np.array([carers.spread_a, carers.spread_b])
    return (carers.mean_a - carers.mean_b) / np.sqrt(np.mean(spreads**2))


def test_interval_of_the_carers_delay(prose, carers):
    """9.4 days, 0.8 to 18.0, by Welch's t."""
    se = np.hypot(carers.spread_a, carers.spread_b)
    df = 12 * se**4 / (carers.spread_a**4 + carers.spread_b**4)
    low, high = 9.4 + se * stats.t.ppf([0.025, 0.975], df)

    assert f"9.4 days, and with these numbers anything from {low:.1f} to {high:.1f} days" in prose


def test_share_of_pairs_in_which_the_carer_is_slower(prose, d):
    """The probability of superiority is the normal integral of d over the root of 2."""
    assert f"in about {100 * stats.norm.cdf(d / np.sqrt(2)):.0f} of 100 such pairs" in prose


def test_powers_and_group_sizes(prose, d):
    """Power 0.58 and 0.19 at thirteen; 22 and 83 a group for 80 %."""
    full, half = (round(100 * evidence.power.t_test(share * d, 13)) for share in (1, 0.5))
    sizes = [evidence.power.t_test_size(size) for size in (0.88, 0.44)]

    assert f"in {full} of 100 repetitions. Had it been half as large, in {half}." in prose
    assert f"needs {sizes[0]} in each group if d is 0.88, and {sizes[1]} if it is 0.44" in prose


def test_exact_p_of_two_small_trials(prose):
    """Fisher's test of writing (16 of 21 v 8 of 19) and relaxation (14 of 16 v 7 of 16)."""
    writing = stats.fisher_exact([[16, 5], [8, 11]]).pvalue
    relaxation = stats.fisher_exact([[14, 2], [7, 9]]).pvalue

    assert f"it gives p = {writing:.3f}" in prose
    assert f"(Fisher's exact p = {relaxation:.3f}, computed here)" in prose


def test_heterogeneity_and_slant_of_the_teaching_set(prose):
    """0.36 (0.27 to 0.45), Q = 2.8 on 5 degrees of freedom, I2 = 0 %, Egger p = 0.13."""
    studies = evidence.studies(chapter="05-wounds", topic="stress-forest")
    z, variance = np.arctanh(studies["value"]), 1 / (studies["n_total"] - 3)
    pooled = evidence.meta.pool(z, variance, method="DL")
    r = pooled.transformed(np.tanh)
    egger = evidence.meta.egger(z, variance)

    assert f"r = {r.estimate:.2f} ({r.low:.2f} to {r.high:.2f}), by the method of" in prose
    heterogeneity = f"Q = {pooled.Q:.1f} on {pooled.df} degrees of freedom, I² = {pooled.I2:.0f} %"
    assert heterogeneity in prose
    assert f"Egger's, gives p = {egger.p:.2f}" in prose


def test_range_of_the_correlation_in_24_men(prose):
    """Fisher's interval of r = 0.59 with 24 people."""
    low, high = np.tanh(np.arctanh(0.59) + np.array([-1.96, 1.96]) / np.sqrt(21))

    assert f"from {low:.2f} to {high:.2f} in size" in prose


def test_area_of_the_model_carer_when_controls_close(prose):
    """4 % of the area is left on day 39.3; the areas never differ by more than 11 %, on day 22."""
    model = models.catalog()["wounds-margin"]
    days = np.linspace(0, 50, 1001)
    slow = model.simulate(days, **model.scenarios["carers"])["A"]
    fast = model.simulate(days)["A"]
    left = np.interp(39.3, days, slow) / slow[0]
    gap = (slow - fast) / slow[0]

    assert f"shrunk to {100 * left:.0f} % of its first area" in prose
    assert f"by more than {100 * gap.max():.0f} % of the first one" in prose
    assert f"which is on day {days[gap.argmax()]:.0f}" in prose


@pytest.mark.parametrize(
    ("overrides", "ratio"),
    [({"alpha": 0.572}, 1.24), ({"alpha": 0.597}, 1.40)],
    ids=["24 percent longer", "40 percent longer"],
)
def test_share_that_delays_resolution_as_in_people(prose, overrides, ratio):
    """The alpha printed in the text stretches resolution by 24 and by 40 %."""
    assert f"{overrides['alpha']}" in prose
    assert resolution(**overrides) / resolution() == pytest.approx(ratio, abs=0.005)


def test_weaker_call_resolves_sooner(prose):
    """With recruitment at 80 % resolution comes 22 % sooner than at time 18.7."""
    parameters = {p.symbol: p.value for p in models.catalog()["wounds-macrophages"].parameters}
    weaker = {f"tau{n}": 0.8 * parameters[f"tau{n}"] for n in (1, 2, 3, 4)}

    assert f"happens at time {resolution():.1f}" in prose
    assert f"resolves {100 * (1 - resolution(**weaker) / resolution()):.0f} % sooner" in prose


def resolution(**overrides: float) -> float:
    """First time with fewer than 100 macrophages, from an even split of the newcomers."""
    times = np.linspace(0, 40, 4001)
    run = models.catalog()["wounds-macrophages"].simulate(times, **{"alpha": 0.5, **overrides})
    return float(times[np.argmax(run["phi_I"] + run["phi_R"] < 100)])
