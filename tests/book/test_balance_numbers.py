"""Numbers that stand in the prose of chapter 8 as "computed here" follow from the evidence."""

import re

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.evidence import meta, power
from hardwired.evidence.mended import forest_bathing
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def prose() -> str:
    """Return the chapter's text in one line, with plain spaces and no markup of emphasis."""
    text = (ROOT / "book/chapters/08-balance.md").read_text(encoding="utf-8")
    text = text.replace("*", "").replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")
    return re.sub(r"\s+", " ", text)


def test_a_thousand_people_on_the_brake(prose):
    """0.64 and 0.10 per 100 person-years over 3.7 years are about 24 events and 4 deaths."""
    rates = evidence.table("balance-canakinumab").set_index("dose")
    gain = rates.loc[0, "events"] - rates.loc[150, "events"]
    loss = rates.loc[150, "fatal_infection"] - rates.loc[0, "fatal_infection"]

    assert round(gain * 37) == 24
    assert round(loss * 37) == 4
    assert round(100 / gain) == 156
    assert round(100 / loss) == 1000
    assert "about 24 heart attacks" in prose
    assert "about 156 for one event" in prose


def test_two_trials_against_colds_pool_to_a_fifth_fewer(prose):
    """0.80 with an interval that ends just under 1, and 0.61 to 1.05 if colds cluster."""
    counts = evidence.table("balance-colds-trials").set_index(["reference", "arm"])["episodes"]
    pairs = [
        (counts[trial, "meditation"], counts[trial, "control"])
        for trial in ("barrett2012meditation", "barrett2018meditation")
    ]
    both = meta.pool(
        [np.log(a / b) for a, b in pairs], [1 / a + 1 / b for a, b in pairs], method="fixed"
    )
    wide = np.exp(both.estimate + np.array([-1.96, 1.96]) * both.se * np.sqrt(1.5))

    assert np.exp(both.estimate) == pytest.approx(0.80, abs=0.005)
    assert 0.99 < np.exp(both.high) < 1
    assert wide == pytest.approx([0.61, 1.05], abs=0.005)
    assert "from 0.61 to 1.05" in prose


def test_the_sexes_cannot_be_told_apart(prose):
    """0.93 less 0.42 is 0.51, with an interval from -0.48 to 1.50 and p = 0.31."""
    rows = evidence.studies(chapter="08-balance").loc[["spiegel2023-men", "spiegel2023-women"]]
    se = np.hypot(*((rows["high"] - rows["low"]) / 3.92))
    gap = rows["value"].iloc[1] - rows["value"].iloc[0]

    assert gap == pytest.approx(0.51)
    assert [gap - 1.96 * se, gap + 1.96 * se] == pytest.approx([-0.48, 1.50], abs=0.005)
    assert 2 * stats.norm.sf(gap / se) == pytest.approx(0.31, abs=0.005)
    assert "from -0.48 to 1.50 (p = 0.31" in prose


def test_the_number_five_rests_on_a_p_of_039(prose):
    """8 of 13 against 3 of 9 give 0.19 by chi-squared and 0.39 by Fisher's exact test."""
    table = [[8, 5], [3, 6]]

    assert stats.chi2_contingency(table, correction=False).pvalue == pytest.approx(0.19, abs=0.005)
    assert stats.fisher_exact(table).pvalue == pytest.approx(0.39, abs=0.005)
    assert "0.39 by Fisher's exact test" in prose


def test_survivors_behind_an_odds_ratio(prose):
    """With 29 % dead and halves of equal size, 1.50 means 75 survivors in a hundred against 67."""
    weak = 0.668
    strong = 1.5 * weak / (1 - weak) / (1 + 1.5 * weak / (1 - weak))

    assert (weak + strong) / 2 == pytest.approx(0.71, abs=0.001)
    assert [round(100 * strong), round(100 * weak)] == [75, 67]
    assert "75 survivors in a hundred against 67" in prose


def test_the_funnel_of_twenty_rows_leans(prose):
    """Egger's intercept -0.94 (0.31), p 0.007, slope -1.49; without two rows -0.70, p 0.15."""
    panels = [forest_bathing("walking"), forest_bathing("still")]
    y, v = (np.concatenate([panel[i] for panel in panels]) for i in (0, 1))
    egger = meta.egger(y, v)
    rest = meta.egger(np.delete(y, [5, 15]), np.delete(v, [5, 15]))

    assert [egger.intercept, egger.se, egger.slope] == pytest.approx([-0.94, 0.31, -1.49], abs=5e-3)
    assert egger.p == pytest.approx(0.007, abs=0.0005)
    assert [rest.intercept, rest.p] == pytest.approx([-0.70, 0.15], abs=0.005)
    assert "the intercept is -0.70 with p = 0.15" in prose


def test_unmended_panel_does_not_reproduce(prose):
    """As read, the panel at rest pools to -3.04; with one sign turned to -2.99."""
    as_read = meta.pool(*forest_bathing("still", mended=False), method="fixed")
    mended = meta.pool(*forest_bathing("still"), method="fixed")

    assert as_read.estimate == pytest.approx(-3.04, abs=0.005)
    assert mended.estimate == pytest.approx(-2.99, abs=0.005)
    assert "-3.04 mmHg; the paper prints -2.99" in prose


def test_tau_of_the_newer_synthesis(prose):
    """Confidence and prediction interval of 21 studies give a spread of about 4.6 mmHg."""
    se = (5.74 - 1.14) / 3.92
    half = (6.42 + 13.30) / 2

    assert np.sqrt((half / stats.t.ppf(0.975, 19)) ** 2 - se**2) == pytest.approx(4.6, abs=0.05)
    assert r"$\tau \approx 4.6$ mmHg" in prose


def test_power_of_the_average_trial_and_people_needed(prose):
    """36 an arm reach 24 % and 10 %; 80 % takes 48, 176 and 699 an arm."""
    assert [round(100 * power.t_test(d, 36)) for d in (0.30, 0.15)] == [24, 10]
    for d, n in ((0.58, 48), (0.30, 176), (0.15, 699)):
        assert power.t_test(d, n - 1) < 0.80 <= power.t_test(d, n)
    assert "48 people an arm for an effect of 0.58, 176 for 0.30 and 699 for 0.15" in prose


def test_winners_and_drawers(prose):
    """Significant results average 0.60 and 0.57; a drawer turns 0.15 into 0.26 or 0.37."""
    curse = models.catalog()["balance-winners-curse"]
    drawer = models.catalog()["balance-publication-bias"]
    seen = [curse.simulate([36.0], d=d)["d_seen"][0] for d in (0.30, 0.15)]
    run = drawer.simulate([0.05, 0.2], d=0.15)

    assert seen == pytest.approx([0.60, 0.57], abs=0.005)
    assert run["g"] == pytest.approx([0.37, 0.26], abs=0.006)
    assert run["egger"][1] == pytest.approx(0.07, abs=0.005)
    assert "average 0.60 if the truth is 0.30" in prose
