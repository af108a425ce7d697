"""The book with Python in it, a server of it, and a page in a browser."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hardwired.live import site
from tests.live.served import Server


@pytest.fixture(scope="session")
def copy(html: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the book with Python in it, which the first of several workers makes for all."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with open(folder / "live.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (done := folder / "live-site.done").exists():
            site.make(html, folder / "live-site")
            done.touch()
    return folder / "live-site"


@pytest.fixture(scope="session")
def server(copy: Path) -> Iterator[Server]:
    """Give a server of it."""
    running = Server(copy)
    yield running
    running.close()


@pytest.fixture
def page(browser: Any, server: Server) -> Iterator[Any]:
    """Give a page with a cache, a storage and an empty list of sent files of its own."""
    context = browser.new_context()
    server.sent.clear()
    opened = context.new_page()
    yield opened
    context.close()
