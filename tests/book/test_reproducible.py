"""A cold build, apart in every way, gives the bytes of the built book.

CI has made one already, on its bare machine: another folder, home, clock and order of sets. It
says where (`HARDWIRED_COLD`); anywhere else the test makes one.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

OUTPUTS = ("html", "pdf/hardwired.pdf", "epub/hardwired.epub", "hardwired-offline.zip")
NOT_FOR_READERS = {".buildinfo", ".built", "objects.inv"}


def cold_build(copy: Path) -> subprocess.CompletedProcess[str]:
    """Copy the sources as they stand and build them from nothing with our Python."""
    git = ["git", "-C", str(ROOT)]
    names = subprocess.run(
        [*git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, names):
        source, target = ROOT / name, copy / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    history = subprocess.run(
        [*git, "rev-parse", "--absolute-git-dir"], capture_output=True, text=True, check=True
    ).stdout.strip()
    (copy.parent / "home").mkdir()
    environment = {
        "HOME": str(copy.parent / "home"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(copy / "src"),
        "GIT_DIR": history,
        "GIT_WORK_TREE": str(copy),
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "4711",
        # Hours of the day are in the bytes; the built book has those of the commit it was built at.
        "SOURCE_DATE_EPOCH": (ROOT / "book/_build/.date").read_text(encoding="utf-8").strip(),
        # What a machine says of its processor: the last digits of a stiff model hang on it.
        **{name: value for name, value in os.environ.items() if name.startswith("OPENBLAS_")},
    }
    (copy / ".venv").symlink_to(Path(sys.executable).parents[1])
    # The environment of this test counts as made: -o keeps make from installing it again.
    return subprocess.run(
        ["make", "book", "-o", ".venv/.book", "-o", ".venv/.python"],
        cwd=copy, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def files(build: Path) -> dict[str, bytes]:
    """Give the bytes of all that a reader gets, by name."""
    found = {}
    for output in OUTPUTS:
        top = build / output
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.is_file() and path.name not in NOT_FOR_READERS:
                found[f"{output}:{path.relative_to(top)}"] = path.read_bytes()
    return found


@pytest.mark.needs("book", "history")
@pytest.mark.ring("all")
def test_a_cold_build_gives_the_same_bytes_as_the_built_book(tmp_path: Path) -> None:
    """HTML, PDF, EPUB and zip do not know where, when, by whom, in which order, or after what."""
    if made := os.environ.get("HARDWIRED_COLD"):
        copy = Path(made)
        assert copy.resolve() != ROOT
    else:
        copy = tmp_path / "two deeper" / "book-of-this-test"
        built = cold_build(copy)
        assert built.returncode == 0, built.stdout

    first, second = files(ROOT / "book/_build"), files(copy / "book/_build")

    assert {"html:chapters/05-wounds.html", "pdf/hardwired.pdf:."} <= first.keys()
    assert sorted(first) == sorted(second)
    assert [name for name in first if first[name] != second[name]] == []
