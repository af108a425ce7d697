"""A student's share of a whole course: the exercises' shares, by the weights of ``course.yml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.gradebook import Gradebook
from hardwired.course.policy import Policy
from hardwired.course.roster import Roster
from hardwired.course.standing import Standing, standings

__all__ = ["Total", "totals", "write_totals"]


@dataclass(frozen=True)
class Total:
    """One student: share of the points of each exercise, and of the course.

    A share is None while a person has to look; what was not handed in counts nothing.
    """

    student: str
    name: str
    shares: Mapping[str, float | None]
    share: float | None


def totals(
    exercises: Sequence[Exercise], book: Gradebook, roster: Roster | None, policy: Policy
) -> list[Total]:
    """Add up the exercises that the gradebook holds; a weight that is not given is 1."""
    found: dict[str, dict[str, Standing]] = {}
    names: dict[str, str] = {}
    for exercise in exercises:
        for s in standings(exercise, book, roster, policy):
            found.setdefault(s.student, {})[exercise.slug] = s
            names.setdefault(s.student, s.name)
    weights = {e.slug: policy.weight.get(e.slug, 1.0) for e in exercises}
    whole = sum(weights.values())
    out = []
    for student in sorted(found):
        shares = {slug: _share(found[student].get(slug)) for slug in weights}
        known = [(weights[slug], share) for slug, share in shares.items() if share is not None]
        complete = whole > 0 and len(known) == len(shares)
        total = sum(w * share for w, share in known) / whole if complete else None
        out.append(Total(student, names[student], shares, total))
    return out


def _share(s: Standing | None) -> float | None:
    if s is None or s.status == "missing":
        return 0.0
    if s.points is None or not s.most:
        return None
    return s.points / s.most


def write_totals(path: Path, exercises: Sequence[Exercise], rows: Sequence[Total]) -> None:
    """Write a row a student, in per cent; a blank waits for a person."""
    slugs = [exercise.slug for exercise in exercises]
    csvsafe.write(
        path,
        ["student", "name", *(f"{slug} (%)" for slug in slugs), "course (%)"],
        [
            [t.student, t.name, *(_percent(t.shares[slug]) for slug in slugs), _percent(t.share)]
            for t in rows
        ],
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{round(100 * share, 2):g}"
