"""Bad input: one line that names it and says what to do, exit code 1, the gradebook as it was."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardwired.course import csvsafe
from hardwired.course.variants import make_key
from tests.course import tiny

pytestmark = pytest.mark.ring("test")  # grades

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"


def hardwired(*arguments: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(
        [sys.executable, str(HERE / "cli.py"), *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(SRC), **options.pop("environment", {})},
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
        **options,
    )


def one_line(done: subprocess.CompletedProcess[str], *says: str) -> None:
    """Exit code 1 and one line on standard error that names it."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("engine: ")]

    assert done.returncode == 1, done.stderr
    assert len(lines) == 1, done.stderr
    for word in says:
        assert word in lines[0]


def digest(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a course with one student graded under a key, and things that are wrong beside it."""
    top = tmp_path_factory.mktemp("course")
    tiny.exercise(top / "ex")
    (top / "r.csv").write_text("student_id\nann\n")
    make_key(top / "r.key")
    (top / "broken/tiny").mkdir(parents=True)
    failing = tiny.SOURCE.replace("total = float(", "total = float(1 / 0 + ")
    (top / "broken/tiny/exercise.md").write_text(failing)
    (top / "empty").mkdir()
    (top / "torn.zip").write_bytes(b"PK\x03\x04 and no more")
    (top / "twice.csv").write_text("student_id\nann\nANN\n")
    (top / "binary.csv").write_bytes(b"student_id\n\xff\x00\xfe\n")
    (top / "wrong.yml").write_text("exercises: {tiny: {due: some day}}\n")
    (top / "other.yml").write_text("exercises: {tinny: {weight: 2}}\n")
    (top / "drop.yml").write_text("exercises: {tiny: {drop: [q9]}}\n")
    (top / "weight.yml").write_text("exercises: {tiny: {weight: heavy}}\n")
    tiny.write(top / "in/ann/tiny.ipynb", tiny.filled("ann"))
    tiny.write(top / "again/ann/tiny.ipynb", tiny.filled("ann", "total = 1"))
    tiny.write(top / "more/ann/tiny.ipynb", tiny.filled("ann", "total = 1"))
    tiny.write(top / "more/eve/tiny.ipynb", tiny.filled("eve"))
    tiny.write(top / "strangers/eve/tiny.ipynb", tiny.filled("eve"))
    done = hardwired("grade", "tiny", top / "in", *common(top))

    assert done.returncode == 0, done.stderr
    return top


def common(top: Path) -> list[str | Path]:
    """Options that every run has."""
    return ["--exercises", top / "ex", "--out", top / "g", "--roster", top / "r.csv"]


# What is done, and what the line says.
GRADE: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "the reference fails": (
        ["again", "--exercises", "broken"],
        ("reference fails", "ZeroDivisionError", "solution of q1"),
    ),
    "nobody who is on the roster": (
        ["strangers"],
        ("eve/tiny.ipynb", "'eve' is not on the roster", "give the roster of this course"),
    ),
    "an empty folder": (["empty"], ("empty", "holds no file")),
    "a folder that is not there": (["nowhere"], ("nowhere", "does not exist")),
    "a damaged zip": (["torn.zip"], ("torn.zip", "neither a folder nor a zip")),
    "no key": (["again", "--key", "no.key"], ("no.key", "there is no key", "release --roster")),
    "two students of one identifier": (
        ["again", "--roster", "twice.csv", "--key", "r.key"],
        ("twice.csv", "two students have the identifier 'ANN'"),
    ),
    "a roster that is no text": (
        ["again", "--roster", "binary.csv", "--key", "r.key"],
        ("binary.csv", "cannot be read", "UTF-8"),
    ),
    "a date that is none": (
        ["again", "--course", "wrong.yml"],
        ("wrong.yml", "'some day' is not a date"),
    ),
    "a rule for an unknown exercise": (
        ["again", "--course", "other.yml"],
        ("other.yml", "no exercise 'tinny'", "tiny"),
    ),
    "a weight that is no number": (
        ["again", "--course", "weight.yml"],
        ("weight.yml", "tiny: weight is 'heavy'"),
    ),
}


@pytest.mark.parametrize("name", GRADE)
def test_grading_with_bad_input_changes_nothing(name: str, course: Path) -> None:
    """One line, exit code 1, every file of the folder as it was."""
    arguments, says = GRADE[name]
    before = digest(course / "g")
    paths = ("broken", "r.key", "no.key")
    full = [
        course / a if a in paths or a.endswith((".csv", ".yml", ".zip")) else a
        for a in arguments[1:]
    ]
    done = hardwired("grade", "tiny", course / arguments[0], *common(course), *full)

    one_line(done, *says)
    assert digest(course / "g") == before


def test_a_stray_file_stops_nobody_and_is_named(course: Path, tmp_path: Path) -> None:
    """Files of strangers are left out, each with a line; the others are graded."""
    shutil.copytree(course / "g", tmp_path / "g")
    options = [*common(course), "--out", tmp_path / "g"]
    done = hardwired("grade", "tiny", course / "more", *options)
    silent = hardwired("grade", "tiny", course / "more", *options, "--skip-unknown")

    one_line(done, "eve/tiny.ipynb", "'eve' is not on the roster", "left out")
    assert "1 graded" in done.stdout
    assert silent.returncode == 0, silent.stderr


@pytest.mark.needs("namespaces")
def test_without_a_sandbox_nothing_is_graded(course: Path) -> None:
    """What to install is said."""
    before = digest(course / "g")
    engine = ["--engine", "bubblewrap-zygote"]
    path = {"PATH": "/nowhere"}
    done = hardwired("grade", "tiny", course / "again", *common(course), *engine, environment=path)

    one_line(done, "no sandbox", "install the extra hardwired[course]")
    assert digest(course / "g") == before


def test_an_unknown_exercise_is_named_with_those_there_are(course: Path) -> None:
    """The folder's exercises are listed."""
    one_line(hardwired("grade", "other", course / "in", *common(course)), "no such", "has: tiny")


def test_a_dropped_question_that_is_not_there_is_named(course: Path) -> None:
    """Before a report is written."""
    done = hardwired("report", "tiny", *common(course), "--course", course / "drop.yml")

    one_line(done, "drop.yml", "no question 'q9'", "q1, q2")
    assert not (course / "g" / "reports").exists()


Change = Callable[[list[dict[str, str]], str], None]
SHEETS: dict[str, tuple[Change, tuple[str, ...]]] = {
    "an unknown paper": (
        lambda rows, column: rows[0].update(paper="eve"),
        (":2:", "'eve' is no paper"),
    ),
    "points above the maximum": (
        lambda rows, column: rows[0].update({column: "4"}),
        (":2:", "4 points", "0 to 3 are possible"),
    ),
    "points below nothing": (
        lambda rows, column: rows[0].update({column: "-1"}),
        (":2:", "-1 points"),
    ),
    "no number": (
        lambda rows, column: rows[0].update({column: "good"}),
        (":2:", "'good' is no number"),
    ),
    "an older file": (
        lambda rows, column: rows[0].update(version="7"),
        (":2:", "has no version '7'"),
    ),
    "another header": (
        lambda rows, column: rows[0].update({"x": rows[0].pop(column)}),
        (":1:", "with its header as it was"),
    ),
    "no row": (lambda rows, column: rows.clear(), ("has no row",)),
}


@pytest.mark.parametrize("name", SHEETS)
def test_a_bad_marking_sheet_changes_nothing(name: str, course: Path, tmp_path: Path) -> None:
    """File and line, exit code 1, every file of the folder as it was."""
    change, says = SHEETS[name]
    (sheet,) = (course / "g/marking").glob("*.csv")
    rows = [dict(row) for row in csvsafe.read(sheet)]
    column = next(c for c in rows[0] if c.startswith("1."))
    change(rows, column)
    header = list(rows[0]) if rows else ["paper"]
    csvsafe.write(tmp_path / "sheet.csv", header, [list(row.values()) for row in rows])
    before = digest(course / "g")
    done = hardwired("grade", "tiny", "--merge", tmp_path / "sheet.csv", *common(course))

    one_line(done, "sheet.csv", *says)
    assert digest(course / "g") == before


def test_a_gradebook_of_a_newer_version_is_left_alone(course: Path, tmp_path: Path) -> None:
    """By every command that would open it."""
    shutil.copytree(course / "g", tmp_path / "g")
    with sqlite3.connect(tmp_path / "g/gradebook.sqlite") as db:
        db.execute("PRAGMA user_version = 99")
    before = digest(tmp_path / "g")
    options = [*common(course), "--out", tmp_path / "g"]
    for command in (
        ["grade", "tiny", course / "again"],
        ["grade", "tiny", "--merge", course / "r.csv"],
        ["report", "tiny"],
        ["report", "--forget", "ann"],
        ["export", "tiny", "--format", "csv"],
    ):
        one_line(hardwired(*command, *options), "newer hardwired", "version 99", "update")
        assert digest(tmp_path / "g") == before


def test_a_mismatch_and_twins_are_named_and_get_no_mark(tmp_path: Path) -> None:
    """The others are graded; a row stands for everybody; the exit code says a person is needed."""
    tiny.exercise(tmp_path / "ex")
    handed_in = (("ann", "ann"), ("bo", "ann"), ("cy", ""))
    for folder, who in handed_in:
        tiny.write(tmp_path / f"in/{folder}/tiny.ipynb", tiny.filled(who))
    done = hardwired(
        "grade", "tiny", tmp_path / "in", "--exercises", tmp_path / "ex", "--out", tmp_path / "g"
    )
    rows = [line.split(",") for line in (tmp_path / "g/marks.csv").read_text().splitlines()[1:]]

    assert done.returncode == 1
    assert "bo/tiny.ipynb: identifier mismatch: handed in as 'bo'" in done.stderr
    assert "but the notebook says 'ann'" in done.stderr
    assert "cy/tiny.ipynb: identifier mismatch" in done.stderr
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("ann", "graded", ""),
        ("bo", "mismatch", ""),
        ("cy", "mismatch", ""),
    ]


def test_a_full_disk_is_one_line_and_what_was_graded_is_kept(tmp_path: Path) -> None:
    """With no room for the gradebook to grow the run ends; with room again it goes on."""
    tiny.exercise(tmp_path / "ex")
    for k in range(12):
        notebook = tiny.filled(f"s{k}", text="A long text. " * 800)
        tiny.write(tmp_path / f"in/s{k}/tiny.ipynb", notebook)
    options = ["--exercises", tmp_path / "ex", "--out", tmp_path / "g", "--jobs", "1"]
    command = ["grade", "tiny", tmp_path / "in", *options]

    def small() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 17, 1 << 17))

    one_line(hardwired(*command, preexec_fn=small), "gradebook", "start again")
    kept = rows_of(tmp_path / "g/gradebook.sqlite")
    again = hardwired(*command)

    assert 0 < kept < 12
    assert again.returncode == 0, again.stderr
    assert f"{12 - kept} graded" in again.stdout
    assert len((tmp_path / "g/marks.csv").read_text().splitlines()) == 13


def rows_of(path: Path) -> int:
    """Count the attempts in a gradebook."""
    with sqlite3.connect(path) as db:
        return int(db.execute("SELECT count(*) FROM attempt").fetchone()[0])


def test_wrong_usage_is_exit_code_two(tmp_path: Path) -> None:
    """Missing or contradicting arguments."""
    tiny.exercise(tmp_path / "ex")
    for command in (
        ["release", "--out", tmp_path],
        ["validate"],
        ["validate", "tiny", "--all"],
        ["grade", "tiny", "--exercises", tmp_path / "ex", "--out", tmp_path],
        ["report", "--out", tmp_path, "--exercises", tmp_path / "ex"],
        ["export", "--format", "canvas", "--out", tmp_path],
        ["export", "tiny", "--out", tmp_path, "--format", "excel"],
    ):
        assert hardwired(*command).returncode in ((1, 2) if command[0] == "report" else (2,))


@pytest.mark.needs("namespaces")
def test_another_engine_is_never_taken_silently(course: Path) -> None:
    """Marks of one engine are not mixed with another's unless it is asked for by name."""
    before = digest(course / "g")
    path = {"PATH": "/nowhere"}
    done = hardwired("grade", "tiny", course / "again", *common(course), environment=path)
    lines = done.stderr.splitlines()

    assert done.returncode == 1
    assert [line.startswith("hardwired: not used: bubblewrap") for line in lines] == [
        True,
        True,
        False,
    ]
    assert "marks of tiny were made with bubblewrap-zygote, but here wasm would run" in lines[2]
    assert "--engine wasm" in lines[2]
    assert digest(course / "g") == before
