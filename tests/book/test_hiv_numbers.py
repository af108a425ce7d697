"""Numbers that stand in the prose of chapter 7 as "computed here" follow from the evidence."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.evidence.conversions import odds_ratio_from_r
from hardwired.evidence.intervals import difference_of_arms, interval_from_p
from tests.book.reading import prose_of


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("07-hiv")


@pytest.fixture(scope="module")
def studies() -> pd.DataFrame:
    """Return the chapter's rows of evidence."""
    return evidence.studies(chapter="07-hiv")


@pytest.fixture(scope="module")
def arms() -> pd.DataFrame:
    """Return the arms of the Swiss trial, by outcome."""
    return evidence.table("hiv-stress-management-arms").set_index("outcome")


def test_depressed_men_lost_cells_faster_by_38_percent(prose, studies):
    """81 against 59 cells a microlitre and year."""
    row = studies.loc["burack1993-slope"]
    faster = 100 * (row.mean_a / row.mean_b - 1)

    assert f"about {-row.mean_a:.0f} of these cells" in prose
    assert f"the others about {-row.mean_b:.0f}: a fall that was {faster:.0f} % faster" in prose


def test_hazards_behind_the_six_year_risks(prose, studies):
    """0.009 to 0.268 a year; each class has 2.0 to 3.3 times the hazard of the one below."""
    risk = studies.loc[studies["topic"] == "viral-load", "value"].to_numpy(dtype=float) / 100
    hazard = -np.log(1 - risk) / 6

    steps = [f"{factor:.1f}" for factor in hazard[1:] / hazard[:-1]]

    assert f"hazards from {hazard[0]:.3f} to {hazard[-1]:.3f} a year" in prose
    assert f"by a factor of {steps[0]}, {steps[1]}, {steps[2]} and {steps[3]}." in prose


def test_upper_limits_from_no_event(prose):
    """Poisson: no infection in 1,593 couple-years; 3.00 events one-sided, 3.69 two-sided."""
    one, two = (-np.log(tail) for tail in (0.05, 0.025))
    rates = [100 * count / 1593 for count in (one, two)]

    assert two == pytest.approx(stats.chi2.ppf(0.975, 2) / 2)
    assert f"= {one:.2f}, and {one:.2f} in 1,593 couple-years is {rates[0]:.2f} per 100" in prose
    assert f"= {two:.2f} events, or {rates[1]:.2f} per 100 couple-years" in prose
    mistake = f"limit is {rates[0]:.2f} per 100 couple-years, and the upper end of the two-sided"
    assert f"{mistake} interval {rates[1]:.2f}" in prose


def test_doubled_hazard_as_risk(prose):
    """31.7 becomes 53.4, 5.4 becomes 10.5 and 80 becomes 96 %."""
    risk = {start: 1 - (1 - start / 100) ** 2 for start in (31.7, 5.4, 80.0)}

    assert f"0.683 × 0.683 = {1 - risk[31.7]:.3f}. His risk is {100 * risk[31.7]:.1f} %" in prose
    ratio, points = risk[31.7] / 0.317, 100 * risk[31.7] - 31.7
    assert f"That is {ratio:.2f} times the first risk, and {points:.1f} percentage points" in prose
    low, high = 100 * risk[5.4], 100 * risk[80.0]
    assert f"5.4 % to {low:.1f} %, nearly double; at the top it takes 80 % to {high:.0f} %" in prose


def test_four_steps_of_25_points_make_the_whole(prose, studies):
    """1.19 to the fourth is 2.01, where 2.02 is printed."""
    step, whole = (studies.loc[f"pence2018-death{n}", "value"] for n in (25, 100))

    assert f"1.19⁴ = {step**4:.2f}, and {whole} is printed" in prose


def test_course_adherence_and_trial_on_one_scale(prose, studies):
    """Odds ratios of 1.24 and 2.0 beside 2.33; START as a correlation is 0.07."""
    course, taken = (
        odds_ratio_from_r(studies.loc[name, "value"]).estimate
        for name in ("chida2009adverse-progression", "gonzalez2011-adherence")
    )
    deferred = 1 / studies.loc["start2015-events", "value"]
    table = np.array([[42, 4685 / 2 - 42], [96, 4685 / 2 - 96]])
    r = np.sqrt(stats.chi2_contingency(table, correction=False)[0] / 4685)

    assert f"has an r of {r:.2f}. On one scale" in prose
    assert f"by the same arithmetic the START trial has an r of {r:.2f}." in prose
    assert f"0.059 is an odds ratio of about {course:.2f} between the worse" in prose
    assert f"hazard ratio, turned round, is {deferred:.2f}" in prose
    assert f"make an odds ratio of {taken:.1f}." in prose
    assert f"progression is an odds ratio of about {course:.2f}." in prose


def test_p_behind_an_interval_of_the_trial_in_san_francisco(prose, studies):
    """Among 110 men 0.33 (0.15 to 0.69) means p = 0.004."""
    row = studies.loc["carrico2019-unsuppressed"]
    z = np.log(row.value) / ((np.log(row.high) - np.log(row.low)) / 3.92)

    assert f"risk ratio {row.value}, {row.low} to {row.high}" in prose
    assert f"The interval implies p = {2 * stats.norm.sf(abs(z)):.3f} for the second" in prose


def difference(row):
    """Give the difference of two printed arms: value, standard error and limits."""
    arms = ([row[f"{arm}{end}"] for end in ("", "_low", "_high")] for arm in ("group", "control"))
    gap = difference_of_arms(*arms)
    return gap.value, gap.se, gap.low, gap.high


def test_swiss_difference_and_the_people_it_would_need(prose, arms):
    """37.5 cells (-32 to 107), p = 0.29; 367 in each arm for 80 % power."""
    gap, se, low, high = difference(arms.loc["change of CD4"])
    p = 2 * stats.norm.sf(gap / se)
    spread = se / np.sqrt(2) * np.sqrt(52)
    size = evidence.power.t_test_size(gap / spread)

    words = f"the difference is {gap}, with an interval from −{-low:.0f} to {high:.0f}, and p = "
    assert f"{words}{p:.2f}" in prose
    assert size == pytest.approx(370, abs=10)
    assert "about 370 people in each arm" in prose
    assert 2 * size / 104 == pytest.approx(7, abs=0.3)


def test_swiss_mood(prose, arms):
    """-2.1 points (-3.7 to -0.6), p = 0.008 from the printed arms."""
    gap, se, low, high = difference(arms.loc["change of depression"])
    p = 2 * stats.norm.sf(abs(gap / se))

    assert f"the difference is −{-gap:.1f} points (−{-low:.1f} to −{-high:.1f})" in prose
    assert f"p is {p:.3f}; the paper prints {arms.loc['change of depression', 'p']}" in prose


def test_intervals_behind_two_p_values(prose, studies):
    """0.02 to 0.40 and 0.002 to 0.85."""
    first = interval_from_p(*_value_and_p(studies, "jiang2021-cd4-after"))
    later = interval_from_p(*_value_and_p(studies, "jiang2021-cd4-later"))

    words = f"{first[0]:.2f} to {first[1]:.2f}, and from {later[0]:.3f} to {later[1]:.2f}"
    assert f"They run from {words}" in prose


def test_what_the_pooled_effect_would_be_in_cells(prose, studies, arms):
    """A d of 0.214 at the Swiss spread is 39 cells and needs 344 in each arm; 68 on average."""
    d = studies.loc["jiang2021-cd4-after", "value"]
    spread = difference(arms.loc["change of CD4"])[1] * np.sqrt(26)

    assert f"it is some {d * spread:.0f} cells" in prose
    assert evidence.power.t_test_size(d) == pytest.approx(340, abs=5)
    assert f"nineteen trials had {1300 / 19:.0f} on average" in prose


def test_powers_of_ten_as_a_factor(prose):
    """A fall by 0.56 powers of ten is 3.6-fold."""
    assert f"by 0.56 powers of ten, {10**0.56:.1f}-fold" in prose


def test_depression_after_the_groups_in_uganda(prose):
    """2 of 578 and 160 of 562."""
    assert f"160 of 562: {200 / 578:.1f} % against {16000 / 562:.0f} %" in prose


def test_model_under_a_drug(prose):
    """One line over the first week halves in 1.7 days; 0.3 % is left after two weeks."""
    model = models.catalog()["hiv-decay"]
    days = np.linspace(0, 7, 71)
    slope = np.polyfit(days, np.log(model.simulate(days)["V_share"]), 1)[0]
    left = 100 * model.simulate([14.0])["V_share"][0]

    assert f"the model halves in {-np.log(2) / slope:.1f} days" in prose
    assert f"after two weeks the model has {left:.1f} % of the virus left" in prose


def test_too_little_drug_leaves_a_fifth(prose):
    """With an efficacy of 0.7 the new balance is 22 % of the old one, and it is below on day 90."""
    model = models.catalog()["hiv-dynamics"]
    run = {"eps_R": 0.7, "t_treat": 60.0}
    old, new = (model.simulate([0.0], **o)["V_ss"][0] for o in ({}, {"beta": 1e-7 * 0.3}))
    low, later = model.simulate([76.0, 90.0], **run)["V"]

    assert f"a new balance at {100 * new / old:.0f} % of the old one" in prose
    assert low < later < new


def test_with_too_little_drug_the_lowest_virus_comes_after_two_weeks():
    """With 0.7 the virus is lowest 14 to 18 days after treatment began, and climbs from then."""
    days = np.arange(60.0, 101.0)
    virus = models.catalog()["hiv-dynamics"].simulate(days, eps_R=0.7, t_treat=60.0)["V"]

    lowest = days[virus.argmin()] - 60
    assert 13 <= lowest <= 17
    assert (np.diff(virus[days >= 60 + lowest]) > 0).all()


def test_enough_drug_drives_the_virus_below_one_copy_within_a_month():
    """With 0.9, treated from day 60, less than one copy is left on day 90."""
    virus = models.catalog()["hiv-dynamics"].simulate([90.0], eps_R=0.9, t_treat=60.0)["V"]

    assert virus[0] < 1


def test_the_model_doubles_too_fast(prose):
    """6.3 hours between days 2 and 4, where people's virus needed 15.6."""
    two, four = models.catalog()["hiv-dynamics"].simulate([2.0, 4.0], t_treat=np.inf)["V"]

    hours = 48 * np.log(2) / np.log(four / two)
    assert f"It doubles in {hours:.1f} hours and people's virus in 15.6" in prose


def test_cells_of_the_model_keep_the_level_they_find():
    """Untreated, the target cells change by less than 1 % between day 60 and a year."""
    days = np.arange(60.0, 366.0, 5)
    cells = models.catalog()["hiv-dynamics"].simulate(days, t_treat=np.inf)["T"]

    assert np.ptp(cells) / cells[-1] < 0.01


def test_thresholds_and_the_step_of_peers(prose):
    """0.804, 0.884 and 0.918; from 46 to 25 %; R0 between 4.8 and 6.2."""
    model = models.catalog()["hiv-adherence"]
    needed = [f"{model.simulate([1.0], R_0=r)['a_crit'][0]:.3f}" for r in (4.9, 8, 11)]
    before, after = 100 * model.simulate([0.8, 0.8 * 1.06])["V_share"]
    edge = [1 / (1 - 0.99 * share) for share in (0.8, 0.8 * 1.06)]

    near = 100 * model.simulate([0.8, 0.8 * 1.06], R_0=4.9)["V_share"]

    assert near[1] == pytest.approx(0, abs=1e-9)
    assert f"takes the virus from {near[0]:.1f} % to none" in prose
    assert f"for 4.9, 8.0 and 11 are {needed[0]}, {needed[1]} and {needed[2]}." in prose
    assert f"falls from {before:.0f} to {after:.0f} % of its untreated level" in prose
    assert f"only if R_0 lies between {edge[0]:.1f} and {edge[1]:.1f}" in prose.replace("$", "")


def _value_and_p(studies: pd.DataFrame, name: str) -> tuple[float, float]:
    return float(studies.loc[name, "value"]), float(studies.loc[name, "p"])
