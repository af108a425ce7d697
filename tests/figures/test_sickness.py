"""Figures of chapter 2 show the numbers of their sources."""

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence, models
from hardwired.figures.chapters import sickness, sickness_data


@pytest.fixture(scope="module")
def means():
    """Means of three cytokines of 20 men."""
    return evidence.table("sickness-cytokine-means")


def words_of(figure):
    """Return every piece of text in a figure."""
    return " ".join(text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text")))


def test_each_operation_carries_its_result():
    """Four operations, four results, in the order in which the text tells them."""
    text = words_of(sickness.operations())

    places = [text.index(operation.result) for operation in sickness.OPERATIONS]
    assert places == sorted(places)
    assert sickness.OPERATIONS[3].splanchnic_cut


def test_intervals_of_the_course_are_those_of_twenty_men(means):
    """Half an interval is Student's t on 19 degrees of freedom times SD / sqrt(20)."""
    expected = stats.t.ppf(0.975, 19) * 281.9 / np.sqrt(20)

    peak = means.loc[means["tnf_mean"].idxmax()]
    assert sickness_data._reach(peak["tnf_sd"]) == pytest.approx(expected)


def test_course_is_scaled_to_the_highest_mean(means):
    """Every curve touches 100 % once and the legend prints the concentration."""
    figure = sickness_data.course(means)
    curves = [line.get_ydata() for line in figure.axes[0].lines if len(line.get_ydata()) == 8]

    assert [round(max(curve), 6) for curve in curves[:3]] == [100, 100, 100]
    assert "790.5 pg/ml" in words_of(figure)


def test_forest_prints_the_trials():
    """The two differences stand as printed."""
    text = words_of(sickness_data.response(evidence.table("sickness-vagus-acr20")))

    assert "11.8" in text
    assert "23.1" in text


def test_three_patients_have_three_fates():
    """Too little, enough and too much of a constant mediator, with a germ that grows at 0.3."""
    model = models.catalog()["sickness-sepsis"]

    fate = sickness_data._fate(model, np.full(3, 0.3), np.array([0.2, 0.7, 1.3]))
    assert fate.tolist() == [1, 0, 2]
