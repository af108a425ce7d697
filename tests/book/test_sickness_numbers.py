"""Numbers that stand in the prose of chapter 2 as "computed here", and what it says of models."""

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.models.catalogue.sickness import ASEPTIC, HEALTH, SEPTIC, sepsis_outcome
from tests.book.reading import prose_of

HOURS = np.linspace(0, 14, 14001)


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, without markup."""
    return prose_of("02-sickness")


@pytest.fixture(scope="module")
def means():
    """Return the means of the 20 men of the opening."""
    return evidence.table("sickness-cytokine-means").set_index("time_h")


def peaks(**changed: float) -> tuple[float, float]:
    """Return the highest TNF (pg/ml) and temperature (degC) of the endotoxin model."""
    run = models.get("sickness-endotoxin").simulate(HOURS, **changed)
    return float(run["TNF"].max()), float(run["T"].max())


def error(row) -> float:
    """Return the standard error that a 95 % interval of a difference implies."""
    return (row["high"] - row["low"]) / (2 * stats.norm.ppf(0.975))


def of_logs(row) -> float:
    """Return the standard error of the logarithm of a ratio from its 95 % interval."""
    return np.log(row.high / row.low) / (2 * stats.norm.ppf(0.975))


def signed(number: float) -> str:
    """Return a number with one decimal and a minus as it is printed."""
    return f"{number:.1f}".replace("-", "\N{MINUS SIGN}")


def kept(levels, growth: float) -> np.ndarray:
    """Return how patients end whose mediator stands at a level from the first hour on."""
    levels = np.atleast_1d(np.asarray(levels, dtype=float))
    return sepsis_outcome(
        k_pg=np.full(levels.size, growth),
        k_cn=np.zeros(levels.size),
        s_c=0.1 * levels,
        C_A=levels,
    )


def test_course_of_the_twenty_men(prose, means):
    """TNF: 1, 119, 335; threehundredfold in two hours, a twentieth after six, a quarter at 3 h."""
    tnf = means["tnf_mean"]

    assert f"an average of {tnf[0]:.0f} to one of {tnf[1]:.0f} pg/ml" in prose
    assert f"it stood at {tnf[2]:.0f}" in prose
    assert 280 < tnf[2] / tnf[0] < 320
    assert 1 / 25 < tnf[6] / tnf[2] < 1 / 18
    assert tnf[3] / tnf[2] == pytest.approx(1 / 4, abs=0.02)


def test_half_lives_of_endotoxin_and_tnf(prose):
    """About 40 minutes and about half an hour, from the fitted rates."""
    rates = models.get("sickness-endotoxin").symbols
    endotoxin, tnf = (60 * np.log(2) / rates[name].value for name in ("kpe", "ktnf"))

    assert "gone in about 40 minutes, and half of the TNF in about half an hour" in prose
    assert endotoxin == pytest.approx(40, abs=3)
    assert tnf == pytest.approx(30, abs=3)


def test_two_devices_compared(prose):
    """13.7 points between implant and ear device, from -6.6 to 34.0."""
    table = evidence.table("sickness-vagus-acr20").set_index("reference")
    implant, ear = table.loc["tesser2025vagus"], table.loc["baker2023auricular"]
    gap = implant["difference_points"] - ear["difference_points"]
    reach = 1.96 * np.hypot(error(implant), error(ear))

    assert f"is {gap:.1f} points, with an interval from {signed(gap - reach)} to" in prose
    assert f"to {gap + reach:.1f}: they have not been shown to differ" in prose


def test_implant_trial_taken_apart(prose):
    """Two-sided p 0.04, NNT 8.5 (4 to 167), crude 11 points that hold zero, Fisher 0.07."""
    row = evidence.studies(chapter="02-sickness").loc["tesser2025-acr20"]
    p = 2 * stats.norm.sf(row.value / error(row))
    on, off = row.events_a / row.n_a, row.events_b / row.n_b
    spread = np.sqrt(on * (1 - on) / row.n_a + off * (1 - off) / row.n_b)
    counts = [[row.events_a, row.n_a - row.events_a], [row.events_b, row.n_b - row.events_b]]

    assert "gives a two-sided value of 0.04" in prose
    assert round(p, 2) == 0.04
    assert p / 2 == pytest.approx(0.0209, abs=0.002)
    assert f"number needed to treat of {100 / row.value:.1f}" in prose
    assert f"runs from {100 / row.high:.0f} to {100 / row.low:.0f}" in prose
    assert f"ignores the strata, is {100 * (on - off):.0f} points" in prose
    assert on - off - 1.96 * spread < 0 < on - off
    assert f"gives p = {stats.fisher_exact(counts).pvalue:.2f}" in prose


def test_what_ten_against_ten_can_find(prose):
    """0.31, 0.86, 42 %; 59 for a fall of 30 %."""
    reach = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    one = 0.69 * np.sqrt(2 / 10)

    assert f"0.69\\sqrt{{2/10}} = {one:.2f}" in prose
    assert f"= {reach * one:.2f}$ on the log scale" in prose
    assert f"= {np.exp(-reach * one):.2f}$" in prose
    assert f"about {2 * (reach * 0.69 / np.log(0.7)) ** 2:.0f} in each group" in prose


def test_fisher_on_the_iguanas(prose):
    """Five of five against none of seven: p = 0.0013."""
    p = stats.fisher_exact([[5, 0], [0, 7]]).pvalue

    assert f"gives p = {p:.4f}" in prose


def test_infections_of_the_trial_that_was_stopped(prose):
    """131 in 961 days and 85 in 751: 1.20 (0.92 to 1.58)."""
    ratio = (131 / 961) / (85 / 751)
    reach = np.exp(1.96 * np.sqrt(1 / 131 + 1 / 85))

    assert f"{ratio:.2f} times as high ({ratio / reach:.2f} to {ratio * reach:.2f})" in prose


def test_the_ratio_in_the_figure_of_deaths_is_that_of_the_counts():
    """19 of 101 against 34 of 99: 0.55 (0.34 to 0.89)."""
    row = evidence.table("sickness-fever-deaths").set_index("reference").loc["schortgen2012fever"]
    ratio = (19 / 101) / (34 / 99)
    reach = np.exp(1.96 * np.sqrt(1 / 19 - 1 / 101 + 1 / 34 - 1 / 99))

    assert [row["estimate"], row["low"], row["high"]] == [
        round(value, 2) for value in (ratio, ratio / reach, ratio * reach)
    ]


def test_the_tablet_halves_the_gain_and_leaves_the_cytokine(prose):
    """38.9 becomes 37.8 degrees, TNF stays at 394."""
    (tnf, hot), (same, eased) = peaks(), peaks(relief=0.5)

    assert f"from {hot:.1f} to {eased:.1f} °C and leaves TNF at {tnf:.0f} pg/ml" in prose
    assert same == pytest.approx(tnf)


def test_a_share_of_the_production_taken_away(prose):
    """0.8: 276 and 38.9; 0.7: 62 and 37.9; 0.5: next to no fever; 5: 1,961 and 0.2 more."""
    tnf, hot = peaks()
    (less, same), (little, warm), (_, cold) = (peaks(brake=share) for share in (0.8, 0.7, 0.5))
    much, hotter = peaks(brake=5.0)

    # The text rounds down to whole picograms.
    assert f"TNF peaks at {int(less)} pg/ml, {100 * (1 - less / tnf):.0f} % lower" in prose
    assert f"{same:.1f} °C (" in prose
    assert f"{same:.1f}" == f"{hot:.1f}"
    assert f"At 0.7 TNF peaks at {little:.0f} and temperature at {warm:.1f} °C" in prose
    assert cold - 36.825 < 0.5
    assert f"({much:,.0f} pg/ml) and a fever that is {hotter - hot:.1f} °C higher" in prose
    assert much / tnf == pytest.approx(5, abs=0.1)


def test_the_model_fails_at_half_the_dose(prose):
    """1 ng/kg: 20 pg/ml and 37.2; with 1.4 times the production 380 and 39.0."""
    (tnf, warm), (much, hot) = peaks(dose=1.0), peaks(dose=1.0, brake=1.4)

    assert f"a peak of {tnf:.0f} pg/ml of TNF and {warm:.1f} °C" in prose
    assert f"answer it with {much:.0f} pg/ml and {hot:.1f} °C" in prose


def test_sepsis_as_published(prose):
    """Pathogen gone within a day, damage over a week; borders at 0.311 and 0.514."""
    hours = np.linspace(0, 300, 3001)
    run = models.get("sickness-sepsis").simulate(hours)
    ends = sepsis_outcome(k_pg=np.array([0.3, 0.310, 0.311, 0.5137, 0.5145]))

    assert "the pathogen is gone within a day, and the damage takes more than a week" in prose
    assert run["P"][hours >= 24].max() < 1e-3
    assert run["D"][np.searchsorted(hours, 168)] > 0.05 * run["D"].max()
    assert "From 0.311 on, the damage outlives the pathogen; above 0.514" in prose
    assert ends.tolist() == [HEALTH, HEALTH, ASEPTIC, ASEPTIC, SEPTIC]


def test_a_mediator_held_at_one_level(prose):
    """At 0.3 per hour: 0.62 too little, 0.63 to 0.70 lives, 0.72 too much."""
    assert "a level of 0.62 is too little" in prose
    assert "from 0.63 to 0.70 the patient lives; at 0.72 it is too much" in prose
    assert kept(np.arange(0.02, 0.625, 0.02), 0.3).tolist() == [ASEPTIC] * 31
    assert kept(np.arange(0.63, 0.7001, 0.01), 0.3).tolist() == [HEALTH] * 8
    assert kept(np.arange(0.72, 1.5, 0.04), 0.3).tolist() == [SEPTIC] * 20


def test_the_room_closes_as_the_pathogen_grows_faster(prose):
    """At 0.35 it is 0.63 to 0.65, and at 0.4 nothing."""
    levels = np.linspace(0, 1.5, 1501)
    alive = levels[kept(levels, 0.35) == HEALTH]

    assert f"shrinks to {alive.min():.2f} to {alive.max():.2f}" in prose
    assert "with growth at 0.4 no constant level saves anybody" in prose
    assert HEALTH not in kept(levels, 0.4)
