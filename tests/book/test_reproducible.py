"""Two cold builds of the same sources, apart in every way, give the same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

OUTPUTS = ("html", "pdf/hardwired.pdf", "epub/hardwired.epub", "hardwired-offline.zip")
NOT_FOR_READERS = {".buildinfo", ".built", "objects.inv"}


def start_build(folder: Path, **surroundings: str) -> subprocess.Popen:
    """Copy the sources as they stand and begin to build them from nothing with our Python."""
    names = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, folder / "book-of-this-test" / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    copy = folder / "book-of-this-test"
    environment = {
        "HOME": str(folder / "home"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(copy / "src"),
        "SOURCE_DATE_EPOCH": "1767225600",
        **surroundings,
    }
    (folder / "home").mkdir()
    binaries = Path(sys.executable).parent
    # The environment of this test counts as made: -o keeps make from installing it again.
    command = ["make", "book", f"VENV={binaries.parent}", "-o", f"{binaries.parent}/.book"]
    return subprocess.Popen(
        command, cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def files(folder: Path) -> dict[str, bytes]:
    """Give the bytes of all that a reader gets, by name."""
    found = {}
    for output in OUTPUTS:
        top = folder / "book-of-this-test/book/_build" / output
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.name not in NOT_FOR_READERS:
                found[f"{output}:{path.relative_to(top)}"] = path.read_bytes()
    return found


@pytest.mark.ring("all")
def test_two_cold_builds_give_the_same_bytes(tmp_path):
    """HTML, PDF, EPUB and zip do not know where, when, by whom and in which order of hashes."""
    one, two = tmp_path / "one", tmp_path / "two/deeper"
    one.mkdir()
    two.mkdir(parents=True)
    builds = [
        start_build(one, TZ="UTC", PYTHONHASHSEED="1", LANG="C.UTF-8"),
        start_build(two, TZ="Pacific/Kiritimati", PYTHONHASHSEED="4711"),
    ]
    said = [build.communicate()[0].decode() for build in builds]
    assert [build.returncode for build in builds] == [0, 0], "\n".join(said)

    first, second = files(one), files(two)

    assert {"html:chapters/05-wounds.html", "pdf/hardwired.pdf:."} <= first.keys()
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
