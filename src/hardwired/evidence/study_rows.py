"""Published results, one a row: `studies.csv` read and queried."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from hardwired.evidence.csv_rows import Row, read_rows
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import DIRECTION_ONLY, STUDY_COLUMNS, TRIALS


def read_studies(path: Path, shown: str) -> tuple[list[Row], list[Problem]]:
    """Read `studies.csv` and hold each row to the rules that need nothing but the row.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    rows, problems
        Rows without fault, and every fault found.
    """
    rows, problems = read_rows(path, STUDY_COLUMNS, shown)
    seen: dict[str, int] = {}
    good = []
    for row in rows:
        faults = [Problem(shown, row.line, what, mend) for what, mend in _faults(row)]
        if row["id"] in seen:
            what = f"study {row['id']} stands twice (first at line {seen[row['id']]})"
            faults.append(Problem(shown, row.line, what, "give each result its own id"))
        seen.setdefault(row["id"], row.line)
        problems += faults
        if not faults:
            good.append(row)
    return good, problems


def _faults(row: Row) -> list[tuple[str, str]]:
    """List what does not hold together within one row, each with its mend."""
    faults = []
    name = row["id"]
    if row["scale"] == DIRECTION_ONLY:
        if row["value"] or row["low"] or row["unit"] != "none":
            faults.append((f"{name}: direction-only with a number or unit", "choose its scale"))
        if row["direction"] == "not-applicable":
            faults.append((f"{name}: direction-only without direction", "fill direction"))
    elif not row["value"]:
        what = f"{name}: value is empty"
        faults.append((what, f"fill it in, or use the scale {DIRECTION_ONLY}"))
    if bool(row["low"]) != bool(row["high"]):
        faults.append((f"{name}: only one of low and high", "fill both or neither"))
    if row["low"]:
        if not row["level"]:
            faults.append((f"{name}: limits without their level", "write level, 0.95"))
        elif not 0.5 <= float(row["level"]) < 1:
            faults.append((f"{name}: level {row['level']} is no level", "write it as 0.95"))
        if row["high"] and float(row["low"]) > float(row["high"]):
            faults.append((f"{name}: low is above high", "swap them"))
    if (row["spread_a"] or row["spread_b"]) and not row["spread_kind"]:
        faults.append((f"{name}: spreads without spread_kind", "write sd or se"))
    if (row["mean_a"] or row["mean_b"]) and not row["mean_unit"]:
        faults.append((f"{name}: means without mean_unit", "write their unit"))
    if row["design"] in TRIALS and not row["primary"]:
        faults.append((f"{name}: a trial without primary", "write yes, no or unknown"))
    if row["design"] not in TRIALS and row["primary"]:
        faults.append((f"{name}: primary, yet no trial", "empty it, or correct the design"))
    for arm in "ab":
        if row[f"spread_{arm}"] and not row[f"mean_{arm}"]:
            faults.append((f"{name}: spread_{arm} without mean_{arm}", "fill the mean"))
        events, people = row[f"events_{arm}"], row[f"n_{arm}"]
        if events and people and int(events) > int(people):
            faults.append((f"{name}: more events than people in group {arm.upper()}", "recount"))
    return faults


def frame(rows: list[Row]) -> pd.DataFrame:
    """Turn rows into a table with typed columns.

    Parameters
    ----------
    rows
        As returned by :func:`read_studies`.

    Returns
    -------
    pandas.DataFrame
        Index `id`; whole numbers as ``Int64``, numbers as ``float64``, the rest as text
        (``p`` stays text, because it may be ``<0.001``).
    """
    table = pd.DataFrame(
        {
            column.name: pd.Series([row[column.name] for row in rows], dtype=object)
            for column in STUDY_COLUMNS
        }
    )
    for column in STUDY_COLUMNS:
        if column.kind == "integer":
            whole = [int(text) if text else pd.NA for text in table[column.name]]
            table[column.name] = pd.array(whole, dtype="Int64")
        elif column.kind == "number":
            table[column.name] = [float(text) if text else np.nan for text in table[column.name]]
    return table.set_index("id")


def select(table: pd.DataFrame, chapter: str | None = None, **equals: object) -> pd.DataFrame:
    """Return the rows of a chapter that equal what is asked.

    Parameters
    ----------
    table
        As returned by :func:`frame`.
    chapter
        ``05-wounds``, or None for all.
    **equals
        Column and the value it must have; a list, tuple or set admits any of its values.

    Returns
    -------
    pandas.DataFrame
        A copy.

    Raises
    ------
    ValueError
        For a column that does not exist or a chapter that is not in the book.
    """
    if chapter is not None:
        equals = {"chapter": chapter, **equals}
    keep = pd.Series(True, index=table.index)
    for name, wanted in equals.items():
        if name not in table.columns:
            raise ValueError(
                f"studies have no column {name!r}; use one of {', '.join(table.columns)}"
            )
        values = wanted if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
        keep &= table[name].isin(list(values)).astype(bool)
    return table[keep].copy()
