"""The Makefile speaks one line when the machine lacks something."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

ENVIRONMENT = ROOT / "tools/environment.py"
# A file system of one megabyte, where only this process sees it.
SMALL_DISK = """
import ctypes, os, sys
libc, uid, gid = ctypes.CDLL(None, use_errno=True), os.geteuid(), os.getegid()
assert libc.unshare(0x10020000) == 0
for name, text in (("setgroups", "deny"), ("uid_map", f"0 {uid} 1"), ("gid_map", f"0 {gid} 1")):
    with open(f"/proc/self/{name}", "w") as file:
        file.write(text)
assert libc.mount(b"tmpfs", sys.argv[1].encode(), b"tmpfs", 0, b"size=1m") == 0
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
"""


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("#!/bin/sh\nexit 127\n", id="no Python"),
        pytest.param("#!/bin/sh\nexit 1\n", id="Python too old or venv missing"),
    ],
)
def test_unfit_python_is_one_line_and_a_stop(folder, script):
    """Python that is absent, too old or without venv: make says so and stops."""
    python = folder / "python3"
    python.write_text(script)
    python.chmod(0o755)

    result = subprocess.run(
        ["make", "-s", f"PYTHON={python}", ".venv/.python"],
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, "MAKEFLAGS": "", "HARDWIRED_MAKE": "yes"},
        check=False,
    )

    said = [row for row in (result.stdout + result.stderr).splitlines() if "***" not in row]
    assert result.returncode != 0
    assert len(said) == 1
    assert said[0].startswith("Hardwired needs Python 3.11, 3.12 or 3.13")
    assert not (folder / ".venv").exists()


def test_no_package_index_is_named(root):
    """Neither the locks nor the Makefile names where packages come from."""
    for name in ("requirements.lock", "requirements-test.lock", "Makefile", "pyproject.toml"):
        text = (root / name).read_text()
        assert "index-url" not in text.replace("--no-emit-index-url", "")
        assert "://" not in text.replace("http://localhost:8000", "")


def said(command: list[str], cwd: Path = ROOT, **environment: str) -> tuple[int, list[str]]:
    """Run a command; return how it ended and the lines that it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(
        command, cwd=cwd, env={**kept, "MAKEFLAGS": "", "MAKELEVEL": "0", **environment}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return done.returncode, done.stdout.splitlines()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with the Makefile and empty sources."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("src", "exercises", "book/chapters"):
        (tmp_path / name).mkdir(parents=True)
    return tmp_path


def test_a_second_make_waits_for_nobody_and_says_so_in_a_line(folder: Path) -> None:
    """It stops at once; a make that was killed holds nobody up."""
    (folder / "other.mk").write_text("all:\n\t@sleep 60\n")
    other = subprocess.Popen(["make", "-f", "other.mk"], cwd=folder, start_new_session=True)
    (folder / ".make.pid").write_text(f"{other.pid}\n")
    try:
        code, lines = said(["make", "clean"], folder, HARDWIRED_MAKE="")
    finally:
        os.killpg(other.pid, signal.SIGKILL)
        other.wait()

    assert code == 2
    assert len(lines) == 1
    assert f"Another make is at work in this folder (process {other.pid})" in lines[0]
    assert said(["make", "clean"], folder, HARDWIRED_MAKE="") == (0, [])


@pytest.mark.parametrize(
    ("variable", "line"),
    [
        ("VENV=an environment", "VENV holds a space, and make would take it for two folders"),
        ("VENV=it's", "VENV holds a sign that a name cannot have"),
        ("PAPER=foolscap", "PAPER is one of a4 letter book screen, not 'foolscap'"),
    ],
)
def test_a_variable_that_make_would_misread_is_refused_in_a_line(variable: str, line: str) -> None:
    """A folder of two words was two targets of make, and the true environment was made anew."""
    code, lines = said(["make", "help", variable])

    assert code == 2
    assert len(lines) == 1
    assert line in lines[0]


@pytest.mark.parametrize("left", ["nothing", "half-made", "python gone"])
def test_an_environment_that_was_left_half_made_is_made_anew(folder: Path, left: str) -> None:
    """Interrupted while packages were installed, or its Python was removed."""
    venv = folder / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to("/nowhere" if left == "python gone" else sys.executable)
    (venv / ".python").touch()
    if left == "half-made":
        (venv / ".half-made").touch()
    code, lines = said(["make", "-n", ".venv/.python"], folder, HARDWIRED_MAKE="")

    assert code == 0
    assert any("environment.py make" in line for line in lines) == (left != "nothing")


def test_without_a_network_the_first_install_says_so_in_a_line(tmp_path: Path) -> None:
    """Every way out leads to a closed door; the environment stays marked as half-made."""
    closed = "http://127.0.0.1:9"
    code, lines = said(
        [sys.executable, str(ENVIRONMENT), "install", str(tmp_path), "the book",
         "install", "--isolated", "--retries", "0", "a-package-that-nobody-has-yet==9.9"],
        https_proxy=closed, http_proxy=closed, HTTPS_PROXY=closed, HTTP_PROXY=closed,
    )  # fmt: skip

    assert code == 1
    assert lines[0] == f"Installing the book into {tmp_path}"
    assert lines[1:] == [
        "Installing the book: no package index answers; this step needs the network, once;"
        " then run make again"
    ]
    assert (tmp_path / ".half-made").exists()


@pytest.mark.needs("namespaces")
def test_a_full_disk_is_a_line(tmp_path: Path) -> None:
    """An environment does not go into one megabyte."""
    venv = tmp_path / "disk/venv"
    venv.parent.mkdir()
    code, lines = said(
        [sys.executable, "-c", SMALL_DISK, str(venv.parent), str(ENVIRONMENT), "make", str(venv)]
    )

    assert code == 1
    assert lines == [f"Making {venv}: the disk is full; make room; then run make again"]
