"""Running the items of a plan on a Dask cluster, each worker with an engine of its own."""

from __future__ import annotations

import importlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from hardwired.course.authoring.exercise import Exercise, reads
from hardwired.course.border.guard import Border, Settled
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.engines.probe import make as make_engine
from hardwired.course.errors import CourseError
from hardwired.course.grade import Prepared, unjudged
from hardwired.course.gradebook import Attempt
from hardwired.course.plan import Draw, Item
from hardwired.course.pool import batches, prepare, settled, solve, work
from hardwired.course.reference import modules_of

__all__ = ["ClusterPool", "refuse_open_wire"]

ENCIPHERED = ("tls://", "wss://")
_here: dict[tuple[Any, ...], tuple[Exercise, Engine, Border]] = {}
_lock = threading.Lock()


def _ready(text: str, path: Any, name: str, limits: Limits) -> tuple[Exercise, Engine, Border]:
    """Give the exercise, an engine and a border on this machine, made once."""
    key = (text, str(path), name, limits)
    with _lock:
        if key not in _here:
            exercise = reads(text, path)
            engine = make_engine(name, limits, modules_of(exercise))
            _here[key] = (exercise, engine, Border(exercise))
    return _here[key]


def _remote_solve(
    text: str, path: Any, draws: Sequence[Draw], name: str, limits: Limits
) -> list[Mapping[str, Any]]:
    exercise, engine, _ = _ready(text, path, name, limits)
    return solve(exercise, draws, engine, limits)


def _remote_grade(
    text: str,
    path: Any,
    item: Item,
    prepared: Prepared,
    solved: Mapping[str, Any],
    name: str,
    limits: Limits,
    audit: Mapping[str, Any],
) -> Attempt:
    exercise, engine, border = _ready(text, path, name, limits)
    return work(exercise, item, solved, engine, limits, audit, border, prepared)


class ClusterPool:
    """Workers of a Dask cluster, each with an engine of its own; a lost worker's items run again.

    Raises
    ------
    CourseError
        If Dask is not installed or the address does not answer.
    """

    def __init__(
        self, exercise: Exercise, limits: Limits, engine: Engine, border: Border, address: str
    ) -> None:
        refuse_open_wire(address)
        try:
            dask: Any = importlib.import_module("distributed")
        except ImportError:
            raise CourseError(
                "a cluster needs Dask; install the extra hardwired[cluster]"
            ) from None
        self.dask = dask
        self.exercise, self.limits, self.engine, self.border = exercise, limits, engine, border
        self.text = exercise.path.read_text(encoding="utf-8")
        if address.startswith(ENCIPHERED):
            _refuse_without_certificate(address, dask.Security().get_tls_config_for_role("client"))
        try:
            self.client = dask.Client(address, timeout="10s")
        except (OSError, TimeoutError, ValueError) as error:
            raise CourseError(
                f"{address}: no Dask scheduler answers ({error}); start one, or leave --cluster out"
            ) from None

    def solve(self, draws: Sequence[Draw]) -> Iterator[tuple[Draw, Mapping[str, Any]]]:
        """Solve variants on the cluster."""
        futures = [
            (batch, self._submit(_remote_solve, batch, self.engine.name, self.limits))
            for batch in batches(draws)
        ]
        for batch, future in futures:
            yield from zip(batch, future.result(), strict=True)

    def grade(
        self, items: Sequence[tuple[Item, Mapping[str, Any]]], audit: Mapping[str, Any]
    ) -> Iterator[Attempt]:
        """Grade items on the cluster; notebooks are read here, where they lie."""
        futures = []
        for item, solved in items:
            try:
                prepared = prepare(item, self.border)
            except Settled as error:
                judged = unjudged(self.exercise, str(error))
                yield settled(self.exercise, item, judged, self.engine, audit)
                continue
            futures.append(
                self._submit(
                    _remote_grade, item, prepared, solved, self.engine.name, self.limits, audit
                )
            )
        for future in self.dask.as_completed(futures):
            yield future.result()

    def _submit(self, task: Callable[..., Any], *arguments: Any) -> Any:
        where = (self.text, self.exercise.path)
        return self.client.submit(task, *where, *arguments, pure=False, retries=3)

    def close(self) -> None:
        """Leave the cluster as it was; end the engine of the probe."""
        self.client.close()
        self.engine.close()


def refuse_open_wire(address: str) -> None:
    """Refuse an address beyond this machine that is not enciphered.

    Raises
    ------
    CourseError
        Expected values, seeds, names and prose would travel for all to read and change.
    """
    rest = address.rpartition("://")[2]
    host = rest.rpartition(":")[0].strip("[]")
    near = host in ("localhost", "::1") or re.fullmatch(r"127(\.\d{1,3}){3}", host)
    if address.startswith(ENCIPHERED) or near:
        return
    raise CourseError(
        f"{address}: is beyond this machine and not enciphered; start the scheduler and its workers"
        " with TLS (Dask's --tls-ca-file, --tls-cert and --tls-key) and give tls://..., since"
        " answers, expected values and names travel"
    )


def _refuse_without_certificate(address: str, told: Mapping[str, Any]) -> None:
    """Refuse TLS without a certificate of the grader's own, and one by which to know the others.

    Raises
    ------
    CourseError
        Dask takes their places from its configuration, which says nothing of them.
    """
    variables = {
        "ca_file": "DASK_DISTRIBUTED__COMM__TLS__CA_FILE",
        "cert": "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT",
        "key": "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY",
    }
    if lacking := [name for key, name in variables.items() if not told.get(key)]:
        raise CourseError(
            f"{address}: asks for certificates; set {', '.join(lacking)}"
            " to the PEM files of the cluster"
        )
