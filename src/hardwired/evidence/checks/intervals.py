"""Intervals of the data tables, which figures draw, recomputed from what stands beside them.

A row of `studies.csv` is held to its own numbers elsewhere; here the same rules are put to every
table that has an estimate with limits, and a result that stands in both places is compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from hardwired.evidence.csv_rows import Row, read_raw
from hardwired.evidence.data_package import TableInfo
from hardwired.evidence.problems import Problem
from hardwired.evidence.recompute import disagreements
from hardwired.evidence.schema import SCALES, STUDY_COLUMNS
from hardwired.evidence.sources import Evidence, shown

_ESTIMATES = {
    "odds_ratio": "odds-ratio",
    "hazard_ratio": "hazard-ratio",
    "risk_ratio": "risk-ratio",
    "time_ratio": "ratio-of-means",
    "difference": "mean-difference",
    "difference_points": "risk-difference",
    "d": "d",
    "g": "g",
    "smd": "smd",
    "r": "r",
}
"""Column of an estimate, and the scale that its name tells."""

_MEASURED = ("value", "estimate", "effect")
"""Columns of an estimate whose scale stands in a column `measure` or `metric`."""

_WORDS = {words: scale for scale, words in SCALES.items()} | {scale: scale for scale in SCALES}


def check_intervals(evidence: Evidence) -> Iterator[Problem]:
    """Check the limits of every table against estimate, p and `studies.csv`.

    Parameters
    ----------
    evidence
        As read.
    """
    printed: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in evidence.studies:
        if row["low"]:
            printed[row["reference"], row["value"]].append(row)
    for info in evidence.tables.values():
        name = shown(info.path, evidence.root)
        for line, row in _results(info, name):
            others = printed.get((row["reference"], row["value"]), [])
            found = disagreements(row)
            excused = row["value"] in info.exceptions
            if found and not excused and not any(other["exception"] for other in others):
                what = f"{info.name}: {found[0]}"
                mend = "correct the row, or explain it under `exceptions` in datapackage.json"
                yield Problem(name, line, what, mend)
            if excused and not found:
                what = f"{info.name}: {row['value']} has an exception and yet agrees with itself"
                yield Problem(name, line, what, "take it out of `exceptions`")
            limits = (row["low"], row["high"])
            known = [(other["low"], other["high"]) for other in others]
            if known and not any(_same(limits, other) for other in known):
                what = f"{info.name}: {row['value']} has limits {limits[0]} to {limits[1]} here"
                mend = f"studies.csv has {known[0][0]} to {known[0][1]}: correct one of the two"
                yield Problem(name, line, what, mend)


def _same(mine: tuple[str, str], theirs: tuple[str, str]) -> bool:
    return all(float(a) == float(b) for a, b in zip(mine, theirs, strict=True))


def _results(info: TableInfo, name: str) -> Iterator[tuple[int, Row]]:
    """Yield the line of each result with limits, and the result as a row of studies would hold."""
    header, rows, _ = read_raw(info.path, name)
    estimate = next((c for c in (*_ESTIMATES, *_MEASURED) if c in header), None)
    if estimate is None or not {"low", "high"} <= set(header):
        return
    for line, cells in rows:
        cell = dict(zip(header, cells, strict=True))
        told = cell.get("measure") or cell.get("metric") or ""
        scale = _WORDS.get(told, "") or _ESTIMATES.get(estimate, "")
        if not scale or not (cell[estimate] and cell["low"] and cell["high"]):
            continue
        known = {
            "reference": cell.get("reference", ""),
            "design": "meta-analysis",
            "scale": scale,
            "value": cell[estimate],
            "low": cell["low"],
            "high": cell["high"],
            "level": "0.95",
            "p": cell.get("p", ""),
        }
        yield line, Row(line, {column.name: "" for column in STUDY_COLUMNS} | known)
