"""Whether each part of a claim was searched for, and each search that is named exists."""

from __future__ import annotations

from collections.abc import Iterator

from hardwired.evidence.checks.files import CLAIMS
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
            if part.bundle is None and not part.searches:
                what = f"{label}: no search"
                mend = "name its rows of searches.csv, for and against"
                yield Problem(CLAIMS, part.at("searches"), what, mend)
            for name in part.searches:
                if name not in evidence.searches:
                    what = f"{label}: unknown search {name}"
                    mend = "correct it, or add the row to searches.csv"
                    yield Problem(CLAIMS, part.at("searches"), what, mend)
    for use in searched(evidence.root):
        if use.argument not in evidence.searches:
            what = f"unknown search {use.argument!r}"
            mend = "correct it, or add the row to searches.csv"
            yield Problem(use.file, use.line, what, mend)
