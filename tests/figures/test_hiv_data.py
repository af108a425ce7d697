"""The figures of chapter 7 show the numbers of their sources where the eye reads them."""

import numpy as np
import pytest

from hardwired import evidence, models
from hardwired.figures.chapters import hiv, hiv_data, hiv_models


@pytest.fixture(scope="module")
def studies():
    """Return the chapter's rows of evidence."""
    return evidence.studies(chapter="07-hiv")


@pytest.fixture(scope="module")
def arms():
    """Return the arms of the Swiss trial, by outcome."""
    return evidence.table("hiv-stress-management-arms").set_index("outcome")


def _bars(ax):
    """Return the ends of the horizontal bars of an axes, from the top down."""
    lines = [
        line for line in ax.lines if line.get_marker() == "None" and len(set(line.get_ydata())) == 1
    ]
    return [[float(x) for x in line.get_xdata()] for line in lines]


def test_three_links_stand_on_one_scale_right_of_one(studies):
    """START turned round, then two correlations as odds ratios between halves."""
    bars = _bars(hiv_data.burden(studies).axes[1])

    assert bars == [
        pytest.approx([1 / 0.62, 1 / 0.30]),
        pytest.approx([1.67, 2.55], abs=0.01),
        pytest.approx([1.17, 1.31], abs=0.01),
    ]


def test_open_points_are_those_without_an_interval(studies):
    """Two of the eight rows of the course are open, and one of the five syntheses."""
    for ax, points, bars in (
        (hiv_data.course(studies).axes[0], 8, 6),
        (hiv_data.syntheses(studies).axes[0], 5, 3),
    ):
        assert sum(line.get_marker() == "o" for line in ax.lines) == points
        assert len(_bars(ax)) == bars


def test_headings_stand_above_their_rows(studies):
    """Each group is headed once, and a row lies one step below its neighbour."""
    ax = hiv_data.syntheses(studies).axes[0]
    labels = [(label.get_text(), label.get_fontweight()) for label in ax.get_yticklabels()]

    assert [words for words, weight in labels if weight == "bold"] == ["Mood", "CD4 count"]
    assert np.diff(ax.get_yticks()) == pytest.approx([-1, -1, -1, -1.35, -1, -1])


def test_no_synthesis_without_a_number_is_drawn(studies):
    """A synthesis that prints "no effect" has no place on an axis of differences."""
    ax = hiv_data.syntheses(studies).axes[0]

    assert all(np.isfinite(line.get_xdata()).all() for line in ax.lines)


def test_thresholds_lie_on_the_axis():
    """Control begins at 0.804, 0.884 and 0.918 of the doses."""
    ax = hiv_models.threshold(models.catalog()["hiv-adherence"], 0.8, 1.06).axes[0]
    dots = [float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o"]

    assert dots == pytest.approx([0.804, 0.884, 0.918], abs=0.0005)


def test_poisson_limits_of_the_trial_of_treatment():
    """42 events leave 30.3 to 56.8, the exact limits of a Poisson count."""
    trials = evidence.table("hiv-treatment-trials").set_index("reference")
    figure = hiv_data.treatment(
        trials.loc["start2015initiation"], trials.loc["cohen2016antiretroviral"], (0.60, 1.38)
    )
    bar = figure.axes[0].lines[0].get_ydata()

    assert np.array(bar) * 42 / 0.60 == pytest.approx([30.27, 56.77], abs=0.01)


def test_steps_of_the_virus_are_numbered_in_order():
    """Steps 2 to 5 lie inside the cell; 1 and 6 are drawn outside it."""
    assert [words.split()[0] for words, _ in hiv.STEPS] == ["2", "3", "4", "5"]
    assert len(hiv.cycle().axes) == 1
