"""Engine 2: a bubblewrap and an interpreter for each submission; slower, and needs no /proc."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Collection, Mapping, Sequence
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

__all__ = ["FreshEngine"]

START_S = 60.0


class FreshEngine:
    """bubblewrap started anew; about a second a submission."""

    name = "bubblewrap-fresh"

    def __init__(
        self,
        limits: Limits | None = None,
        belts: Collection[str] = BELTS,
        modules: Sequence[str] = (),
    ) -> None:
        self.limits = limits or Limits()
        self.belts = frozenset(belts)
        self.modules = tuple(modules)
        self._versions = _versions()
        self.said = ""
        if said := refusal(self, self.limits):
            raise EngineUnavailable(f"bubblewrap does not run here: {why(self.said or said)}")

    def versions(self) -> Mapping[str, str]:
        """Versions of what runs inside."""
        return self._versions

    def once(self, job: Job, limits: Limits) -> Said:
        """Run a job once."""
        job_r, job_w = os.pipe()
        result_r, result_w = os.pipe()
        arguments = [
            bubblewrap.config(self.belts, self.limits, self.modules),
            str(job_r),
            str(result_w),
        ]
        launch = bubblewrap.launch(
            "fresh_main", arguments, zygote=False, limits=self.limits, belts=self.belts
        )
        started = time.monotonic()
        process = launch.start([job_r, result_w])
        os.close(job_r)
        os.close(result_w)
        try:
            line, ended, at = converse(
                job_w, result_r, job, limits, "output" in self.belts, START_S
            )
            usage = self._wait(process, 0.0 if ended in ("time", "output") else 1.0)
        finally:
            os.close(job_w)
            os.close(result_r)
            launch.clear()
        usage["wall_s"] = round(time.monotonic() - started, 4)
        return Said(line, reason(ended, usage), at, usage)

    def _wait(self, process: subprocess.Popen[bytes], patience: float) -> dict[str, Any]:
        end = time.monotonic() + patience
        while True:
            pid, code, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() >= end:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                _, code, usage = os.wait4(process.pid, 0)
                break
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(code)
        assert process.stderr is not None
        self.said = " ".join(process.stderr.read(20000).decode(errors="replace").split())[-200:]
        process.stderr.close()
        return {
            "exit": process.returncode,
            "cpu_s": round(usage.ru_utime + usage.ru_stime, 4),
            "rss_mb": usage.ru_maxrss // 1024,
        }

    def close(self) -> None:
        """Nothing outlives a submission."""

    def __enter__(self) -> FreshEngine:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    names = ("numpy", "scipy", "pandas", "matplotlib")
    return {"python": sys.version.split()[0], **{name: version(name) for name in names}}
