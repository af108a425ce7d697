"""What was searched for, and how each reading of the book by others was answered.

`searches.csv` has a row a search, `reviews.csv` a row a point of a review; both are read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from hardwired.evidence.csv_rows import Row, read_rows
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import (
    CLAIM_CHAPTERS,
    KEY,
    REVIEW_COLUMNS,
    REVIEW_ID,
    SEARCH_COLUMNS,
    SEARCH_ID,
)


@dataclass(frozen=True)
class LeftOut:
    """A work that a search found and that was not taken, and why."""

    work: str
    reason: str


@dataclass(frozen=True)
class Search:
    """One search: what was asked, where, when, and what came of it.

    Parameters
    ----------
    id
        ``c10-hypnosis-episodes``.
    date
        ISO date of the day on which it was asked.
    claim
        ``C10``, or empty.
    question
        Who, what, compared with what, which outcome.
    terms
        The queries as they were asked.
    where
        What was asked, in a reader's words.
    seen
        Number of works looked at.
    taken
        Bibliography keys of the works that the book uses.
    left_out
        Works found and not used, each with the reason.
    remarks
        Limits of the search.
    line
        Line in `searches.csv`.
    """

    id: str
    date: str
    claim: str
    question: str
    terms: tuple[str, ...]
    where: str
    seen: int
    taken: tuple[str, ...]
    left_out: tuple[LeftOut, ...]
    remarks: str
    line: int = field(default=0, compare=False, repr=False)


def read_searches(path: Path, shown: str) -> tuple[dict[str, Search], list[Problem]]:
    """Read `searches.csv`.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    searches, problems
        Searches without fault by id in the order of the file, and every fault found.
    """
    rows, problems = read_rows(path, SEARCH_COLUMNS, shown)
    good = _sound(rows, _search_faults, shown, problems)
    return {row["id"]: _search(row) for row in good}, problems


def read_reviews(path: Path, shown: str) -> tuple[list[Row], list[Problem]]:
    """Read `reviews.csv`.

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
    rows, problems = read_rows(path, REVIEW_COLUMNS, shown)
    return _sound(rows, _review_faults, shown, problems), problems


def _sound(
    rows: list[Row],
    faults_of: Callable[[Row], Iterator[tuple[str, str]]],
    shown: str,
    problems: list[Problem],
) -> list[Row]:
    """Return the rows without fault; add the faults of the others to `problems`."""
    lines: dict[str, int] = {}
    good = []
    for row in rows:
        name = row["id"]
        faults = [Problem(shown, row.line, f"{name}: {w}", mend) for w, mend in faults_of(row)]
        if name in lines:
            what = f"{name} stands twice (first at line {lines[name]})"
            faults.append(Problem(shown, row.line, what, "give each row its own id"))
        lines.setdefault(name, row.line)
        problems += faults
        if not faults:
            good.append(row)
    return good


def _search(row: Row) -> Search:
    left_out = [part.partition(":") for part in _parts(row["left_out"])]
    return Search(
        id=row["id"],
        date=row["date"],
        claim=row["claim"],
        question=row["question"],
        terms=tuple(term.strip() for term in row["terms"].split("|")),
        where=row["where"],
        seen=int(row["seen"]),
        taken=_parts(row["taken"]),
        left_out=tuple(LeftOut(work.strip(), why.strip()) for work, _, why in left_out),
        remarks=row["remarks"],
        line=row.line,
    )


def _search_faults(row: Row) -> Iterator[tuple[str, str]]:
    if not SEARCH_ID.fullmatch(row["id"]):
        yield "the id is no search's", "write c10-words or ch04-words, lower case, hyphens"
    if row["claim"] and row["claim"] not in CLAIM_CHAPTERS:
        yield f"unknown claim {row['claim']!r}", "write C1 to C22, or leave it empty"
    if not all(term.strip() for term in row["terms"].split("|")):
        yield "an empty term", "write the queries really asked, ` | ` between"
    for key in _parts(row["taken"]):
        if not KEY.fullmatch(key):
            yield f"taken {key!r} is no bibliography key", "write keys, `; ` between"
    for part in _parts(row["left_out"]):
        if not re.fullmatch(r"[^:]*\d{4}[a-z]?[^:]*: \S.*", part):
            yield f"left out {part!r}", "write `Author Year: reason`, `; ` between"
    if int(row["seen"]) < len(_parts(row["taken"])):
        yield f"{row['seen']} seen, yet more taken", "count the works looked at"


def _review_faults(row: Row) -> Iterator[tuple[str, str]]:
    if not REVIEW_ID.fullmatch(row["id"]):
        yield "the id is no point's", "write s34-fault-01, rd-12, ..."
    if row["answer"] == "accepted" and not row["where"]:
        yield "accepted, and where it was mended is not said", "fill `where`"
    if row["answer"] == "refused" and not row["record"]:
        yield "refused without a record that speaks against it", "fill `record`"


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())
