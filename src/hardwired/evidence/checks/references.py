"""The bibliography against itself and against the records in which each work was seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from hardwired.evidence.bibliography import Entry, normalised, plain, surname
from hardwired.evidence.checks.files import BIB, PROVENANCE
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import DOI, FIELD_NAMES, MOST_AUTHORS, OWN_FIELDS, SEEN_WORDS
from hardwired.evidence.sources import Evidence

_CORRECTION = re.compile(
    r"(none found|retracted|corrected|expression of concern): .*\b\d{4}-\d\d-\d\d\.?",
    re.DOTALL,
)

_NO_PLACE = {
    "volume": re.compile(r"\bno volume(?: or pages)?: \S", re.IGNORECASE),
    "pages": re.compile(r"\bno (?:volume or )?pages: \S", re.IGNORECASE),
}
_MORE = re.compile(r"\bmore authors: \S", re.IGNORECASE)


def check_entries(entries: dict[str, Entry]) -> Iterator[Problem]:
    """Check fields, DOIs and duplicates of the bibliography."""
    dois: dict[str, str] = {}
    titles: dict[str, str] = {}
    for key, entry in entries.items():
        for name in ("title", "year"):
            if not entry.fields.get(name):
                yield Problem(BIB, entry.line, f"{key} has no {name}", f"add its {name}")
        if not entry.authors and not entry.fields.get("institution"):
            mend = "add its authors, or {the body} that wrote it"
            yield Problem(BIB, entry.line, f"{key} has no author", mend)
        for name, text in entry.fields.items():
            if not text:
                what = f"{key}: the field {name} is empty"
                yield Problem(BIB, entry.at(name), what, "fill or remove it")
        note = entry.fields.get("note", "")
        if entry.doi:
            yield from _check_doi(entry, dois)
        elif not re.search(r"No DOI: \S", note):
            mend = "add doi, or note = {No DOI: the reason}"
            yield Problem(BIB, entry.line, f"{key} has no DOI and no reason", mend)
        yield from _check_authors(entry, note)
        yield from _check_place(entry, note)
        same = f"{normalised(entry.title)}{entry.year}"
        if entry.title and same in titles:
            what = f"{key} has title and year of {titles[same]}"
            yield Problem(BIB, entry.line, what, "merge the two")
        titles.setdefault(same, key)


def _check_place(entry: Entry, note: str) -> Iterator[Problem]:
    """Check that a reader finds an article in its journal, or is told why not."""
    if entry.kind != "article":
        return
    for name in ("volume", "pages"):
        if not entry.fields.get(name) and not _NO_PLACE[name].search(note):
            what = f"{entry.key} has no {name} and no reason"
            mend = f"add {name}, or note = {{No {name}: the reason}}"
            yield Problem(BIB, entry.line, what, mend)


def _check_authors(entry: Entry, note: str) -> Iterator[Problem]:
    """Check that authors are named up to twenty, or that it is said why they cannot be."""
    named = [name for name in entry.authors if name != "others"]
    cut = len(named) < len(entry.authors)
    if cut and len(named) < MOST_AUTHORS and not _MORE.search(note):
        what = f"{entry.key} names {len(named)} of its authors and hides the others"
        mend = "name them up to 20, or note = {More authors: why they cannot be named}"
        yield Problem(BIB, entry.at("author"), what, mend)


def _check_doi(entry: Entry, dois: dict[str, str]) -> Iterator[Problem]:
    doi, line = entry.doi, entry.at("doi")
    if not DOI.fullmatch(doi):
        what = f"{entry.key}: {doi!r} is no DOI"
        yield Problem(BIB, line, what, "write the bare DOI, 10.xxxx/...")
    elif doi != doi.lower():
        yield Problem(BIB, line, f"{entry.key}: DOI with capitals", "write it in lower case")
    if doi.lower() in dois:
        what = f"{entry.key} has the DOI of {dois[doi.lower()]}"
        yield Problem(BIB, line, what, "merge the two")
    dois.setdefault(doi.lower(), entry.key)


def check_provenance(evidence: Evidence) -> Iterator[Problem]:
    """Check that each entry agrees with the record it was taken from."""
    rows: dict[str, Row] = {}
    for row in evidence.provenance:
        key = row["key"]
        if key in rows:
            what = f"{key} stands twice (first at line {rows[key].line})"
            yield Problem(PROVENANCE, row.line, what, "merge the two")
        rows.setdefault(key, row)
        if key not in evidence.entries:
            what = f"{key} is not in references.bib"
            yield Problem(PROVENANCE, row.line, what, "add the entry or remove the row")
            continue
        yield from _check_record(evidence.entries[key], row)
    for key, entry in evidence.entries.items():
        if key not in rows:
            what = f"{key} has no provenance"
            yield Problem(BIB, entry.line, what, "add its row to provenance.csv")


def _check_record(entry: Entry, row: Row) -> Iterator[Problem]:
    key = entry.key
    if not titles_agree(entry.title, row["record_title"]):
        what = f"{key}: title {entry.title!r} is not that of the record {row['record_title']!r}"
        yield Problem(BIB, entry.at("title"), what, "correct the title, or the record")
    first = entry.authors[0] if entry.authors else plain(entry.fields.get("institution", ""))
    if first and not author_agrees(first, row["record_author"]):
        what = f"{key}: first author {first!r} is not that of the record {row['record_author']!r}"
        yield Problem(BIB, entry.at("author"), what, "correct the author, or the record")
    for address in row["address"].split(" ; "):
        if not re.fullmatch(r"https?://\S+|none: .+", address.strip()):
            what = f"{key}: address {address.strip()!r}"
            mend = "write https://..., several with ` ; `, or `none: REASON`"
            yield Problem(PROVENANCE, row.line, what, mend)
    seen = {word.strip() for word in row["fields_seen"].split(";")}
    for word in sorted(seen - SEEN_WORDS):
        what = f"{key}: unknown word {word!r} in fields_seen"
        yield Problem(PROVENANCE, row.line, what, "use the names of bib fields")
    for name in entry.fields:
        if name not in OWN_FIELDS and FIELD_NAMES.get(name, name) not in seen:
            what = f"{key}: the field {name} was not seen in a record"
            yield Problem(BIB, entry.at(name), what, "confirm it in a record, or drop it")
    corrections = row["corrections"]
    if not _CORRECTION.fullmatch(corrections):
        what = f"{key}: corrections {corrections!r}"
        mend = "run `hardwired check --retractions FILE`, or write `none found: SOURCE, 2026-11-24`"
        yield Problem(PROVENANCE, row.line, what, mend)
    if corrections.startswith("retracted") and not entry.retracted:
        what = f"{key} is retracted and does not say so"
        yield Problem(BIB, entry.line, what, "add note = {Retracted: ...}")


def titles_agree(title: str, record: str) -> bool:
    """Return whether a title is that of a record's title line.

    Parameters
    ----------
    title
        As in the bibliography.
    record
        As the record returned it; a site's name may follow, an end may be cut off with dots.

    Returns
    -------
    bool
        Whether one contains the other in normalised form (a cut or shortened one must keep
        60 % of it), or they differ by a letter or two.
    """
    mine, theirs = normalised(title), normalised(record)
    if not mine or not theirs:
        return False
    if mine in theirs:
        return True
    if theirs in mine:
        return len(theirs) >= 0.6 * len(mine)
    stem = re.sub(r"(\.\.\.|…).*$", "", record)
    cut = normalised(stem)
    if stem != record and len(cut) >= 20 and mine.startswith(cut):
        return True
    return SequenceMatcher(None, mine, theirs[: len(mine) + 4], autojunk=False).ratio() >= 0.95


def author_agrees(name: str, record: str) -> bool:
    """Return whether the surname of a bibliography's author stands in a record's first author.

    Parameters
    ----------
    name
        As in the bibliography: ``"Kiecolt-Glaser, Janice K."``.
    record
        As the record returned it: ``"Kiecolt-Glaser JK"``.
    """
    family = normalised(surname(name))
    return bool(family) and family in normalised(record)
