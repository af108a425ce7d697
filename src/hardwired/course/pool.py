"""Running the items of a plan on this machine, with threads that share an engine."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Limits, Outcome
from hardwired.course.grade import Graded, attempt, mark_loaded
from hardwired.course.gradebook import Attempt
from hardwired.course.plan import Item, reference_key
from hardwired.course.reference import references

__all__ = ["LocalPool", "Pool", "work"]

BATCH = 8


def work(
    exercise: Exercise,
    item: Item,
    solved: Mapping[str, Any],
    engine: Engine,
    limits: Limits,
    audit: Mapping[str, Any],
) -> Attempt:
    """Grade one item; a fault of the grader itself costs this item its mark, not the run."""
    try:
        graded = mark_loaded(exercise, item.notebook, solved, engine, limits)
    except Exception as error:
        graded = Graded(
            {}, {}, Outcome(f"the grader failed on it ({type(error).__name__}: {error})"[:200])
        )
    h = item.handed
    return attempt(
        exercise,
        graded,
        student=h.student,
        name=h.name,
        file=h.file,
        digest=h.digest,
        handed_in=h.handed_in,
        late=h.late,
        run_key=item.run_key,
        audit={
            **audit,
            "seed": f"{item.seed:032x}",
            "reference": reference_key(exercise, engine, item.seed),
        },
    )


class Pool(Protocol):
    """Where the items of a plan run."""

    def solve(self, seeds: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Yield each seed with its solved variant."""

    def grade(
        self, items: Sequence[tuple[Item, Mapping[str, Any]]], audit: Mapping[str, Any]
    ) -> Iterator[Attempt]:
        """Grade items, in the order in which they are done."""

    def close(self) -> None:
        """End what still runs."""


class LocalPool:
    """Threads that share one engine; while a submission runs, its thread only waits."""

    def __init__(self, exercise: Exercise, limits: Limits, engine: Engine, jobs: int) -> None:
        self.exercise, self.limits, self.engine = exercise, limits, engine
        self.executor = concurrent.futures.ThreadPoolExecutor(jobs, thread_name_prefix="grader")

    def solve(self, seeds: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Solve variants, some at a time in one sandbox."""
        batches = [seeds[i : i + BATCH] for i in range(0, len(seeds), BATCH)]
        futures = {
            self.executor.submit(references, self.exercise, batch, self.engine, self.limits): batch
            for batch in batches
        }
        for future in concurrent.futures.as_completed(futures):
            yield from zip(futures[future], future.result(), strict=True)

    def grade(
        self, items: Sequence[tuple[Item, Mapping[str, Any]]], audit: Mapping[str, Any]
    ) -> Iterator[Attempt]:
        """Grade items, in the order in which they are done."""
        futures = [
            self.executor.submit(work, self.exercise, item, solved, self.engine, self.limits, audit)
            for item, solved in items
        ]
        for future in concurrent.futures.as_completed(futures):
            yield future.result()

    def close(self) -> None:
        """Drop what waits, end the engine and with it what still runs."""
        self.executor.shutdown(wait=False, cancel_futures=True)
        self.engine.close()
        self.executor.shutdown(wait=True)
