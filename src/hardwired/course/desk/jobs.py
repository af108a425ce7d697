"""Long commands in the background: one at a time, with their state, their log, and a stop.

A job is one command after another, each a process of its own, as they would be given on a command
line. Stopping one is what Ctrl-C is: what was finished is kept, and the same job goes on from it.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hardwired.course.border.text import line
from hardwired.course.errors import CourseError

__all__ = ["Job", "Jobs"]

COUNT = re.compile(r"(\d+)/(\d+)")
MOST_LINES = 2000


@dataclass
class Job:
    """One job: what it is called, its commands, how far it is, and what they said.

    ``code`` is None while it runs; 0, or 1 where a person is needed, or what a command ended with.
    """

    slug: str
    kind: str
    commands: tuple[tuple[str, ...], ...]
    then: Callable[[int, Sequence[str]], None] | None = None
    started: float = field(default_factory=time.time)
    seconds: float = 0.0
    lines: list[str] = field(default_factory=list)
    state: str = "starting"
    done: int = 0
    total: int = 0
    part: int = 0
    code: int | None = None
    stopped: bool = False

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self.code is None

    def facts(self) -> dict[str, object]:
        """Give what the page shows while it runs."""
        return {
            "running": self.running,
            "state": self.state,
            "done": self.done,
            "total": self.total,
            "lines": self.lines[-200:],
            "seconds": round(self.seconds or time.time() - self.started, 1),
            "code": self.code,
        }


class Jobs:
    """The jobs of one desk."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self.last: dict[tuple[str, str], Job] = {}
        self.now: Job | None = None

    def of(self, slug: str, kind: str) -> Job | None:
        """Give the last job of a kind for an exercise, in this desk's life."""
        return self.last.get((slug, kind))

    def start(self, job: Job) -> None:
        """Start a job.

        Raises
        ------
        CourseError
            If one is running.
        """
        with self._lock:
            if self.now is not None and self.now.running:
                raise CourseError(
                    f"{self.now.kind} {self.now.slug} is still running;"
                    " wait until it has ended, or stop it"
                )
            self.now = job
            self.last[job.slug, job.kind] = job
        threading.Thread(target=self._run, args=(job,), daemon=True).start()

    def stop(self) -> None:
        """Stop the running job; what it has finished is kept."""
        with self._lock:
            if self.now is None or not self.now.running:
                return
            self.now.stopped = True
            process = self._process
        if process is not None:
            _interrupt(process)

    def end(self) -> None:
        """Stop the running job, and wait for it: the desk ends."""
        self.stop()
        process = self._process
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)

    def _run(self, job: Job) -> None:
        worst = 0
        try:
            for number, command in enumerate(job.commands):
                job.part = number
                if job.stopped:
                    break
                before = len(job.lines)
                code = self._one(job, command)
                if job.then is not None and not job.stopped:
                    job.then(number, job.lines[before:])
                worst = max(worst, code)
        except Exception as error:
            job.lines.append(f"the desk could not go on ({type(error).__name__}: {error})")
            worst = 2
        finally:
            job.seconds = time.time() - job.started
            job.state = "stopped" if job.stopped else "done"
            job.code = 130 if job.stopped else worst

    def _one(self, job: Job, command: Sequence[str]) -> int:
        with self._lock:
            if job.stopped:
                return 0
            self._process = process = subprocess.Popen(
                [sys.executable, "-m", "hardwired.course.desk.work", *command],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"},
            )
        assert process.stdout is not None
        told = bytearray()
        with process.stdout as pipe:
            while piece := os.read(pipe.fileno(), 65536):
                told += piece
                *whole, rest = re.split(rb"(?<=[\r\n])", bytes(told))
                told = bytearray(rest)
                for part in whole:
                    self._tell(job, part.decode("utf-8", "replace"))
                if b"/" in told:  # the line of progress ends only when the next begins
                    self._count(job, told.decode("utf-8", "replace"))
        if told:
            self._tell(job, told.decode("utf-8", "replace") + "\n")
        return process.wait()

    def _tell(self, job: Job, part: str) -> None:
        text = line(part.strip(), 2000)
        if not text:
            return
        if part.endswith("\r"):
            self._count(job, text)
            return
        if COUNT.search(text) and text.startswith("["):
            self._count(job, text)
            return
        job.lines.append(text)
        del job.lines[:-MOST_LINES]

    def _count(self, job: Job, text: str) -> None:
        if hit := COUNT.search(text):
            job.done, job.total = int(hit[1]), int(hit[2])
        job.state = line(re.sub(r"^\[[# ]*\]\s*", "", text.strip()), 200)


def _interrupt(process: subprocess.Popen[bytes]) -> None:
    """Do what Ctrl-C does; who does not hear it is ended after ten seconds."""

    def later() -> None:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    with contextlib.suppress(ProcessLookupError):
        os.kill(process.pid, signal.SIGINT)
    threading.Thread(target=later, daemon=True).start()
