"""The figures of chapter 8 draw the numbers of the evidence rows and models, and no others."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from hardwired import evidence, models
from hardwired.evidence import meta
from hardwired.evidence.mended import forest_bathing
from hardwired.figures.chapters import balance, balance_data


def words(figure: Figure) -> set[str]:
    """Everything written in a figure, with plain spaces."""
    texts = (text.get_text() for ax in figure.axes for text in ax.texts)
    return {text.replace("\N{THIN SPACE}", " ") for text in texts}


def marked(ax) -> set[tuple[float, float]]:
    """Coordinates of the single points that an axes shows."""
    points = [line.get_xydata()[0] for line in ax.lines if len(line.get_xydata()) == 1]
    return {(round(float(x), 3), round(float(y), 3)) for x, y in points}


def test_a_fall_of_a_marker_is_drawn_on_the_good_side():
    """Interleukin-6 fell by 0.35 after mindfulness and is printed as 0.35 (0.03 to 0.67)."""
    figure = balance_data.markers(evidence.table("balance-interventions"))

    assert {"0.35", "(0.03 to 0.67)"} <= words(figure)
    assert {"\N{MINUS SIGN}0.01", "(\N{MINUS SIGN}0.19 to 0.18)"} <= words(figure)


def test_the_brake_marks_each_dose_of_the_trial():
    """Hazard ratios at three doses, deaths from infection also on placebo."""
    table = evidence.table("balance-canakinumab")

    figure = balance_data.brake(table)
    left, right = figure.axes

    assert marked(left) == {(1, 0.93), (2, 0.85), (3, 0.86)}
    assert right.lines[0].get_ydata().tolist() == [0.18, 0.31, 0.28, 0.34]


def test_colds_print_odds_and_rate_ratios():
    """Under five hours of sleep 4.50; the larger trial of meditation 0.84 (0.65 to 1.07)."""
    figure = balance_data.colds(evidence.studies(chapter="08-balance"))

    assert {"4.50", "(1.08 to 18.69)", "0.84", "(0.65 to 1.07)"} <= words(figure)


def test_forest_bathing_prints_estimate_and_prediction():
    """Random effects give -4.7 (-7.2 to -2.1), the next forest -9.9 to 0.6."""
    table = evidence.table("balance-forest-bathing")
    y, v = forest_bathing("walking")
    rows = table[table["panel"] == "walking"]

    written = words(balance_data.forest_bathing(rows, y, v, meta.pool(y, v, method="DL")))

    plain = {text.replace("\N{MINUS SIGN}", "-") for text in written}
    assert {"-4.7", "(-7.2 to -2.1)", "(-9.9 to 0.6)"} <= plain


def test_eggers_line_meets_the_top_of_the_funnel_at_its_slope():
    """At a standard error of zero the line stands at -1.49 mmHg."""
    panels = [forest_bathing("walking"), forest_bathing("still")]
    y, v = (np.concatenate([panel[i] for panel in panels]) for i in (0, 1))

    figure = balance_data.small_studies(y, v, -3.15, meta.egger(y, v))
    ends = figure.axes[0].lines[-1].get_xydata()[0]

    assert ends == pytest.approx([-1.489, 0], abs=0.001)


def test_curse_marks_the_average_trial():
    """With 36 an arm, significant results average 0.70, 0.60 and 0.57; power 0.68, 0.24, 0.10."""
    figure = balance_data.curse(models.catalog()["balance-winners-curse"], 36)
    left, right = figure.axes

    assert sorted(y for _, y in marked(left)) == pytest.approx([0.57, 0.602, 0.70], abs=0.002)
    assert sorted(y for _, y in marked(right)) == pytest.approx([0.096, 0.241, 0.680], abs=0.001)


def test_drawer_ends_at_the_true_effect():
    """When everything is published, the pooled effect is the true one."""
    figure = balance_data.drawer(models.catalog()["balance-publication-bias"])
    curves = [line for line in figure.axes[0].lines if len(line.get_xydata()) > 1]

    assert [line.get_ydata()[-1] for line in curves] == pytest.approx([0.3, 0.15, 0], abs=0.01)


def test_reliability_marks_the_observed_retests():
    """0.18 for one sample and 0.27 for the mean of two stand beside the model's curve."""
    studies = evidence.studies(chapter="08-balance")
    observed = studies.loc[["shields2019-18m", "shields2019-18m-two"]]

    figure = balance_data.reliability(models.catalog()["balance-unreliable-markers"], observed)

    assert marked(figure.axes[0]) == {(1, 0.18), (2, 0.27)}


def test_more_germs_move_the_least_harm_to_a_stronger_defence():
    """The dot of the right panel lies further right and higher than that of the left."""
    left, right = (next(iter(marked(ax))) for ax in balance.two_harms().axes)

    assert right[0] > left[0]
    assert right[1] > left[1]


def test_colds_trial_prints_the_threshold_that_was_missed():
    """The three counts, the p value and the threshold stand in the diagram."""
    written = " ".join(words(balance.colds_trial()))

    for number in ("112", "120", "134", "0.036", "0.025", "413", "390"):
        assert number in written
