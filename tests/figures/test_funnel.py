"""A funnel plot holds each study at its place and opens as chance would."""

import numpy as np
import pandas as pd
import pytest

from hardwired import figures

ROWS = pd.DataFrame({"label": ["a", "b"], "estimate": [0.4, 0.1], "se": [0.3, 0.1]})


def lines(figure):
    """Give the points of all lines."""
    return [np.column_stack(line.get_data()).tolist() for line in figure.axes[0].lines]


def test_studies_lie_at_effect_and_standard_error_with_the_precise_on_top():
    """The axis of the standard error runs downwards."""
    figure = figures.funnel(ROWS, 0.2, xlabel="d")
    low, high = figure.axes[0].get_ylim()

    assert [[0.4, 0.3], [0.1, 0.1]] in lines(figure)
    assert low > high == 0


def test_funnel_holds_95_percent_by_the_normal_distribution():
    """At the foot it reaches 1.96 standard errors to either side of the centre."""
    foot = lines(figures.funnel(ROWS, 0.2, xlabel="d"))[0]
    depth = 1.08 * 0.3

    assert foot[0] == pytest.approx([0.2 - 1.959964 * depth, depth])
    assert foot[1] == [0.2, 0.0]
    assert foot[2] == pytest.approx([0.2 + 1.959964 * depth, depth])


def test_imputed_studies_are_open():
    """Nobody takes a filled-in study for a real one."""
    figure = figures.funnel(ROWS, 0.2, xlabel="d", filled=ROWS.iloc[:1])
    faces = [
        line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() == "o"
    ]

    assert faces == [figures.INK, figures.PAPER]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (ROWS.drop(columns="se"), "no column 'se'"),
        (ROWS.assign(se=[0.0, 0.1]), "every standard error must be above 0"),
        (ROWS.assign(estimate=[np.inf, 0.1]), "column 'estimate' holds a number that is not"),
    ],
)
def test_impossible_table_is_refused(table, words):
    """The error names what is wrong."""
    with pytest.raises(ValueError, match=words):
        figures.funnel(table, 0.2, xlabel="d")
