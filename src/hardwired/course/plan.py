"""What is to be graded: files matched to students, identifiers compared, seeds given out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.errors import CourseError
from hardwired.course.grade import identity_matches
from hardwired.course.gradebook import Attempt
from hardwired.course.submissions import Handed
from hardwired.course.variants import public_seed, secret_seed

__all__ = ["Draw", "Item", "Plan", "make", "reference_key", "refuse_unknown", "run_key"]

GRADER = 3  # raise it when a mark could change
Draw = tuple[int, str]  # the seed of a student, and the digest of the file handed in


@dataclass(frozen=True)
class Item:
    """One submission to run."""

    handed: Handed
    seed: int
    run_key: str

    @property
    def draw(self) -> Draw:
        """What its data and its hidden inputs follow from."""
        return self.seed, self.handed.digest


@dataclass(frozen=True)
class Plan:
    """Submissions to run, and attempts that need no run because a person must look at them."""

    items: tuple[Item, ...]
    settled: tuple[Attempt, ...]


def run_key(exercise: Exercise, engine: Engine, limits: Limits, seed: int | None) -> str:
    """Give what a mark depends on besides the file, as a digest."""
    parts = [
        GRADER,
        exercise.digest,
        engine.name,
        dict(engine.versions()),
        asdict(limits),
        str(seed),
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def reference_key(exercise: Exercise, engine: Engine, draw: Draw) -> str:
    """Name under which a solved variant is kept; limits do not matter to it."""
    seed, file = draw
    parts = [GRADER, exercise.digest, engine.name, dict(engine.versions()), str(seed), file]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]


def refuse_unknown(handed: Sequence[Handed]) -> None:
    """Raise `CourseError` if a file is from somebody who is not on the roster."""
    unknown = [h for h in handed if not h.known]
    if unknown:
        more = f" (and {len(unknown) - 1} more)" if len(unknown) > 1 else ""
        raise CourseError(
            f"{unknown[0].file}: {unknown[0].student!r} is not on the roster{more};"
            " add the student to it, or leave such files out with --skip-unknown"
        )


def make(
    exercise: Exercise,
    handed: Sequence[Handed],
    engine: Engine,
    limits: Limits,
    key: bytes | None,
) -> Plan:
    """Plan a run over each student's newest file; who is not on the roster is left out."""
    items: list[Item] = []
    settled: list[Attempt] = []
    for h in handed:
        if not h.newest or not h.known:
            continue
        if h.problem:
            key_of = run_key(exercise, engine, limits, None)
            settled.append(_settled(exercise, h, "unreadable", h.problem, key_of))
            continue
        if not identity_matches(h.typed, h.aliases):
            said = f"says {h.typed!r}" if h.typed else "has no identifier in its first cell"
            reason = (
                f"identifier mismatch: handed in as {h.student!r}, but the notebook {said};"
                " ask the student"
            )
            key_of = run_key(exercise, engine, limits, None)
            settled.append(_settled(exercise, h, "mismatch", reason, key_of))
            continue
        typed = str(h.typed)
        seed = (
            secret_seed(key, exercise.slug, h.student) if key else public_seed(exercise.slug, typed)
        )
        items.append(Item(h, seed, run_key(exercise, engine, limits, seed)))
    items, twins = _twins(exercise, items)
    return Plan(tuple(items), (*settled, *twins))


def _twins(exercise: Exercise, items: list[Item]) -> tuple[list[Item], list[Attempt]]:
    """Two students who use one identifier: neither is graded, both are named."""
    by_seed: dict[int, list[Item]] = {}
    for item in items:
        by_seed.setdefault(item.seed, []).append(item)
    good: list[Item] = []
    bad: list[Attempt] = []
    for group in by_seed.values():
        if len(group) == 1:
            good += group
            continue
        for item in group:
            others = ", ".join(sorted(i.handed.student for i in group if i is not item))
            reason = (
                f"two students have the identifier {item.handed.typed!r}: also {others};"
                " give each their own"
            )
            bad.append(_settled(exercise, item.handed, "mismatch", reason, item.run_key))
    return good, bad


def _settled(exercise: Exercise, h: Handed, status: str, reason: str, key: str) -> Attempt:
    audit: Mapping[str, str] = {"exercise_digest": exercise.digest}
    return Attempt(
        exercise=exercise.slug,
        student=h.student,
        name=h.name,
        file=h.file,
        file_digest=h.digest,
        run_key=key,
        status=status,
        reason=reason,
        handed_in=h.handed_in,
        late=h.late,
        audit=audit,
    )
