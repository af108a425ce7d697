"""Whether each part of a claim was searched for, each search that is named exists, and none is old.

A search that grew old and a sentence of absence that nothing answers for are warnings: they are
counted and listed, and the check passes.
"""

from __future__ import annotations

import datetime
import subprocess
from collections.abc import Iterator
from pathlib import Path

from hardwired.evidence.absences import Absence
from hardwired.evidence.checks.files import ABSENCES, CLAIMS, SEARCHES
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.problems import Problem
from hardwired.evidence.sources import Evidence
from hardwired.evidence.usage import searched


def check_searches(evidence: Evidence) -> Iterator[Problem]:
    """Check that claims and text name searches that exist.

    Parameters
    ----------
    evidence
        As read.
    """
    for claim in evidence.claims.values():
        for part in claim.parts:
            label = f"{claim.id}{part.id}"
            if not part.searches:
                what = f"{label}: no search"
                mend = "name its rows of searches.csv, for and against"
                yield Problem(CLAIMS, part.at("searches"), what, mend)
            for name in part.searches:
                if name not in evidence.searches:
                    what = f"{label}: unknown search {name}"
                    mend = "correct it, or add the row to searches.csv"
                    yield Problem(CLAIMS, part.at("searches"), what, mend)
    for use in searched(evidence.root):
        if use.file.startswith("exercises/"):
            what = "a notebook and a question bank cannot show the role {searched}"
            mend = "rewrite the sentence, or exempt it in absences.csv and name the search there"
            yield Problem(use.file, use.line, what, mend)
        elif use.argument not in evidence.searches:
            what = f"unknown search {use.argument!r}"
            mend = "correct it, or add the row to searches.csv"
            yield Problem(use.file, use.line, what, mend)


def check_exemptions(evidence: Evidence, idle: list[Row]) -> Iterator[Problem]:
    """Check that each exemption still fits a sentence, and that none stands twice.

    Parameters
    ----------
    evidence
        As read.
    idle
        Exemptions that fit no sentence.
    """
    for row in idle:
        what = f"{row['id']}: no proposed sentence of {row['file']} holds {row['words']!r}"
        yield Problem(ABSENCES, row.line, what, "remove the row, or correct its words")
    lines: dict[str, int] = {}
    for row in evidence.exemptions:
        if row["id"] in lines:
            what = f"{row['id']} stands twice (first at line {lines[row['id']]})"
            yield Problem(ABSENCES, row.line, what, "give each row its own id")
        lines.setdefault(row["id"], row.line)


def told(absence: Absence) -> Problem:
    """Return a sentence that nothing answers for as a line to print."""
    mend = "name its search with {searched}, say what was studied, or exempt it in absences.csv"
    return Problem(absence.file, absence.line, f"{absence.sign!r}: {absence.sentence}", mend)


def old_searches(evidence: Evidence, today: datetime.date | None) -> list[Problem]:
    """List the searches that are older than twelve months.

    Parameters
    ----------
    evidence
        As read.
    today
        The day to count from, that of the last commit; without one nothing is old.
    """
    if today is None:
        return []
    oldest = today.replace(year=today.year - 1, day=min(today.day, 28))
    return [
        Problem(SEARCHES, search.line, f"{name}: asked on {search.date}", "ask again")
        for name, search in evidence.searches.items()
        if datetime.date.fromisoformat(search.date) < oldest
    ]


def last_commit(root: Path) -> datetime.date | None:
    """Return the day of the last commit, or None where there is no repository to ask."""
    command = ["git", "-C", str(root), "log", "-1", "--format=%cs"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    text = done.stdout.strip()
    return datetime.date.fromisoformat(text) if text else None
