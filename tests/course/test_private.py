"""Who may read marks, where they may travel, and what a file of a colleague may not cost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hardwired.course import policy
from hardwired.course.cluster import refuse_open_wire
from hardwired.course.errors import CourseError
from hardwired.course.export import export
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.release import release
from hardwired.course.standing import standings
from tests.course import tiny

HERE = Path(__file__).parent


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "tcp://127.0.0.1.evil.org:1", "ws://h:1"]
)
def test_a_cluster_beyond_this_machine_is_enciphered(address: str) -> None:
    """Expected values, names and prose travel to it; the line says how."""
    with pytest.raises(CourseError, match="not enciphered; start the scheduler"):
        refuse_open_wire(address)


@pytest.mark.parametrize(
    "address", ["tls://10.0.0.5:8786", "tcp://127.0.0.1:8786", "localhost:1", "tcp://[::1]:8786"]
)
def test_a_cluster_on_this_machine_or_with_tls_is_taken(address: str) -> None:
    """Loopback needs no cipher."""
    refuse_open_wire(address)


def test_aliases_in_a_course_file_cost_nothing(tmp_path: Path) -> None:
    """Nine levels of them stand for gigabytes; they are refused in one line."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    names = "abcdefghij"
    for this, that in zip(names[1:], names, strict=False):
        lines.append(f"{this}: &{this} [{', '.join([f'*{that}'] * 9)}]")
    (tmp_path / "course.yml").write_text("\n".join(lines))
    started = time.process_time()
    with pytest.raises(CourseError, match="aliases"):
        policy.read(tmp_path / "course.yml")

    assert time.process_time() - started < 2


def test_an_export_after_a_broken_off_grading_is_refused(tmp_path: Path) -> None:
    """Attempts are there, but none counts: a table without these students would look complete."""
    made = tiny.exercise(tmp_path / "ex")
    with Gradebook(tmp_path / "g.sqlite") as book:
        attempt = Attempt("tiny", "ann", "Ann", "a.ipynb", "d" * 64, "k", "graded", "")
        book.add(attempt)
        with pytest.raises(CourseError, match=r"broken off.*ann first"):
            standings(made, book, None, policy.Policy())
        book.count("tiny", {"ann": ("d" * 64, "k")})
        rows = standings(made, book, None, policy.Policy())

    assert [path.name for path in export("csv", made, rows, tmp_path, None)] == ["tiny-marks.csv"]


def _others(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode) & 0o077


def test_solutions_of_a_release_are_their_owners_alone(tmp_path: Path) -> None:
    """Folder and files under instructor/; what is for students can be read."""
    before = os.umask(0o022)
    try:
        made = release(tiny.exercise(tmp_path / "ex"), tmp_path / "out")
    finally:
        os.umask(before)

    assert [_others(path) for path in (*made.private, tmp_path / "out" / "instructor")] == [0, 0]
    assert all(_others(path) for path in made.public)


@pytest.mark.needs("namespaces")
def test_what_grading_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """Gradebook, marks, sheets, reports and exports, although the shell would share them."""
    tiny.exercise(tmp_path / "ex")
    tiny.write(tmp_path / "in" / "ann" / "tiny.ipynb", tiny.filled("ann"))
    common = ("--exercises", str(tmp_path / "ex"), "--out", str(tmp_path / "g"))
    for command in (
        ("grade", "tiny", str(tmp_path / "in"), *common, "--jobs", "1"),
        ("report", "tiny", *common),
        ("export", "tiny", *common, "--format", "csv"),
    ):
        subprocess.run(
            [sys.executable, str(HERE / "cli.py"), *command],
            check=False,
            capture_output=True,
            umask=0o022,
            timeout=300,
        )
    files = [path for path in (tmp_path / "g").rglob("*") if path.is_file()]

    assert len(files) >= 5
    assert [path for path in [tmp_path / "g", *files] if _others(path)] == []
