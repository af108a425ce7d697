"""Every work held against a public list of retractions and notices.

It is looked up by DOI or, where it has none and the list has titles, by title; what comes of it is
the column `corrections` of `provenance.csv`. The list is a CSV file of DOIs and natures
("Retraction", "Correction", ...), such as public registers of retracted papers offer; it is not
part of the book.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardwired.evidence.bibliography import Entry, normalised
from hardwired.evidence.csv_rows import Row, read_raw
from hardwired.evidence.problems import Problem

_DOI = ("doi", "originalpaperdoi", "original_doi")
_NATURE = ("nature", "retractionnature", "retractionwatch", "notice")
_TITLE = ("title", "originalpapertitle")
_RANKS = (
    ("retraction", "retracted"),
    ("expression of concern", "expression of concern"),
    ("correction", "corrected"),
    ("reinstatement", "corrected"),
)
NOT_CHECKED = "not checked"
_BY_LIST = re.compile(r"none found: (?:DOI|title) in [^;]*$")


@dataclass(frozen=True)
class RetractionList:
    """A public list of notices.

    Parameters
    ----------
    name
        How the column `corrections` names it.
    by_doi, by_title
        Nature by DOI in lower case, and by normalised title; the latter is empty where the list
        has no titles.
    """

    name: str
    by_doi: dict[str, str]
    by_title: dict[str, str]


@dataclass(frozen=True)
class Checked:
    """What holding the works against a list came to.

    Parameters
    ----------
    text
        The new `provenance.csv`.
    by_doi, by_title
        How many works were looked up how.
    hits
        A line for each work in the list.
    left
        Keys of works that the list could not be asked about and nobody has looked up.
    """

    text: str
    by_doi: int
    by_title: int
    hits: tuple[str, ...]
    left: tuple[str, ...]


def read_list(path: Path) -> tuple[RetractionList | None, list[Problem]]:
    """Read a list of notices.

    Parameters
    ----------
    path
        A CSV file with a column of DOIs and one of natures; others are not read, but for titles.

    Returns
    -------
    list, problems
        None where a column is missing or the file cannot be read.
    """
    shown = path.name
    header, rows, problems = read_raw(path, shown)
    if problems:
        return None, problems
    names = [re.sub(r"[^a-z_]", "", name.lower()) for name in header]
    places = {}
    for what, known in (("DOIs", _DOI), ("natures", _NATURE)):
        found = next((names.index(name) for name in known if name in names), None)
        if found is None:
            mend = f"name one of its columns {known[0]}"
            return None, [Problem(shown, 1, f"no column of {what}", mend)]
        places[what] = found
    title = next((names.index(name) for name in _TITLE if name in names), None)
    by_doi: dict[str, str] = {}
    by_title: dict[str, str] = {}
    for _, cells in rows:
        nature = _nature(cells[places["natures"]])
        doi = cells[places["DOIs"]].strip().lower().removeprefix("https://doi.org/")
        if doi.startswith("10."):
            by_doi[doi] = _stronger(nature, by_doi.get(doi))
        if title is not None and (words := normalised(cells[title])):
            by_title[words] = _stronger(nature, by_title.get(words))
    state = re.search(r"\d{4}-\d\d-\d\d", path.name)
    name = "a public list of retractions and notices"
    name += f" (state of {state.group()})" if state else ""
    return RetractionList(name, by_doi, by_title), []


def _nature(text: str) -> str:
    lower = text.lower()
    return next((word for sign, word in _RANKS if sign in lower), "corrected")


def _stronger(one: str, other: str | None) -> str:
    order = [word for _, word in _RANKS]
    return one if other is None or order.index(one) <= order.index(other) else other


def hold_against(
    notices: RetractionList, entries: dict[str, Entry], rows: list[Row], date: str
) -> Checked:
    """Hold every work against a list and return the new `provenance.csv`.

    A result that somebody found by hand stays unless the list says something worse, and one that
    says the same of the same list keeps its date.

    Parameters
    ----------
    notices
        The list.
    entries
        The bibliography.
    rows
        Of `provenance.csv`.
    date
        The day on which it is asked, ISO.
    """
    counts = {"DOI": 0, "title": 0}
    hits, left, cells = [], [], []
    for row in rows:
        entry = entries.get(row["key"])
        asked, nature = _asked(notices, entry)
        before = row["corrections"]
        after = before
        if asked:
            counts[asked] += 1
            after = _result(before, nature, f"{asked} in {notices.name}", date)
        if nature:
            hits.append(f"{row['key']}: {after}")
        if after == NOT_CHECKED:
            left.append(row["key"])
        cells.append({**row.cells, "corrections": after})
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0].cells) if rows else [], lineterminator="\n")
    writer.writeheader()
    writer.writerows(cells)
    return Checked(text.getvalue(), counts["DOI"], counts["title"], tuple(hits), tuple(left))


def _asked(notices: RetractionList, entry: Entry | None) -> tuple[str, str]:
    """Return how a work can be looked up (or an empty text), and what the list says of it."""
    if entry is None:
        return "", ""
    if entry.doi:
        return "DOI", notices.by_doi.get(entry.doi.lower(), "")
    if notices.by_title:
        return "title", notices.by_title.get(normalised(entry.title), "")
    return "", ""


def _result(before: str, nature: str, source: str, date: str) -> str:
    """Return what `corrections` says after the list was asked."""
    kinds = [word for _, word in _RANKS]
    known = before.partition(":")[0]
    if known in kinds and (not nature or kinds.index(known) <= kinds.index(nature)):
        return before
    if source in before and (not nature or known == nature):
        return before
    if nature or known != "none found" or _BY_LIST.match(before):
        return f"{nature or 'none found'}: {source}, {date}"
    return f"{before}; {source}, {date}"


def told(checked: Checked) -> Iterator[str]:
    """Yield what a person should read of the result, a line each."""
    yield from checked.hits
    yield f"{checked.by_doi} works looked up by DOI, {checked.by_title} by title."
    if checked.left:
        yield f"To be looked up by title, by hand: {', '.join(checked.left)}."
