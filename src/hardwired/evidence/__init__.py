"""Evidence as data: references, claims, studies, tables, and the statistics that recompute them.

Nothing here knows of models, figures or Sphinx.

The files lie in `data/` (their columns are told in `data/README.md`); :func:`claims`,
:func:`studies`, :func:`table` and :func:`tables` read them once and keep them.
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

from functools import cache

import pandas as pd

from hardwired.evidence import effect_size, meta, power, significance
from hardwired.evidence.claim_ledger import Claim, ClaimReference
from hardwired.evidence.claim_reading import read_claims
from hardwired.evidence.data_package import TableInfo, check_table, load_table, read_package
from hardwired.evidence.problems import EvidenceError, Problem, raise_if_any
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
    "searches",
    "significance",
    "studies",
    "table",
    "tables",
]


@cache
def _claims() -> dict[str, Claim]:
    found, problems = read_claims(DATA / "claims.yml", "claims.yml")
    raise_if_any(problems)
    return found


@cache
def _studies() -> pd.DataFrame:
    rows, problems = read_studies(DATA / "studies.csv", "studies.csv")
    raise_if_any(problems)
    return frame(rows)


@cache
def _tables() -> dict[str, TableInfo]:
    found, problems = read_package(DATA / "datapackage.json", "datapackage.json")
    raise_if_any(problems)
    return found


@cache
def _searches() -> dict[str, Search]:
    found, problems = read_searches(DATA / "searches.csv", "searches.csv")
    raise_if_any(problems)
    return found


def searches() -> dict[str, Search]:
    """Return what was searched for, by the id of the search, in the order of the file.

    Raises
    ------
    EvidenceError
        When `searches.csv` breaks a rule.
    """
    return dict(_searches())


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
    return dict(_claims())


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
    return select(_studies(), chapter, **equals)


def tables() -> dict[str, TableInfo]:
    """Return what the data package says of each table, by name.

    Raises
    ------
    EvidenceError
        When `datapackage.json` breaks a rule.
    """
    return dict(_tables())


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
    known = _tables()
    if name not in known:
        raise KeyError(f"no table {name!r}; there are {', '.join(known)}")
    info = known[name]
    raise_if_any(check_table(info, info.path.name))
    return load_table(info)
