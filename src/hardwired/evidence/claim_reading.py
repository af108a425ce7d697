"""`claims.yml` read into the values of :mod:`hardwired.evidence.claim_ledger`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardwired.evidence import lined_yaml
from hardwired.evidence.claim_faults import claim_faults
from hardwired.evidence.claim_ledger import (
    Claim,
    ClaimReference,
    Effect,
    Move,
    Numbers,
    Outcome,
    Part,
)
from hardwired.evidence.lined_yaml import Lined
from hardwired.evidence.problems import Problem


def read_claims(path: Path, shown: str) -> tuple[dict[str, Claim], list[Problem]]:
    """Read `claims.yml`.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    claims, problems
        Claims without fault by id in the order of the file, and every fault found.
    """
    content, problems = lined_yaml.read(path, shown)
    if problems:
        return {}, problems
    if not isinstance(content, list):
        return {}, [Problem(shown, 1, "not a list of claims", "begin each claim with `- id:`")]
    claims: dict[str, Claim] = {}
    for item in content:
        if not isinstance(item, Lined):
            what = f"{item!r} is no claim"
            problems.append(Problem(shown, 1, what, "begin each claim with `- id:`"))
            continue
        faults = list(claim_faults(item, shown))
        problems += faults
        if faults:
            continue
        claim = _claim(item)
        if claim.id in claims:
            what = f"claim {claim.id} stands twice (first at line {claims[claim.id].line})"
            problems.append(Problem(shown, claim.line, what, "merge the two"))
            continue
        claims[claim.id] = claim
    return claims, problems


def _claim(item: Lined) -> Claim:
    return Claim(
        id=item["id"],
        chapter=item["chapter"],
        article_says=_text(item["article_says"]),
        parts=tuple(map(_part, item["parts"])),
        teacher=_text(item["teacher"]),
        line=item.line,
        lines=dict(item.lines),
    )


def _part(item: Lined) -> Part:
    return Part(
        id=item["id"],
        statement=_text(item["statement"]),
        question=_text(item["question"]),
        verdict=item["verdict"],
        verdict_reasons=_text(item["verdict_reasons"]),
        would_change=_text(item["would_change"]),
        searches=tuple(item["searches"]),
        outcomes=tuple(map(_outcome, item["outcomes"])),
        references=_references(item["references"]),
        line=item.line,
        lines=dict(item.lines),
    )


def _references(items: list[Lined]) -> tuple[ClaimReference, ...]:
    return tuple(
        ClaimReference(
            key=entry["key"],
            role=entry["role"],
            why=_text(entry["why"]),
            outcome=entry["outcome"],
            line=entry.line,
        )
        for entry in items
    )


def _outcome(item: Lined) -> Outcome:
    effect = item.get("effect")
    return Outcome(
        outcome=_text(item["outcome"]),
        kind=item["kind"],
        population=_text(item["population"]),
        comparison=_text(item["comparison"]),
        studies=item.get("studies"),
        people=item.get("people"),
        effect=Effect(**effect) if effect else None,
        finding=_text(item.get("finding") or ""),
        starts=item["starts"],
        lowers=tuple(_moves(item["lowers"])),
        raises=tuple(_moves(item.get("raises"))),
        certainty=item["certainty"],
        certainty_why=_text(item.get("certainty_why") or ""),
        numbers=Numbers(**{re.sub("-", "_", k): v for k, v in (item.get("numbers") or {}).items()}),
        references=tuple(item["references"]),
        line=item.line,
        lines=dict(item.lines),
    )


def _moves(reasons: Lined | None) -> Iterator[Move]:
    for reason, move in (reasons or {}).items():
        yield Move(reason=reason, steps=move["steps"], why=_text(move["why"]))


def _text(value: Any) -> str:
    return " ".join(str(value).split())
