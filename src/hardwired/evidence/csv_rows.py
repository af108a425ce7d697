"""CSV files read strictly, with the line on which each row begins.

Knows of columns and types; nothing of what the rows mean.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import KEY, NUMBER, P_VALUE, Column


@dataclass(frozen=True)
class Row:
    """One row as printed in the file: text by column, and its line."""

    line: int
    cells: dict[str, str] = field(hash=False)

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def number(self, name: str) -> float | None:
        """Return the cell as a number, or None where it is empty."""
        text = self.cells[name]
        return float(text) if text else None


def read_raw(
    path: Path, shown: str
) -> tuple[list[str], list[tuple[int, list[str]]], list[Problem]]:
    """Read header and rows of a CSV file with the first line of each row.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    header, rows, problems
        `rows` are (line, cells); rows of the wrong length are left out and reported.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return [], [], [Problem(shown, 0, "the file is missing", "restore it or its name")]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return [], [], [Problem(shown, line, "not UTF-8", "save the file as UTF-8")]
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    rows: list[tuple[int, list[str]]] = []
    problems: list[Problem] = []
    header: list[str] = []
    begin = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problems.append(
                Problem(shown, begin, f"broken CSV ({error})", "close the quote or remove it")
            )
            break
        if not header:
            header = cells
        elif len(cells) != len(header):
            problems.append(
                Problem(
                    shown,
                    begin,
                    f"{len(cells)} cells where the header has {len(header)}",
                    "add or remove commas, or quote a cell that contains one",
                )
            )
        else:
            rows.append((begin, cells))
        begin = reader.line_num + 1
    if not header:
        problems.append(Problem(shown, 1, "no header row", "write the column names first"))
    return header, rows, problems


def read_rows(path: Path, columns: Sequence[Column], shown: str) -> tuple[list[Row], list[Problem]]:
    """Read a CSV file against its columns.

    Parameters
    ----------
    path
        The file.
    columns
        What it must contain, in any order.
    shown
        Its name in messages.

    Returns
    -------
    rows, problems
        Rows whose every cell fits its column, and all faults found.
    """
    header, raw, problems = read_raw(path, shown)
    if not header:
        return [], problems
    known = {column.name: column for column in columns}
    for name in header:
        if name not in known:
            problems.append(
                Problem(shown, 1, f"unknown column {name!r}", "see data/README.md for the columns")
            )
    for name in known:
        if header.count(name) != 1:
            problems.append(
                Problem(
                    shown,
                    1,
                    f"column {name!r} stands {header.count(name)} times",
                    "have it exactly once in the header",
                )
            )
    if problems and any(problem.line == 1 for problem in problems):
        return [], problems
    rows = []
    for line, cells in raw:
        row = Row(line, dict(zip(header, cells, strict=True)))
        faults = [
            Problem(shown, line, *fault)
            for column in columns
            if (fault := _fault(column, row[column.name]))
        ]
        problems += faults
        if not faults:
            rows.append(row)
    return rows, problems


def _fault(column: Column, text: str) -> tuple[str, str] | None:
    """Say what is wrong with a cell, and the mend, or None."""
    name = column.name
    if not text:
        return (f"no {name}", f"fill the column {name!r}") if column.must else None
    if text != text.strip():
        return f"{name} {text!r} has blanks at its ends", "remove them"
    if column.choices and text not in column.choices:
        return f"unknown {name} {text!r}", f"use one of {', '.join(column.choices)}"
    if column.kind == "key" and not KEY.fullmatch(text):
        return f"{name} {text!r} is no bibliography key", "write firstauthorYEARword"
    if column.kind == "integer" and not text.isdecimal():
        return f"{name} {text!r} is no whole number", "write digits only, or leave it empty"
    if column.kind == "number" and not NUMBER.fullmatch(text):
        return f"{name} {text!r} is no number", "write digits, one point, no other sign"
    if column.kind == "p" and not P_VALUE.fullmatch(text):
        return f"{name} {text!r} is no p value", "write 0.034, <0.001 or >0.05"
    if column.kind == "date" and not _is_date(text):
        return f"{name} {text!r} is no date", "write it as 2026-11-24"
    return None


def _is_date(text: str) -> bool:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
