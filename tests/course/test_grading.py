"""From submissions to marks: known points, equal on engines and reruns, resumed after any kill."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from benchmarks.cohort import variants

from hardwired.course import policy, session, submissions
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Job, Limits, Said
from hardwired.course.engines.probe import make
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from hardwired.course.marks_file import write_marks
from hardwired.course.reference import modules_of, references
from hardwired.course.standing import standings
from tests.conftest import count
from tests.course import tiny
from tests.course.conftest import SHORT
from tests.course.graded import Kept, automatic, grade

HERE = Path(__file__).parent
SRC = HERE.parents[1] / "src"
LIMITS = Limits(cell_s=2)


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the thirty submissions of the bench."""
    folder = tmp_path_factory.mktemp("handed-in")
    variants.write(folder)
    return folder


@pytest.fixture(scope="module")
def marked(
    bench: Exercise, zygote: Engine, handed_in: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Give the bench graded once by the zygote engine."""
    out = tmp_path_factory.mktemp("marked")
    grade(bench, handed_in, out, zygote, limits=LIMITS)
    return out


def test_thirty_submissions_get_their_known_points(bench: Exercise, marked: Path) -> None:
    """Right, partly right, wrong, failing and endless ones, each to the quarter point."""
    with Gradebook(marked / "gradebook.sqlite") as book:
        rows = standings(bench, book, None, policy.Policy())
    got = {name: automatic(row) for name, row in zip(variants.VARIANTS, rows, strict=True)}

    assert got == {name: points for name, (_, points) in variants.VARIANTS.items()}


def test_a_rerun_gives_the_same_export(
    bench: Exercise, zygote: Engine, handed_in: Path, marked: Path, tmp_path: Path
) -> None:
    """A second run in a second folder writes the same bytes."""
    grade(bench, handed_in, tmp_path, zygote, limits=LIMITS)

    assert (tmp_path / "marks.csv").read_bytes() == (marked / "marks.csv").read_bytes()


@pytest.mark.sampled
def test_the_fresh_engine_gives_the_same_marks(
    bench: Exercise, fresh: Engine, handed_in: Path, marked: Path, tmp_path: Path
) -> None:
    """Only the name of the engine differs."""
    names = list(variants.VARIANTS)
    chosen = names if count(30, 8) == 30 else [*names[:6], "loop", "pint-quantity"]
    folder = tmp_path / "in"
    for number, name in enumerate(names):
        if name in chosen:
            os.makedirs(folder / f"s000{number:02d}")
            (folder / f"s000{number:02d}" / "bench.ipynb").write_bytes(
                (handed_in / f"s000{number:02d}" / "bench.ipynb").read_bytes()
            )
    rows = grade(bench, folder, tmp_path / "out", fresh, limits=LIMITS, jobs=2)
    got = {row.student: automatic(row) for row in rows}

    assert got == {f"s000{names.index(name):02d}": variants.VARIANTS[name][1] for name in chosen}


@pytest.mark.ring("all")
@pytest.mark.needs("namespaces")
@pytest.mark.sampled
def test_webassembly_gives_the_same_marks(bench: Exercise, handed_in: Path, tmp_path: Path) -> None:
    """WebAssembly agrees too, on all thirty in full, on some otherwise."""
    names = list(variants.VARIANTS)
    chosen = names if count(30, 3) == 30 else ["right", "log10-ratio", "loop"]
    folder = tmp_path / "in"
    for number, name in enumerate(names):
        if name in chosen:
            os.makedirs(folder / f"s000{number:02d}")
            (folder / f"s000{number:02d}" / "bench.ipynb").write_bytes(
                (handed_in / f"s000{number:02d}" / "bench.ipynb").read_bytes()
            )
    # This engine goes by the clock, and a CI machine may be busy: more time than thirty need.
    roomy = replace(LIMITS, cell_s=4 * LIMITS.cell_s, wall_s=4 * LIMITS.wall_s)
    engine = make("wasm", roomy, modules_of(bench))
    rows = grade(bench, folder, tmp_path / "out", engine, limits=roomy, jobs=2)
    got = {row.student: automatic(row) for row in rows}

    assert got == {f"s000{names.index(name):02d}": variants.VARIANTS[name][1] for name in chosen}


def test_a_regrade_shows_what_changed(zygote: Engine, tmp_path: Path) -> None:
    """After a corrected key both marks are in the history, and the new one counts."""
    old = tiny.exercise(tmp_path / "old")
    (tmp_path / "new" / "tiny").mkdir(parents=True)
    path = tmp_path / "new" / "tiny" / "exercise.md"
    path.write_text(
        tiny.SOURCE.replace('float(sum(data["values"]))', '2 * float(sum(data["values"]))')
    )
    from hardwired.course.authoring.exercise import read

    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", tiny.filled("s1"))
    first = grade(old, tmp_path / "in", tmp_path / "out", zygote)
    second = grade(read(path), tmp_path / "in", tmp_path / "out", zygote)
    with Gradebook(tmp_path / "out" / "gradebook.sqlite") as book:
        history = book.attempts("tiny", counting=False)

    assert [automatic(first[0]), automatic(second[0])] == [6, 3]
    assert [sum(m.points for m in a.marks) for a in history] == [6, 3]
    assert history[0].audit["exercise_digest"] != history[1].audit["exercise_digest"]


def test_variants_that_are_too_many_for_one_sandbox_are_solved_in_parts(zygote: Engine) -> None:
    """A batch that reaches a limit is halved until it fits; one alone that does not is an error."""
    exercise = tiny.exercise()
    sizes: list[int] = []

    class Small(Kept):
        def once(self, job: Job, limits: Limits) -> Said:
            """Run few at a time."""
            sizes.append(len(job.reference["seeds"]))
            return self.engine.once(job, limits) if sizes[-1] <= most else Said(None, "stopped")

    kept = Small.__new__(Small)
    kept.engine, kept.name = zygote, zygote.name
    most = 2
    got = references(exercise, [1, 2, 3, 4, 5], kept, SHORT)

    assert got == references(exercise, [1, 2, 3, 4, 5], zygote, SHORT)
    assert sizes == [5, 2, 3, 1, 2]
    most = 0
    with pytest.raises(CourseError, match=r"no result \(stopped\)"):
        references(exercise, [1, 2], kept, SHORT)


def test_each_mark_has_its_audit_line(bench: Exercise, marked: Path) -> None:
    """File digest, engine, versions, seed, limits, answers and the rule that fired are kept."""
    with Gradebook(marked / "gradebook.sqlite") as book:
        attempt = book.attempts("bench")[list(variants.VARIANTS).index("both-se")]
    rules = {m.answer: m.rule for m in attempt.marks}
    given = {m.answer: json.loads(m.given) for m in attempt.marks}

    assert attempt.audit["engine"] == "bubblewrap-zygote"
    assert set(attempt.audit["versions"]) == {"python", "numpy", "scipy", "pandas", "matplotlib"}
    assert attempt.audit["limits"]["cell_s"] == 2
    assert len(attempt.audit["seed"]) == 32
    assert len(attempt.file_digest) == 64
    assert (rules["sd_carer"], rules["summary"]) == ("se_for_sd", None)
    assert given["sd_carer"]["t"] == "float"


def test_a_changed_locked_cell_does_not_count(zygote: Engine, tmp_path: Path) -> None:
    """A student who edits the data, or draws them for a neighbour, is marked on their own data."""
    notebook = tiny.filled("s1")
    for cell in notebook["cells"]:
        if cell["metadata"].get("hardwired", {}).get("role") == "draw":
            cell["source"] = "def draw(rng):\n    return {'values': [0.0], 'n': 0}"
    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", notebook)

    assert automatic(grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)[0]) == 6


def test_what_students_add_to_the_first_cell_runs(zygote: Engine, tmp_path: Path) -> None:
    """Imports beside the identifier are there for the cells below."""
    notebook = tiny.filled("s1", "total = fsum(data['values'])\nproduct = 4 * data['n']")
    notebook["cells"][0]["source"] += "\nfrom math import fsum"
    tiny.write(tmp_path / "in" / "s1" / "tiny.ipynb", notebook)

    assert automatic(grade(tiny.exercise(), tmp_path / "in", tmp_path / "out", zygote)[0]) == 6


def _command(*arguments: str) -> list[str]:
    return [sys.executable, str(HERE / "cli.py"), *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(SRC)}


def _attempts(path: Path) -> int:
    """Count the attempts in a gradebook that somebody may be writing."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            return int(db.execute("SELECT count(*) FROM attempt").fetchone()[0])
    except sqlite3.Error:
        return 0


@pytest.mark.sampled
@pytest.mark.ring("test")
def test_a_run_killed_at_any_moment_goes_on_to_the_same_export(tmp_path: Path) -> None:
    """SIGKILL while it starts, solves, grades and writes, then on: exports as of a whole run."""
    tiny.exercise(tmp_path / "ex")
    for number in range(16):
        code = "import time\ntime.sleep(0.1)\n"
        code += "" if number % 3 else "total = -sum(data['values'])\nproduct = 1"
        tiny.write(tmp_path / "in" / f"s{number}" / "tiny.ipynb", tiny.filled(f"s{number}", code))
    (tmp_path / "in" / "s99").mkdir()
    (tmp_path / "in" / "s99" / "tiny.ipynb").write_text("{")
    options = ["--exercises", str(tmp_path / "ex"), "--jobs", "2", "--engine", "bubblewrap-zygote"]

    def run(out: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            _command("grade", "tiny", str(tmp_path / "in"), *options, "--out", str(out)),
            env=_environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def files(out: Path) -> dict[str, bytes]:
        for form in ("csv", "nbgrader", "gradescope"):
            command = _command("export", "tiny", *options[:2], "--out", str(out), "--format", form)
            subprocess.run(command, env=_environment(), capture_output=True, check=False)
        found = [out / "marks.csv", *sorted((out / "export").rglob("*"))]
        return {str(p.relative_to(out)): p.read_bytes() for p in found if p.is_file()}

    started = time.monotonic()
    assert run(tmp_path / "whole").wait(timeout=120) == 1
    whole, wanted = time.monotonic() - started, files(tmp_path / "whole")
    rng, midway = random.Random(6), 0
    torn, book = tmp_path / "torn", tmp_path / "torn" / "gradebook.sqlite"
    kills = count(20, 4)
    for _ in range(kills):
        process = run(torn)
        more = rng.randrange(4)
        if more == 0:  # while it starts
            time.sleep(rng.uniform(0, 0.6) * whole)
        target = _attempts(book) + more
        while _attempts(book) < target and process.poll() is None:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, 0.1))
        with contextlib.suppress(ProcessLookupError):  # it came to its end first
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        midway += 0 < _attempts(book) < 17
        if _attempts(book) == 17:  # all there: finish, compare, and begin again
            assert run(torn).wait(timeout=120) == 1
            assert files(torn) == wanted
            shutil.rmtree(torn)
    assert run(torn).wait(timeout=120) == 1

    assert len(wanted) > 15
    assert files(torn) == wanted
    assert midway >= kills // 2


@pytest.mark.sampled
def test_a_cluster_gives_the_same_and_loses_nothing_with_a_worker(
    zygote: Engine, tmp_path: Path
) -> None:
    """A Dask worker killed midway: its submissions run again elsewhere, the export is the same."""
    from distributed import LocalCluster

    exercise = tiny.exercise(tmp_path / "ex")
    number = count(40, 12)
    for k in range(number):
        tiny.write(tmp_path / "in" / f"s{k}" / "tiny.ipynb", tiny.filled(f"s{k}"))
    grade(exercise, tmp_path / "in", tmp_path / "alone", zygote)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50
    ) as cluster:
        killed = _Killing(lambda: next(iter(cluster.workers.values())).process.process)
        with Gradebook(tmp_path / "g.sqlite") as book:
            engine = make("bubblewrap-zygote", SHORT, modules_of(exercise))
            session.grade_all(
                exercise,
                submissions.collect(tmp_path / "in", None),
                _Watched(book, killed),
                engine,
                SHORT,
                cluster=cluster.scheduler_address,
            )
            write_marks(
                tmp_path / "marks.csv", exercise, standings(exercise, book, None, policy.Policy())
            )

    assert killed.done
    assert (tmp_path / "marks.csv").read_bytes() == (tmp_path / "alone" / "marks.csv").read_bytes()


class _Killing:
    """Kill a worker's process once, when asked."""

    def __init__(self, process: Callable[[], object]) -> None:
        self.process, self.done = process, False

    def now(self) -> None:
        if not self.done:
            self.done = True
            os.kill(self.process().pid, signal.SIGKILL)


class _Watched:
    """A gradebook that has a worker killed after its third mark."""

    def __init__(self, book: Gradebook, killing: _Killing) -> None:
        self.book, self.killing, self.marks = book, killing, 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.book, name)

    def add(self, attempt: object) -> int:
        """Write, and strike at the third."""
        self.marks += 1
        if self.marks == 3:
            self.killing.now()
        return self.book.add(attempt)
