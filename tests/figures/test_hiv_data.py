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


def test_correlations_stand_right_of_zero(studies):
    """The tie of stigma to well-being is drawn without its sign, limits and all."""
    right = hiv_data.burden(studies).axes[1]
    first, *_ = [line.get_xdata() for line in right.lines if len(line.get_xdata()) == 2]

    assert list(first) == [0.26, 0.35]


def test_crosses_stand_where_no_number_was_printed(studies):
    """Two syntheses print "no effect" on CD4 cells, and these two alone are crosses at zero."""
    ax = hiv_data.syntheses(studies).axes[0]
    crosses = [line for line in ax.lines if line.get_marker() == "x"]

    assert [float(line.get_xdata()[0]) for line in crosses] == [0.0, 0.0]


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
