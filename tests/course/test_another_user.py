"""Another user: nobody validates in the real sandbox, and make works in nobody's clone."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.course import tiny

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("root", "namespaces", "history")]

NOBODY = 65534


@pytest.fixture(scope="module")
def public() -> Iterator[Path]:
    """Give a folder that every user of the machine may enter."""
    with tempfile.TemporaryDirectory(prefix="hardwired-another-user-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def clone(public: Path) -> Path:
    """Give a clone of the book that belongs to nobody."""
    folder = public / "clone"
    safe = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "safe.directory",
        "GIT_CONFIG_VALUE_0": "*",
    }
    subprocess.run(
        ["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(folder)],
        env={**os.environ, **safe}, check=True,
    )  # fmt: skip
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(folder)], check=True)
    return folder


def opened(paths: Iterable[Path], public: Path) -> str:
    """Give the shell's words that show these folders to all where a folder above is closed.

    For a mount namespace of their own: nothing is copied, and no other process sees it.
    """
    words = ["set -e"]
    for number, path in enumerate(paths):
        closed = [it for it in reversed(path.parents) if it.stat().st_mode & 0o5 != 0o5]
        if closed:
            kept = public / str(number)
            kept.mkdir()
            words += [
                f"mount --bind '{path}' '{kept}'",
                f"mount -t tmpfs -o mode=755 tmpfs '{closed[0]}'",
                f"mkdir -p '{path}'",
                f"mount --bind '{kept}' '{path}'",
            ]
    return "\n".join([*words, 'exec "$@"'])


def as_user(
    user: int, command: list[str], cwd: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a user without a home and without anything of ours in the environment."""
    return subprocess.run(
        command, cwd=cwd, user=user, group=user, extra_groups=[], capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **environment}, timeout=600,
    )  # fmt: skip


def test_nobody_validates_in_the_real_sandbox(public: Path) -> None:
    """Each question is ready; the engine is the sandbox, with no word of a slower one."""
    course = public / "course"
    tiny.exercise(course)
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(course)], check=True)
    show = opened([Path(sys.base_prefix)], public)
    become = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    validate = ["validate", "tiny", "--exercises", ".", "--second", "none"]
    done = as_user(
        0,
        ["unshare", "--mount", "sh", "-c", show, "sh", *become,
         sys.executable, "-B", str(ROOT / "tests/course/cli.py"), *validate],
        course,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (0, "")
    assert [line.rpartition(": ")[2] for line in done.stdout.splitlines()] == ["ready", "ready"]


@pytest.mark.parametrize("user", [0, NOBODY], ids=["root", "nobody"])
def test_make_works_in_a_clone_that_belongs_to_nobody(clone: Path, user: int) -> None:
    """The jobs are listed, and the date is that of the last commit: git reads the clone too."""
    helped = as_user(user, ["make", "help"], clone)
    dry = as_user(user, ["make", "-n", "book"], clone, PYTHON=sys.executable)
    asked = ["git", "-c", "safe.directory=*", "log", "-1", "--format=%ct"]
    date = subprocess.run(asked, cwd=clone, capture_output=True, text=True, check=True).stdout

    assert (helped.returncode, helped.stderr) == (0, "")
    assert "\ntest " in helped.stdout
    assert (dry.returncode, dry.stderr) == (0, "")
    assert f"echo {date.strip()} >" in dry.stdout
