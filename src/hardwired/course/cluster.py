"""Running the items of a plan on a Dask cluster, each worker with an engine of its own."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hardwired.course.authoring.exercise import Exercise, reads
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.engines.probe import make as make_engine
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt
from hardwired.course.plan import Item
from hardwired.course.pool import BATCH, work
from hardwired.course.reference import modules_of, references

__all__ = ["ClusterPool"]

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
            dask: Any = importlib.import_module("distributed")
        except ImportError:
            raise CourseError(
                "a cluster needs Dask; install the extra hardwired[cluster]"
            ) from None
        self.dask = dask
        self.exercise, self.limits, self.engine, self.name = exercise, limits, engine, engine.name
        self.text = exercise.path.read_text(encoding="utf-8")
        try:
            self.client = dask.Client(address, timeout="10s")
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
        for future in self.dask.as_completed(futures):
            yield future.result()

    def close(self) -> None:
        """Leave the cluster as it was; end the engine of the probe."""
        self.client.close()
        self.engine.close()
