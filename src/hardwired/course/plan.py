"""What is to be graded: files matched to students, identifiers compared, seeds given out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.errors import CourseError
from hardwired.course.grade import identity_matches
from hardwired.course.gradebook import Attempt
from hardwired.course.submissions import Handed
from hardwired.course.variants import public_seed, secret_seed, zeroless

__all__ = ["Draw", "Item", "Plan", "make", "reference_key", "refuse_unknown", "run_key"]

GRADER = 5  # raise it when a mark could change
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
    """Raise `CourseError` if no file at all is from somebody on the roster: it is another's."""
    if handed and not any(h.known for h in handed):
        raise CourseError(
            f"{handed[0].file}: {handed[0].student!r} is not on the roster, nor is anybody of the"
            f" other {len(handed) - 1} files; give the roster of this course"
        )


def make(
    exercise: Exercise,
    handed: Sequence[Handed],
    engine: Engine,
    limits: Limits,
    key: bytes | None,
    accepted: Collection[tuple[str, str]] = (),
) -> Plan:
    """Plan a run over the file of each student that counts; who is not on the roster is left out.

    ``accepted`` are (student, file digest) that a person let pass as they are.
    """
    items: list[Item] = []
    settled: list[Attempt] = []
    key_of = run_key(exercise, engine, limits, None)
    of: dict[str, list[Handed]] = {}
    for h in handed:
        of.setdefault(h.student, []).append(h)
    for h in handed:
        if not h.newest or not h.known:
            continue
        status, reason = "unreadable", h.problem
        if not h.problem and (h.student, h.digest) not in accepted:
            status, reason = _doubt(exercise, h, of[h.student])
        if reason:
            settled.append(_settled(exercise, h, status, reason, key_of))
            continue
        typed = h.typed or h.student
        # A roster that lost its zeros is not the one whose identifiers the data were drawn for.
        drawn = typed if zeroless(typed) and zeroless(typed) == zeroless(h.student) else h.student
        seed = secret_seed(key, exercise.slug, drawn) if key else public_seed(exercise.slug, typed)
        items.append(Item(h, seed, run_key(exercise, engine, limits, seed)))
    items, twins = _twins(exercise, items, accepted, key_of)
    return Plan(tuple(items), (*settled, *twins))


def _doubt(exercise: Exercise, h: Handed, handed: Sequence[Handed]) -> tuple[str, str]:
    """Give why a person must look at a readable file before it is run, or nothing.

    ``handed`` are all files of this student.
    """
    if len({o.claimed for o in handed}) > 1:
        files = " and ".join(o.file for o in handed)
        return "mismatch", (
            f"several anonymous submissions say that they are {h.student!r}: {files};"
            " ask, then choose one"
        )
    if h.slug is not None and h.slug != exercise.slug:
        return "mismatch", (
            f"it is the notebook of another exercise: {h.slug}, not {exercise.slug};"
            " ask for the right one, or accept it as it is"
        )
    if h.version is not None and h.slug is not None and h.version != exercise.version:
        return "mismatch", (
            f"it was made from version {h.version} of this exercise, and this is version"
            f" {exercise.version}; grade with the sources it was made from, or accept it"
        )
    if h.answered is not None:
        others = [o for o in handed if o is not h and o.answered]
        best = max(others, key=lambda o: len(o.answered or ()), default=None)
        if best and 2 * len(h.answered) < len(best.answered or ()):
            return "blank", (
                f"{_few(h)}, but {best.file}, which is older, answers"
                f" {len(best.answered or ())} questions; choose the one that counts"
            )
        if not h.answered:
            return "blank", "it is as it was given out: nothing is answered in it; ask the student"
    if not identity_matches(h.typed, h.aliases):
        said = f"says {h.typed!r}" if h.typed else "has no identifier in its first cell"
        return "mismatch", (
            f"identifier mismatch: handed in as {h.student!r}, but the notebook {said};"
            " ask the student"
        )
    return "", ""


def _few(h: Handed) -> str:
    number = len(h.answered or ())
    return f"the newest file answers {number or 'no'} question{'' if number == 1 else 's'}"


def _twins(
    exercise: Exercise, items: list[Item], accepted: Collection[tuple[str, str]], key_of: str
) -> tuple[list[Item], list[Attempt]]:
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
            if (item.handed.student, item.handed.digest) in accepted:
                good.append(item)
                continue
            others = ", ".join(sorted(i.handed.student for i in group if i is not item))
            reason = (
                f"two students have the identifier {item.handed.typed!r}: also {others};"
                " give each their own"
            )
            bad.append(_settled(exercise, item.handed, "mismatch", reason, key_of))
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
