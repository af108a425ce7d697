"""Numbers that stand in the prose of chapter 3 as "computed here", and what it says of models."""

import re

import numpy as np
import pytest
from scipy import optimize, stats

from hardwired import evidence, models
from hardwired.models.catalogue import skin
from tests.book.reading import prose_of

DEATH = "death of a partner"


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("03-skin")


@pytest.fixture(scope="module")
def pairs():
    """Return the correlations of the chapter."""
    return evidence.table("skin-correlations").set_index("reference")


@pytest.fixture(scope="module")
def ratios():
    """Return the ratios of risk with stress or distress."""
    return evidence.table("skin-associations")


@pytest.fixture(scope="module")
def glands() -> dict[str, np.ndarray]:
    """Return a run of 200 days with 60 of stress, beside its start."""
    days = np.linspace(0, 200, 4001)
    run = models.get("skin-growing-glands").simulate(days)
    return {"days": days, **{name: run[name] / run[name][0] for name in ("x2", "x3", "A")}}


def by_fisher(r: float, n: int, covariates: int = 0) -> np.ndarray:
    """Return the 95 % limits of a correlation, with an observation lost for each covariate."""
    error = 1 / np.sqrt(n - 3 - covariates)
    return np.tanh(np.arctanh(r) + error * stats.norm.ppf([0.025, 0.975]))


def spread(row) -> float:
    """Return the standard error of the logarithm of a printed ratio."""
    return np.log(row.high / row.low) / (2 * stats.norm.ppf(0.975))


def signed(number: float) -> str:
    """Return a number with two decimals and a minus as it is printed."""
    return f"{number:.2f}".replace("-", "\N{MINUS SIGN}")


def test_interval_of_the_barrier_experiment_for_two_arms_and_for_three(prose):
    """R = 0.29: 0.03 to 0.51 with 57 people, 0.08 to 0.47 with 85."""
    two, three = by_fisher(0.29, 57), by_fisher(0.29, 85)

    assert f"\\operatorname{{arctanh}}(0.29) = {np.arctanh(0.29):.3f}" in prose
    assert f"r lies between {two[0]:.2f} and {two[1]:.2f}" in prose
    assert f"between {three[0]:.2f} and {three[1]:.2f} (computed here)" in prose


def test_difference_of_means_of_the_barrier_experiment(prose):
    """A point-biserial r of 0.29 is d = 0.61 in equal groups and 0.64 in groups of 2 to 1."""
    equal, unequal = (0.29 / np.sqrt((1 - 0.29**2) * p * (1 - p)) for p in (1 / 2, 2 / 3))

    assert f"d = {equal:.2f} in the first case and {unequal:.2f} in the second" in prose
    assert round(10 * stats.norm.cdf(equal)) == round(10 * stats.norm.cdf(unequal)) == 7
    assert "about seven in ten stressed people would lie behind" in prose


def test_two_readings_of_ten_per_cent(prose):
    """27 or 20 % where 30 % is usual: speeds 0.88 and 0.63, half-times 4.4 and 6.2 h."""
    speeds = [skin.share_of_speed(0.30, less) for less in (0.27, 0.20)]
    calm = np.log(2) / (-np.log(0.70) / 2)

    assert f"= {speeds[0]:.2f}$ of the ordinary one" in prose
    assert f"first reading and {speeds[1]:.2f} in the second" in prose
    half = [calm, *(calm / speed for speed in speeds)]
    assert "from {:.1f} to {:.1f} or to {:.1f} hours".format(*half) in prose


def test_intervals_of_the_two_correlations_with_acne(prose, pairs):
    """A partial correlation pays for four covariates: 0.20 to 0.84; 0.03 to 0.41 without."""
    changes, levels = (pairs.loc[key] for key in ("chiu2003response", "yosipovitch2007study"))
    first = by_fisher(changes.r, changes.n, changes.covariates)
    second = by_fisher(levels.r, levels.n, levels.covariates)

    assert f"the first interval is {first[0]:.2f} to {first[1]:.2f}" in prose
    assert f"without any, {second[0]:.2f} to {second[1]:.2f} (computed here)" in prose


def test_two_studies_leave_hartung_and_knapp_nearly_the_whole_range(prose, pairs):
    """With k = 2 the t of one degree of freedom gives -0.99 to 1.00."""
    two = pairs.loc[["chiu2003response", "yosipovitch2007study"]]
    pooled = evidence.meta.pool(
        np.arctanh(two.r), 1 / (two.n - 3 - two.covariates), method="DL", hartung_knapp=True
    )

    low, high = np.tanh([pooled.low, pooled.high])
    assert f"from {signed(low)} to {high:.2f} here" in prose


def test_memory_and_record_of_psoriasis_differ_by_more_than_chance_explains(prose, ratios):
    """Z = 2.7 for 3.4 (1.8 to 6.4) against 1.2 (0.8 to 1.8)."""
    memory, record = ratios.iloc[0], ratios.iloc[1]
    z = np.log(memory.estimate / record.estimate) / np.hypot(spread(memory), spread(record))

    assert f"(z = {z:.1f} for the difference of the logarithms, computed here)" in prose


def test_a_recorded_bereavement_leaves_four_per_cent(prose, ratios):
    """The upper limit of 1.01 (0.98 to 1.04) is an excess of four per cent."""
    row = ratios[(ratios["exposure"] == DEATH) & (ratios["disease"] == "onset of psoriasis")].iloc[
        0
    ]

    assert f"{row.estimate:.2f} ({row.low:.2f} to {row.high:.2f})" in prose
    assert round(100 * (row.high - 1)) == 4
    assert "an excess of four per cent at most" in prose


def test_share_of_the_excess_that_siblings_carry(prose):
    """9.1, 6.5 and 6.0 in 1,000 person-years: 0.5 of 3.1, about a sixth."""
    exposed, siblings, population = 9.1, 6.5, 6.0

    assert f"Of the excess of {exposed - population:.1f}, siblings share" in prose
    assert f"siblings share {siblings - population:.1f}, about a sixth (computed here)" in prose
    assert (siblings - population) / (exposed - population) == pytest.approx(1 / 6, abs=0.01)


def test_siblings_and_the_depressed_differ_by_a_ratio_with_wide_limits(prose, ratios):
    """1.64 (1.27 to 2.12) beside 1.66 (1.24 to 2.22): limits of 0.67 and 1.46 for the ratio."""
    rows = ratios[ratios["reference"] == "dai2020bidirectional"].set_index("exposure")
    sibling, patient = rows.loc["depression of a sibling"], rows.loc["major depression"]
    error = np.hypot(spread(sibling), spread(patient)) * stats.norm.ppf([0.025, 0.975])
    low, high = sibling.estimate / patient.estimate * np.exp(error)

    assert f"limits of {low:.2f} to {high:.2f} for the ratio of the two (computed here)" in prose


def test_contrast_of_mild_and_severe_psoriasis_is_within_chance(prose):
    """-1.95 (-3.91 to 0.00) against -0.61 (-1.61 to 0.38): z = -1.2."""
    width = 2 * stats.norm.ppf(0.975)
    z = (-1.95 + 0.61) / np.hypot(3.91 / width, (1.61 + 0.38) / width)

    assert f"(z = \N{MINUS SIGN}{-z:.1f}, computed here)" in prose


def test_arms_of_22_to_25_show_differences_above_four_fifths_of_a_deviation(prose):
    """The smallest arm has 80 % power at 0.86, the largest at 0.81."""
    assert evidence.power.t_test(0.80, 25) < 0.80 <= evidence.power.t_test(0.87, 22)
    assert "80 % power only for differences above 0.8 standard deviations" in prose


def test_no_usual_test_gives_the_printed_p_of_13_and_3_in_20(prose):
    """Fisher 0.003, chi squared 0.001, with Yates 0.004, and 0.007 is printed."""
    table = [[13, 7], [3, 17]]
    fisher = stats.fisher_exact(table).pvalue
    plain, yates = (stats.chi2_contingency(table, correction=c).pvalue for c in (False, True))

    assert f"Fisher's exact test gives p = {fisher:.3f}" in prose
    assert f"χ² test {plain:.3f}, or {yates:.3f} with Yates's correction" in prose


@pytest.mark.parametrize(
    ("shape", "words"), [(1.0, "= 23.5$ and 42.5 days"), (2.0, "give 55 and 74")]
)
def test_medians_that_one_ratio_and_one_gap_allow(prose, shape, words):
    """1.81 and 19 days: 23.5 and 42.5 with a constant hazard, 55 and 74 with one that rises."""
    quick = 19 / (1.81 ** (1 / shape) - 1)
    run = models.get("skin-clearing").simulate([1.0], kappa=shape)
    numbers = [float(number) for number in re.findall(r"\d+(?:\.\d)?", words)]

    assert [run["m_0"][0], run["m_1"][0]] == pytest.approx([quick, quick + 19], rel=0.002)
    assert numbers == pytest.approx([quick, quick + 19], abs=0.6)
    assert words in prose


@pytest.mark.parametrize(("length", "ends"), [(1.0, 0.0), (4.0, 1.0), (7.0, 1.0)])
def test_a_push_of_one_day_fades_and_longer_ones_stay(prose, length, ends):
    """6,000 cells/mm2 a day make psoriasis in four or seven days and none in one."""
    run = models.get("skin-psoriasis").simulate([0.0, 1500.0], d=length)

    assert run["P_rel"][-1] == pytest.approx(ends, abs=0.01)
    assert "makes psoriasis if it lasts four or seven days and none if it lasts one" in prose


def surplus_of_dendritic_cells(t_cells: float) -> float:
    """Return supply less loss of dendritic cells where all the rest of the plaque stands still.

    The equations of shmarov2022individualised, solved by hand for a given number of T cells.
    """
    dendritic = t_cells * (1.51 + 0.0036) * 36.5 / 55
    drive = t_cells / 36.5
    stem = (0.0017635 * drive - 0.0036) / 1.8135e-5
    dividing = np.roots([-3.7321e-6, 0.0017562 * drive - 0.0036, 0.0015415 * drive * stem]).max()
    growth = ((stem + dividing) / 36.5) ** 4
    return float(6000 * growth / (3e12 + growth) + 1880 - (1.51 + 0.0036) * dendritic)


def test_skin_can_rest_in_two_states_and_balances_in_a_third(prose):
    """1,556, 1,897 and 4,783 T cells/mm2; the surplus grows through zero at the middle one."""
    grid = np.linspace(1400, 5000, 3601)
    surplus = np.array([surplus_of_dendritic_cells(t) for t in grid])
    turns = np.flatnonzero(np.diff(np.sign(surplus)))
    roots = [optimize.brentq(surplus_of_dendritic_cells, *grid[[i, i + 1]]) for i in turns]

    assert [round(root) for root in roots] == [1556, 1897, 4783]
    assert [bool(surplus[i + 1] > surplus[i]) for i in turns] == [False, True, False]
    assert "healthy skin with 1,556 T cells/mm² and psoriatic skin with 4,783" in prose
    assert "a third state, at 1,897, on which nothing can rest" in prose


def test_our_runs_meet_the_published_states_within_a_thousandth(prose):
    """1,556.09 T cells without a push that lasts and 4,783 after one, as the file has them."""
    model = models.get("skin-psoriasis")
    ends = [model.simulate([0.0, 2000.0], d=length)["T"][-1] for length in (1.0, 4.0)]

    assert ends == pytest.approx([1556.09, 4783.0], rel=1e-3)
    assert "our runs meet them within a thousandth" in prose


@pytest.mark.parametrize("days", [3.0, 7.0, 14.0])
def test_strength_times_length_decides_between_3_and_14_days(prose, days):
    """About 6,700 cells/mm2, within a tenth."""
    model = models.get("skin-psoriasis")
    ends = [
        model.simulate([0.0, 1500.0], sigma=total / days, d=days)["P_rel"][-1]
        for total in (0.9 * 6700, 1.1 * 6700)
    ]

    assert ends == pytest.approx([0.0, 1.0], abs=0.02)
    assert "about 6,700 cells/mm² for pushes between 3 and 14 days" in prose


def test_a_lasting_trickle_takes_health_away(prose):
    """27 cells/mm2 a day tip the skin and 26 do not; that is 1.4 % of the normal supply."""
    model = models.get("skin-psoriasis")
    ends = [
        model.simulate([0.0, 20000.0], sigma=sigma, d=1e6, t_on=0.0)["P_rel"][-1] > 0.5
        for sigma in (26.0, 27.1)
    ]

    assert ends == [False, True]
    assert round(100 * 27 / 1880, 1) == 1.4
    assert "need be only 27 cells/mm² a day, 1.4 % of the normal supply" in prose


def test_hormones_after_sixty_days_of_stress(prose, glands):
    """Cortisol 3.4 at its highest and 1.09 a month after the end, ACTH 0.61 then."""
    month = int(np.searchsorted(glands["days"], 110.0))

    assert f"cortisol has risen to {glands['x3'].max():.1f} times its baseline" in prose
    assert f"nearly normal, at {glands['x3'][month]:.2f}, and ACTH still at" in prose
    assert f"ACTH still at {glands['x2'][month]:.2f}" in prose
    assert f"grows to {glands['A'].max():.1f} times its mass" in prose


def days_to_recovery(**overrides: float) -> float:
    """Return the days after 60 of stress until ACTH and cortisol stay within 5 % of their start."""
    days = np.arange(0.0, 401.0, 0.25)
    run = models.get("skin-growing-glands").simulate(days, t_on=0.0, t_off=60.0, **overrides)
    away = [np.abs(run[name] / run[name][0] - 1) > 0.05 for name in ("x2", "x3")]
    return float(days[np.flatnonzero((away[0] | away[1]) & (days >= 61))[-1] + 1] - 60)


def test_days_until_the_axis_has_recovered(prose):
    """About 87 days, and 199 with the slower glands."""
    assert f"about {int(days_to_recovery())} days until both are within 5 %" in prose
    slower = round(days_to_recovery(h_P=20.0, h_A=30.0))
    assert f"later paper of the group {{cite:p}}`milo2025hormone` it takes about {slower}." in prose


@pytest.mark.parametrize("stress", [1.5, 2.0, 5.0, 10.0])
def test_cortisol_is_high_while_stress_lasts_whatever_its_strength(prose, stress):
    """The model cannot give the low cortisol of patients under strain."""
    days = np.linspace(21, 79, 300)
    run = models.get("skin-growing-glands").simulate(np.r_[0.0, days], u_s=stress)

    assert (run["x3"][1:] > run["x3"][0]).all()
    assert "whatever the input above 1, the model then gives more cortisol" in prose


def test_half_an_hour_of_stress_is_over_within_hours(prose):
    """Six hours after 30 minutes of stress both hormones are within 5 % of their start."""
    run = models.get("skin-growing-glands").simulate(
        [0.0, 20.0 + 8 / 24], t_on=20.0, t_off=20.0 + 0.5 / 24
    )

    for name in ("x2", "x3"):
        assert run[name][-1] / run[name][0] == pytest.approx(1, abs=0.05)
    assert "After half an hour of stress the model is quiet again within hours" in prose
