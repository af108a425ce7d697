"""The trusted side of a conversation with a guest, whatever carries the lines.

The job goes out first. The guest says ``{"at": place}`` before each cell and each answer,
``{"ready": true}`` once the cells have run (then the hidden inputs go out), and last its result:
the first line that is no such note. Every note is bounded in length and number, and so is all that
a guest says; each one puts the clock forward by a step, never beyond the end.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

from hardwired.course.engines.base import Job, Limits

__all__ = ["Conversation", "Pace"]

MAX_NOTE = 200  # bytes of a note
MAX_NOTES = 5000


@dataclass(frozen=True)
class Pace:
    """Seconds to the first word, from one note to the next, in all, and after the last line."""

    first: float
    step: float
    whole: float
    linger: float = 0.0


class Conversation:
    """What to send, where the guest is, its last line, and until when it may go on."""

    def __init__(self, job: Job, limits: Limits, pace: Pace, *, bounded: bool = True) -> None:
        self.second: bytes | None = job.second()
        self.outbox = job.first(limits)
        self.room = limits.room(job.reference is not None) if bounded else None
        self.pace = pace
        now = time.monotonic()
        self.end = now + pace.whole
        self.step = now + pace.first
        self.at: Any = None
        self.last: bytes | None = None
        self.why = ""
        self.size = self.notes = 0
        self.parts: list[bytes] = []

    @property
    def over(self) -> bool:
        """Whether nothing more is to be heard: the last line is there, or it was broken off."""
        return self.last is not None or bool(self.why)

    def left(self) -> float:
        """Seconds until the clock breaks it off."""
        return min(self.end, self.step) - time.monotonic()

    def break_off(self, why: str) -> None:
        """Note why there will be no result; what came so far does not count."""
        self.why, self.last = self.why or why, None

    def count(self, size: int) -> None:
        """Count bytes that the guest said."""
        self.size += size
        if self.room is not None and self.size > self.room:
            self.at = "answers"
            self.break_off("output")

    def feed(self, block: bytes) -> None:
        """Take some bytes; lines end with a line feed, an empty block is the end of the stream."""
        if not block:
            self.break_off("silent")
            return
        self.count(len(block))
        while not self.over and b"\n" in block:
            head, block = block.split(b"\n", 1)
            line = b"".join([*self.parts, head])
            self.parts = []
            self.take(line)
        self.parts.append(block)

    def take(self, line: bytes) -> None:
        """Take a whole line: a note, or the last one."""
        if self.over:
            return
        wait = self.pace.step
        if not self._note(line):
            self.last, wait = line, self.pace.linger
        self.step = time.monotonic() + wait

    def _note(self, line: bytes) -> bool:
        self.notes += 1
        if len(line) > MAX_NOTE or self.notes > MAX_NOTES or line.startswith(b'{"answers"'):
            return False
        try:
            note = json.loads(line)
        except (ValueError, RecursionError):
            return False
        if note == {"ready": True} and self.second is not None:
            self.outbox += self.second
            self.second = None
        elif type(note) is dict and set(note) == {"at"}:
            self.at = note["at"]
        else:
            return False
        return True
