"""The data figures of chapter 5 draw the numbers of the evidence rows and models, and no others."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from hardwired import evidence, models
from hardwired.figures.chapters import wounds_data, wounds_models


@pytest.fixture(scope="module")
def rows():
    """Return the teaching set of correlations."""
    studies = evidence.studies(chapter="05-wounds")
    return studies[studies["topic"] == "stress-forest"]


@pytest.fixture(scope="module")
def carers():
    """Return the row of the carers' healing times."""
    return evidence.studies(chapter="05-wounds").loc["kiecolt1995-days"]


def words(figure: Figure) -> set[str]:
    """Everything written in a figure."""
    return {text.get_text() for ax in figure.axes for text in ax.texts}


def marked(ax) -> set[tuple[float, float]]:
    """Coordinates of the single points that an axes shows."""
    points = [line.get_xydata()[0] for line in ax.lines if len(line.get_xydata()) == 1]
    return {(round(float(x), 3), round(float(y), 3)) for x, y in points}


def test_delays_mark_each_ratio_of_the_table():
    """Each row of the table is a point at its time ratio, written beside it."""
    table = evidence.table("wounds-delays")

    figure = wounds_data.delays(table)

    assert {x for x, _ in marked(figure.axes[0])} == set(table["time_ratio"])
    assert words(figure) == {f"{ratio:.2f}" for ratio in table["time_ratio"]}


def test_forest_prints_pooled_and_published_value_with_their_limits(rows):
    """The pooled diamond says 0.37 (0.26 to 0.47), the published one 0.42 (0.32 to 0.51)."""
    studies = evidence.studies(chapter="05-wounds")
    z = np.arctanh(rows[["value", "low", "high"]])
    variance = ((z["high"] - z["low"]) / (2 * 1.96)) ** 2
    pooled = evidence.meta.pool(z["value"], variance, method="DL").transformed(np.tanh)

    figure = wounds_data.distress_forest(rows, pooled, studies.loc["walburn2009-pooled"])
    written = {text.replace("\N{THIN SPACE}", " ") for text in words(figure)}

    assert {"0.37", "(0.26 to 0.47)", "0.42", "(0.32 to 0.51)"} <= written


def test_forest_shows_the_limits_that_two_printed_odds_ratios_imply(rows):
    """Limits of 1.58 to 8.07 and of 1.06 to 15.08 are log odds, times the root of 3 over pi = d."""
    for name, low, high in (("bosch2007-r", 1.58, 8.07), ("cole2001-r", 1.06, 15.08)):
        d = np.log([low, high]) * np.sqrt(3) / np.pi
        implied = d / np.sqrt(d**2 + 4)

        assert rows.loc[name, ["low", "high"]].tolist() == pytest.approx(implied, abs=0.0006)


def test_clinic_draws_printed_ratios_and_no_result_that_was_not_printed():
    """Five ratios with their intervals; the null on anxiety has no number and is not drawn."""
    studies = evidence.studies(chapter="05-wounds")

    figure = wounds_data.clinic(studies[studies["topic"] == "clinic"])
    written = {text.replace("\N{THIN SPACE}", " ") for text in words(figure)}

    assert {"2.10", "(1.02 to 4.33)", "1.30", "1.25", "1.17", "(1.11 to 1.24)", "1.20"} <= written
    assert not any("nxiety" in text for text in written)


def test_time_to_heal_marks_day_42_and_the_power_at_thirteen(carers):
    """Day 42 is marked at 35 and 72 %, thirteen people at a power of 0.58 and 0.19."""
    figure = wounds_models.time_to_heal(models.catalog()["wounds-time-to-heal"], carers)
    left, right = figure.axes

    assert {(x, round(y, 2)) for x, y in marked(left)} == {(42.0, 0.35), (42.0, 0.72)}
    assert {(x, round(y, 2)) for x, y in marked(right)} == {(13.0, 0.58), (13.0, 0.19)}


def test_margin_meets_the_printed_days(carers):
    """Markers stand at 39.3 and 48.7 days, where the model's radius is zero."""
    model = models.catalog()["wounds-margin"]

    figure = wounds_models.margin(model, carers)

    assert {(39.3, 0.0), (48.7, 0.0)} <= marked(figure.axes[0])
    assert model.simulate([39.3])["r"][0] == pytest.approx(0, abs=0.01)


def test_margin_shows_the_wound_of_another_study_closing_on_day_11(carers):
    """A 4 mm wound whose margin moves 2 mm in 11 days is closed on day 11."""
    figure = wounds_models.margin(models.catalog()["wounds-margin"], carers)

    assert (11.0, 0.0) in marked(figure.axes[0])


def test_chronic_panel_marks_the_published_rest_state():
    """The first panel marks 906 inflammatory and 226 repair macrophages."""
    figure = wounds_models.macrophages(models.catalog()["wounds-macrophages"])

    assert {round(y) for _, y in marked(figure.axes[0])} == {906, 226}


def test_half_the_start_resolves_where_the_whole_stays_inflamed():
    """At one alpha the last total is above 1,000 from the published start, below 100 from half."""
    figure = wounds_models.macrophages(models.catalog()["wounds-macrophages"])
    ends = [sum(line.get_ydata()[-1] for line in ax.lines[:2]) for ax in figure.axes[1:2]]
    whole = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 1]

    assert sum(line.get_ydata()[-1] for line in whole) > 1000
    assert ends[0] < 100
