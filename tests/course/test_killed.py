"""A grader that is killed leaves no process, no file and no lock, and goes on afterwards."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardwired.course.lock import alone
from tests.course import tiny

pytestmark = [pytest.mark.needs("namespaces"), pytest.mark.ring("all")]

ROOM_S = 60.0  # for a busy machine; what is waited for takes a second


def processes(mark: str) -> list[int]:
    """Give who bears a mark as a name (a cell), or in the environment (whoever read files)."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            named = (folder / "comm").read_text().strip() == mark
            if named or mark.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def waits(until: Callable[[], bool]) -> bool:
    """Whether something comes to be so in time."""
    end = time.monotonic() + ROOM_S
    while time.monotonic() < end:
        if until():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("engine", ["bubblewrap-zygote", "bubblewrap-fresh"])
def test_nothing_is_left_and_the_next_run_goes_on(engine: str, tmp_path: Path) -> None:
    """Killed while a cell that gave up its alarms is at work, with readers waiting beside it."""
    mark = f"left{os.getpid()}{engine[11]}"
    cell = (
        "import ctypes, signal, time\nfor n in (0, 1, 2): signal.setitimer(n, 0)\n"
        "libc = ctypes.CDLL(None)\nlibc.prctl(1, 0, 0, 0, 0)\n"
        f"libc.prctl(15, b'{mark}', 0, 0, 0)\nopen('/tmp/left', 'w').write('x' * 10000)\n"
        "time.sleep(600)"
    )
    tiny.exercise(tmp_path / "ex")
    tiny.write(tmp_path / "in" / "ann" / "tiny.ipynb", tiny.filled("ann"))
    eve = tiny.write(tmp_path / "in" / "eve" / "tiny.ipynb", tiny.filled("eve", cell))
    temporary, out = tmp_path / mark, tmp_path / "out"
    temporary.mkdir()
    command = [sys.executable, "-m", "hardwired.cli", "grade", "tiny", str(tmp_path / "in")]
    command += ["--exercises", str(tmp_path / "ex"), "--out", str(out), "--engine", engine]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    grader = subprocess.Popen(command, env=environment, **quiet)
    there = waits(lambda: any(_named(pid) == mark for pid in processes(mark)))
    at_work = len(processes(mark))
    grader.kill()
    grader.wait()

    assert there
    assert at_work >= 3  # the grader, a reader, the cell
    assert waits(lambda: processes(mark) == []), processes(mark)
    assert list(temporary.rglob("*")) == []
    with alone(out):
        pass
    assert {p.name for p in out.iterdir()} <= {"gradebook.sqlite"}
    tiny.write(eve, tiny.filled("eve"))
    again = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    rows = (out / "marks.csv").read_text(encoding="utf-8").splitlines()[1:]

    assert again.returncode == 0, again.stderr
    assert [row.split(",")[3] for row in rows] == ["graded", "graded"]
    assert list(temporary.rglob("*")) == []
    assert processes(mark) == []


def _named(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""
