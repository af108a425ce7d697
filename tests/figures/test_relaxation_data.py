"""Data figures of chapter 4 show the numbers of their sources."""

import numpy as np
import pytest
from scipy import stats

from hardwired import evidence
from hardwired.evidence.intervals import interval_from_p
from hardwired.figures.chapters import relaxation_data
from hardwired.models.catalogue import waiting


@pytest.fixture(scope="module")
def studies():
    """Return the chapter's rows."""
    return evidence.studies(chapter="04-relaxation")


def words_of(figure):
    """Return every piece of text in a figure."""
    return " ".join(text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text")))


@pytest.mark.parametrize("p", [0.002, 0.05, 0.279, 0.896])
def test_a_rebuilt_interval_gives_its_p_back(p):
    """The estimate lies in the middle, as many errors from zero as its p says."""
    low, high = interval_from_p(0.4, p)
    error = (high - low) / 2 / stats.norm.ppf(0.975)

    assert (low + high) / 2 == pytest.approx(0.4)
    assert 2 * stats.norm.sf(0.4 / error) == pytest.approx(p)


def test_forest_prints_the_pooled_count(studies):
    """The interval of the killer-cell count stands as printed."""
    text = words_of(relaxation_data.pooled(studies))

    assert "0.12" in text
    assert "0.45" in text


def test_cortisol_draws_an_interval_only_where_a_p_was_seen(studies):
    """Fourteen points, five of them with a line."""
    lines = relaxation_data.cortisol(studies).axes[0].lines
    points = [line for line in lines if len(line.get_xdata()) == 1]
    spans = [line for line in lines if len(line.get_xdata()) == 2 and line.get_linewidth() > 1.5]

    assert len(points) == 14
    assert len(spans) == 5


def test_regression_draws_the_window_that_decides_and_the_two_after_it():
    """Three lines of three means, the kept run admitted by an earlier window."""
    counts = waiting.windows()
    left = relaxation_data.regression(counts).axes[0]
    lines = [line.get_ydata() for line in left.lines if len(line.get_ydata()) == 3]
    found = [waiting.recruit(counts, least) for least in (2, 3, 4)]

    assert len(lines) == 3
    for line, means in zip(lines, found, strict=True):
        assert list(line) == [means.at_admission, means.before, means.after]


def test_regression_sets_both_orders_side_by_side():
    """Five falls: three of people more and more unlike, the model's door, and the study's order."""
    counts = waiting.windows()
    right = relaxation_data.regression(counts).axes[1]
    drawn = [bars.lines[0].get_xdata()[0] for bars in right.containers]

    assert drawn == pytest.approx(
        [
            *(waiting.door(counts.mean(), spread, 2) for spread in (0.0, 0.5, 1.0)),
            waiting.admit(counts, 2).fall,
            waiting.recruit(counts, 2).fall,
        ]
    )


def test_years_shows_both_kinds_of_days():
    """Every share of days of the table is drawn."""
    table = evidence.table("relaxation-shedding-by-years")
    drawn = np.sort(
        np.concatenate([line.get_ydata() for line in relaxation_data.years(table).axes[0].lines])
    )

    assert drawn == pytest.approx(np.sort(np.r_[table["days_any"], table["days_silent"]]))
