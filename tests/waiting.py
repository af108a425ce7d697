"""Wait for something of a page whose policy lets nobody evaluate a text, as browsers' tools do."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Error

__all__ = ["until"]


def until(view: Any, expression: str, seconds: float = 30) -> None:
    """Ask a page, or the one that comes after it, again and again until an expression is true."""
    end = time.monotonic() + seconds
    while not _true(view, expression):
        assert time.monotonic() < end, f"not within {seconds:g} s: {expression}"
        view.wait_for_timeout(50)


def _true(view: Any, expression: str) -> bool:
    try:
        return bool(view.evaluate(f"!!({expression})"))
    except Error as error:
        if "context was destroyed" in str(error):  # the page goes on to another one
            return False
        raise
