"""The schematics of chapter 5 print the numbers of their source."""

import itertools

import pytest
from scipy import stats

from hardwired.figures.chapters import wounds


def words(figure):
    """Give all words of a figure."""
    return " ".join(text.get_text().replace("\n", " ") for text in figure.axes[0].texts)


def test_groups_are_those_that_kiecolt1995slowing_prints():
    """48.7 (SE 2.9) days in 13 carers, 39.3 (SE 3.0) in 13 controls."""
    found = [(group.n, group.mean, group.standard_error) for group in wounds.GROUPS]

    assert found == [(13, 48.7, 2.9), (13, 39.3, 3.0)]


def test_interval_is_that_of_students_t():
    """With 12 degrees of freedom t is 2.179, hence 48.7 plus or minus 6.32 days."""
    low, high = wounds.GROUPS[0].interval()

    assert (low, high) == pytest.approx((42.38, 55.02), abs=0.01)
    assert wounds.GROUPS[0].interval(0.5)[1] == pytest.approx(48.7 + 2.9 * stats.t.ppf(0.75, 12))


def test_experiment_prints_design_and_result():
    """The figure can be read without its caption."""
    text = words(wounds.experiment())

    for part in ("13 carers, 13 controls", "3.5 mm", "peroxide", "48.7 days (SE 2.9)"):
        assert part in text


def test_phases_come_in_order_and_overlap():
    """Haemostasis, inflammation, proliferation, remodelling (guo2010factors)."""
    courses = list(wounds.COURSES.items())
    spans = [span for _, (_, _, span) in courses]

    assert [name for name, _ in courses] == [
        "Haemostasis",
        "Inflammation",
        "Proliferation",
        "Remodelling",
    ]
    for before, after in itertools.pairwise(spans):
        assert before[1] < after[1]
        assert after[0] < before[2]


def test_axis_of_phases_claims_no_scale():
    """No source of the chapter gives the days of each phase."""
    assert "not to scale" in words(wounds.phases())
