"""Whether every key, claim and search that text and data name exists, and every work is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hardwired.evidence.checks.files import BIB, CLAIMS, PACKAGE, SEARCHES, STUDIES
from hardwired.evidence.csv_rows import read_raw
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import CHAPTERS
from hardwired.evidence.sources import Evidence, shown
from hardwired.evidence.usage import Use, directives


def _data_keys(evidence: Evidence) -> Iterator[tuple[str, str, int]]:
    """Yield key, file and line of every key that the data files use."""
    for claim in evidence.claims.values():
        for reference in claim.references:
            yield reference.key, CLAIMS, reference.line
        for part in claim.parts:
            for outcome in part.outcomes:
                for key in outcome.references:
                    yield key, CLAIMS, outcome.at("references")
        reasons = (part.verdict_reasons for part in claim.parts)
        for text in (claim.article_says, claim.teacher, *reasons):
            for match in re.finditer(r"\{cite:\w+\}`([^`]+)`", text):
                for key in match.group(1).split(","):
                    yield key.strip(), CLAIMS, claim.line
    for search in evidence.searches.values():
        for key in search.taken:
            yield key, SEARCHES, search.line
    for row in evidence.studies:
        yield row["reference"], STUDIES, row.line
    for info in evidence.tables.values():
        for key in info.sources:
            yield key, PACKAGE, 0
        if any(column.name == "reference" for column in info.fields):
            yield from _reference_column(evidence, info.path)


def _reference_column(evidence: Evidence, path: Path) -> Iterator[tuple[str, str, int]]:
    name = shown(path, evidence.root)
    header, rows, _ = read_raw(path, name)
    if "reference" in header:
        place = header.index("reference")
        for line, cells in rows:
            yield cells[place], name, line


def check_keys(evidence: Evidence, places: list[Use]) -> Iterator[Problem]:
    """Check that every key used is defined."""
    mend = "correct the key, or add the entry to references.bib"
    for key, file, line in _data_keys(evidence):
        if key not in evidence.entries:
            yield Problem(file, line, f"unknown key {key}", mend)
    for use in places:
        if use.cites and use.key not in evidence.entries:
            yield Problem(use.file, use.line, f"unknown key {use.key}", mend)


def check_unused(evidence: Evidence, places: list[Use]) -> Iterator[Problem]:
    """Check that every entry is used, once all chapters are written."""
    if not all_chapters_written(evidence.root):
        return
    for key in unused(evidence, places):
        line = evidence.entries[key].line
        yield Problem(BIB, line, f"{key} is used nowhere", "cite it, or remove it")


def all_chapters_written(root: Path) -> bool:
    """Return whether each of the eight chapters has its page in the book."""
    return all((root / "book" / "chapters" / f"{name}.md").is_file() for name in CHAPTERS)


def unused(evidence: Evidence, places: list[Use]) -> list[str]:
    """Return the keys that neither text nor data use, in the order of the bibliography."""
    used = {key for key, _, _ in _data_keys(evidence)} | {use.key for use in places}
    return [key for key in evidence.entries if key not in used]


def check_retractions(evidence: Evidence, places: list[Use]) -> Iterator[Problem]:
    """Check that whoever cites a retracted work says so in the same paragraph."""
    gone = {key for key, entry in evidence.entries.items() if entry.retracted}
    for use in places:
        if use.cites and use.key in gone and "retract" not in use.block.lower():
            what = f"{use.key} is retracted and the paragraph does not say so"
            yield Problem(use.file, use.line, what, "say so, or cite another work")
    for claim in evidence.claims.values():
        for reference in claim.references:
            if reference.key in gone and "retract" not in reference.why.lower():
                what = f"{claim.id}: {reference.key} is retracted and `why` does not say so"
                yield Problem(CLAIMS, reference.line, what, "say so, or cite another work")
    for row in evidence.studies:
        said = f"{row['certainty']} {row['remarks']}".lower()
        if row["reference"] in gone and "retract" not in said:
            what = f"{row['id']}: {row['reference']} is retracted and the row does not say so"
            yield Problem(STUDIES, row.line, what, "say so in `certainty`, or drop the row")


def check_directives(evidence: Evidence) -> Iterator[Problem]:
    """Check that claims shown in the book exist."""
    for path in sorted((evidence.root / "book").rglob("*.md")):
        if "_build" in path.parts:
            continue
        for directive in directives(path, evidence.root):
            if directive.name == "claim" and directive.argument not in evidence.claims:
                what = f"unknown claim {directive.argument!r}"
                yield Problem(directive.file, directive.line, what, "write C1 to C22")
