"""A desk that runs as its user starts it, and a client that its token let in."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Desk", "awaited", "let_in", "served"]


@dataclass
class Desk:
    """A running desk: its process, its address, and the cookies it gave."""

    process: subprocess.Popen[str]
    start: str
    base: str
    cookies: str = ""

    def get(self, path: str) -> str:
        """Give a page's text."""
        return self._open(urllib.request.Request(self.base + path)).decode()

    def raw(self, path: str) -> bytes:
        """Give what lies at an address."""
        return self._open(urllib.request.Request(self.base + path))

    def post(self, path: str, **fields: object) -> dict[str, Any]:
        """Enter something as a page's script does; gives the answer, or the page it led to."""
        data = urllib.parse.urlencode({k: str(v) for k, v in fields.items()}).encode()
        asked = urllib.request.Request(self.base + path, data)
        asked.add_header("Accept", "application/json")
        asked.add_header("Origin", self.base)
        got = self._open(asked)
        return dict(json.loads(got)) if got.startswith(b"{") else {"page": got.decode()}

    def _open(self, asked: urllib.request.Request) -> bytes:
        asked.add_header("Cookie", self.cookies)
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return error.read()


@contextmanager
def served(folder: Path, exercises: Path, *, enter: bool = True) -> Iterator[Desk]:
    """Start a desk on a folder and let a client in (else a browser may); it ends with the block."""
    command = [sys.executable, "-m", "hardwired.cli", "desk", str(folder), "--no-browser"]
    process = subprocess.Popen(
        [*command, "--exercises", str(exercises)], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        hit = re.search(r"(http://[^/\s]+)/start\S+", process.stdout.readline())
        assert hit
        desk = Desk(process, hit[0], hit[1])
        yield let_in(desk) if enter else desk
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def let_in(desk: Desk) -> Desk:
    """Take the start's token, as the browser that was opened does."""
    with urllib.request.urlopen(desk.start, timeout=30) as answer:
        desk.cookies = str(answer.headers["set-cookie"]).split(";")[0]
    return desk


def awaited(work: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine to its end, in a thread: a browser's loop may be at work in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
