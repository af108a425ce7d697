"""The desk with a large class: how long each page takes, a mark until it is saved, and memory.

``python benchmarks/desk.py [--students N] [--exercises DIR] [--nbgrader PYTHON|none]``. The class
is made up (graded without running anything), the desk runs as its user starts it, and pages are
asked for one after the other, each first after the marks have changed and then again. Bars: a page
300 ms, a mark saved 50 ms, 300 MB of memory for 300 students and 8 exercises; with ``--no-bars``
they are only printed, and so is the load of the machine, without which no time says anything. Then
a submission is opened for marking at the desk and in nbgrader's formgrader, in turn on one machine:
PYTHON holds nbgrader, by default it is made in ``build/nbgrader`` (`benchmarks/grading.py`); the
desk, with its 300 students, may take a third of what formgrader takes with five.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "src")]

import psutil  # noqa: E402
from cohort import classes  # noqa: E402
from grading import nbgrader_python, nbgrader_submissions, source_notebook  # noqa: E402

from hardwired.course.desk import papers  # noqa: E402
from hardwired.course.desk.course_folder import Course  # noqa: E402

PAGE_MS, SAVE_MS, MEMORY_MB = 300, 50, 300
PAGES = ("", "/release", "/files", "/class", "/seeing", "/trial", "/settling", "/marking", "/back")
SAVES = 200
FIVE = ("right", "se-for-sd", "hours", "linear-model", "one-sided")
ROUNDS, SHARE = 4, 1 / 3


class Client:
    """A browser's requests, timed."""

    def __init__(self, start: str) -> None:
        self.base = start.partition("/start")[0]
        with urllib.request.urlopen(start) as answer:
            self.cookies = str(answer.headers["set-cookie"]).split(";")[0]

    def ask(self, path: str, fields: dict[str, str] | None = None) -> tuple[float, bytes]:
        """Give the milliseconds until a whole answer is there, and the answer."""
        data = urllib.parse.urlencode(fields).encode() if fields is not None else None
        asked = urllib.request.Request(self.base + path, data)
        asked.add_header("Cookie", self.cookies)
        asked.add_header("Origin", self.base)
        if fields is not None:
            asked.add_header("Accept", "application/json")
        started = time.perf_counter()
        with urllib.request.urlopen(asked) as answer:
            body = answer.read()
        return 1000 * (time.perf_counter() - started), body


def saves(client: Client, course: Course, slug: str, number: int) -> list[float]:
    """Mark by criteria, as a person with quick fingers does; gives the milliseconds of each."""
    exercise = course.exercise(slug)
    question, answer = papers.manual(exercise)[0]
    with course.book() as book:
        pile = papers.papers(question, answer, book.attempts(slug))
    out = []
    for n in range(number):
        paper = pile[n // len(answer.rubric) % len(pile)]
        here = f"/x/{slug}/marking/{answer.name}/{paper.token}"
        criterion = n % len(answer.rubric)
        took, body = client.ask(f"{here}/points", {"criterion": str(criterion), "points": "0.5"})
        assert "saved" in json.loads(body)
        out.append(took)
    return out


def pages(client: Client, course: Course, touch: Callable[[str], None]) -> dict[str, list[float]]:
    """Give the milliseconds of each page: after the marks have changed, and again."""
    out = {page: [client.ask(page)[0] for _ in range(2)] for page in ("/", "/roster", "/rules")}
    for slug in course.slugs():
        student = f"/student?id=s{1:03d}"
        marking, compared, figures = [], [], []
        for question, answer in papers.manual(course.exercise(slug)):
            marking.append(f"/marking/{answer.name}")
            compared.append(f"{marking[-1]}/compare")
            if answer.kind == "figure":
                named = f"question={question.name}&answer={answer.name}"
                figures.append(f"/figure?id=s001&{named}")
        of = {**dict.fromkeys(marking, "/marking/..."), **dict.fromkeys(compared, "/compare")}
        for page in (*PAGES, student, *marking, *compared, *figures):
            touch(slug)
            kind = of.get(page, page.partition("?")[0])
            for _ in range(2):
                out.setdefault(f"/x/...{kind}", []).append(client.ask(f"/x/{slug}{page}")[0])
    return out


def papers_opened(client: Client, course: Course) -> list[float]:
    """Give the milliseconds in which one answer after the other is opened for marking."""
    out = []
    for slug in course.slugs():
        exercise = course.exercise(slug)
        for question, answer in papers.manual(exercise):
            with course.book() as book:
                pile = papers.papers(question, answer, book.attempts(slug))
            for paper in pile[: len(FIVE)]:
                out.append(client.ask(f"/x/{slug}/marking/{answer.name}/{paper.token}")[0])
    return out


def in_formgrader(python: str) -> list[float]:
    """Give the milliseconds in which formgrader opens one submission after the other."""
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        source_notebook(top / "source.ipynb")
        nbgrader_submissions(top / "source.ipynb", top / "in", list(FIVE), 1)
        script = str(HERE / "cohort" / "formgrader_bench.py")
        paths = (str(top / "course"), str(top / "source.ipynb"), str(top / "in"))
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        environment["PATH"] = f"{Path(python).parent}{os.pathsep}{environment['PATH']}"
        command = [python, script, *paths, str(ROUNDS)]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"formgrader failed: {done.stderr[-800:]}")
    return list(json.loads(done.stdout.splitlines()[-1])["milliseconds"])


def main() -> int:
    """Measure, and print a line a page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--exercises", type=Path, default=HERE.parent / "exercises")
    parser.add_argument("--saves", type=int, default=SAVES)
    parser.add_argument("--nbgrader", default="auto", help="python that holds nbgrader, or none")
    parser.add_argument("--no-bars", action="store_true", help="end well whatever was measured")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = classes.made(Path(folder) / "course", asked.exercises, asked.students)
        command = [
            sys.executable,
            "-m",
            "hardwired.cli",
            "desk",
            str(course.folder),
            "--no-browser",
        ]
        with subprocess.Popen(
            [*command, "--exercises", str(asked.exercises)], stdout=subprocess.PIPE, text=True
        ) as process:
            try:
                assert process.stdout is not None
                hit = re.search(r"http://\S+", process.stdout.readline())
                assert hit is not None
                client = Client(hit[0])
                exercises, first = len(course.slugs()), course.slugs()[0]
                marked = saves(client, course, first, asked.saves)
                mine = papers_opened(client, course)
                timed = pages(client, course, lambda slug: _touch(client, course, slug))
                memory = psutil.Process(process.pid).memory_full_info().uss / 2**20
            finally:
                process.terminate()
                process.wait()
    print(f"{asked.students} students, {exercises} exercises; load {os.getloadavg()[0]:.1f}")
    worst = 0.0
    for name, took in timed.items():
        worst = max(worst, *took)
        print(f"{name:24} median {statistics.median(took):6.0f} ms, worst {max(took):6.0f} ms")
    quick = statistics.quantiles(marked, n=20)[-1] if len(marked) > 1 else marked[0]
    print(f"worst page {worst:.0f} ms (bar {PAGE_MS})")
    print(
        f"a mark saved: median {statistics.median(marked):.0f} ms, 95 of 100 under {quick:.0f} ms,"
    )
    print(f"  worst {max(marked):.0f} ms (bar {SAVE_MS})")
    print(f"memory of the desk {memory:.0f} MB (bar {MEMORY_MB})")
    over = False
    if python := nbgrader_python(asked.nbgrader):
        ours, theirs = statistics.median(mine), statistics.median(in_formgrader(python))
        print(f"a submission opened for marking: {ours:.0f} ms, in formgrader {theirs:.0f} ms")
        print(f"  a share of {ours / theirs:.2f} (bar {SHARE:.2f})")
        over = ours > SHARE * theirs
    over |= worst > PAGE_MS or quick > SAVE_MS or memory > MEMORY_MB
    return int(over and not asked.no_bars)


def _touch(client: Client, course: Course, slug: str) -> None:
    saves(client, course, slug, 1)


if __name__ == "__main__":
    sys.exit(main())
