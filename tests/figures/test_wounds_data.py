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
    """The pooled diamond says 0.36 (0.27 to 0.45), the published one 0.42 (0.32 to 0.51)."""
    studies = evidence.studies(chapter="05-wounds")
    z = np.arctanh(rows["value"])
    pooled = evidence.meta.pool(z, 1 / (rows["n_total"] - 3), method="DL").transformed(np.tanh)

    figure = wounds_data.distress_forest(rows, pooled, studies.loc["walburn2009-pooled"])
    written = {text.replace("\N{THIN SPACE}", " ") for text in words(figure)}

    assert {"0.36", "(0.27 to 0.45)", "0.42", "(0.32 to 0.51)"} <= written


def test_cohort_stands_at_its_size_and_at_a_correlation_of_four_hundredths(rows):
    """An odds ratio of 1.17 is drawn as r = 0.043 above 59,410 hip replacements."""
    cohort = evidence.studies(chapter="05-wounds").loc["britteon2017-complication"]
    nulls = evidence.table("wounds-nulls")["n"].dropna()

    figure = wounds_data.size_against_n(rows, nulls, cohort, 0.36)

    assert (59410.0, 0.043) in marked(figure.axes[0])


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


def test_chronic_panel_marks_the_published_rest_state():
    """The middle panel marks 906 inflammatory and 226 repair macrophages."""
    figure = wounds_models.macrophages(models.catalog()["wounds-macrophages"])

    assert {round(y) for _, y in marked(figure.axes[1])} == {906, 226}
