"""Submissions a minute: each engine of ours, and nbgrader's autograde, on the same submissions.

``python benchmarks/grading.py [--nbgrader PYTHON|none] [--copies N]``; before nbgrader's turn one
zip of many files is read, and a large class graded. PYTHON is the interpreter of an environment
that holds nbgrader and the libraries of the exercise, by default one that is made in
``build/nbgrader`` (this needs the package index, once). Both sides run with two workers in one run;
figures are by the clock and by processor time, so that a busy machine can be told.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

from cohort import intake, variants  # noqa: E402

from hardwired.course import session, submissions  # noqa: E402
from hardwired.course.authoring import strip  # noqa: E402
from hardwired.course.engines.base import Engine, EngineUnavailable, Limits  # noqa: E402
from hardwired.course.engines.probe import NAMES, make  # noqa: E402
from hardwired.course.gradebook import Gradebook  # noqa: E402
from hardwired.course.reference import modules_of  # noqa: E402

WORKERS = 2
NBGRADER = ("nbgrader==0.9.6", "matplotlib", "numpy", "pandas", "pint", "scipy")
LOOPS = ("loop", "loop-swallowing")
TESTS = {
    "q1": "assert abs(sd_carer - {sd_carer}) < 1e-3 * abs({sd_carer})\n"
    "assert abs(sd_control - {sd_control}) < 1e-3",
    "q2": "assert len(summary) == 2 and {{'group', 'n', 'mean', 'sd'}} <= set(summary.columns)",
    "q3": "assert np.allclose(interval, {interval}, rtol=1e-3)\nassert slower == 'carer'",
    "q4": "assert abs(radius_10 - {radius_10}) < 5e-3",
    "q5": "assert abs(area(3.0, 2.0, 0.1) - 6.896617) < 1e-3",
    "q6": "assert abs(p_value - {p_value}) < 1e-2\nassert abs(log_ratio - {log_ratio}) < 5e-3",
}


class Meter:
    """Clock, processor time of all children, and the highest proportional memory of the tree."""

    def __init__(self) -> None:
        self.peak_mb = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Meter:
        self.started, self.cpu_before = time.monotonic(), tree_cpu()
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.seconds = time.monotonic() - self.started
        self.cpu = tree_cpu() - self.cpu_before
        self.over.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.over.wait(0.2):
            self.peak_mb = max(self.peak_mb, tree_pss_mb())


def children(pid: int) -> list[int]:
    """Give a process and all below it."""
    out = [pid]
    for number in out:
        for task in Path(f"/proc/{number}/task").glob("*/children"):
            try:
                out += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return out


def tree_pss_mb() -> float:
    """Memory of this process and all below it, shared pages counted once."""
    total = 0
    for pid in children(os.getpid()):
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total / 1024


def tree_cpu() -> float:
    """Processor seconds of this process and of children that have ended."""
    return sum(
        u.ru_utime + u.ru_stime
        for u in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def ours(name: str, folder: Path, limits: Limits) -> dict[str, float] | None:
    """Grade a folder with one engine, engine start and reference included apart."""
    exercise = variants.bench()
    try:
        engine: Engine = make(name, limits, modules_of(exercise))
    except EngineUnavailable as error:
        print(f"{name}: not here ({error})")
        return None
    with (
        tempfile.TemporaryDirectory() as out,
        Gradebook(Path(out) / "g.sqlite") as book,
        Meter() as meter,
    ):
        summary = session.grade_all(
            exercise, submissions.collect(folder, None), book, engine, limits, jobs=WORKERS
        )
        used = [a.audit["usage"] for a in book.attempts("bench")]
    # Children of the zygote are not this process's own to count; those of the others are.
    cpu = meter.cpu + (sum(u["cpu_s"] for u in used) if name == "bubblewrap-zygote" else 0)
    return {
        "n": summary.graded,
        "seconds": meter.seconds,
        "cpu_s": cpu,
        "peak_mb": meter.peak_mb,
    }


def large_class(name: str, files: int, number: int, limits: Limits) -> None:
    """Print how long a zip of many files takes to read, and the memory of a large class."""
    with tempfile.TemporaryDirectory() as folder:
        found, seconds = intake.listed(Path(folder), files)
        print(f"{found} files in one zip read in {seconds:.1f} s (bar 6 s)", flush=True)
        try:
            engine: Engine = make(name, limits, modules_of(variants.bench()))
        except EngineUnavailable as error:
            print(f"{name}: not here ({error})")
            return
        with Meter() as meter:
            done, seconds, peak = intake.graded(
                Path(folder), number, engine, limits, jobs=WORKERS, peak=lambda: meter.peak_mb
            )
        print(f"{done} submissions in {seconds:.1f} s, {peak:.0f} MB (bar 600 MB)", flush=True)


def source_notebook(path: Path) -> None:
    """Give the version for nbgrader: solutions, and a locked test cell after each answer."""
    exercise = variants.bench()
    notebook = strip.instructor_notebook(exercise)
    base = {"schema_version": 3, "task": False}
    cells = []
    expected = _expected()
    answers = {exercise.cell_of(q.name).source: q.name for q in exercise.questions if not q.prose}
    for number, cell in enumerate(notebook["cells"]):
        cells.append(cell)
        if cell["cell_type"] == "markdown" and strip.BEGIN in cell["source"]:
            cell["source"] = variants.TEXT
        name = answers.get(cell["source"])
        if name:
            cell["metadata"]["nbgrader"] = base | {
                "grade_id": name,
                "solution": True,
                "grade": False,
                "locked": False,
            }
            if name in TESTS:
                test = {
                    "cell_type": "code",
                    "execution_count": None,
                    "metadata": {},
                    "outputs": [],
                    "source": TESTS[name].format(**expected),
                }
                test["metadata"]["nbgrader"] = base | {
                    "grade_id": f"test-{name}",
                    "solution": False,
                    "grade": True,
                    "locked": True,
                    "points": 4,
                }
                cells.append(test)
        cell["id"] = f"c{number}"
    for number, cell in enumerate(cells):
        cell["id"] = f"c{number:03d}"
    notebook["cells"] = cells
    path.write_text(json.dumps(notebook))


def _expected() -> dict[str, object]:
    names: dict[str, object] = {}
    exercise = variants.bench()
    for cell in exercise.cells:
        if cell.kind == "code":
            exec(cell.source, names)
            if cell.role == "draw":
                exec("data = draw(np.random.default_rng(0))", names)
    return {
        k: list(v) if k == "interval" else v
        for k, v in names.items()
        if k in ("sd_carer", "sd_control", "interval", "radius_10", "p_value", "log_ratio")
    }


def nbgrader_submissions(source: Path, folder: Path, names: list[str], copies: int) -> None:
    """Give the same thirty ways to answer, in nbgrader's own notebook."""
    exercise = variants.bench()
    by_source = {exercise.cell_of(q.name).source: q.name for q in exercise.questions if not q.prose}
    for copy in range(copies):
        for number, name in enumerate(names):
            notebook = json.loads(source.read_text())
            for cell in notebook["cells"]:
                question = by_source.get(cell["source"])
                if question:
                    cell["source"] = variants._solution(
                        exercise, question, variants.VARIANTS[name][0].get(question, ())
                    )
            path = folder / f"s{copy:03d}{number:02d}" / "bench.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(notebook))


def nbgrader_python(wanted: str) -> str | None:
    """Give the interpreter that runs nbgrader; the default environment is made if need be."""
    if wanted == "none":
        return None
    if wanted != "auto":
        return wanted
    folder = HERE.parent / "build" / "nbgrader"
    python = folder / "bin" / "python"
    if not (folder / "made").is_file():
        print(f"making an environment for nbgrader in {folder}", flush=True)
        venv.create(folder, with_pip=True, clear=True)
        command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        if subprocess.run([*command, *NBGRADER], check=False).returncode:
            print("nbgrader is left out: its environment could not be made", flush=True)
            return None
        (folder / "made").touch()
    return str(python)


def theirs(python: str, names: list[str], copies: int) -> dict[str, float]:
    """Nbgrader's autograde in its own environment, with as many processes as we have workers."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        source_notebook(top / "source.ipynb")
        nbgrader_submissions(top / "source.ipynb", top / "in", names, copies)
        command = [
            python,
            str(HERE / "cohort" / "nbgrader_bench.py"),
            str(top / "course"),
            str(top / "source.ipynb"),
            str(top / "in"),
            str(WORKERS),
        ]
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment["PATH"] = f"{Path(python).parent}{os.pathsep}{environment['PATH']}"
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode:
            raise SystemExit(f"nbgrader failed: {done.stderr[-800:]}")
        return json.loads(done.stdout.splitlines()[-1])


def show(what: str, n: float, seconds: float, cpu: float, extra: str = "") -> tuple[float, float]:
    """Print one line; returns submissions a minute, by the clock and by processor time."""
    rate, by_cpu = 60 * n / seconds, 60 * n / cpu
    print(
        f"{what:<44} {n:4.0f} in {seconds:7.1f} s  {rate:7.1f}/min"
        f"  {by_cpu:7.1f}/min of processor time  {extra}",
        flush=True,
    )
    return rate, by_cpu


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--nbgrader",
        default="auto",
        metavar="PYTHON",
        help="interpreter of nbgrader's own environment, or none (default: made if need be)",
    )
    parser.add_argument(
        "--copies", type=int, default=10, help="copies of the right submissions (default: 10)"
    )
    parser.add_argument(
        "--files", type=int, default=3000, help="files of a zip that is read (default: 3000)"
    )
    parser.add_argument(
        "--submissions", type=int, default=500, help="of the large class (default: 500)"
    )
    parser.add_argument("--engines", default=",".join(NAMES), help="engines to measure")
    arguments = parser.parse_args()
    limits = Limits(cell_s=2)
    right = [name for name in variants.VARIANTS if name not in LOOPS]
    rates: dict[tuple[str, str], tuple[float, float]] = {}
    print(f"two workers, soft limit 2 s a cell; load {os.getloadavg()[0]:.1f} before", flush=True)
    with tempfile.TemporaryDirectory() as name:
        variants.write(Path(name) / "right", only=tuple(right), copies=arguments.copies)
        variants.write(Path(name) / "few", only=tuple(right))
        variants.write(Path(name) / "mix")
        for engine in arguments.engines.split(","):
            for what in ("right", "mix"):
                quick = engine == "bubblewrap-zygote"
                folder = Path(name) / ("few" if what == "right" and not quick else what)
                got = ours(engine, folder, limits)
                if got:
                    extra = f"{got['peak_mb']:.0f} MB"
                    rates[engine, what] = show(
                        f"{engine}, {what}", got["n"], got["seconds"], got["cpu_s"], extra
                    )
    large_class(arguments.engines.split(",")[0], arguments.files, arguments.submissions, limits)
    if python := nbgrader_python(arguments.nbgrader):
        for what, names in (("right", right), ("mix", list(variants.VARIANTS))):
            got = theirs(python, names, 1)
            rates["nbgrader", what] = show(
                f"nbgrader autograde, {what}",
                got["submissions"],
                got["seconds"],
                got["cpu_s"],
                f"{got['graded']} graded",
            )
            ours_rates, their_rates = (
                rates.get(("bubblewrap-zygote", what)),
                rates["nbgrader", what],
            )
            if ours_rates:
                clock, cpu = (a / b for a, b in zip(ours_rates, their_rates, strict=True))
                said = f"{clock:.1f} times by the clock, {cpu:.1f} by processor time"
                print(f"zygote over nbgrader, {what}: {said}", flush=True)
    print(f"load {os.getloadavg()[0]:.1f} after")


if __name__ == "__main__":
    main()
