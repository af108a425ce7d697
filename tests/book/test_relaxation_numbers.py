"""Numbers that stand in the prose of chapter 4 as computed here follow from evidence and models."""

import re

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.evidence.intervals import interval_from_p
from hardwired.models.catalogue import shedding, shedding_runs, waiting
from tests.book.reading import prose_of


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("04-relaxation", hyphen_for_minus=True)


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
    low, high = interval_from_p(both.value, float(both.p))
    raw_low, raw_high = interval_from_p(raw.value, float(raw.p))

    assert f"A p of {both.p} belongs to {z:.2f} standard errors" in prose
    assert f"{both.value}/{z:.2f} = {both.value / z:.2f}" in prose
    assert f"the interval runs from {low:.2f} to {high:.2f}." in prose
    assert f"That of the raw scores runs from {raw_low:.2f} to {raw_high:.2f}" in prose


def test_alternative_text_of_the_cortisol_figure(prose, studies):
    """Each interval that somebody who cannot see the figure is told."""
    for name in ("standardised", "raw", "all", "active", "passive"):
        row = studies.loc[f"sanada2016-{name}"]
        low, high = interval_from_p(row.value, float(row.p))
        said = f"{row.value:.2f} from {low:.2f} to {high:.2f}".replace("from -", "from minus ")

        assert said in prose


def test_an_experiment_of_twenty_by_fishers_test(prose, studies):
    """4 of 10 against none of 10: Fisher's exact p is 0.087 where 0.033 is printed."""
    row = studies.loc["buskekirschbaum2001-sores"]
    table = [[row.events_a, row.n_a - row.events_a], [row.events_b, row.n_b - row.events_b]]
    p = stats.fisher_exact(np.array(table, dtype=int)).pvalue

    assert f"for which p = {row.p} is printed; Fisher's exact test makes it {p:.3f} (ours)" in prose


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


def test_a_blocked_receptor_and_a_blunted_hormone(prose):
    """No receptor, no rise; half the adrenaline leaves 6.2 of 6.8, a quarter 5.4."""
    model = models.catalog()["relaxation-mobilisation"]
    minutes = np.linspace(0, 120, 1201)

    def peak(**changes):
        return model.simulate(minutes, **changes)["B"].max()

    assert peak(E_max=0.0) == pytest.approx(1, abs=1e-6)
    assert peak(E_max=0.0, dose=3.0) == pytest.approx(1, abs=1e-6)
    assert "and the number stays at 1 however much adrenaline there is" in prose
    assert (
        f"Halve the dose, and the peak falls from {peak():.1f} to {peak(dose=0.5):.1f}; "
        f"leave a quarter, and it is still {peak(dose=0.25):.1f}."
    ) in prose


def test_two_pools_cannot_undershoot(prose):
    """The number never sinks below the start, whatever the dose and the return."""
    model = models.catalog()["relaxation-mobilisation"]
    minutes = np.linspace(0, 600, 1201)

    assert "two pools that exchange cells cannot undershoot here" in prose
    for dose in (0.1, 1.0, 3.0):
        for back in (0.05, 0.1, 0.3):
            low = model.simulate(minutes, dose=dose, k_b=back, t_i=20.0)["B"].min()
            assert low > 1 - 1e-3


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


def test_half_the_killing_calls_up_more_t_cells(prose):
    """Sixty days after the killing was halved six people have over twice as many T cells."""

    def t_cells(f: float) -> float:
        cohort = shedding.Cohort(
            shedding.published(), shedding_runs.burnt_in()[:6], np.random.default_rng(4)
        )
        cohort.rates = shedding.published(f=f)
        cohort.advance(60)
        return float(cohort.t_cells().mean())

    usual = shedding.published().f
    assert "since more infected cells have called up more T cells" in prose
    assert t_cells(usual / 2) > 2 * t_cells(usual)


def test_half_the_release(prose):
    """Over the kept year 10 % of swabs against 16, and 8 episodes against 15."""
    model = models.catalog()["relaxation-hsv2"]
    half = model.simulate([365.0], **model.scenarios["half of the virus from neurons"])
    usual = model.simulate([365.0])
    shares, years = ([run[name][-1] for run in (half, usual)] for name in ("share", "per_year"))

    assert f"{shares[0]:.0f} % of swabs are positive against {shares[1]:.0f} %" in prose
    assert f"with {years[0]:.0f} episodes a year against {years[1]:.0f}" in prose


def test_a_diary_that_decides_makes_untreated_people_better(prose):
    """1.59 a window; 2.58 to 1.61 if the diary decides, 38 % fewer, in 65 % of the admitted."""
    counts = waiting.windows()
    two = waiting.admit(counts, 2)

    assert f"The mean was {counts.mean():.2f}." in prose
    assert f"these windows hold {two.before:.2f} on average" in prose
    assert f"and the next six weeks hold {two.after:.2f}." in prose
    assert f"That is {two.fall:.0f} % fewer, and {two.fewer:.0f} % of the admitted" in prose
    assert f"improve by {two.fall:.0f} % if the diary decides who is admitted" in prose


def test_in_the_order_of_the_study_nothing_is_left_to_regress(prose):
    """Admitted by an earlier window, the two windows of the diary differ by 3 % (error 2)."""
    counts = waiting.windows()
    two = waiting.recruit(counts, 2)

    assert f"They hold {two.before:.2f} and {two.after:.2f} episodes" in prose
    assert f"{two.fall:.0f} % fewer (standard error {two.error:.0f})" in prose
    assert f"Of the admitted {two.fewer:.0f} % had fewer than before" in prose
    assert f"and {two.more:.0f} % had more." in prose
    assert f"and by {two.fall:.0f} % in the order of the London study" in prose
    assert f"if they were admitted first, {two.fall:.0f} %" in prose
    assert abs(two.fall) < 2 * two.error


def test_people_who_are_not_alike_regress_less(prose):
    """41 % for people alike, 33 % if rates differ by half the mean, 21 % if by all of it."""
    mean = waiting.windows().mean()
    alike, half, whole = (waiting.door(mean, spread, 2) for spread in (0.0, 0.5, 1.0))

    assert f"the fall is then {half:.0f} % instead of the {alike:.0f} % of people" in prose
    assert f"if rates differ by as much as their mean, it is {whole:.0f} %" in prose


def test_alternative_text_of_the_regression_figure(prose):
    """Each mean and each fall that somebody who cannot see the figure is told."""
    counts = waiting.windows()
    for least in (2, 3, 4):
        found = waiting.recruit(counts, least)
        told = f"from {found.at_admission:.2f} to {found.before:.2f} and {found.after:.2f}"
        assert told in prose
    falls = [waiting.door(counts.mean(), spread, 2) for spread in (0.0, 0.5, 1.0)]
    assert (
        f"{falls[0]:.0f} for people alike, {falls[1]:.0f} and {falls[2]:.0f} for people more and "
        f"more unlike, and {waiting.admit(counts, 2).fall:.0f} in the model"
    ) in prose


def test_the_calculation_by_hand(prose):
    """Poisson with mean 1.6: 2.69 among those with two or more, and 40 % less afterwards."""
    counts = stats.poisson(1.6)
    none, one, more = counts.pmf(0), counts.pmf(1), counts.sf(1)
    admitted = (1.6 - one) / more

    assert f"e^{{-1.6}} = {none:.3f}$, one has $1.6\\,e^{{-1.6}} = {one:.3f}$" in prose
    assert f"so two or more have {more:.3f}." in prose
    assert f"{1.6 - one:.3f}/{more:.3f} = {admitted:.2f}$ each" in prose
    assert f"$1 - 1.6/{admitted:.2f} = {1 - 1.6 / admitted:.3f}$" in prose
    assert "so the second fall is nought" in prose


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / np.sqrt(values.size))


def test_many_swabs_tell_less_than_their_number(prose, studies):
    """23,683 days with an interval from 18.3 to 22.0 are worth about 1,800 independent ones."""
    row = studies.loc["tronstein2011-days"]
    days, share = int(row["n_total"]), row["events_a"] / row["n_total"]
    naive = 100 * 1.96 * np.sqrt(share * (1 - share) / days)
    effect = ((row["high"] - row["low"]) / 2 / naive) ** 2

    assert f"{days:,} days gave {100 * share:.1f} %" in prose
    assert f"as wide as about {round(days / effect, -2):,.0f} independent days" in prose
    assert re.search(rf"design effect`? of {effect:.0f}\)", prose)
