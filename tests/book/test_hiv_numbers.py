"""Numbers that stand in the prose of chapter 7 as "computed here" follow from the evidence."""

import re

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.evidence.intervals import difference_of_arms, interval_from_p
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, with plain spaces and no markup of emphasis."""
    text = (ROOT / "book/chapters/07-hiv.md").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", text.replace("*", "").replace("\N{NO-BREAK SPACE}", " "))


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
    """0.009 and 0.268 a year, a ratio of 29."""
    risk = studies.loc[studies["topic"] == "viral-load", "value"].to_numpy(dtype=float) / 100
    hazard = -np.log(1 - risk) / 6

    assert f"of {hazard[0]:.3f} and {hazard[-1]:.3f}" in prose
    assert f"It is {hazard[-1] / hazard[0]:.0f}, and it is the yardstick" in prose


def test_upper_limit_from_no_event(prose):
    """Poisson: no infection in 1,593 couple-years leaves at most 0.23 in 100 of them."""
    limit = 100 * stats.chi2.ppf(0.975, 2) / 2 / 1593

    assert f"upper limit: {limit:.2f} per 100 couple-years" in prose
    assert f"below {limit:.2f} per 100 couple-years with 95 % confidence" in prose


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


def test_shares_of_variance(prose, studies):
    """0.35 and 3.6 %, ten times as much."""
    course, taken = (
        100 * studies.loc[name, "value"] ** 2
        for name in ("chida2009adverse-progression", "gonzalez2011-adherence")
    )

    assert f"squared, it is {course:.2f} % of the variance" in prose
    assert f"missed treatment share {taken:.1f} %, ten times as much" in prose
    assert taken / course == pytest.approx(10, abs=0.5)


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
    assert f"That is {200 / 578:.1f} % against {16000 / 562:.0f} %" in prose


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


def test_thresholds_and_the_step_of_peers(prose):
    """0.804, 0.884 and 0.918; from 46 to 25 %; R0 between 4.8 and 6.2."""
    model = models.catalog()["hiv-adherence"]
    needed = [f"{model.simulate([1.0], R_0=r)['a_crit'][0]:.3f}" for r in (4.9, 8, 11)]
    before, after = 100 * model.simulate([0.8, 0.8 * 1.06])["V_share"]
    edge = [1 / (1 - 0.99 * share) for share in (0.8, 0.8 * 1.06)]

    assert f"for 4.9, 8.0 and 11 are {needed[0]}, {needed[1]} and {needed[2]}." in prose
    assert f"falls from {before:.0f} to {after:.0f} % of its untreated level" in prose
    assert f"only if R_0 lies between {edge[0]:.1f} and {edge[1]:.1f}" in prose.replace("$", "")


def _value_and_p(studies: pd.DataFrame, name: str) -> tuple[float, float]:
    return float(studies.loc[name, "value"]), float(studies.loc[name, "p"])
