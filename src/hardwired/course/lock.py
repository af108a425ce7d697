"""One command at a time in the folder of a course."""

from __future__ import annotations

import contextlib
import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hardwired.course.errors import CourseError

__all__ = ["alone"]


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep other commands out of a folder; the lock is the kernel's and goes with the process.

    Raises
    ------
    CourseError
        If another command is at work in it.
    """
    fcntl: Any = None
    with contextlib.suppress(ImportError):  # there is no such lock on Windows
        fcntl = importlib.import_module("fcntl")
    if fcntl is None or not folder.is_dir():
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CourseError(
                f"{folder}: another hardwired is at work in it; wait until it has ended,"
                " then start again"
            ) from None
        except OSError:  # a file system without locks
            pass
        yield
    finally:
        os.close(descriptor)
