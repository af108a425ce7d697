"""The parameters of a model as a table, one row a parameter.

The files lie in `catalogue/data/` and are called as the model is; `README.md` there tells their
columns. A table that several models share has a name of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hardwired.evidence.csv_rows import Row, read_rows
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import NUMBER, Column
from hardwired.models.declaration import STATUSES, Parameter
from hardwired.models.errors import DeclarationError

FOLDER = Path(__file__).parent / "catalogue" / "data"
COLUMNS = (
    Column("symbol", must=True),
    Column("label", must=True),
    Column("value", must=True),
    Column("unit"),
    Column("low", "number"),
    Column("high", "number"),
    Column("source"),
    Column("status", must=True, choices=STATUSES),
    Column("note"),
    Column("scale", choices=("log",)),
    Column("latex"),
)


def parameters(name: str, folder: Path = FOLDER) -> tuple[Parameter, ...]:
    """Read the table of a model.

    Parameters
    ----------
    name
        Of the model, or of a table that models share.
    folder
        Where the table lies.

    Returns
    -------
    tuple of Parameter
        In the order of the file.

    Raises
    ------
    DeclarationError
        Naming the file and the line of the first fault, and its mend.
    """
    shown = f"{name}.csv"
    rows, problems = read_rows(folder / shown, COLUMNS, shown)
    problems += _repeated(rows, shown)
    for row in rows:
        problems += (Problem(shown, row.line, what, mend) for what, mend in _faults(row))
    if problems:
        first = min(problems)
        raise DeclarationError(
            first.what, model=name, where=f"{first.file}:{first.line}", mend=first.mend
        )
    return tuple(_parameter(row) for row in rows)


def _repeated(rows: list[Row], shown: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for row in rows:
        symbol = row["symbol"]
        if symbol in seen:
            what = f"the symbol {symbol} stands twice (first at line {seen[symbol]})"
            yield Problem(shown, row.line, what, "give each parameter a symbol of its own")
        seen.setdefault(symbol, row.line)


def _faults(row: Row) -> Iterator[tuple[str, str]]:
    """List what does not hold together within one row, each with its mend."""
    symbol = row["symbol"]
    value = _number(row["value"])
    if value is None:
        yield f"{symbol}: the value {row['value']!r} is no number", "write digits, or inf for never"
    if not symbol.isidentifier():
        yield f"the symbol {symbol!r} is no name", "write letters, digits and _ only"
    if row["status"] == "seen" and not row["source"]:
        yield f"{symbol}: a seen value has no source", "give its bib key"
    if row["status"] == "computed" and not row["note"]:
        yield f"{symbol}: a computed value does not say from what", "write the sum in note"
    low, high = row.number("low"), row.number("high")
    if (low is None) != (high is None):
        yield f"{symbol}: only one of low and high", "fill both or neither"
    elif low is not None and high is not None:
        if low >= high:
            yield f"{symbol}: low is not below high", "swap them"
        elif value is not None and value != float("inf") and not low <= value <= high:
            yield f"{symbol}: the value lies outside low and high", "widen the range"
        if row["scale"] == "log" and low <= 0:
            yield f"{symbol}: a logarithmic slider begins at {low:g}", "raise low above 0"


def _number(text: str) -> float | None:
    return float(text) if text == "inf" or NUMBER.fullmatch(text) else None


def _parameter(row: Row) -> Parameter:
    return Parameter(
        symbol=row["symbol"],
        label=row["label"],
        value=float(row["value"]),
        unit=row["unit"],
        low=row.number("low"),
        high=row.number("high"),
        source=row["source"],
        status=row["status"],
        note=row["note"],
        log=row["scale"] == "log",
        latex=row["latex"],
    )
