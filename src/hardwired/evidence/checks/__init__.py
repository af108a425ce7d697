"""Every rule that the evidence of the book must keep, in one pass of a few seconds.

Each module here holds one kind of evidence to its rules; :func:`check` gathers what they find.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hardwired.evidence.absences import open_absences
from hardwired.evidence.checks.claims import check_claims
from hardwired.evidence.checks.files import BIB, CLAIMS, PROVENANCE, SEARCHES
from hardwired.evidence.checks.inference import check_inference
from hardwired.evidence.checks.intervals import check_intervals
from hardwired.evidence.checks.keys import (
    all_chapters_written,
    check_directives,
    check_keys,
    check_retractions,
    check_unused,
    unused,
)
from hardwired.evidence.checks.references import check_entries, check_provenance
from hardwired.evidence.checks.searches import (
    check_exemptions,
    check_searches,
    last_commit,
    old_searches,
    told,
)
from hardwired.evidence.checks.studies import check_studies, check_tables
from hardwired.evidence.problems import Problem
from hardwired.evidence.sources import read_evidence
from hardwired.evidence.usage import files, uses


@dataclass(frozen=True)
class Survey:
    """What the check found in one pass.

    Parameters
    ----------
    problems
        Faults, sorted by file and line.
    absences
        Sentences of absence, uniqueness or priority that nothing answers for: warnings.
    old_searches
        Searches older than twelve months at the last commit: warnings.
    waiting
        How many works are used by nothing while chapters are unwritten.
    """

    problems: list[Problem]
    absences: list[Problem]
    old_searches: list[Problem]
    waiting: int


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
    return survey(root).problems


def survey(root: Path) -> Survey:
    """Hold a repository to all rules of its evidence and list what is still open.

    Parameters
    ----------
    root
        Top of the repository, where `references.bib` lies.
    """
    evidence, problems = read_evidence(root)
    broken = {problem.file for problem in problems}
    places = [use for path in files(root) for use in uses(path, root)]
    waiting, idle = open_absences(root, evidence.exemptions)
    problems += check_entries(evidence.entries)
    problems += check_tables(evidence)
    problems += check_claims(evidence.claims, complete=CLAIMS not in broken)
    problems += check_studies(evidence)
    problems += check_inference(evidence)
    problems += check_intervals(evidence)
    problems += check_exemptions(evidence, idle)
    if not broken & {SEARCHES, CLAIMS}:
        problems += check_searches(evidence)
    if not broken & {PROVENANCE, BIB}:
        problems += check_provenance(evidence)
    # With a broken bibliography every key would look undefined: mend it first.
    if BIB not in broken:
        problems += check_keys(evidence, places)
        if not broken:
            problems += check_unused(evidence, places)
        problems += check_retractions(evidence, places)
    if CLAIMS not in broken:
        problems += check_directives(evidence)
    return Survey(
        problems=sorted(set(problems)),
        absences=list(map(told, waiting)),
        old_searches=old_searches(evidence, last_commit(root)),
        waiting=0 if all_chapters_written(root) else len(unused(evidence, places)),
    )
