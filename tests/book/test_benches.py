"""Every bench of `make bench` runs whole; its quick form runs in `test_advertised`."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

BENCHES = re.findall(r"benchmarks/(\w+)\.py", (ROOT / "Makefile").read_text(encoding="utf-8"))
SAYS = {
    "models": r"faster: \d+ times in processor time",
    "pdf": r"typst: \d{3} pages, [\d.]+ s",
    "papers": r"letter +\d{3} +yes +\d+ +0\b",
    "grading": r"zygote over nbgrader, mix: [\d.]+ times by the clock",
    "desk": r"worst page \d+ ms \(bar \d+\)",
    "live": r"whole exercise [\d.]+ s \(bar 8 s\), .* MB fetched",
    "pages": r"chapters/05-wounds\.html .* bytes [\d.]+, gzipped [\d.]+",
}


def test_make_bench_runs_every_bench_there_is() -> None:
    """None lies beside the Makefile's, and of each it is known here what it measures."""
    assert sorted(BENCHES) == sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
    assert set(BENCHES) == set(SAYS)


@pytest.mark.ring("measure")
@pytest.mark.needs("book", "browser", "namespaces", "network")
@pytest.mark.parametrize("name", BENCHES)
def test_a_bench_runs_whole_and_says_its_figure(name: str) -> None:
    """Without the options of the quick form; a bench with a bar ends well only above it."""
    done = subprocess.run(
        [sys.executable, f"benchmarks/{name}.py"], cwd=ROOT, capture_output=True, text=True,
        timeout=3600,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert re.search(SAYS[name], done.stdout), done.stdout
