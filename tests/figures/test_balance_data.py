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
    """Hazard ratios at three doses; deaths from infection on none, each and any dose."""
    table = evidence.table("balance-canakinumab")

    left, right = balance.brake(table, years=3.7, everybody=10061).axes

    assert marked(left) == {(1, 0.93), (2, 0.85), (3, 0.86)}
    assert marked(right) == {(0, 0.18), (1, 0.31), (2, 0.28), (3, 0.34), (4, 0.31)}


def test_the_brake_draws_the_intervals_that_its_description_tells():
    """0.11 to 0.25 without the drug, 0.17 to 0.39 at 150 mg, 0.24 to 0.38 on any dose."""
    table = evidence.table("balance-canakinumab")

    right = balance.brake(table, years=3.7, everybody=10061).axes[1]
    ends = [line.get_ydata() for line in right.lines if len(line.get_xydata()) == 2]

    assert [[round(float(y), 2) for y in pair] for pair in ends] == [
        [0.11, 0.25],
        [0.17, 0.39],
        [0.24, 0.38],
    ]


def test_colds_print_odds_rate_and_risk_ratios():
    """Sleep 4.50; episodes 0.84 (0.65 to 1.07), pooled exercise 1.00; any cold 0.90 and 1.03."""
    figure = balance_data.colds(evidence.studies(chapter="08-balance"))

    assert {"4.50", "(1.08 to 18.69)", "0.84", "(0.65 to 1.07)"} <= words(figure)
    assert {"1.00", "(0.77 to 1.30)", "0.90", "(0.73 to 1.11)", "1.03"} <= words(figure)


def test_severity_prints_the_primary_outcome_of_both_trials():
    """Meditation -214 (-360 to -68), then -21 (-119 to 77); exercise -110 and -80."""
    written = words(balance_data.severity(evidence.studies(chapter="08-balance")))

    plain = {text.replace("\N{MINUS SIGN}", "-") for text in written}
    assert {"-214", "(-360 to -68)", "-21", "(-119 to 77)", "-110", "-80", "(-172 to 12)"} <= plain


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
    """0.18 for one sample and 0.27 for the mean of two, with intervals that hold the curve."""
    studies = evidence.studies(chapter="08-balance")
    observed = studies.loc[["shields2019-18m", "shields2019-18m-two"]]

    figure = balance_data.reliability(models.catalog()["balance-unreliable-markers"], observed)

    pairs = [line.get_ydata() for line in figure.axes[0].lines if len(line.get_xydata()) == 2]
    assert marked(figure.axes[0]) == {(1, 0.18), (2, 0.27)}
    assert [[round(float(y), 2) for y in pair] for pair in pairs] == [[0.0, 0.35], [0.09, 0.43]]


def test_more_germs_move_the_least_harm_to_a_stronger_defence():
    """The dot of the right panel lies further right and higher than that of the left."""
    left, right = (next(iter(marked(ax))) for ax in balance.two_harms().axes)

    assert right[0] > left[0]
    assert right[1] > left[1]
