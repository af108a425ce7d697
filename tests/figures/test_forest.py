"""A forest plot shows each number where it lies, and refuses a table it cannot show."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from hardwired import figures

ROWS = pd.DataFrame(
    [("Zeta 2001", -0.5, -0.8, -0.1, 10.0), ("alpha 1999", 0.25, -0.2, 0.7, 40.0)],
    columns=["label", "estimate", "low", "high", "weight"],
)
POOLED = SimpleNamespace(
    estimate=-0.42, low=-0.51, high=-0.32, prediction_low=-0.7, prediction_high=0.1
)


def axes(**options):
    """Draw and give the axes."""
    figure = figures.forest(ROWS, xlabel="r", **options)
    return figure.axes[0]


def labels(ax):
    """Give the labels from the top."""
    return [tick.get_text() for tick in ax.get_yticklabels()]


def points(ax):
    """Give places and areas of the points."""
    return [(*c.get_offsets()[0].tolist(), c.get_sizes()[0]) for c in ax.collections]


def intervals(ax):
    """Give the ends of horizontal lines in the unit of the axis."""
    lines = [line for line in ax.lines if len(set(line.get_ydata())) == 1]
    return [tuple(float(x) for x in line.get_xdata()) for line in lines]


def printed(ax):
    """Give the numbers printed at the right."""
    return [text.get_text() for text in ax.texts]


def test_points_and_intervals_lie_at_their_numbers():
    """Estimate and interval are drawn in the unit of the axis, first row on top."""
    ax = axes()

    assert [point[:2] for point in points(ax)] == [(-0.5, 0.0), (0.25, -1.0)]
    assert intervals(ax)[:2] == [(-0.8, -0.1), (-0.2, 0.7)]


def test_area_of_points_grows_with_weight():
    """The heavier study has the larger point."""
    sizes = [size for _, _, size in points(axes())]

    assert sizes[1] > 2 * sizes[0]


def test_points_are_equal_without_weights():
    """No weight, no difference."""
    figure = figures.forest(ROWS.drop(columns="weight"), xlabel="r")
    sizes = {size for _, _, size in points(figure.axes[0])}

    assert len(sizes) == 1


def test_numbers_are_printed_with_a_true_minus_sign():
    """Estimate and interval stand at the right of each row."""
    thin = "\N{THIN SPACE}"
    words = printed(axes())

    assert words[:2] == [
        "\N{MINUS SIGN}0.50",
        f"(\N{MINUS SIGN}0.80{thin}to{thin}\N{MINUS SIGN}0.10)",
    ]


def test_order_is_as_given_or_alphabetical_without_regard_to_case():
    """``sort`` puts alpha before Zeta."""
    assert labels(axes()) == ["Zeta 2001", "alpha 1999"]
    assert labels(axes(sort=True)) == ["alpha 1999", "Zeta 2001"]


def test_groups_stand_together_under_their_name():
    """A group's name is a row of its own, above its studies."""
    rows = ROWS.assign(group=["late", "early"])
    figure = figures.forest(rows, xlabel="r")

    assert labels(figure.axes[0]) == ["late", "  Zeta 2001", "early", "  alpha 1999"]


def test_diamond_spans_the_pooled_interval():
    """Tips at the ends of the interval, widest at the estimate."""
    diamond = axes(pooled=POOLED).patches[0].get_xy()
    by_y = diamond[:, 1] == diamond[:, 1].max()

    assert diamond[:, 0].min() == -0.51
    assert diamond[:, 0].max() == -0.32
    assert diamond[by_y, 0] == pytest.approx(-0.42)


def test_prediction_interval_is_drawn_only_when_there_is_one():
    """A row below the diamond, or none."""
    without = SimpleNamespace(estimate=0.1, low=0.0, high=0.2)

    assert labels(axes(pooled=POOLED))[-1] == "Prediction interval"
    assert (-0.7, 0.1) in intervals(axes(pooled=POOLED))
    assert labels(axes(pooled=without))[-1] == "Pooled"
    assert labels(axes(pooled=POOLED, prediction=False))[-1] == "Pooled"


def test_nothing_overlaps():
    """Neither labels nor numbers nor the plot touch one another."""
    figure = figures.forest(ROWS, POOLED, xlabel="r", directions=("slower", "faster"))
    figure.draw_without_rendering()
    ax = figure.axes[0]
    renderer = figure._get_renderer()
    plot = ax.get_window_extent(renderer)
    ticks = [tick.get_window_extent(renderer) for tick in ax.get_yticklabels()]
    texts = [text.get_window_extent(renderer) for text in ax.texts]

    assert all(box.x1 < plot.x0 for box in ticks)
    for place, box in enumerate(texts):
        assert not any(box.overlaps(other) for other in texts[place + 1 :])
    assert all(box.x1 <= figure.bbox.x1 for box in texts)
    assert all(box.x0 >= 0 for box in ticks)


def test_given_axes_are_used():
    """A forest plot can be a panel of a larger figure."""
    figure, ax = figures.subplots()

    assert figures.forest(ROWS, xlabel="r", ax=ax) is figure
    assert ax.get_xlabel() == "r"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"low": [0.0, -0.2]}, "'Zeta 2001' has its estimate -0.5 outside 0 to -0.1"),
        ({"high": [np.nan, 0.7]}, "'Zeta 2001' holds a number that is not finite"),
        ({"weight": [0.0, 1.0]}, "every weight must be above 0"),
    ],
)
def test_impossible_row_is_named(change, words):
    """The error says which row, and what is wrong."""
    with pytest.raises(ValueError, match=words):
        figures.forest(ROWS.assign(**change), xlabel="r")


def test_missing_column_is_named():
    """The error says which column is needed."""
    with pytest.raises(ValueError, match="no column 'high'"):
        figures.forest(ROWS.drop(columns="high"), xlabel="r")


def test_ratio_at_or_below_zero_cannot_stand_on_a_logarithmic_axis():
    """The error names the row."""
    with pytest.raises(ValueError, match="'Zeta 2001' is not above 0"):
        figures.forest(ROWS, xlabel="odds ratio", log=True)
