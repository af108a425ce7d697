"""Whether studies and tables follow from their own numbers and are used where they say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from hardwired.evidence.checks.files import PACKAGE, STUDIES
from hardwired.evidence.data_package import check_table
from hardwired.evidence.problems import Problem
from hardwired.evidence.recompute import disagreements
from hardwired.evidence.schema import USE
from hardwired.evidence.sources import DATA_IN_REPOSITORY, Evidence, read_evidence, shown


def check_studies(evidence: Evidence) -> Iterator[Problem]:
    """Check that rows are used and recompute."""
    for row in evidence.studies:
        for use in row["used_in"].split(";"):
            yield from _check_use(evidence.root, use.strip(), row["id"], STUDIES, row.line)
        found = disagreements(row)
        if found and not row["exception"]:
            mend = "correct it, or explain it in the column 'exception'"
            yield Problem(STUDIES, row.line, f"{row['id']}: {found[0]}", mend)
        if row["exception"] and not found:
            what = f"{row['id']} has an exception and yet agrees with itself"
            yield Problem(STUDIES, row.line, what, "move the text to 'remarks'")


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
        f"{STUDIES}:{row.line}: {row['id']}: {'; '.join(disagreements(row))}: {row['exception']}"
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


def check_tables(evidence: Evidence) -> Iterator[Problem]:
    """Check each table against its description, and that no file lies about undescribed."""
    root = evidence.root
    described = set()
    for info in evidence.tables.values():
        described.add(info.path)
        yield from check_table(info, shown(info.path, root))
        for use in info.used_in.split(";"):
            yield from _check_use(root, use.strip(), info.name, PACKAGE, 0)
    for path in sorted((root / DATA_IN_REPOSITORY / "tables").glob("*")):
        if path not in described and path.name != ".gitkeep":
            what = "the table is not described in datapackage.json, or its entry has a fault"
            yield Problem(shown(path, root), 0, what, "describe it with fields, units, licence")
