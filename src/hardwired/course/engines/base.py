"""The interface of all engines: a job goes in, an outcome comes out, and only JSON in between.

An outcome holds claims of the sandbox (answers, cells, figures) and facts of the kernel (how it
ended, what it used). Only values that match an expected one earn points; nothing else here does.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from hardwired.course.border.picture import picture
from hardwired.course.border.text import cut
from hardwired.course.errors import CourseError

__all__ = [
    "Engine",
    "EngineUnavailable",
    "Job",
    "Limits",
    "Outcome",
    "Said",
    "hear",
    "outcome_from",
    "reason",
    "refusal",
    "run",
    "strict",
]

MAX_NESTING = 60
REFERENCE_ROOM = 16
SIDE = 24  # inches: the guest draws 12, and room for what stands outside the axes
SHORTEST_S = 2.0  # less time than that is worth no other try


class EngineUnavailable(CourseError):  # noqa: N818
    """An engine cannot run here; the message says what to install."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    ``cell_s`` is soft and counts processor time (the cell is stopped, the next one runs), so that
    marks do not depend on how busy the machine is; a cell that takes ``patience`` times as long by
    the clock, and ``grace_s`` more, has its process killed, and the submission is run once more
    without it.
    """

    cell_s: float = 30.0
    grace_s: float = 1.5
    patience: float = 3.0
    wall_s: float = 270.0
    cpu_s: int = 180
    memory_mb: int = 2048
    disk_mb: int = 32
    inodes: int = 2000
    processes: int = 64
    files: int = 128
    output_bytes: int = 4 << 20
    figures: int = 4
    dpi: int = 60

    @classmethod
    def of_cell(cls, cell_s: float, memory_mb: int) -> Limits:
        """Give limits for a soft limit of a cell; those of the whole submission follow from it."""
        return cls(
            cell_s=cell_s,
            wall_s=max(60.0, 9 * cell_s),
            cpu_s=int(max(40, 6 * cell_s)),
            memory_mb=memory_mb,
        )

    def room(self, reference: bool) -> int:
        """Bytes that a guest may say; a reference speaks for several and brings their data."""
        return self.output_bytes * (REFERENCE_ROOM if reference else 1)

    @property
    def total_s(self) -> float:
        """Seconds by the clock after which a submission is not tried again."""
        return 1.5 * self.wall_s

    @property
    def step_s(self) -> float:
        """Seconds by the clock after which a cell's process is killed."""
        return self.patience * self.cell_s + self.grace_s


@dataclass(frozen=True)
class Job:
    """One submission (or one reference) to run.

    ``inputs`` are the hidden inputs; they leave the trusted side only after the cells have run.
    """

    cells: tuple[tuple[int, str], ...]
    answers: tuple[Mapping[str, Any], ...]
    data: Mapping[str, Any]
    entropy: int = 0
    inputs: Mapping[str, Any] = field(default_factory=dict)
    reference: Mapping[str, Any] | None = None

    def first(self, limits: Limits) -> bytes:
        """Give the message that starts the guest."""
        if self.reference is not None:
            return _line({"task": "reference", "entropy": self.entropy, **self.reference})
        return _line(
            {
                "task": "submission",
                "cells": [{"i": i, "source": source} for i, source in self.cells],
                "answers": list(self.answers),
                "data": self.data,
                "entropy": self.entropy,
                "cell_seconds": limits.cell_s,
                "max_figures": limits.figures,
                "dpi": limits.dpi,
            }
        )

    def second(self) -> bytes:
        """Give the hidden inputs."""
        return _line(self.inputs)

    def without(self, what: int | str) -> Job:
        """Give the same job without one cell, or without one answer that could not be had."""
        if isinstance(what, int):
            return replace(self, cells=tuple(pair for pair in self.cells if pair[0] != what))
        return replace(self, answers=tuple(ask for ask in self.answers if ask["name"] != what))


@dataclass(frozen=True)
class Said:
    """What an engine heard: the guest's last line, or None and why there is none.

    ``at`` is where it stood by its own word; ``usage`` are the kernel's facts.
    """

    line: bytes | None
    ended: str
    at: Any = None
    usage: Mapping[str, Any] = field(default_factory=dict)
    dropped: tuple[int | str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What came back. ``ended`` is ``done`` or the reason why there is no result.

    Of figures, ``refused`` says why one was not taken, ``found`` where one lay that was not under
    its name, and ``strange`` what lies under the name in its place.
    """

    ended: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    cells: tuple[Mapping[str, Any], ...] = ()
    figures: Mapping[str, bytes] = field(default_factory=dict)
    at: int | str | None = None
    dropped: tuple[int | str, ...] = ()
    usage: Mapping[str, Any] = field(default_factory=dict)
    references: Sequence[Mapping[str, Any]] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    strange: Mapping[str, str] = field(default_factory=dict)


class Engine(Protocol):
    """A way of running jobs; ``once`` may be called from several threads at a time."""

    name: str

    def versions(self) -> Mapping[str, str]:
        """Versions of what runs inside, to be kept with each mark."""

    def once(self, job: Job, limits: Limits) -> Said:
        """Run a job once; what it says is not looked into."""

    def close(self) -> None:
        """End everything that the engine started."""


def refusal(engine: Engine, limits: Limits) -> str:
    """Run a trial job; what was wrong with it, or nothing."""
    job = Job(((0, "x = 1 + 1"),), ({"name": "x", "kind": "number"},), {"t": "dict", "v": []})
    outcome = run(engine, job, limits)
    return "" if outcome.answers.get("x") == {"t": "int", "v": 2} else outcome.ended


def _line(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def hear(engine: Engine, job: Job, limits: Limits, retries: int = 2) -> Said:
    """Run a job; where a cell had to be killed, run it again without that cell, in bounded time."""
    dropped: tuple[int | str, ...] = ()
    end = time.monotonic() + limits.total_s
    while True:
        said = engine.once(job, limits)
        at = _place(said.at, job)
        left = end - time.monotonic()
        if said.line is not None or at is None or len(dropped) == retries or left < SHORTEST_S:
            return replace(said, at=at, dropped=dropped)
        dropped = (*dropped, at)
        job = job.without(at)
        limits = replace(limits, wall_s=min(limits.wall_s, left))


def run(engine: Engine, job: Job, limits: Limits, retries: int = 2) -> Outcome:
    """Run a job and read what came back here and now: for a reference, and where nobody else is."""
    return outcome_from(hear(engine, job, limits, retries), job, limits)


def strict(data: bytes, most: int) -> Any:
    """Parse JSON from a hostile hand: no NaN, no double keys, bounded size, depth and integers.

    Raises
    ------
    ValueError
        With one sentence that says what is wrong.
    """
    if len(data) > most:
        raise ValueError(f"the result is larger than {most} bytes")
    if re.search(rb"\d{20}", data) and re.search(rb"(?<![\d.eE\"])-?\d{20,}(?![\d.eE])", data):
        raise ValueError("an integer has more than 19 digits")

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        out = dict(items)
        if len(out) != len(items):
            raise ValueError("an object has a key twice")
        return out

    def constant(name: str) -> Any:
        raise ValueError(f"{name} is not JSON")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_constant=constant)
    except (RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"the result is not readable ({type(error).__name__})") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"the result is not JSON ({error.msg})") from None
    level: list[Any] = [value]
    for _ in range(MAX_NESTING):
        level = [child for item in level for child in _children(item)]
        if not level:
            return value
    raise ValueError(f"the result is nested deeper than {MAX_NESTING}")


def _children(item: Any) -> Iterable[Any]:
    if type(item) is dict:
        return [v for v in item.values() if type(v) in (dict, list)]
    if type(item) is list:
        return [v for v in item if type(v) in (dict, list)]
    return ()


def outcome_from(said: Said, job: Job, limits: Limits) -> Outcome:
    """Build an outcome from the guest's last line and the kernel's facts."""
    facts = {"at": said.at, "usage": said.usage, "dropped": said.dropped}
    if said.line is None:
        return Outcome(said.ended, **facts)
    try:
        result = strict(said.line, limits.room(job.reference is not None))
        if type(result) is not dict:
            raise ValueError("the result is no object")
        if job.reference is not None:
            return Outcome("done", references=result["answers"], **facts)
        answers = _mapping(result.get("answers"))
        cells = tuple(_cell(item) for item in _sequence(result.get("cells")))
        raw = _mapping(result.get("figures"))
        figures, refused = _figures(raw, limits)
    except (ValueError, KeyError, TypeError) as error:
        return Outcome(f"the result was not valid: {cut(str(error), 160)}", **facts)
    asked = {str(ask["name"]) for ask in job.answers}
    return Outcome(
        "done",
        answers={name: value for name, value in answers.items() if name in asked},
        cells=cells,
        figures={name: data for name, data in figures.items() if name in asked},
        refused={name: why for name, why in refused.items() if name in asked},
        found=_words(raw, asked, "png", "found"),
        strange=_words(raw, asked, "strange", "v"),
        **facts,
    )


def reason(ended: str, usage: Mapping[str, Any]) -> str:
    """Say in words why there is no result."""
    if ended == "done":
        return "done"
    if ended == "time":
        return "it was stopped at its time limit"
    if ended == "output":
        return "it wrote more than its output limit"
    code = usage.get("exit")
    if code in (71,):
        return "it ran out of memory"
    if code == 77:
        return "a cell would not stop at its time limit"
    if code in (-24, -9, 152, 137):
        return "it was stopped at its CPU limit"
    if isinstance(code, int) and code < 0:
        return f"it ended by signal {-code}"
    return f"it ended without a result (exit code {code})"


def _place(at: Any, job: Job) -> int | str | None:
    """Where a job stood when it ended: a cell or an answer of it, and nothing else it may say."""
    if type(at) is int and any(cell == at for cell, _ in job.cells):
        return at
    if type(at) is str and any(
        at in (f"figure {ask['name']}", f"function {ask['name']}") for ask in job.answers
    ):
        return at.split(" ", 1)[1]
    return None


def _mapping(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise ValueError("a part of the result is no object")
    return value


def _sequence(value: Any) -> list[Any]:
    if type(value) is not list or len(value) > 2000:
        raise ValueError("a part of the result is no list")
    return value


def _cell(item: Any) -> dict[str, Any]:
    if type(item) is not dict or type(item.get("i")) is not int:
        raise ValueError("a cell of the result is malformed")
    return {
        "i": item["i"],
        "status": cut(str(item.get("status")), 10),
        "error": cut(str(item.get("error", "")), 300),
    }


def _words(raw: Mapping[str, Any], asked: set[str], kind: str, key: str) -> dict[str, str]:
    """Give what is said of figures of a kind, as short text."""
    return {
        name: cut(blob[key], 120)
        for name, blob in raw.items()
        if name in asked
        and type(blob) is dict
        and blob.get("t") == kind
        and type(blob.get(key)) is str
    }


def _figures(raw: Mapping[str, Any], limits: Limits) -> tuple[dict[str, bytes], dict[str, str]]:
    """Give the figures that are what they seem to be, and why others are not."""
    good: dict[str, bytes] = {}
    bad: dict[str, str] = {}
    for name, blob in list(raw.items())[: limits.figures]:
        if type(blob) is dict and blob.get("t") == "png" and type(blob.get("v")) is str:
            try:
                good[name] = picture(base64.b64decode(blob["v"], validate=True), SIDE * limits.dpi)
            except ValueError as error:  # that of a bad base64 is one too
                bad[name] = cut(str(error), 120)
    return good, bad
