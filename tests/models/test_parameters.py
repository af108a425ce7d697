"""Tables of parameters: what a row becomes, and what is said of a row that does not hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardwired import models
from hardwired.models.declaration import Parameter
from hardwired.models.errors import DeclarationError
from hardwired.models.parameters import FOLDER, parameters

HEADER = "symbol,label,value,unit,low,high,source,status,note,scale,latex\n"
GOOD = "k,speed,0.5,1/day,0.1,2,doe2001speed,seen,,log,k_1\n"


def read(folder: Path, text: str) -> tuple[Parameter, ...]:
    """Read a table of these rows."""
    (folder / "toy.csv").write_text(HEADER + text, encoding="utf-8")
    return parameters("toy", folder)


def test_a_row_is_a_parameter(tmp_path) -> None:
    """Every cell finds its place; empty limits are none, and inf is a time that never comes."""
    found = read(tmp_path, GOOD + "t_on,begins,inf,day,,,,assumed,never,,\n")

    assert found == (
        Parameter("k", "speed", 0.5, "1/day", 0.1, 2.0, "doe2001speed", "seen", "", True, "k_1"),
        Parameter("t_on", "begins", float("inf"), "day", status="assumed", note="never"),
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("k,speed,fast,,,,,assumed,,,", "the value 'fast' is no number"),
        ("k,speed,nan,,,,,assumed,,,", "the value 'nan' is no number"),
        ("k 1,speed,1,,,,,assumed,,,", "is no name"),
        ("k,speed,1,,,,,seen,,,", "a seen value has no source"),
        ("k,speed,1,,,,,computed,,,", "does not say from what"),
        ("k,speed,1,,0.5,,,assumed,,,", "only one of low and high"),
        ("k,speed,1,,2,0.5,,assumed,,,", "low is not below high"),
        ("k,speed,3,,0.5,2,,assumed,,,", "lies outside low and high"),
        ("k,speed,1,,0,2,,assumed,,log,", "logarithmic slider begins at 0"),
        ("k,speed,1,,,,,guessed,,,", "unknown status 'guessed'"),
        ("k,,1,,,,,assumed,,,", "no label"),
        ("k,speed,1,,,,,assumed,,", "10 cells where the header has 11"),
    ],
)
def test_a_row_that_does_not_hold_is_named_by_file_and_line(tmp_path, row, said) -> None:
    """One sentence: model, file and line, what is wrong, and the mend."""
    with pytest.raises(DeclarationError) as caught:
        read(tmp_path, "a,first,1,,,,,assumed,,,\n" + row + "\n")

    assert str(caught.value).startswith("model toy, toy.csv:3: ")
    assert said in str(caught.value)


def test_a_symbol_stands_once(tmp_path) -> None:
    """The second is named, with the line of the first."""
    with pytest.raises(
        DeclarationError, match=r"toy.csv:3: the symbol k stands twice \(first at l"
    ):
        read(tmp_path, GOOD + GOOD)


def test_a_missing_table_is_named(tmp_path) -> None:
    """The message has the file."""
    with pytest.raises(DeclarationError, match=r"toy.csv.*the file is missing"):
        parameters("toy", tmp_path)


def test_every_table_is_read_by_a_model() -> None:
    """A table without a reader goes; each model's parameters come from tables alone."""
    read = {p for model in models.catalog().values() for p in model.parameters}

    for path in FOLDER.glob("*.csv"):
        assert set(parameters(path.stem)) <= read, path.name
