"""The trusted side of the border: workers kept ready, each piece of work settled alone."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import queue
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hardwired.course.authoring.exercise import Exercise

__all__ = ["Border", "Settled"]

MOST = 96 << 20  # bytes of an answer
CPU_S = 20  # processor seconds of one piece of work
WALL_S = 90.0  # seconds by the clock: other programs may have the machine
SOURCE = Path(__file__).resolve().parents[3]
START = (
    "import sys; sys.path.insert(0, sys.argv.pop(1));"
    " from hardwired.course.border.worker import main; main()"
)


class Settled(Exception):  # noqa: N818
    """A file cannot be read or judged; the message is the reason, in a few words."""


class Border:
    """Workers that read what students chose; `ask` may be called from several threads.

    Parameters
    ----------
    exercise : Exercise, optional
        What is graded; needed for all but listing and reading files.
    """

    def __init__(self, exercise: Exercise | None = None) -> None:
        self.exercise = exercise
        self.idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        self.all: set[_Worker] = set()
        self.lock = threading.Lock()

    def ask(self, task: str, *arguments: Any, cpu_s: int = CPU_S, wall_s: float = WALL_S) -> Any:
        """Have one task of `hardwired.course.border.tasks` done.

        Raises
        ------
        Settled
            If it cannot be done: the file is at fault, or costs more than it may.
        """
        try:
            worker = self.idle.get_nowait()
        except queue.Empty:
            worker = _Worker(self.exercise)
            with self.lock:
                self.all.add(worker)
        try:
            answer = worker.ask(pickle.dumps((task, arguments, cpu_s)), wall_s)
        except BaseException:
            self._end(worker)
            raise
        if answer.get("spent"):
            self._end(worker)
        else:
            self.idle.put(worker)
        if "failed" in answer:
            raise Settled(str(answer["failed"]))
        return answer["done"]

    def _end(self, worker: _Worker) -> None:
        with self.lock:
            self.all.discard(worker)
        worker.end()

    def close(self) -> None:
        """End all workers."""
        with self.lock:
            ending, self.all = self.all, set()
        for worker in ending:
            worker.end()

    def __enter__(self) -> Border:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Worker:
    """One process; it ends with the pipe that it reads from."""

    def __init__(self, exercise: Exercise | None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", START, str(SOURCE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.sink, self.source = self.process.stdin.fileno(), self.process.stdout.fileno()
        self._write(pickle.dumps(exercise))

    def _write(self, data: bytes) -> None:
        data = struct.pack("!Q", len(data)) + data
        with contextlib.suppress(BrokenPipeError):  # its death is told by what it does not answer
            while data:
                data = data[os.write(self.sink, data) :]

    def ask(self, request: bytes, wall_s: float) -> Mapping[str, Any]:
        self._write(request)
        end = time.monotonic() + wall_s
        (size,) = struct.unpack("!Q", self._read(8, end, wall_s))
        if size > MOST:
            raise Settled(f"what it holds is larger than {MOST >> 20} MB")
        answer = json.loads(self._read(size, end, wall_s))
        return dict(answer)

    def _read(self, size: int, end: float, wall_s: float) -> bytes:
        parts: list[bytes] = []
        while size:
            left = end - time.monotonic()
            ready, _, _ = select.select([self.source], [], [], max(left, 0))
            if not ready:
                raise Settled(f"reading it took more than {wall_s:g} s")
            block = os.read(self.source, min(size, 1 << 20))
            if not block:
                raise Settled(self._death())
            parts.append(block)
            size -= len(block)
        return b"".join(parts)

    def _death(self) -> str:
        code = self.process.wait(timeout=10)
        if code in (-24, -9):  # SIGXCPU, and SIGKILL where a kernel is out of memory
            return "reading it takes more time or memory than a file may"
        return f"the reader of it ended ({'signal' if code < 0 else 'exit code'} {abs(code)})"

    def end(self) -> None:
        self.process.kill()
        with contextlib.suppress(OSError):
            self.process.communicate(timeout=10)


def _environment() -> dict[str, str]:
    """Give what an interpreter needs to start, and nothing of what the grader's own holds."""
    keep = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "VIRTUAL_ENV")
    kept = {name: os.environ[name] for name in keep if name in os.environ}
    one = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")}
    return {**kept, **one, "PYTHONHASHSEED": "0"}
