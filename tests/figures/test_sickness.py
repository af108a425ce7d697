"""Figures of chapter 2 show the numbers of their sources."""

import numpy as np
import pytest
from scipy import stats
from scipy.integrate import solve_ivp

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
    assert sickness_data.reach(peak["tnf_sd"]) == pytest.approx(expected)


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


@pytest.mark.parametrize("level", [0.2, 0.66, 1.3])
def test_the_mediator_that_is_called_constant_is_constant(level):
    """The figure starts it at its level, so that supply and loss keep it there."""
    model = models.catalog()["sickness-sepsis"]
    run = model.simulate(np.linspace(0, 2000, 401), k_cn=0.0, s_c=0.1 * level, C_A=level)

    assert np.ptp(run["C_A"]) < 1e-6


@pytest.mark.parametrize(("level", "end"), [(0.2, 1), (0.66, 0), (1.3, 2)])
def test_three_patients_have_three_fates(level, end):
    """Too little, enough and too much of it, with a pathogen that grows at 0.3 per hour."""
    model = models.catalog()["sickness-sepsis"]

    assert sickness_data.fate_of(model, np.array([0.3]), np.array([level])).tolist() == [end]


def constant(t, y, growth, level):
    """Equations of reynolds2006reduced with the mediator taken out, typed by hand."""
    P, N, D = y
    left = 1 / (1 + (level / 0.28) ** 2)
    R = left * (0.01 * N + 0.1 * P + 0.02 * D)
    harm = (left * N) ** 6
    return [
        growth * P * (1 - P / 20) - 0.6 * 0.005 * P / (0.002 + 0.01 * P) - 1.8 * left * N * P,
        0.08 * R / (0.12 + R) - 0.05 * N,
        0.35 * harm / (0.06**6 + harm) - 0.02 * D,
    ]


@pytest.mark.parametrize(
    ("growth", "level", "end"),
    [
        (0.3, 0.6, 1),
        (0.3, 0.62, 1),
        (0.3, 0.63, 0),
        (0.3, 0.70, 0),
        (0.3, 0.72, 2),
        (0.3, 1.0, 2),
        (0.35, 0.64, 0),
        (0.35, 0.66, 2),
        (0.4, 0.60, 1),
        (0.4, 0.61, 2),
    ],
)
def test_fates_are_those_of_three_equations_without_the_mediator(growth, level, end):
    """An integration that has no mediator to vary gives the same patients the same ends."""
    last = solve_ivp(
        constant, (0, 2000), [1, 0, 0], args=(growth, level), method="LSODA", rtol=1e-9, atol=1e-12
    ).y[:, -1]
    by_hand = 2 if last[0] > 1e-3 else int(last[2] > 1)
    model = models.catalog()["sickness-sepsis"]

    assert by_hand == end
    assert sickness_data.fate_of(model, np.array([growth]), np.array([level])).tolist() == [end]


def test_the_lower_border_is_the_level_that_is_printed():
    """Printed by reynolds2006reduced: above 0.6264 damage heals by itself."""
    model = models.catalog()["sickness-sepsis"]
    levels = np.linspace(0.620, 0.635, 31)
    ends = sickness_data.fate_of(model, np.full(31, 0.3), levels)

    assert levels[ends == 1].max() == pytest.approx(0.6264, abs=0.001)
