"""Talking to a guest over pipes: the job, the hidden inputs, the clock, and a bounded answer."""

from __future__ import annotations

import contextlib
import os
import selectors
from typing import Any

from hardwired.course.engines.base import Job, Limits
from hardwired.course.engines.protocol import Conversation, Pace

__all__ = ["converse"]


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
    step = limits.wall_s if job.reference is not None else limits.step_s
    pace = Pace(first=step + start_s, step=step, whole=limits.wall_s + start_s)
    talk = Conversation(job, limits, pace, bounded=bounded)
    with selectors.DefaultSelector() as selector:
        selector.register(source, selectors.EVENT_READ)
        selector.register(sink, selectors.EVENT_WRITE)
        writing = True
        while not talk.over:
            left = talk.left()
            if left <= 0:
                talk.break_off("time")
                break
            for key, _ in selector.select(left):
                if key.fd == sink:
                    talk.outbox = talk.outbox[_write(sink, talk.outbox) :]
                else:
                    talk.feed(_read(source))
            if bool(talk.outbox) != writing:
                writing = not writing
                if writing:
                    selector.register(sink, selectors.EVENT_WRITE)
                else:
                    selector.unregister(sink)
    return talk.last, talk.why or "done", talk.at


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
