"""Running the items of a plan on this machine, with threads that share an engine."""

from __future__ import annotations

import base64
import concurrent.futures
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.border.guard import Border, Settled
from hardwired.course.border.text import cut
from hardwired.course.engines.base import Engine, Limits, Outcome, Said, hear
from hardwired.course.grade import Judged, Prepared, attempt, job_of, unjudged
from hardwired.course.gradebook import Attempt
from hardwired.course.partial import Mark
from hardwired.course.places import Place
from hardwired.course.plan import Draw, Item, reference_key
from hardwired.course.reference import references

__all__ = ["LocalPool", "Pool", "batches", "prepare", "settled", "solve", "work"]

BATCH = 8


def work(
    exercise: Exercise,
    item: Item,
    solved: Mapping[str, Any],
    engine: Engine,
    limits: Limits,
    audit: Mapping[str, Any],
    border: Border,
    prepared: Prepared | None = None,
) -> Attempt:
    """Grade one item; whatever goes wrong costs this item its marks, with the reason, not the run.

    Parameters
    ----------
    prepared : Prepared, optional
        What the notebook gives, where its file lies on another machine.
    """
    got = prepared or Prepared(())
    try:
        got = prepared or prepare(item, border)
        said = hear(engine, job_of(exercise, got, solved), limits)
        found = border.ask("judge", said, solved, limits, got.places, got.pictured)
        judged = _judged(exercise, found, said)
    except Settled as error:
        judged = unjudged(exercise, str(error))
    except Exception as error:
        judged = unjudged(
            exercise, cut(f"the grader failed on it ({type(error).__name__}: {error})", 200)
        )
    return settled(exercise, item, judged, engine, audit, got)


def settled(
    exercise: Exercise,
    item: Item,
    judged: Judged,
    engine: Engine,
    audit: Mapping[str, Any],
    prepared: Prepared | None = None,
) -> Attempt:
    """Give the attempt of an item, with what its marks depended on."""
    audit = {
        **audit,
        "seed": f"{item.seed:032x}",
        "reference": reference_key(exercise, engine, item.draw),
    }
    judged = replace(judged, given={n: _text(value) for n, value in judged.given.items()})
    return attempt(exercise, item.handed, prepared or Prepared(()), judged, item.run_key, audit)


def prepare(item: Item, border: Border) -> Prepared:
    """Have a notebook read; `Settled` if it cannot be."""
    found = border.ask("prepare", item.handed.source, item.handed.digest)
    return Prepared(
        cells=tuple((number, source) for number, source in found["cells"]),
        prose={(question, answer): text for question, answer, text in found["prose"]},
        notes=tuple(found["notes"]),
        places={i: Place(q, label, tuple(names)) for i, q, label, names in found["places"]},
        found=found["found"],
        pictured=tuple(found["pictured"]),
    )


def _judged(exercise: Exercise, found: Mapping[str, Any], said: Said) -> Judged:
    outcome = Outcome(
        found["ended"],
        cells=tuple(found["cells"]),
        at=said.at,
        dropped=said.dropped,
        usage=said.usage,
    )
    return Judged(
        marks={name: _mark(row) for name, row in found["marks"].items()},
        given=found["given"],
        outcome=outcome,
        figures={(q, a): base64.b64decode(data) for q, a, data in found["figures"]},
        notes=tuple(found["notes"]),
        found=found["found"],
    )


def _mark(row: Sequence[Any]) -> Mark:
    points, most, rule, reason = row
    return Mark(points=points, most=most, rule=rule, reason=reason)


def _text(given: Any) -> str:
    return given if type(given) is str else json.dumps(given)


def batches(draws: Sequence[Draw]) -> list[list[Draw]]:
    """Deal draws out: some at a time are solved in one sandbox."""
    return [list(draws[i : i + BATCH]) for i in range(0, len(draws), BATCH)]


def solve(
    exercise: Exercise, draws: Sequence[Draw], engine: Engine, limits: Limits
) -> list[Mapping[str, Any]]:
    """Solve the variants of some draws in one sandbox."""
    seeds, files = [seed for seed, _ in draws], [file for _, file in draws]
    return references(exercise, seeds, engine, limits, files=files)


class Pool(Protocol):
    """Where the items of a plan run."""

    def solve(self, draws: Sequence[Draw]) -> Iterator[tuple[Draw, Mapping[str, Any]]]:
        """Yield each draw with its solved variant."""

    def grade(
        self, items: Sequence[tuple[Item, Mapping[str, Any]]], audit: Mapping[str, Any]
    ) -> Iterator[Attempt]:
        """Grade items, in the order in which they are done."""

    def close(self) -> None:
        """End what still runs."""


class LocalPool:
    """Threads that share one engine; while a submission runs, its thread only waits."""

    def __init__(
        self, exercise: Exercise, limits: Limits, engine: Engine, border: Border, jobs: int
    ) -> None:
        self.exercise, self.limits, self.engine, self.border = exercise, limits, engine, border
        self.executor = concurrent.futures.ThreadPoolExecutor(jobs, thread_name_prefix="grader")

    def solve(self, draws: Sequence[Draw]) -> Iterator[tuple[Draw, Mapping[str, Any]]]:
        """Solve variants, some at a time in one sandbox."""
        futures = {
            self.executor.submit(solve, self.exercise, batch, self.engine, self.limits): batch
            for batch in batches(draws)
        }
        for future in concurrent.futures.as_completed(futures):
            yield from zip(futures[future], future.result(), strict=True)

    def grade(
        self, items: Sequence[tuple[Item, Mapping[str, Any]]], audit: Mapping[str, Any]
    ) -> Iterator[Attempt]:
        """Grade items, in the order in which they are done."""
        futures = [
            self.executor.submit(
                work, self.exercise, item, solved, self.engine, self.limits, audit, self.border
            )
            for item, solved in items
        ]
        for future in concurrent.futures.as_completed(futures):
            yield future.result()

    def close(self) -> None:
        """Drop what waits, end the engine and with it what still runs."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.engine.close()
        self.executor.shutdown(wait=True)
