"""Engine 1: a pre-imported zygote in bubblewrap; each submission is a fork in new namespaces.

One zygote serves all workers: it reads no job, and the children see nothing of each other.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import subprocess
import threading
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from hardwired.course.engines import bubblewrap
from hardwired.course.engines.base import (
    EngineUnavailable,
    Job,
    Limits,
    Said,
    reason,
    refusal,
)
from hardwired.course.engines.confine import BELTS
from hardwired.course.engines.program import why
from hardwired.course.engines.talk import converse

__all__ = ["ZygoteEngine"]

START_S = 60.0
NONE = 0  # the number of no zygote: the first is 1
TRIES = 3  # a zygote that one worker replaces may take another worker's submission with it


class ZygoteEngine:
    """bubblewrap with a zygote; about a tenth of a second a submission."""

    name = "bubblewrap-zygote"

    def __init__(
        self,
        limits: Limits | None = None,
        belts: Collection[str] = BELTS,
        modules: Sequence[str] = (),
    ) -> None:
        self.limits = limits or Limits()
        self.belts = frozenset(belts)
        self.modules = tuple(modules)
        self.process: subprocess.Popen[bytes] | None = None
        self.lock = threading.RLock()
        self.born = 0
        self.closed = False
        self._versions: dict[str, str] = {}
        # A zygote is killed when the thread that started it ends, and workers come and go.
        self.starter = ThreadPoolExecutor(1)
        self._begin()
        if said := refusal(self, self.limits):
            self.close()
            raise EngineUnavailable(
                f"bubblewrap starts, but allows no namespaces in it: {why(said)}"
            )

    def versions(self) -> Mapping[str, str]:
        """Versions of what runs inside."""
        return self._versions

    def _begin(self) -> None:
        self.starter.submit(self._start).result()

    def _start(self) -> None:
        self.born += 1
        ours, theirs = socket.socketpair()
        arguments = [bubblewrap.config(self.belts, self.limits, self.modules), str(theirs.fileno())]
        self.launch = bubblewrap.launch(
            "zygote_main", arguments, zygote=True, limits=self.limits, belts=self.belts
        )
        self.process = self.launch.start([theirs.fileno()])
        theirs.close()
        self.control = ours
        ours.settimeout(START_S)
        line = b""
        with contextlib.suppress(OSError):
            while not line.endswith(b"\n") and (block := ours.recv(4096)):
                line += block
        if not line.endswith(b"\n"):
            said = self._end()
            raise EngineUnavailable(f"bubblewrap with a zygote does not start here: {why(said)}")
        self._versions = json.loads(line)

    def _end(self) -> str:
        process, self.process = self.process, None
        if process is None:
            return ""
        self.control.close()
        process.kill()
        _, said = process.communicate()
        self.launch.clear()
        return " ".join(said.decode(errors="replace").split())[-200:]

    def once(self, job: Job, limits: Limits) -> Said:
        """Run a job once; a zygote that does not answer is replaced and the job tried again."""
        for _ in range(TRIES):
            said, born = self._once(job, limits)
            if said.usage.get("exit") is not None:
                return said
            with self.lock:
                if born == self.born:
                    self._end()
        failed = said.usage.get("failed", "no report")
        return Said(None, f"the engine failed: {failed}", usage=said.usage)

    def _send(self, descriptors: Sequence[int]) -> int:
        """Give a job's descriptors to the zygote, a new one if need be; return which it is.

        One that takes nothing is ended here, while nobody can have put another in its place.
        """
        with self.lock:
            if self.closed:
                raise OSError("the engine is closed")
            if self.process is None:
                self._begin()
            try:
                socket.send_fds(self.control, [b"J"], descriptors)
            except OSError:
                self._end()
                raise
            return self.born

    def _once(self, job: Job, limits: Limits) -> tuple[Said, int]:
        job_r, job_w = os.pipe()
        result_r, result_w = os.pipe()
        status_r, status_w = os.pipe()
        life_r, life_w = os.pipe()
        theirs = [job_r, result_w, status_w, life_r]
        try:
            try:
                born = self._send(theirs)
            except OSError as error:
                failed = Said(None, "the engine failed", usage={"failed": str(error)})
                return failed, NONE
            finally:
                for descriptor in theirs:
                    os.close(descriptor)
            line, ended, at = converse(job_w, result_r, job, limits, "output" in self.belts)
            if ended in ("time", "output"):
                os.close(life_w)
                life_w = -1
            usage = self._status(status_r, life_w)
        finally:
            for descriptor in (job_w, result_r, status_r, life_w):
                with contextlib.suppress(OSError):
                    os.close(descriptor)
        return Said(line, reason(ended, usage), at, usage), born

    def _status(self, status: int, life: int) -> dict[str, Any]:
        """Give the supervisor's report; a child that lingers after its last line is killed."""
        ready, _, _ = select.select([status], [], [], 1.0)
        if not ready and life >= 0:
            with contextlib.suppress(OSError):
                os.dup2(os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC), life)
            ready, _, _ = select.select([status], [], [], 30.0)
        elif not ready:
            ready, _, _ = select.select([status], [], [], 30.0)
        data = os.read(status, 4096) if ready else b""
        try:
            return dict(json.loads(data))
        except ValueError:
            return {}

    def close(self) -> None:
        """End the zygote and all that it started; what still runs is lost."""
        with self.lock:
            self.closed = True
            self._end()
        self.starter.shutdown()

    def __enter__(self) -> ZygoteEngine:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
