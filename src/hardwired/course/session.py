"""One run of ``hardwired grade``: plan, solve, grade, write down, and say how far it is."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TextIO

from hardwired.course import plan, submissions
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.gradebook import Copy, Gradebook
from hardwired.course.pool import ClusterPool, LocalPool
from hardwired.course.roster import Roster

__all__ = ["Summary", "grade_all"]


@dataclass(frozen=True)
class Summary:
    """What a run did, and what is left for a person."""

    graded: int
    already: int
    attention: tuple[str, ...]
    seconds: float


def grade_all(
    exercise: Exercise,
    submitted: Path | Sequence[submissions.Handed],
    book: Gradebook,
    engine: Engine,
    limits: Limits,
    *,
    roster: Roster | None = None,
    key: bytes | None = None,
    jobs: int = 1,
    cluster: str | None = None,
    skip_unknown: bool = False,
    progress: TextIO | None = None,
) -> Summary:
    """Grade what was handed in and is not in the gradebook yet.

    Every submission is one transaction, so that the run may be stopped at any moment; a second run
    goes on where the first was. The engine is closed at the end.

    Raises
    ------
    CourseError
        If there is nothing to grade, a student is unknown, or the reference fails; the gradebook
        is then as it was.
    """
    started = time.monotonic()
    try:
        handed = (
            submissions.collect(submitted, roster) if isinstance(submitted, Path) else submitted
        )
        planned = plan.make(exercise, handed, engine, limits, key, skip_unknown=skip_unknown)
        done = book.done(exercise.slug)
        todo = [
            i for i in planned.items if (i.handed.student, i.handed.digest, i.run_key) not in done
        ]
        pool: Any = (
            ClusterPool(exercise, limits, engine, cluster)
            if cluster
            else LocalPool(exercise, limits, engine, jobs)
        )
    except BaseException:
        engine.close()
        raise
    bar = _Bar(progress, len(todo), started)
    try:
        solved = _solved(exercise, book, engine, pool, sorted({i.seed for i in todo}), bar)
        audit = {
            "engine": engine.name,
            "versions": dict(engine.versions()),
            "limits": asdict(limits),
            "exercise_digest": exercise.digest,
            "exercise_version": exercise.version,
        }
        for attempt in planned.settled:
            if (attempt.student, attempt.file_digest, attempt.run_key) not in done:
                book.add(attempt)
        for attempt in pool.grade([(i, solved[i.seed]) for i in todo], audit):
            book.add(attempt)
            bar.step()
        bar.end()
    finally:
        pool.close()
    wanted = {i.handed.student: (i.handed.digest, i.run_key) for i in planned.items}
    wanted |= {a.student: (a.file_digest, a.run_key) for a in planned.settled}
    book.count(exercise.slug, wanted)
    book.keep_copies(
        exercise.slug,
        (
            Copy(h.student, h.file, h.digest, h.handed_in, h.late, h.newest)
            for h in handed
            if h.known
        ),
    )
    attention = [f"{a.file}: {a.reason}" for a in planned.settled]
    attention += [
        f"{h.file}: {h.student!r} is not on the roster; left out" for h in handed if not h.known
    ]
    attention += [
        f"{a.file}: {a.reason}" for a in book.attempts(exercise.slug) if a.status == "no result"
    ]
    return Summary(
        len(todo), len(planned.items) - len(todo), tuple(attention), time.monotonic() - started
    )


def _solved(
    exercise: Exercise, book: Gradebook, engine: Engine, pool: Any, seeds: Sequence[int], bar: _Bar
) -> dict[int, Mapping[str, Any]]:
    """Solved variants, from the gradebook or the engine; all of them before anybody is graded."""

    def key(seed: int) -> str:
        return plan.reference_key(exercise, engine, seed)

    found = {seed: value for seed in seeds if (value := book.reference(key(seed))) is not None}
    missing = [seed for seed in seeds if seed not in found]
    fresh: dict[int, Mapping[str, Any]] = {}
    for seed, value in pool.solve(missing):
        fresh[seed] = value
        bar.say(f"solving variants: {len(fresh)} of {len(missing)}")
    if fresh:
        book.keep_references(exercise.slug, [(key(seed), value) for seed, value in fresh.items()])
    return {**found, **fresh}


class _Bar:
    """A progress line with rate and time left, on a terminal only."""

    def __init__(self, sink: TextIO | None, total: int, started: float) -> None:
        self.sink, self.total, self.count = sink, total, 0
        self.started = started
        self.live = bool(sink and sink.isatty())
        self.shown = 0.0

    def say(self, text: str, *, force: bool = False) -> None:
        now = time.monotonic()
        if self.sink and self.live and (force or now - self.shown > 0.1):
            self.shown = now
            print(f"\r{text:<78}", end="", file=self.sink, flush=True)

    def step(self) -> None:
        self.count += 1
        rate = self.count / max(time.monotonic() - self.started, 1e-9)
        filled = "#" * (20 * self.count // max(self.total, 1))
        left = (self.total - self.count) / rate
        self.say(
            f"[{filled:<20}] {self.count}/{self.total}"
            f"  {60 * rate:.0f} a minute  {left:.0f} s left",
            force=True,
        )

    def end(self) -> None:
        if self.sink and self.live:
            print(file=self.sink)
