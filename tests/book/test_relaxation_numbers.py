"""Numbers that stand in the prose of chapter 4 as computed here follow from evidence and models."""

import re

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.figures.chapters import relaxation_data
from hardwired.models.catalogue import shedding_runs, waiting
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, with plain spaces, hyphens for minus, no emphasis."""
    text = (ROOT / "book/chapters/04-relaxation.md").read_text(encoding="utf-8")
    plain = text.replace("*", "").replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")
    return re.sub(r"\s+", " ", plain)


@pytest.fixture(scope="module")
def studies():
    """Return the chapter's rows."""
    return evidence.studies(chapter="04-relaxation")


def test_power_of_fifteen_in_an_arm(prose):
    """80 % for 1.06 standard deviations, 26 % for half of one."""
    assert evidence.power.t_test(1.06, 15) == pytest.approx(0.80, abs=0.005)
    low = round(100 * evidence.power.t_test(0.5, 15))

    assert "only for a difference of about 1.06 standard deviations" in prose
    assert f"for half a standard deviation its power is about {low} %" in prose


def test_difference_of_two_invented_changes(prose):
    """Two standard errors of 4 make one of 5.7."""
    assert f"= {np.hypot(4, 4):.1f}$" in prose


def test_intervals_rebuilt_from_a_p(prose, studies):
    """0.41 with p = 0.025 is 2.24 errors of 0.18; 0.05 to 0.77; raw scores -0.42 to 0.48."""
    both, raw = studies.loc["sanada2016-all"], studies.loc["sanada2016-raw"]
    z = stats.norm.isf(float(both.p) / 2)
    low, high = relaxation_data.interval(both.value, float(both.p))
    raw_low, raw_high = relaxation_data.interval(raw.value, float(raw.p))

    assert f"A p of {both.p} belongs to {z:.2f} standard errors" in prose
    assert f"{both.value}/{z:.2f} = {both.value / z:.2f}" in prose
    assert f"the interval runs from {low:.2f} to {high:.2f}." in prose
    assert f"That of the raw scores runs from {raw_low:.2f} to {raw_high:.2f}" in prose


def test_alternative_text_of_the_cortisol_figure(prose, studies):
    """Each interval that somebody who cannot see the figure is told."""
    for name in ("standardised", "raw", "all", "active", "passive"):
        row = studies.loc[f"sanada2016-{name}"]
        low, high = relaxation_data.interval(row.value, float(row.p))
        said = f"{row.value:.2f} from {low:.2f} to {high:.2f}".replace("from -", "from minus ")

        assert said in prose


def test_share_of_the_variance(prose, studies):
    """Squared, r = 0.083 is 0.7 %."""
    r = studies.loc["chida2009-recurrence", "value"]

    assert f"squared, that is {100 * r**2:.1f} % of the variance" in prose


def test_lysis_and_lytic_units(prose):
    """What a loss of 28 % looks like at two ratios, in lytic units, and in the plateau."""
    model = models.catalog()["relaxation-lytic-units"]
    run = model.simulate([6.25, 100.0])
    plateau = model.simulate([100.0], k_left=1.0, A_left=0.72)["ratio"][0]
    said = [
        f"falls from {run['y'][n]:.1f} to {run['y_s'][n]:.1f} %, a loss of "
        f"{100 * (1 - run['y_s'][n] / run['y'][n]):.0f} %"
        for n in (1, 0)
    ]
    units = f"lytic units fall from {run['LU'][0]:.0f} to {run['LU_s'][0]:.0f}, by 28 %"

    assert f"At 100 to 1 lysis {said[0]}; at 6.25 to 1 it {said[1]}" in prose
    assert units in prose
    assert f"the ratio comes out at {plateau:.2f} for a plateau of 0.72" in prose


def test_killers_in_blood_during_and_after_adrenaline(prose):
    """4.5, 6.8, 3.9, 1.2 and 1.0 times the resting number."""
    model = models.catalog()["relaxation-mobilisation"]
    five, end, later, hour, two = model.simulate([0.0, 5.0, 20.0, 35.0, 60.0, 120.0])["B"][1:]

    assert (
        f"gives {five:.1f} times the resting number at 5 minutes, {end:.1f} at the end, "
        f"{later:.1f} a quarter of an hour later, {hour:.1f} at an hour and {two:.1f} at two."
    ) in prose


def test_shortfall_of_the_herpes_model(prose):
    """15.2 % (0.24) and 13.6 a year (0.29) in the kept run, below the printed intervals."""
    kept = shedding_runs.full_cohort()
    share, share_se = _mean(100 * kept.share)
    year, year_se = _mean(kept.episodes)

    assert kept.share.size == 60
    assert f"gives {share:.1f} % (standard error {share_se:.2f})" in prose
    assert f"and {year:.1f} episodes ({year_se:.2f})" in prose
    assert share < 16.4
    assert year < 13.9


def test_half_the_killing(prose):
    """41 % of swabs at day 30 and near 10 % after a year; a peak near 50 % about day 40."""
    model = models.catalog()["relaxation-hsv2"]
    half = model.simulate(np.arange(366.0), **model.scenarios["half of the killing"])["positive"]
    usual = model.simulate(np.arange(366.0))["positive"]

    assert f"Shedding climbs to {half[30]:.0f} % at day 30" in prose
    assert f"after a year it is near {half[365]:.0f} %" in prose
    assert half.max() == pytest.approx(49, abs=1)
    assert half.argmax() == pytest.approx(40, abs=1)
    assert np.argmax(half < usual) < 150


def test_half_the_release(prose):
    """Over the kept year 10 % of swabs against 16, and 8 episodes against 15."""
    model = models.catalog()["relaxation-hsv2"]
    half = model.simulate([365.0], **model.scenarios["half of the virus from neurons"])
    usual = model.simulate([365.0])
    shares, years = ([run[name][-1] for run in (half, usual)] for name in ("share", "per_year"))

    assert f"{shares[0]:.0f} % of swabs are positive against {shares[1]:.0f} %" in prose
    assert f"with {years[0]:.0f} episodes a year against {years[1]:.0f}" in prose


def test_untreated_people_get_better(prose):
    """1.59 a window; 2.58 to 1.61 after admission at two, and falls of 38, 52 and 64 %."""
    counts = waiting.windows()
    two, three, four = (waiting.admit(counts, n) for n in (2, 3, 4))

    assert f"The mean was {counts.mean():.2f}." in prose
    assert f"they hold {two.before:.2f} episodes on average" in prose
    assert f"the next six weeks hold {two.after:.2f}" in prose
    assert f"That is {two.fall:.0f} % fewer, and {two.fewer:.0f} % of the admitted" in prose
    assert f"the fall is {three.fall:.0f} %, at four or more {four.fall:.0f} %" in prose
    assert f"an untreated group can improve by {two.fall:.0f} %" in prose
    for found in (two, three, four):
        assert f"from {found.before:.2f} to {found.after:.2f}" in prose


def test_windows_before_a_bad_one_were_better(prose):
    """Regression runs backwards as well: about 1.6 before windows with two or more."""
    backwards = waiting.admit(waiting.windows()[:, ::-1], 2)

    assert backwards.after == pytest.approx(1.6, abs=0.05)
    assert "the windows before a bad one were better as well" in prose


def test_the_calculation_by_hand(prose):
    """Poisson with mean 1.6: 2.69 among those with two or more, and 40 % less afterwards."""
    counts = stats.poisson(1.6)
    none, one, more = counts.pmf(0), counts.pmf(1), counts.sf(1)
    admitted = (1.6 - one) / more

    assert f"e^{{-1.6}} = {none:.3f}$, one has $1.6\\,e^{{-1.6}} = {one:.3f}$" in prose
    assert f"so two or more have {more:.3f}." in prose
    assert f"{1.6 - one:.3f}/{more:.3f} = {admitted:.2f}$ each" in prose
    assert f"$1 - 1.6/{admitted:.2f} = {1 - 1.6 / admitted:.3f}$" in prose


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))
