"""Each fault that a sceptical reader found in a chapter says what was done about it."""

import csv
from pathlib import Path

import pytest

COLUMNS = ("number", "place", "fault", "kind", "done")
READINGS = sorted(Path(__file__).parent.glob("*-sceptic.csv"))


def test_there_is_a_reading_to_hold() -> None:
    """A folder without a reading would let the next test pass over nothing."""
    assert READINGS


@pytest.mark.parametrize("path", READINGS, ids=lambda p: p.stem)
def test_each_fault_is_numbered_and_answered(path: Path) -> None:
    """The columns are those of a reading, numbers count from one, and no cell is empty."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert tuple(rows[0]) == COLUMNS
    assert [row["number"] for row in rows] == [str(n + 1) for n in range(len(rows))]
    assert [row for row in rows if not all((cell or "").strip() for cell in row.values())] == []
