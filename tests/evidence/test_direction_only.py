"""Results printed in words alone: allowed without a number, never with half of one."""

import pytest

from hardwired.evidence.checks import check
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.schema import STUDY_COLUMNS
from hardwired.pages.directives.studies import effect_words

NUMBERS = ("value", "low", "high", "level", "p", "mean_a", "mean_b", "spread_a", "spread_b")
SILENT = dict.fromkeys(NUMBERS, "") | {
    "scale": "direction-only",
    "unit": "none",
    "direction": "none",
    "spread_kind": "",
    "mean_unit": "",
    "origin": "printed",
}


def said(repository, **cells):
    """Return what the check says of a study without numbers, changed in these cells."""
    repository.studies[0] |= SILENT | cells
    repository.save()
    return [str(problem).split(": ", 1)[1] for problem in check(repository.root)]


def test_a_result_in_words_alone_keeps_the_rules(repository):
    """No value, no limits, unit `none`."""
    assert said(repository) == []


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (
            {"value": "0.3"},
            "doe2001-days: direction-only with a number or unit; choose its scale.",
        ),
        (
            {"unit": "day"},
            "doe2001-days: direction-only with a number or unit; choose its scale.",
        ),
        (
            {"direction": "not-applicable"},
            "doe2001-days: direction-only without direction; fill direction.",
        ),
        (
            {"scale": "r", "unit": "1"},
            "doe2001-days: value is empty; fill it in, or use the scale direction-only.",
        ),
    ],
)
def test_half_a_number_is_named(repository, cells, fault):
    """A value, a unit, no direction, or another scale without a value."""
    assert said(repository, **cells) == [fault]


@pytest.mark.parametrize(
    ("direction", "words"),
    [
        ("higher", "higher (no number printed)"),
        ("lower", "lower (no number printed)"),
        ("none", "no clear difference (no number printed)"),
        ("mixed", "mixed (no number printed)"),
    ],
)
def test_a_table_shows_the_direction(direction, words):
    """The effect column says that no number was printed."""
    blank = {column.name: "" for column in STUDY_COLUMNS}

    assert effect_words(Row(2, blank | SILENT | {"direction": direction})) == words
