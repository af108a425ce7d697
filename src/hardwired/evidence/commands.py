"""`hardwired check`: the evidence and bibliography rules on the command line."""

from __future__ import annotations

import argparse
import datetime
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from hardwired.evidence.checks import Survey, survey
from hardwired.evidence.checks.files import BIB, PROVENANCE
from hardwired.evidence.checks.studies import exceptions
from hardwired.evidence.retractions import hold_against, read_list, told
from hardwired.evidence.sources import read_evidence


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add `check` to the subcommands of `hardwired`.

    Parameters
    ----------
    subparsers
        What :meth:`argparse.ArgumentParser.add_subparsers` returned. The parsed arguments carry
        `run`, a function that takes them and returns the exit code.
    """
    parser = subparsers.add_parser(
        "check",
        help="hold references, claims, studies and tables to their rules",
        description=(
            "Check references.bib, provenance.csv, claims.yml, studies.csv and the data package "
            "against each other and against the text. Prints one line a fault, with file, line "
            "and mend. Reads only, but for --retractions."
        ),
        epilog="Exit codes: 0 all is well, 1 faults were found, 2 wrong usage.",
    )
    parser.add_argument(
        "--root",
        type=Path,
        default=None,
        metavar="DIR",
        help="top of the repository (default: the nearest folder upwards with references.bib)",
    )
    parser.add_argument(
        "--exceptions",
        action="store_true",
        help="list the results that do not follow from their own numbers, and why",
    )
    parser.add_argument(
        "--absences",
        action="store_true",
        help="list the sentences that claim that something was not done, and name no search",
    )
    parser.add_argument(
        "--retractions",
        type=Path,
        default=None,
        metavar="FILE",
        help="hold every work against a list of retractions (CSV with columns doi and nature) and "
        "write the result into provenance.csv; without it the check only reads",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the check and print what it found.

    Parameters
    ----------
    arguments
        With `root`, a path or None, and what to list.

    Returns
    -------
    int
        0 when all is well, 1 with faults, 2 when there is no repository to check.
    """
    root = find_root(Path.cwd()) if arguments.root is None else arguments.root.resolve()
    if root is None or not (root / "references.bib").is_file():
        where = arguments.root or "this folder or any above it"
        print(
            f"hardwired check: no references.bib in {where}; give the top of the repository "
            "with --root.",
            file=sys.stderr,
        )
        return 2
    if arguments.exceptions:
        for line in exceptions(root):
            print(line)
        return 0
    if arguments.retractions is not None:
        return _hold_against(root, arguments.retractions)
    begin = time.perf_counter()
    found = survey(root)
    if arguments.absences:
        for problem in found.absences:
            print(problem)
        return 0
    for problem in found.problems:
        print(problem)
    seconds = time.perf_counter() - begin
    if found.problems:
        plural = "s" if len(found.problems) > 1 else ""
        print(f"{len(found.problems)} fault{plural} in {seconds:.1f} s.", file=sys.stderr)
        return 1
    print(f"The evidence keeps its rules ({seconds:.1f} s).", file=sys.stderr)
    for line in _warnings(found):
        print(line, file=sys.stderr)
    return 0


def _warnings(found: Survey) -> Iterator[str]:
    """Yield what is still open and fails nothing."""
    for problem in found.old_searches:
        yield f"Grown old: {problem}"
    absent = len(found.absences)
    if absent:
        said = "sentence claims an absence and names"
        said = said if absent == 1 else "sentences claim an absence and name"
        yield f"{absent} {said} no search; --absences lists them."
    if found.waiting:
        yield f"{found.waiting} references wait for chapters that are not written yet."


def _hold_against(root: Path, file: Path) -> int:
    """Write what a list of retractions says of each work into `provenance.csv`."""
    notices, problems = read_list(file)
    evidence, broken = read_evidence(root)
    problems += [problem for problem in broken if problem.file in (BIB, PROVENANCE)]
    if problems or notices is None:
        for problem in problems:
            print(problem)
        return 1
    today = datetime.date.today().isoformat()
    checked = hold_against(notices, evidence.entries, evidence.provenance, today)
    target = root / PROVENANCE
    part = target.with_suffix(".part")
    part.write_text(checked.text, encoding="utf-8")
    part.replace(target)
    for line in told(checked):
        print(line)
    return 1 if checked.left else 0


def find_root(start: Path) -> Path | None:
    """Return the nearest folder at or above `start` that holds `references.bib`."""
    for folder in (start, *start.parents):
        if (folder / "references.bib").is_file():
            return folder
    return None
