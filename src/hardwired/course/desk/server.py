"""Starting the desk: its port, the one desk of a course, and the browser."""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import webbrowser
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.safety import Gate
from hardwired.course.errors import CourseError
from hardwired.house.files import write_atomic

__all__ = ["open_page", "run", "running"]

STATE = ".desk.json"
SELDOM = (50_000, 20, 100)  # a look for garbage through a read class takes a tenth of a second
OPENS = "open-desk.html"


def run(course: Course, port: int, *, browser: bool) -> None:
    """Serve a course until it is stopped; one that runs already is opened instead.

    Raises
    ------
    CourseError
        If the port is taken, or the folder cannot be used.
    """
    course.folder.mkdir(parents=True, exist_ok=True)
    with _only_one(course.folder) as first:
        if not first:
            address = running(course.folder)
            print(f"the desk of {course.folder} is open already: {address}", flush=True)
            if browser:
                open_page(course.folder, address)
            return
        import uvicorn

        from hardwired.course.desk.app import make_app

        with _bound(port) as listening:
            gate = Gate(course.folder / STATE, listening.getsockname()[1])
            app = make_app(course, gate)
            config = uvicorn.Config(
                app,
                log_level="warning",
                access_log=False,
                server_header=False,
                lifespan="off",
                timeout_graceful_shutdown=3,
            )
            print(f"the desk of {course.folder} is open: {gate.address}", flush=True)
            print("the address is for one browser, once; end the desk with Ctrl-C", flush=True)
            if browser:
                open_page(course.folder, gate.address)
            signal.signal(signal.SIGTERM, _end)
            course.read_all()
            gc.collect()
            gc.freeze()
            gc.set_threshold(*SELDOM)
            try:
                uvicorn.Server(config).run(sockets=[listening])
            except KeyboardInterrupt:
                with contextlib.suppress(OSError):  # whoever started it may be gone
                    print("the desk is closed; everything is kept", flush=True)
            finally:
                app.state.jobs.end()
                for name in (STATE, OPENS):
                    (course.folder / name).unlink(missing_ok=True)


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[bool]:
    """Hold the lock of the one desk of a course; the kernel gives it back with the process."""
    fcntl: Any = None
    with contextlib.suppress(ImportError):  # there is no such lock on Windows
        fcntl = importlib.import_module("fcntl")
    descriptor = os.open(folder / ".desk.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        first = True
        if fcntl is not None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                first = False
            except OSError:  # a file system without locks
                pass
        yield first
    finally:
        os.close(descriptor)


def running(folder: Path) -> str:
    """Give the address that opens the desk that runs on this folder.

    Raises
    ------
    CourseError
        If it has not said yet where it is.
    """
    try:
        found = json.loads((folder / STATE).read_text(encoding="utf-8"))
        return f"http://127.0.0.1:{int(found['port'])}/start?token={found['token']}"
    except (OSError, ValueError, KeyError, TypeError):
        raise CourseError(
            f"{folder}: another desk is just starting or ending here; try again in a moment"
        ) from None


def _end(number: int, frame: object) -> None:
    """End as after Ctrl-C, with everything put away."""
    raise KeyboardInterrupt


def _bound(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(64)  # whoever comes before the server runs waits, and is not refused
    except (OSError, OverflowError):
        listening.close()
        raise CourseError(
            f"port {port} cannot be used; give another with --port, or 0 for any that is free"
        ) from None
    return listening


def open_page(folder: Path, address: str) -> None:
    """Open the browser by a file that only its owner can read.

    An address handed to a browser stands in the list of processes; the file's does not hold the
    token.
    """
    path = folder / OPENS
    link = escape(address)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The desk</title>'
        f'<meta http-equiv="refresh" content="0; url={link}"></head>'
        f'<body><p><a href="{link}">Open the desk</a></p></body></html>\n'
    )
    write_atomic(path, page.encode(), private=True)
    webbrowser.open(path.as_uri())
