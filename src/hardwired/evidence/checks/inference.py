"""What a machine can hold of the rules of inference: arms, adjustment, primary outcomes, people.

A change within one arm is not worded as a comparison of arms; adjusted and crude results do not
share an axis unless the page says so; a trial has one primary outcome; the same people count once;
a null that leaves much open is no evidence against.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from hardwired.evidence.certainty import VERY_FEW_PEOPLE, holds_no_effect, is_wide
from hardwired.evidence.checks.files import CLAIMS, STUDIES
from hardwired.evidence.claim_ledger import Effect, Part
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import OBSERVED
from hardwired.evidence.sources import Evidence

_TIME = re.compile(
    r"\b(before|after|start|baseline|during|earlier|later|holidays?|vacation|once|first|then|end"
    r"|outset|admission|follow-up|rest|over the day|vein v artery|day \d+|week \d+|month \d+)\b"
)
_UNLIKE = (
    (
        *("adjusted", "adjusted", "crude"),
        re.compile(r"\badjusted\b.*\b(?:crude|unadjusted|not adjusted)\b", re.IGNORECASE),
        "say in the caption which are adjusted and which are crude",
    ),
    (
        *("contrast", "between", "within"),
        re.compile(r"\b(?:before and after|within (?:one|an|the|each) (?:arm|group))\b", re.I),
        "say in the caption which are changes within one arm",
    ),
)
"""What does not share an axis without a word: column, two of its words, the line that says so, the
mend."""

_CO_PRIMARY = re.compile(r"\bco-primary\b|\bprimary outcomes\b", re.IGNORECASE)


def check_inference(evidence: Evidence) -> Iterator[Problem]:
    """Check what the rows of studies and claims let a reader infer.

    Parameters
    ----------
    evidence
        As read.
    """
    yield from _check_within(evidence.studies)
    yield from _check_primary(evidence.studies)
    yield from _check_axes(evidence)
    by_work: dict[str, list[Row]] = defaultdict(list)
    for row in evidence.studies:
        by_work[row["reference"]].append(row)
    for claim in evidence.claims.values():
        for part in claim.parts:
            yield from _check_people(part, f"{claim.id}{part.id}", by_work)
            yield from _check_starts(part, f"{claim.id}{part.id}", by_work)
            yield from _check_nulls(part, f"{claim.id}{part.id}", by_work)


def _check_within(rows: list[Row]) -> Iterator[Problem]:
    """Refuse a change within one arm that is worded as a difference between arms."""
    for row in rows:
        if row["contrast"] == "within" and not _TIME.search(row["comparison"]):
            what = f"{row['id']}: within one arm, yet compared as {row['comparison']!r}"
            mend = "name the two times (after v before), or correct contrast"
            yield Problem(STUDIES, row.line, what, mend)


def _check_primary(rows: list[Row]) -> Iterator[Problem]:
    """Refuse a second primary outcome of one trial."""
    first: dict[str, Row] = {}
    for row in rows:
        if row["primary"] != "yes":
            continue
        trial = row["reference"]
        other = first.setdefault(trial, row)
        said = f"{row['certainty']} {row['remarks']}"
        if other["outcome"] != row["outcome"] and not _CO_PRIMARY.search(said):
            what = f"{row['id']}: {trial} is marked primary twice (first at line {other.line})"
            mend = "keep one, or say in remarks that they are co-primary"
            yield Problem(STUDIES, row.line, what, mend)


def _check_axes(evidence: Evidence) -> Iterator[Problem]:
    """Refuse unlike results on one axis of a figure whose page does not say so."""
    axes: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in evidence.studies:
        for use in row["used_in"].split(";"):
            place, _, chapter = use.strip().partition(" ")
            if place == "figure" and row["value"]:
                axes[chapter, row["topic"], row["scale"]].append(row)
    for (chapter, topic, scale), rows in axes.items():
        page = evidence.root / "book" / "chapters" / f"{chapter}.md"
        if not page.is_file():
            continue
        lines = page.read_text(encoding="utf-8", errors="replace").splitlines()
        for column, one, other, said, mend in _UNLIKE:
            both = {one, other} <= {row[column] for row in rows}
            if both and not any(map(said.search, lines)):
                what = f"{rows[0]['id']}: {one} and {other} {scale} of {topic} in figures of"
                yield Problem(STUDIES, rows[0].line, f"{what} {chapter}", mend)


def _check_people(part: Part, name: str, by_work: dict[str, list[Row]]) -> Iterator[Problem]:
    """Refuse an outcome that counts the people of two papers twice."""
    for outcome in part.outcomes:
        cohorts = {
            key: {row["cohort"] for row in by_work.get(key, ()) if row["cohort"]}
            for key in outcome.references
        }
        shared = {
            cohort
            for cohort in set().union(*cohorts.values())
            if sum(cohort in of_work for of_work in cohorts.values()) > 1
        }
        pooled = any(
            row["contrast"] == "pooled" for key in outcome.references for row in by_work[key]
        )
        works = len(outcome.references) - sum(
            sum(cohort in of_work for of_work in cohorts.values()) - 1 for cohort in shared
        )
        if shared and not pooled and outcome.studies is not None and outcome.studies > works:
            what = (
                f"{name}, outcome {outcome.outcome[:40]!r}: {outcome.studies} studies, but "
                f"{', '.join(sorted(shared))} stands in more than one work"
            )
            yield Problem(
                CLAIMS, outcome.at("studies"), what, f"count the same people once: {works}"
            )


def _check_starts(part: Part, name: str, by_work: dict[str, list[Row]]) -> Iterator[Problem]:
    """Refuse a high start for an outcome all of whose works only observed."""
    for outcome in part.outcomes:
        rows = [by_work.get(key, []) for key in outcome.references]
        observed = all(own and all(r["design"] in OBSERVED for r in own) for own in rows)
        if outcome.starts == "high" and observed:
            what = (
                f"{name}, outcome {outcome.outcome[:40]!r}: starts high, yet nothing was assigned"
            )
            mend = "start low, or correct the design in studies.csv"
            yield Problem(CLAIMS, outcome.at("starts"), what, mend)


def _check_nulls(part: Part, name: str, by_work: dict[str, list[Row]]) -> Iterator[Problem]:
    """Refuse a work as evidence against where every result of it that we hold is a wide null."""
    for work in part.references:
        rows = by_work.get(work.key, [])
        if work.role == "against" and rows and all(map(_wide_null, rows)):
            what = f"{name}: {work.key} stands against it by nulls that leave much open"
            mend = "a wide null is not against: let it count in its outcome alone"
            yield Problem(CLAIMS, work.line, what, mend)


def _wide_null(row: Row) -> bool:
    """Return whether a row found no clear difference and leaves one open that would matter."""
    if row["direction"] != "none":
        return False
    value, low, high = (row.number(name) for name in ("value", "low", "high"))
    if value is not None and low is not None and high is not None:
        effect = Effect(row["scale"], value, low, high)
        wide = is_wide(effect)
        return bool(holds_no_effect(effect)) and wide is not False
    people = row.number("n_total")
    return people is not None and people < VERY_FEW_PEOPLE
