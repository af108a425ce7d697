"""Whether a row follows from its own numbers, within the rounding of print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardwired.evidence.csv_rows import Row
from hardwired.evidence.recompute import disagreements, half_unit, margin
from hardwired.evidence.schema import STUDY_COLUMNS


def row(**cells):
    """Return a row with these cells and no others."""
    blank = {column.name: "" for column in STUDY_COLUMNS}
    return Row(2, blank | {"design": "rct", "unit": "1"} | cells)


CARERS = {
    "n_a": "13",
    "n_b": "13",
    "mean_a": "48.7",
    "mean_b": "39.3",
    "spread_a": "2.9",
    "spread_b": "3.0",
    "spread_kind": "se",
}
WRITING = {"events_a": "16", "n_a": "21", "events_b": "8", "n_b": "19"}

SOUND = [
    {"scale": "mean-difference", "value": "9.4", "p": "0.034", **CARERS},
    {"scale": "d", "value": "0.88", **CARERS},
    {"scale": "g", "value": "0.85", **CARERS},
    {"scale": "smd", "value": "0.85", **CARERS},
    {"scale": "ratio-of-means", "value": "1.24", **CARERS},
    {"scale": "percent-change", "value": "24", "unit": "%", **CARERS},
    {"scale": "proportion", "value": "76.2", "unit": "%", "p": "0.028", **WRITING},
    {"scale": "odds-ratio", "value": "4.4", "p": "0.051", **WRITING},
    {"scale": "odds-ratio", "value": "3.57", "low": "1.58", "high": "8.07", "level": "0.95"},
    {"scale": "hazard-ratio", "value": "0.43", "low": "0.30", "high": "0.62", "level": "0.95",
     "p": "<0.001"},
    {"scale": "r", "value": "-0.42", "low": "-0.51", "high": "-0.32", "level": "0.95"},
    {"scale": "r", "value": "0.23", "n_total": "94", "p": "0.029"},
    {"scale": "risk-difference", "value": "-1.0", "unit": "%", "events_a": "354", "n_a": "4350",
     "events_b": "394", "n_b": "4328"},
    {"scale": "mean-difference", "value": "-3.48", "low": "-5.17", "high": "-1.80",
     "level": "0.95", "q": "12.85", "k": "11", "i2": "22", "design": "meta-analysis"},
    {"scale": "median", "value": "7"},
    {"scale": "hazard-ratio", "value": "2"},
]  # fmt: skip

BROKEN = [
    ({"scale": "mean-difference", "value": "9.6", **CARERS}, "mean-difference 9.6, but the means"),
    ({"scale": "d", "value": "3.2", **CARERS}, "d 3.2, but means and spreads give"),
    ({"scale": "percent-change", "value": "19", **CARERS}, "percent-change 19, but the means"),
    ({"scale": "odds-ratio", "value": "3.2", **WRITING}, "odds-ratio 3.2, but the counts give 4.4"),
    (
        {"scale": "odds-ratio", "value": "4.4", "p": "<0.001", **WRITING},
        "p <0.001, but the counts give",
    ),
    (
        {"scale": "odds-ratio", "value": "3.57", "low": "1.58", "high": "9.99", "level": "0.95"},
        "3.57 is not in the middle of 1.58 to 9.99",
    ),
    (
        {"scale": "odds-ratio", "value": "0.5", "low": "1.58", "high": "8.07", "level": "0.95"},
        "0.5 lies outside its own limits",
    ),
    (
        {"scale": "d", "value": "0.28", "low": "0.05", "high": "0.51", "level": "0.95",
         "p": "<0.001"},
        "p <0.001, but the limits give",
    ),
    ({"scale": "r", "value": "0.23", "n_total": "94", "p": "<0.001"}, "p <0.001, but r and n"),
    (
        {"scale": "mean-difference", "value": "1", "q": "12.85", "k": "11", "i2": "60"},
        "I2 60, but Q and k give",
    ),
    (
        {"scale": "odds-ratio", "value": "4.4", "low": "2.0", "high": "9.7", "level": "0.95",
         **WRITING},
        "low 2.0, but the counts give 1.13",
    ),
]  # fmt: skip


@pytest.mark.parametrize("cells", SOUND)
def test_sound_rows_agree_with_themselves(cells):
    """Printed results of the dossiers recompute within rounding."""
    assert disagreements(row(**cells)) == []


@pytest.mark.parametrize(("cells", "expected"), BROKEN)
def test_broken_rows_are_found(cells, expected):
    """The message says what is printed and what the numbers give."""
    found = disagreements(row(**cells))

    assert any(text.startswith(expected) for text in found), found


def test_paired_designs_are_not_tested_as_groups():
    """Means of the same people at two times give no t test of independent groups."""
    assert (
        disagreements(
            row(
                scale="mean-difference", value="9.4", p="<0.001", **CARERS | {"design": "crossover"}
            )
        )
        == []
    )


@pytest.mark.parametrize(
    ("text", "half"), [("48.7", 0.05), ("0.30", 0.005), ("394", 0.5), ("1e-07", 5e-8)]
)
def test_half_a_unit_is_read_from_the_digits(text, half):
    """A zero at the end counts as printed."""
    assert half_unit(text) == pytest.approx(half)


@given(st.floats(-1000, 1000), st.integers(0, 4))
def test_a_rounded_number_stands_for_what_it_came_from(value, digits):
    """The true value lies within the margin of its rounded text."""
    low, high = margin(f"{value:.{digits}f}")

    assert low - 1e-9 <= value <= high + 1e-9
