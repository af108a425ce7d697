"""Wait for something of a page whose policy lets nobody evaluate a text, as browsers' tools do."""

from __future__ import annotations

import time
from typing import Any

__all__ = ["until"]


def until(view: Any, expression: str, seconds: float = 30) -> None:
    """Ask a page again and again until an expression of it is true."""
    end = time.monotonic() + seconds
    while not view.evaluate(f"!!({expression})"):
        assert time.monotonic() < end, f"not within {seconds:g} s: {expression}"
        view.wait_for_timeout(50)
