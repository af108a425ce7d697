"""Running the items of a plan: on this machine with threads that share an engine, or on Dask."""

from __future__ import annotations

import concurrent.futures
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hardwired.course.authoring.exercise import Exercise, reads
from hardwired.course.engines.base import Engine, Limits, Outcome
from hardwired.course.engines.probe import make as make_engine
from hardwired.course.errors import CourseError
from hardwired.course.grade import Graded, attempt, mark_loaded
from hardwired.course.gradebook import Attempt
from hardwired.course.plan import Item, reference_key
from hardwired.course.reference import modules_of, references

__all__ = ["ClusterPool", "LocalPool", "work"]

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


# --- Dask

_engines: dict[tuple[Any, ...], Engine] = {}
_lock = threading.Lock()


def _engine_here(name: str, limits: Limits, modules: tuple[str, ...]) -> Engine:
    key = (name, limits, modules)
    with _lock:
        if key not in _engines:
            _engines[key] = make_engine(name, limits, modules)
    return _engines[key]


def _remote_solve(
    text: str, path: Any, seeds: Sequence[int], name: str, limits: Limits
) -> list[Mapping[str, Any]]:
    exercise = reads(text, path)
    return references(exercise, seeds, _engine_here(name, limits, modules_of(exercise)), limits)


def _remote_grade(
    text: str,
    path: Any,
    item: Item,
    solved: Mapping[str, Any],
    name: str,
    limits: Limits,
    audit: Mapping[str, Any],
) -> Attempt:
    exercise = reads(text, path)
    engine = _engine_here(name, limits, modules_of(exercise))
    return work(exercise, item, solved, engine, limits, audit)


class ClusterPool:
    """Workers of a Dask cluster, each with an engine of its own; a lost worker's items run again.

    Raises
    ------
    CourseError
        If Dask is not installed or the address does not answer.
    """

    def __init__(self, exercise: Exercise, limits: Limits, engine: Engine, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise CourseError(
                "a cluster needs Dask; install the extra hardwired[cluster]"
            ) from None
        self.exercise, self.limits, self.engine, self.name = exercise, limits, engine, engine.name
        self.text = exercise.path.read_text(encoding="utf-8")
        try:
            self.client = Client(address, timeout="10s")
        except (OSError, TimeoutError, ValueError) as error:
            raise CourseError(
                f"{address}: no Dask scheduler answers ({error}); start one, or leave --cluster out"
            ) from None

    def solve(self, seeds: Sequence[int]) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """Solve variants on the cluster."""
        batches = [list(seeds[i : i + BATCH]) for i in range(0, len(seeds), BATCH)]
        futures = [
            self.client.submit(
                _remote_solve,
                self.text,
                self.exercise.path,
                b,
                self.name,
                self.limits,
                pure=False,
                retries=3,
            )
            for b in batches
        ]
        for batch, future in zip(batches, futures, strict=True):
            yield from zip(batch, future.result(), strict=True)

    def grade(
        self, items: Sequence[tuple[Item, Mapping[str, Any]]], audit: Mapping[str, Any]
    ) -> Iterator[Attempt]:
        """Grade items on the cluster."""
        from dataclasses import replace

        from distributed import as_completed

        futures = [
            self.client.submit(
                _remote_grade,
                self.text,
                self.exercise.path,
                replace(item, handed=replace(item.handed, read=bytes)),
                solved,
                *(self.name, self.limits, audit),
                pure=False,
                retries=3,
            )
            for item, solved in items
        ]
        for future in as_completed(futures):
            yield future.result()

    def close(self) -> None:
        """Leave the cluster as it was; end the engine of the probe."""
        self.client.close()
        self.engine.close()
