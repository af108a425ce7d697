"""Numbers that stand in the prose of chapter 5 as "computed here" follow from the evidence."""

import numpy as np
import pytest
from scipy import optimize, stats

from hardwired import evidence, models
from tests.book.reading import prose_of


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("05-wounds").replace(r"$\alpha$", "α")


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


def test_interval_of_the_carers_effect_size(prose, d):
    """0.07 to 1.68, by the noncentral t distribution."""
    t = d * np.sqrt(13 / 2)
    limits = [
        optimize.brentq(lambda nc, q=q: stats.nct.cdf(t, 24, nc) - q, -5, 10)
        for q in (0.975, 0.025)
    ]
    low, high = np.array(limits) / np.sqrt(13 / 2)

    assert f"(95 % CI {low:.2f} to {high:.2f}, by the noncentral" in prose


def test_exact_p_of_two_small_trials(prose):
    """Fisher's and Barnard's test of writing and of biofeedback."""
    writing, biofeedback = [[16, 5], [8, 11]], [[14, 2], [7, 9]]
    fisher = [stats.fisher_exact(counts).pvalue for counts in (writing, biofeedback)]
    barnard = [stats.barnard_exact(np.transpose(c)).pvalue for c in (writing, biofeedback)]

    assert f"{barnard[0]:.3f} by Barnard's exact test and {fisher[0]:.3f} by" in prose
    assert f"(p = {fisher[1]:.3f} by Fisher's test, {barnard[1]:.3f} by Barnard's" in prose
    assert f"Fisher's p = {stats.fisher_exact([[14, 7], [6, 13]]).pvalue:.3f})" in prose


def test_chi_squared_of_the_writing_trial_is_the_printed_one(prose):
    """16 of 21 and 8 of 19 give the printed percentages, chi squared and p."""
    result = stats.chi2_contingency([[16, 5], [8, 11]], correction=False)

    assert f"closed in {100 * 16 / 21:.1f} % of the first group and {100 * 8 / 19:.1f} %" in prose
    assert f"χ² = {result.statistic:.2f}, p = {result.pvalue:.3f}, 40 people" in prose


@pytest.mark.parametrize(
    ("events", "sizes", "sentence"),
    [
        ((16, 8), (21, 19), "a difference of {:.0f} points with an interval from {:.0f} to {:.0f}"),
        ((14, 6), (21, 19), "a difference of {:.0f} percentage points (95 % CI {:.0f} to {:.0f},"),
    ],
    ids=["writing", "timolol"],
)
def test_difference_of_shares(prose, events, sizes, sentence):
    """Newcombe's hybrid of two Wilson intervals."""
    shares = np.array(events) / sizes
    wilson = [
        stats.binomtest(k, n).proportion_ci(method="wilson")
        for k, n in zip(events, sizes, strict=True)
    ]
    difference = shares[0] - shares[1]
    low = difference - np.hypot(shares[0] - wilson[0].low, wilson[1].high - shares[1])
    high = difference + np.hypot(wilson[0].high - shares[0], shares[1] - wilson[1].low)

    assert sentence.format(*(100 * np.array([difference, low, high]))) in prose


@pytest.mark.parametrize(
    ("low", "high", "printed", "sentence"),
    [
        (1.11, 1.24, 5000, "some 5,000 or more of the 59,410 hip patients, {} %, must have"),
        (1.02, 1.41, 590, "the same sum gives some 590, about {} %"),
    ],
    ids=["patients' word", "readmission"],
)
def test_fewest_events_behind_an_odds_ratio(prose, low, high, printed, sentence):
    """A standard error of ln OR is at least 2 over the root of the events, whatever the groups."""
    least, events, most = (
        (2 * 2 * 1.96 / np.log((high + half) / (low - half))) ** 2 for half in (0.005, 0, -0.005)
    )

    assert events == pytest.approx(printed, rel=0.02)
    assert 0.85 * printed < least < most < 1.2 * printed
    assert sentence.format(round(100 * events / 59410)) in prose


def test_bound_on_the_standard_error_holds_for_every_table():
    """1/a + 1/b + 1/c + 1/d is at least 4 over the events, as the chapter says of two groups."""
    rng = np.random.default_rng(5)
    a, b, c, d = rng.integers(1, 10_000, (4, 2000)).astype(float)

    assert (1 / a + 1 / b + 1 / c + 1 / d >= 4 / (a + b)).all()


def test_heterogeneity_and_slant_of_the_teaching_set(prose):
    """0.37 (0.26 to 0.47), Q = 2.6 on 5 degrees of freedom, I2 = 0 %, Egger p = 0.08."""
    studies = evidence.studies(chapter="05-wounds", topic="stress-forest")
    z, low, high = np.arctanh(studies[["value", "low", "high"]].to_numpy(dtype=float)).T
    variance = ((high - low) / (2 * 1.96)) ** 2
    pooled = evidence.meta.pool(z, variance, method="DL")
    r = pooled.transformed(np.tanh)
    egger = evidence.meta.egger(z, variance)

    assert f"r = {r.estimate:.2f} ({r.low:.2f} to {r.high:.2f}), by the method of" in prose
    assert f"is {pooled.Q:.1f} on {pooled.df} degrees of freedom, I² = {pooled.I2:.0f} %)" in prose
    assert f"gives p = {egger.p:.2f}," in prose


def test_eleven_alike_by_luck(prose):
    """All eleven students one way, whichever: 2 in 2,048."""
    assert "has a chance of one in a thousand" in prose
    assert stats.binomtest(11, 11).pvalue == pytest.approx(0.001, abs=0.0001)


def test_shares_of_one_in_time_and_in_rate(prose):
    """24 % longer is 19 % slower, 40 % longer 29 %, and 25 % less time a rate 33 % higher."""
    slower = [round(100 * (1 - 1 / ratio)) for ratio in (48.7 / 39.3, 1.40)]

    assert f"24 % longer is {slower[0]} % slower" in prose
    assert f"40 % longer is 1/1.40 = {1 / 1.40:.2f} of the rate, {slower[1]} % slower" in prose
    assert f"25 % less time is a rate {100 * (1 / 0.75 - 1):.0f} % higher" in prose


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

    assert "be 20 % lower at every level of TGF-β" in prose
    assert f"that happens at time {resolution():.1f}" in prose
    assert f"resolves {100 * (1 - resolution(**weaker) / resolution()):.0f} % sooner" in prose


def test_share_that_keeps_the_wound_inflamed_depends_on_the_start(prose):
    """0.66 from the published start, 0.90 from half, 0.55 from double, and back at 0.54."""
    model = models.catalog()["wounds-macrophages"]
    start = {state.symbol: state.start for state in model.states}
    inflamed = last(0.9)

    switch = {n: border(**{k: n * v for k, v in start.items()}) for n in (0.25, 0.5, 1, 2)}

    assert f"the switch lies at α = {switch[1]:.2f}, from half of it at {switch[0.5]:.2f}" in prose
    assert f"from twice as much at {switch[2]:.2f}; from a quarter no" in prose
    assert switch[0.25] > 0.99
    assert f"it stays so until α falls below {border(**inflamed):.2f}" in prose


def test_palate_wound_of_other_students(prose):
    """40 % is three days, so that the vacation wound took 7.5 days; 1.75 mm in them is a speed."""
    vacation = 3 / 0.40

    assert f"implies {vacation:.1f} days for a vacation wound" in prose
    assert f"hence a speed of {1.75 / vacation:.3f} mm/day" in prose


def test_quarter_of_the_area_at_half_the_time(prose):
    """The area goes with the square of the radius."""
    run = models.catalog()["wounds-margin"].simulate([0.0, 39.3 / 2])

    assert run["A"][1] / run["A"][0] == pytest.approx(0.25, abs=0.001)
    assert "has only 25 % of its area left" in prose


def test_covered_wound_at_the_speed_of_eleven_days(prose):
    """4 mm in 11 days is 0.18 mm a day, and 3.5 mm at that speed are covered in 9.6 days."""
    speed = 2 / 11

    assert f"has a margin of 2/11 = {speed:.2f} mm/day" in prose
    assert f"would have been covered in {1.75 / speed:.1f} days, not 39" in prose
    assert f"palate (0.23) and arm ({speed:.2f})" in prose


def last(alpha: float, **start: float) -> dict[str, float]:
    """Return the model's state long after."""
    run = models.catalog()["wounds-macrophages"].simulate([0.0, 2000.0], alpha=alpha, **start)
    return {name: float(run[name][-1]) for name in ("phi_I", "phi_R", "T")}


def border(**start: float) -> float:
    """Return the share of inflammatory newcomers above which a start ends inflamed, or 1."""
    low, high = 0.3, 0.995
    if last(high, **start)["phi_I"] < 100:
        return 1.0
    while high - low > 1e-4:
        middle = (low + high) / 2
        low, high = (low, middle) if last(middle, **start)["phi_I"] > 100 else (middle, high)
    return (low + high) / 2


def resolution(**overrides: float) -> float:
    """First time with fewer than 100 macrophages, from an even split of the newcomers."""
    times = np.linspace(0, 40, 4001)
    run = models.catalog()["wounds-macrophages"].simulate(times, **{"alpha": 0.5, **overrides})
    return float(times[np.argmax(run["phi_I"] + run["phi_R"] < 100)])
