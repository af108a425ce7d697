"""Every rule that the evidence of the book must keep, in one pass of a few seconds.

Each `_check_*` function yields problems; :func:`check` gathers them in the order of the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

from hardwired.evidence.bibliography import Entry, normalised, plain, surname
from hardwired.evidence.claim_ledger import Claim
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.data_package import check_table
from hardwired.evidence.problems import Problem
from hardwired.evidence.recompute import disagreements
from hardwired.evidence.schema import (
    CHAPTERS,
    CLAIM_CHAPTERS,
    DOI,
    FIELD_NAMES,
    LOWERING_REASONS,
    OWN_FIELDS,
    SEEN_WORDS,
    TEACHER_WORDS,
    USE,
)
from hardwired.evidence.sources import DATA_IN_REPOSITORY, Evidence, read_evidence, shown
from hardwired.evidence.usage import Use, directives, files, uses

_BIB = "references.bib"
_PROVENANCE = (DATA_IN_REPOSITORY / "provenance.csv").as_posix()
_CLAIMS = (DATA_IN_REPOSITORY / "claims.yml").as_posix()
_STUDIES = (DATA_IN_REPOSITORY / "studies.csv").as_posix()
_PACKAGE = (DATA_IN_REPOSITORY / "datapackage.json").as_posix()

_CORRECTION = re.compile(
    r"not checked|(none found|retracted|corrected|expression of concern): .*\b\d{4}-\d\d-\d\d\.?",
    re.DOTALL,
)


def check(root: Path) -> list[Problem]:
    """Hold a repository to all rules of its evidence.

    Parameters
    ----------
    root
        Top of the repository, where `references.bib` lies.

    Returns
    -------
    list of Problem
        Every fault found, sorted by file and line; empty when all is well.
    """
    evidence, problems = read_evidence(root)
    broken = {problem.file for problem in problems}
    places = [use for path in files(root) for use in uses(path, root)]
    problems += _check_entries(evidence.entries)
    problems += _check_tables(evidence)
    problems += _check_claims(evidence.claims, complete=_CLAIMS not in broken)
    problems += _check_studies(evidence)
    if _PROVENANCE not in broken and _BIB not in broken:
        problems += _check_provenance(evidence)
    # With a broken bibliography every key would look undefined: mend it first.
    if _BIB not in broken:
        problems += _check_keys(evidence, places)
        if not broken:
            problems += _check_unused(evidence, places)
        problems += _check_retractions(evidence, places)
    if _CLAIMS not in broken:
        problems += _check_directives(evidence)
    return sorted(set(problems))


# --- references ---------------------------------------------------------------------------------


def _check_entries(entries: dict[str, Entry]) -> Iterator[Problem]:
    """Check fields, DOIs and duplicates of the bibliography."""
    dois: dict[str, str] = {}
    titles: dict[str, str] = {}
    for key, entry in entries.items():
        for name in ("title", "year"):
            if not entry.fields.get(name):
                yield Problem(_BIB, entry.line, f"{key} has no {name}", f"add its {name}")
        if not entry.authors and not entry.fields.get("institution"):
            mend = "add its authors, or {the body} that wrote it"
            yield Problem(_BIB, entry.line, f"{key} has no author", mend)
        for name, text in entry.fields.items():
            if not text:
                what = f"{key}: the field {name} is empty"
                yield Problem(_BIB, entry.at(name), what, "fill or remove it")
        note = entry.fields.get("note", "")
        if entry.doi:
            yield from _check_doi(entry, dois)
        elif not re.search(r"No DOI: \S", note):
            mend = "add doi, or note = {No DOI: the reason}"
            yield Problem(_BIB, entry.line, f"{key} has no DOI and no reason", mend)
        same = f"{normalised(entry.title)}{entry.year}"
        if entry.title and same in titles:
            what = f"{key} has title and year of {titles[same]}"
            yield Problem(_BIB, entry.line, what, "merge the two")
        titles.setdefault(same, key)


def _check_doi(entry: Entry, dois: dict[str, str]) -> Iterator[Problem]:
    doi, line = entry.doi, entry.at("doi")
    if not DOI.fullmatch(doi):
        what = f"{entry.key}: {doi!r} is no DOI"
        yield Problem(_BIB, line, what, "write the bare DOI, 10.xxxx/...")
    elif doi != doi.lower():
        yield Problem(_BIB, line, f"{entry.key}: DOI with capitals", "write it in lower case")
    if doi.lower() in dois:
        what = f"{entry.key} has the DOI of {dois[doi.lower()]}"
        yield Problem(_BIB, line, what, "merge the two")
    dois.setdefault(doi.lower(), entry.key)


def _check_provenance(evidence: Evidence) -> Iterator[Problem]:
    """Check that each entry agrees with the record it was taken from."""
    rows: dict[str, Row] = {}
    for row in evidence.provenance:
        key = row["key"]
        if key in rows:
            what = f"{key} stands twice (first at line {rows[key].line})"
            yield Problem(_PROVENANCE, row.line, what, "merge the two")
        rows.setdefault(key, row)
        if key not in evidence.entries:
            what = f"{key} is not in references.bib"
            yield Problem(_PROVENANCE, row.line, what, "add the entry or remove the row")
            continue
        yield from _check_record(evidence.entries[key], row)
    for key, entry in evidence.entries.items():
        if key not in rows:
            what = f"{key} has no provenance"
            yield Problem(_BIB, entry.line, what, "add its row to provenance.csv")


def _check_record(entry: Entry, row: Row) -> Iterator[Problem]:
    key = entry.key
    if not titles_agree(entry.title, row["record_title"]):
        what = f"{key}: title {entry.title!r} is not that of the record {row['record_title']!r}"
        yield Problem(_BIB, entry.at("title"), what, "correct the title, or the record")
    first = entry.authors[0] if entry.authors else plain(entry.fields.get("institution", ""))
    if first and not author_agrees(first, row["record_author"]):
        what = f"{key}: first author {first!r} is not that of the record {row['record_author']!r}"
        yield Problem(_BIB, entry.at("author"), what, "correct the author, or the record")
    for address in row["address"].split(" ; "):
        if not re.fullmatch(r"https?://\S+|none: .+", address.strip()):
            what = f"{key}: address {address.strip()!r}"
            mend = "write https://..., several with ` ; `, or `none: REASON`"
            yield Problem(_PROVENANCE, row.line, what, mend)
    seen = {word.strip() for word in row["fields_seen"].split(";")}
    for word in sorted(seen - SEEN_WORDS):
        what = f"{key}: unknown word {word!r} in fields_seen"
        yield Problem(_PROVENANCE, row.line, what, "use the names of bib fields")
    for name in entry.fields:
        if name not in OWN_FIELDS and FIELD_NAMES.get(name, name) not in seen:
            what = f"{key}: the field {name} was not seen in a record"
            yield Problem(_BIB, entry.at(name), what, "confirm it in a record, or drop it")
    corrections = row["corrections"]
    if not _CORRECTION.fullmatch(corrections):
        what = f"{key}: corrections {corrections!r}"
        mend = "write `not checked`, or `none found: SOURCE, 2026-11-24`, or `retracted: ...`"
        yield Problem(_PROVENANCE, row.line, what, mend)
    if corrections.startswith("retracted") and not entry.retracted:
        what = f"{key} is retracted and does not say so"
        yield Problem(_BIB, entry.line, what, "add note = {Retracted: ...}")


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


# --- claims -------------------------------------------------------------------------------------


def _check_claims(claims: dict[str, Claim], complete: bool) -> Iterator[Problem]:
    """Check that all claims are there and that each is argued."""
    if complete:
        for number, chapter in CLAIM_CHAPTERS.items():
            if number not in claims:
                what = f"claim {number} of {chapter} is missing"
                yield Problem(_CLAIMS, 0, what, "add it")
    order = [claim.number for claim in claims.values()]
    if order != sorted(order):
        yield Problem(_CLAIMS, 1, "claims are out of order", "sort them C1 to C22")
    for claim in claims.values():
        yield from _check_claim(claim)


def _check_claim(claim: Claim) -> Iterator[Problem]:
    def problem(part: str, what: str, mend: str) -> Problem:
        line = claim.lines.get(part, claim.line)
        return Problem(_CLAIMS, line, f"{claim.id}: {what}", mend)

    if claim.id not in CLAIM_CHAPTERS:
        yield problem("id", "the article has no such claim", "write C1 to C22")
    elif claim.chapter != CLAIM_CHAPTERS[claim.id]:
        right = CLAIM_CHAPTERS[claim.id]
        yield problem("chapter", f"chapter {claim.chapter}", f"it belongs to {right}")
    if len(claim.references) < 2:
        yield problem("references", "fewer than two references", "add what else was found")
    if not any(reference.outcome == "human" for reference in claim.references):
        mend = "add a work that measured the claim's own outcome in people"
        yield problem("references", "no reference on the human outcome", mend)
    for reference in claim.references:
        if not reference.why.endswith("."):
            what = f"{claim.id}: why {reference.key} counts is no sentence"
            yield Problem(_CLAIMS, reference.line, what, "write one sentence with a full stop")
    roles = {reference.role for reference in claim.references}
    if claim.verdict in ("supported", "supported-with-limits") and "for" not in roles:
        yield problem("verdict", "supported, yet no reference for it", "add one or change verdict")
    if claim.verdict != "supported" and not roles & {"against", "qualifies"}:
        mend = "add one that is against or qualifies"
        yield problem("verdict", f"{claim.verdict}, yet every reference is for it", mend)
    lowering = set(claim.certainty_reasons) & set(LOWERING_REASONS)
    if claim.certainty != "high" and not lowering:
        mend = f"name what lowers it: {', '.join(LOWERING_REASONS)}"
        yield problem("certainty_reasons", f"certainty {claim.certainty} without a reason", mend)
    words = len(claim.teacher.split())
    if not TEACHER_WORDS[0] <= words <= TEACHER_WORDS[1]:
        mend = f"make it {TEACHER_WORDS[0]} to {TEACHER_WORDS[1]}"
        yield problem("teacher", f"the teacher says {words} words", mend)


# --- studies and tables -------------------------------------------------------------------------


def _check_studies(evidence: Evidence) -> Iterator[Problem]:
    """Check that rows are used and recompute."""
    for row in evidence.studies:
        for use in row["used_in"].split(";"):
            yield from _check_use(evidence.root, use.strip(), row["id"], _STUDIES, row.line)
        found = disagreements(row)
        if found and not row["exception"]:
            mend = "correct it, or explain it in the column 'exception'"
            yield Problem(_STUDIES, row.line, f"{row['id']}: {found[0]}", mend)
        if row["exception"] and not found:
            what = f"{row['id']} has an exception and yet agrees with itself"
            yield Problem(_STUDIES, row.line, what, "move the text to 'remarks'")


def exceptions(root: Path) -> list[str]:
    """List the results that contradict their own numbers, each with its explanation.

    Parameters
    ----------
    root
        Top of the repository.

    Returns
    -------
    list of str
        ``file:line: id: what disagrees: explanation``, in the order of the file.
    """
    evidence, _ = read_evidence(root)
    return [
        f"{_STUDIES}:{row.line}: {row['id']}: {'; '.join(disagreements(row))}: {row['exception']}"
        for row in evidence.studies
        if row["exception"]
    ]


def _check_use(root: Path, use: str, name: str, file: str, line: int) -> Iterator[Problem]:
    match = USE.fullmatch(use)
    if not match:
        mend = "write `table 05-wounds`, `figure ...` or `exercise ...`, with ; between"
        yield Problem(file, line, f"{name}: used_in {use!r}", mend)
        return
    place, chapter = match.groups()
    page = root / "book" / "chapters" / f"{chapter}.md"
    if place == "exercise":
        page = root / "exercises" / chapter / "exercise.md"
    if not page.is_file():
        return  # not written yet
    text = page.read_text(encoding="utf-8")
    wanted = {"table": ("{studies}", "evidence.studies("), "figure": ("evidence.",)}
    wanted["exercise"] = ("evidence.", "studies")
    if not any(word in text for word in wanted[place]):
        what = f"{name} is said to be used in {use}, which draws nothing from the evidence"
        yield Problem(file, line, what, "use it there, or remove it")


def _check_tables(evidence: Evidence) -> Iterator[Problem]:
    """Check each table against its description, and that no file lies about undescribed."""
    root = evidence.root
    described = set()
    for info in evidence.tables.values():
        described.add(info.path)
        yield from check_table(info, shown(info.path, root))
        for use in info.used_in.split(";"):
            yield from _check_use(root, use.strip(), info.name, _PACKAGE, 0)
    for path in sorted((root / DATA_IN_REPOSITORY / "tables").glob("*")):
        if path not in described and path.name != ".gitkeep":
            what = "the table is not described in datapackage.json, or its entry has a fault"
            yield Problem(shown(path, root), 0, what, "describe it with fields, units, licence")


# --- keys ---------------------------------------------------------------------------------------


def _data_keys(evidence: Evidence) -> Iterator[tuple[str, str, int]]:
    """Yield key, file and line of every key that the data files use."""
    for claim in evidence.claims.values():
        for reference in claim.references:
            yield reference.key, _CLAIMS, reference.line
        for text in (claim.article_says, claim.verdict_reasons, claim.teacher):
            for match in re.finditer(r"\{cite:\w+\}`([^`]+)`", text):
                for key in match.group(1).split(","):
                    yield key.strip(), _CLAIMS, claim.line
    for row in evidence.studies:
        yield row["reference"], _STUDIES, row.line
    for info in evidence.tables.values():
        for key in info.sources:
            yield key, _PACKAGE, 0
        if any(column.name == "reference" for column in info.fields):
            yield from _reference_column(evidence, info.path)


def _reference_column(evidence: Evidence, path: Path) -> Iterator[tuple[str, str, int]]:
    from hardwired.evidence.csv_rows import read_raw

    name = shown(path, evidence.root)
    header, rows, _ = read_raw(path, name)
    if "reference" in header:
        place = header.index("reference")
        for line, cells in rows:
            yield cells[place], name, line


def _check_keys(evidence: Evidence, places: list[Use]) -> Iterator[Problem]:
    """Check that every key used is defined."""
    mend = "correct the key, or add the entry to references.bib"
    for key, file, line in _data_keys(evidence):
        if key not in evidence.entries:
            yield Problem(file, line, f"unknown key {key}", mend)
    for use in places:
        if use.cites and use.key not in evidence.entries:
            yield Problem(use.file, use.line, f"unknown key {use.key}", mend)


def _check_unused(evidence: Evidence, places: list[Use]) -> Iterator[Problem]:
    """Check that every entry is used, once all chapters are written."""
    if not all_chapters_written(evidence.root):
        return
    for key in unused(evidence, places):
        line = evidence.entries[key].line
        yield Problem(_BIB, line, f"{key} is used nowhere", "cite it, or remove it")


def all_chapters_written(root: Path) -> bool:
    """Return whether each of the eight chapters has its page in the book."""
    return all((root / "book" / "chapters" / f"{name}.md").is_file() for name in CHAPTERS)


def unused(evidence: Evidence, places: list[Use]) -> list[str]:
    """Return the keys that neither text nor data use, in the order of the bibliography."""
    used = {key for key, _, _ in _data_keys(evidence)} | {use.key for use in places}
    return [key for key in evidence.entries if key not in used]


def waiting(root: Path) -> int:
    """Return how many references are used by nothing while chapters are still unwritten.

    Parameters
    ----------
    root
        Top of the repository.

    Returns
    -------
    int
        0 once all chapters are written: then each of them is a fault instead.
    """
    if all_chapters_written(root):
        return 0
    evidence, _ = read_evidence(root)
    places = [use for path in files(root) for use in uses(path, root)]
    return len(unused(evidence, places))


def _check_retractions(evidence: Evidence, places: list[Use]) -> Iterator[Problem]:
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
                yield Problem(_CLAIMS, reference.line, what, "say so, or cite another work")
    for row in evidence.studies:
        said = f"{row['certainty']} {row['remarks']}".lower()
        if row["reference"] in gone and "retract" not in said:
            what = f"{row['id']}: {row['reference']} is retracted and the row does not say so"
            yield Problem(_STUDIES, row.line, what, "say so in `certainty`, or drop the row")


def _check_directives(evidence: Evidence) -> Iterator[Problem]:
    """Check that claims shown in the book exist."""
    for path in sorted((evidence.root / "book").rglob("*.md")):
        if "_build" in path.parts:
            continue
        for directive in directives(path, evidence.root):
            if directive.name == "claim" and directive.argument not in evidence.claims:
                what = f"unknown claim {directive.argument!r}"
                yield Problem(directive.file, directive.line, what, "write C1 to C22")
