"""A progress line for long work, on a terminal only."""

from __future__ import annotations

import time
from typing import TextIO

__all__ = ["Bar"]


class Bar:
    """How many of how many are done, at which rate, and the time left."""

    def __init__(self, sink: TextIO | None, total: int, started: float) -> None:
        self.sink, self.total, self.count = sink, total, 0
        self.started = started
        self.live = bool(sink and sink.isatty())
        self.shown = 0.0

    def say(self, text: str, *, force: bool = False) -> None:
        """Show a text in the place of the line."""
        now = time.monotonic()
        if self.sink and self.live and (force or now - self.shown > 0.1):
            self.shown = now
            print(f"\r{text:<78}", end="", file=self.sink, flush=True)

    def step(self) -> None:
        """One more is done."""
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
        """Leave the line as it is."""
        if self.sink and self.live:
            print(file=self.sink)
