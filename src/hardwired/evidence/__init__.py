"""Evidence as data: references, claims, studies, tables, and the statistics that recompute them.

Nothing here knows of models, figures or Sphinx.

The files lie in `data/` (their columns are told in `data/README.md`); the functions here are how
everybody reads them: once, and again only when a file has changed.
:mod:`~hardwired.evidence.effect_size`, :mod:`~hardwired.evidence.meta`,
:mod:`~hardwired.evidence.significance` and :mod:`~hardwired.evidence.power` compute.

Examples
--------
>>> from hardwired import evidence
>>> two = evidence.effect_size.odds_ratio(16, 5, 8, 11)
>>> round(two.estimate, 1)
4.4
>>> pooled = evidence.meta.pool([0.2, 0.4], [0.01, 0.02], method="fixed")
>>> round(pooled.estimate, 3)
0.267
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

import pandas as pd

from hardwired.evidence import effect_size, meta, power, significance
from hardwired.evidence.claim_ledger import Claim, ClaimReference
from hardwired.evidence.claim_reading import read_claims
from hardwired.evidence.csv_rows import Row, read_rows
from hardwired.evidence.data_package import TableInfo, check_table, load_table, read_package
from hardwired.evidence.problems import EvidenceError, Problem, raise_if_any
from hardwired.evidence.schema import PROVENANCE_COLUMNS
from hardwired.evidence.search_rows import Search, read_searches
from hardwired.evidence.sources import DATA
from hardwired.evidence.study_rows import frame, read_studies, select

__all__ = [
    "Claim",
    "ClaimReference",
    "EvidenceError",
    "Problem",
    "Search",
    "TableInfo",
    "claims",
    "effect_size",
    "meta",
    "power",
    "printed_studies",
    "provenance",
    "searches",
    "significance",
    "studies",
    "table",
    "tables",
]


T = TypeVar("T")


class _File(Generic[T]):
    """An evidence file, read once and again only when it has changed on the disk."""

    def __init__(self, name: str, reader: Callable[[Path, str], tuple[T, list[Problem]]]) -> None:
        self.path, self._reader = DATA / name, reader
        self._read: tuple[int, T] | None = None

    def content(self) -> T:
        """Return what the file says.

        Raises
        ------
        EvidenceError
            When it breaks a rule.
        """
        changed = self.path.stat().st_mtime_ns
        if self._read is None or self._read[0] != changed:
            content, problems = self._reader(self.path, self.path.name)
            raise_if_any(problems)
            self._read = changed, content
        return self._read[1]


def _read_provenance(path: Path, shown: str) -> tuple[dict[str, Row], list[Problem]]:
    rows, problems = read_rows(path, PROVENANCE_COLUMNS, shown)
    return {row["key"]: row for row in rows}, problems


def _read_studies(path: Path, shown: str) -> tuple[_Studies, list[Problem]]:
    rows, problems = read_studies(path, shown)
    return _Studies(rows, frame(rows)), problems


@dataclass(frozen=True)
class _Studies:
    """The rows of `studies.csv` as printed, and the same as a typed table."""

    rows: list[Row]
    table: pd.DataFrame


_CLAIMS = _File("claims.yml", read_claims)
_STUDIES = _File("studies.csv", _read_studies)
_TABLES = _File("datapackage.json", read_package)
_SEARCHES = _File("searches.csv", read_searches)
_PROVENANCE = _File("provenance.csv", _read_provenance)


def provenance() -> dict[str, Row]:
    """Return where each work was seen, by its key: the rows of `provenance.csv`.

    Raises
    ------
    EvidenceError
        When `provenance.csv` breaks a rule.
    """
    return dict(_PROVENANCE.content())


def printed_studies() -> list[Row]:
    """Return published results as they stand in `studies.csv`, in its order.

    Raises
    ------
    EvidenceError
        When `studies.csv` breaks a rule.
    """
    return list(_STUDIES.content().rows)


def searches() -> dict[str, Search]:
    """Return what was searched for, by the id of the search, in the order of the file.

    Raises
    ------
    EvidenceError
        When `searches.csv` breaks a rule.
    """
    return dict(_SEARCHES.content())


def claims() -> dict[str, Claim]:
    """Return the article's claims by number, in their order.

    Returns
    -------
    dict
        ``{"C1": Claim(...), ...}``.

    Raises
    ------
    EvidenceError
        When `claims.yml` breaks a rule; the message names line and mend.
    """
    return dict(_CLAIMS.content())


def studies(chapter: str | None = None, **equals: object) -> pd.DataFrame:
    """Return published results, one a row.

    Parameters
    ----------
    chapter
        ``"05-wounds"``, or None for the whole book.
    **equals
        Column and the value it must have; a list admits any of its values:
        ``studies("05-wounds", topic="delay", design=["rct", "experiment"])``.

    Returns
    -------
    pandas.DataFrame
        Index `id`; a copy that may be changed.

    Raises
    ------
    EvidenceError
        When `studies.csv` breaks a rule.
    ValueError
        For a column that does not exist.
    """
    return select(_STUDIES.content().table, chapter, **equals)


def tables() -> dict[str, TableInfo]:
    """Return what the data package says of each table, by name.

    Raises
    ------
    EvidenceError
        When `datapackage.json` breaks a rule.
    """
    return dict(_TABLES.content())


def table(name: str) -> pd.DataFrame:
    """Return a table of the data package.

    Parameters
    ----------
    name
        ``"wounds-correlations"``.

    Returns
    -------
    pandas.DataFrame
        Typed as its description says; empty cells are missing.

    Raises
    ------
    EvidenceError
        When the file does not fit its description.
    KeyError
        When there is no such table; the message lists those there are.
    """
    known = _TABLES.content()
    if name not in known:
        raise KeyError(f"no table {name!r}; there are {', '.join(known)}")
    info = known[name]
    raise_if_any(check_table(info, info.path.name))
    return load_table(info)
