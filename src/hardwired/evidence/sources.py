"""Where the evidence files lie, and one object that holds them all as read.

The files under `data/` travel with the package; `references.bib` lies at the top of the
repository and is read only by `hardwired check` and the book.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hardwired.evidence.bibliography import Entry
from hardwired.evidence.claim_ledger import Claim
from hardwired.evidence.claim_reading import read_claims
from hardwired.evidence.csv_rows import Row, read_rows
from hardwired.evidence.data_package import TableInfo, read_package
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import ABSENCE_COLUMNS, PROVENANCE_COLUMNS
from hardwired.evidence.search_rows import Search, read_reviews, read_searches
from hardwired.evidence.study_rows import read_studies

DATA = Path(__file__).parent / "data"
"""Folder of the evidence files that travel with the package."""

DATA_IN_REPOSITORY = Path("src/hardwired/evidence/data")


@dataclass(frozen=True)
class Evidence:
    """Everything the evidence files say.

    Parameters
    ----------
    root
        Top of the repository.
    entries
        `references.bib`, by key.
    provenance
        Rows of `provenance.csv`.
    claims
        `claims.yml`, by id.
    studies
        Rows of `studies.csv`.
    tables
        `datapackage.json`, by name.
    searches
        `searches.csv`, by id.
    reviews
        Rows of `reviews.csv`.
    exemptions
        Rows of `absences.csv`.
    """

    root: Path
    entries: dict[str, Entry]
    provenance: list[Row]
    claims: dict[str, Claim]
    studies: list[Row]
    tables: dict[str, TableInfo]
    searches: dict[str, Search]
    reviews: list[Row]
    exemptions: list[Row]

    def shown(self, path: Path) -> str:
        """Return a path as messages show it: relative to the repository where possible."""
        return shown(path, self.root)


def shown(path: Path, root: Path) -> str:
    """Return `path` relative to `root`, or as it is when it lies elsewhere."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def read_evidence(root: Path) -> tuple[Evidence, list[Problem]]:
    """Read every evidence file of a repository.

    Parameters
    ----------
    root
        Top of the repository.

    Returns
    -------
    evidence, problems
        What could be read, and every fault found in reading.
    """
    from hardwired.evidence.bib_reader import read_bib

    data = root / DATA_IN_REPOSITORY
    problems: list[Problem] = []

    def read(reader, path, *arguments):
        content, faults = reader(path, *arguments, shown(path, root))
        problems.extend(faults)
        return content

    evidence = Evidence(
        root,
        read(read_bib, root / "references.bib"),
        read(read_rows, data / "provenance.csv", PROVENANCE_COLUMNS),
        read(read_claims, data / "claims.yml"),
        read(read_studies, data / "studies.csv"),
        read(read_package, data / "datapackage.json"),
        read(read_searches, data / "searches.csv"),
        read(read_reviews, data / "reviews.csv"),
        read(read_rows, data / "absences.csv", ABSENCE_COLUMNS),
    )
    return evidence, problems
