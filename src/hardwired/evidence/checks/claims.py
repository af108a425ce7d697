"""Whether each claim is there and is argued."""

from __future__ import annotations

from collections.abc import Iterator

from hardwired.evidence.certainty import holds_no_effect, is_wide, suggestion
from hardwired.evidence.checks.files import CLAIMS
from hardwired.evidence.claim_ledger import Claim, Outcome, Part
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import CLAIM_CHAPTERS, TEACHER_WORDS

C_TO_C = "write C1 to C22"


def check_claims(claims: dict[str, Claim], complete: bool) -> Iterator[Problem]:
    """Check that all claims are there and that each is argued."""
    if complete:
        for number, chapter in CLAIM_CHAPTERS.items():
            if number not in claims:
                what = f"claim {number} of {chapter} is missing"
                yield Problem(CLAIMS, 0, what, "add it")
    order = [claim.number for claim in claims.values()]
    if order != sorted(order):
        yield Problem(CLAIMS, 1, "claims are out of order", "sort them C1 to C22")
    for claim in claims.values():
        yield from _check_claim(claim)


def _check_claim(claim: Claim) -> Iterator[Problem]:
    if claim.id not in CLAIM_CHAPTERS:
        yield Problem(CLAIMS, claim.at("id"), f"{claim.id}: the article has no such claim", C_TO_C)
    elif claim.chapter != CLAIM_CHAPTERS[claim.id]:
        right = CLAIM_CHAPTERS[claim.id]
        what = f"{claim.id}: chapter {claim.chapter}"
        yield Problem(CLAIMS, claim.at("chapter"), what, f"it belongs to {right}")
    for part in claim.parts:
        yield from _check_part(part, f"{claim.id}{part.id}")
    words = len(claim.teacher.split())
    if not TEACHER_WORDS[0] <= words <= TEACHER_WORDS[1]:
        what = f"{claim.id}: the teacher says {words} words"
        mend = f"make it {TEACHER_WORDS[0]} to {TEACHER_WORDS[1]}"
        yield Problem(CLAIMS, claim.at("teacher"), what, mend)


def _check_part(part: Part, name: str) -> Iterator[Problem]:
    def problem(piece: str, what: str, mend: str) -> Problem:
        return Problem(CLAIMS, part.at(piece), f"{name}: {what}", mend)

    if len(part.references) < 2:
        yield problem("references", "fewer than two references", "add what else was found")
    if not any(reference.outcome == "human" for reference in part.references):
        mend = "add a work that measured the claim's own outcome in people"
        yield problem("references", "no reference on the human outcome", mend)
    for reference in part.references:
        if not reference.why.endswith("."):
            what = f"{name}: why {reference.key} counts is no sentence"
            yield Problem(CLAIMS, reference.line, what, "write one sentence with a full stop")
    roles = {reference.role for reference in part.references}
    if part.verdict in ("supported", "supported-with-limits") and "for" not in roles:
        yield problem("verdict", "supported, yet no reference for it", "add one or change verdict")
    argued = part.verdict in ("supported", "not-shown")
    if not argued and not roles & {"against", "qualifies"}:
        mend = "add one that is against or qualifies"
        yield problem("verdict", f"{part.verdict}, yet every reference is for it", mend)
    for outcome in part.outcomes:
        yield from _check_outcome(outcome, name)
    yield from _check_nulls(part, name)


def _check_outcome(outcome: Outcome, name: str) -> Iterator[Problem]:
    label = f"{name}, outcome {outcome.outcome[:40]!r}"
    given, moves = outcome.certainty, outcome.certainty_by_moves
    suggested = suggestion(outcome)
    why = "; ".join(f"{move.reason} {move.steps}: {move.why}" for move in suggested.steps)
    numbers = f"the numbers suggest {suggested.certainty}" + (f" ({why})" if why else "")
    mend = "correct it, or say why in certainty_why"
    if given != moves and not outcome.certainty_why:
        what = f"{label}: certainty {given}, but start and reasons give {moves}"
        yield Problem(CLAIMS, outcome.at("certainty"), what, mend)
    elif given != suggested.certainty and not outcome.certainty_why:
        what = f"{label}: certainty {given}, but {numbers}"
        yield Problem(CLAIMS, outcome.at("certainty"), what, mend)
    elif outcome.certainty_why and given == moves == suggested.certainty:
        what = f"{label}: a reason to differ, and nothing differs"
        yield Problem(CLAIMS, outcome.at("certainty_why"), what, "take certainty_why out")


def _check_nulls(part: Part, name: str) -> Iterator[Problem]:
    """Refuse works as evidence against where all that they gave is a null that leaves much open."""
    against = {work.key: work for work in part.references if work.role == "against"}
    for outcome in part.outcomes:
        effect = outcome.effect
        if effect is None or not holds_no_effect(effect) or is_wide(effect) is False:
            continue
        for key in outcome.references:
            elsewhere = any(key in o.references for o in part.outcomes if o is not outcome)
            if key in against and not elsewhere:
                what = f"{name}: {key} stands against it by an interval that leaves much open"
                mend = "a wide null is not against: let it count in its outcome alone"
                yield Problem(CLAIMS, against[key].line, what, mend)
