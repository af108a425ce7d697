"""Talking to a guest over pipes: the job, the hidden inputs, the clock, and a bounded answer."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import time
from typing import Any

from hardwired.course.engines.base import Job, Limits

__all__ = ["converse"]

MAX_NOTE = 200
MAX_NOTES = 5000


def converse(
    sink: int, source: int, job: Job, limits: Limits, bounded: bool = True, start_s: float = 0.0
) -> tuple[bytes | None, str, Any]:
    """Hold one conversation.

    Parameters
    ----------
    sink, source : int
        File descriptors to and from the guest; they stay open.
    job, limits
        What to run, and what it may take.
    bounded : bool
        Whether the size of the answer is bounded (a test switches it off).
    start_s : float
        Seconds that the guest may take before its first cell (imports).

    Returns
    -------
    tuple
        The guest's last line or None; how it ended (``done``, ``time``, ``output``, ``silent``);
        where it was: the number of a cell, or a word.
    """
    for descriptor in (sink, source):
        os.set_blocking(descriptor, False)
    state = _State(job, limits, bounded, start_s)
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        selector.register(sink, selectors.EVENT_WRITE)
        writing = True
        while True:
            left = state.deadline() - time.monotonic()
            if left <= 0:
                return None, "time", state.at
            for key, _ in selector.select(left):
                if key.fd == sink:
                    state.pending = state.pending[_write(sink, state.pending) :]
                elif (end := state.take(_read(source))) is not None:
                    return end
            if bool(state.pending) != writing:
                writing = not writing
                if writing:
                    selector.register(sink, selectors.EVENT_WRITE)
                else:
                    selector.unregister(sink)


def _write(sink: int, data: bytes) -> int:
    try:
        return os.write(sink, data[: 1 << 16])
    except BlockingIOError:
        return 0
    except OSError:
        return len(data)


def _read(source: int) -> bytes:
    with contextlib.suppress(OSError):
        return os.read(source, 1 << 16)
    return b""


class _State:
    def __init__(self, job: Job, limits: Limits, bounded: bool, start_s: float) -> None:
        self.job, self.limits, self.bounded = job, limits, bounded
        now = time.monotonic()
        self.pending = job.first(limits)
        self.end = now + limits.wall_s + start_s
        self.step = now + limits.step_s + start_s if job.reference is None else self.end
        self.at: Any = None
        self.parts: list[bytes] = []
        self.size = self.notes = 0
        self.sent = False

    def deadline(self) -> float:
        return min(self.end, self.step)

    def take(self, block: bytes) -> tuple[bytes | None, str, Any] | None:
        if not block:
            return None, "silent", self.at
        self.size += len(block)
        if self.bounded and self.size > self.limits.output_bytes * (
            1 if self.job.reference is None else 16
        ):
            return None, "output", "answers"
        while b"\n" in block:
            head, block = block.split(b"\n", 1)
            line = b"".join([*self.parts, head])
            self.parts = []
            if not self.note(line):
                return line, "done", self.at
        self.parts.append(block)
        return None

    def note(self, line: bytes) -> bool:
        """Take a progress line; False if this is the last line instead."""
        self.notes += 1
        if len(line) > MAX_NOTE or self.notes > MAX_NOTES or line.startswith(b'{"answers"'):
            return False
        try:
            note = json.loads(line)
        except ValueError:
            return False
        if note == {"ready": True} and not self.sent:
            self.sent = True
            self.pending += self.job.second()
        elif type(note) is dict and set(note) == {"at"}:
            self.at = note["at"]
        else:
            return False
        self.step = time.monotonic() + self.limits.step_s
        return True
