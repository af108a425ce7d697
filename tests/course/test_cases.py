"""What an instructor met in a week: each file a row of ``cases.csv``, marked as it says there."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from hardwired.course import policy
from hardwired.course.authoring import strip
from hardwired.course.border.guard import Border
from hardwired.course.engines.base import Engine
from hardwired.course.gradebook import Gradebook
from hardwired.course.roster import read
from hardwired.course.session import grade_all
from hardwired.course.standing import standings
from hardwired.course.submissions import collect
from tests.course import tiny
from tests.course.conftest import SHORT
from tests.course.graded import Kept

TINY = tiny.exercise()
ROSTER = """Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77)
    Points Possible,,,,,10
"Adams, Ann",501,0001,ann,S,
"Berg_X, Bo",502,0002,bo,S,
"""
RULES = "exercises: {tiny: {due: 2027-03-05T18:00+01:00}}\nlate: {per_day: 0.1}\n"
EARLY, LATER = (2027, 3, 5, 17, 30, 0), (2027, 3, 9, 10, 0, 0)
SAID = "A sum hides how far the values lie apart, and which of them is odd."
with (Path(__file__).parent / "cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = {
        name: list(rows) for name, rows in groupby(csv.DictReader(file), lambda row: row["case"])
    }

Entry = tuple[str, bytes, tuple[int, int, int, int, int, int]]
ANN, BO = "adamsann_501_9001_tiny", "bergbo_502_9002_tiny"


def entry(name: str, notebook: dict[str, Any], when: tuple[int, ...] = EARLY) -> Entry:
    """Give a file of a zip."""
    year, month, day, hour, minute, second = when
    return name, json.dumps(notebook).encode(), (year, month, day, hour, minute, second)


def texts(*cells: dict[str, Any]) -> dict[str, Any]:
    """Give Ann's notebook with the cell for the text left as it was, and these below."""
    notebook = tiny.filled("ann", text=strip.YOURS_TEXT)
    return notebook | {"cells": [*notebook["cells"], *cells]}


def cell(kind: str, source: str) -> dict[str, Any]:
    """Give a cell."""
    extra = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": source, **extra}


def ann(code: str = "", **options: Any) -> Entry:
    """Give Ann's file."""
    return entry(f"{ANN}.ipynb", tiny.filled("ann", code, **options))


def other() -> dict[str, Any]:
    """Give Ann's notebook as if it were made from another exercise."""
    text = json.dumps(tiny.filled("ann")).replace('begin(\\"tiny\\"', 'begin(\\"other\\"')
    return dict(json.loads(text))


SUM = "product = 4 * data['n']\n"
FILES: dict[str, Callable[[], list[Entry]]] = {
    "on time by the clock of the course": lambda: [ann()],
    "all times are those of the download": lambda: [
        entry(f"{ANN}.ipynb", tiny.filled("ann"), LATER),
        entry("bergbo_LATE_502_9002_tiny.ipynb", tiny.filled("bo"), LATER),
    ],
    "a text typed into Canvas": lambda: [ann(), ("bergbo_502_text.html", b"<p>Hi</p>", LATER)],
    "a name with an underscore": lambda: [entry("berg_xbo_502_9002_tiny.ipynb", tiny.filled("bo"))],
    "a stray file": lambda: [ann(), ("Thumbs.db", b"x", EARLY)],
    "the notebook of another exercise": lambda: [entry(f"{ANN}.ipynb", other())],
    "the notebook as it was given out": lambda: [
        entry(f"{ANN}.ipynb", strip.student_notebook(TINY, student="ann"))
    ],
    "a blank copy newer than a full one": lambda: [
        ann(),
        entry(f"{ANN}-1.ipynb", strip.student_notebook(TINY, student="ann"), LATER),
    ],
    "text below its cell": lambda: [entry(f"{ANN}.ipynb", texts(cell("markdown", SAID)))],
    "text in a code cell": lambda: [entry(f"{ANN}.ipynb", texts(cell("code", SAID)))],
    "text in two cells": lambda: [
        entry(f"{ANN}.ipynb", texts(cell("markdown", SAID), cell("raw", "And more.")))
    ],
    "nothing written": lambda: [entry(f"{ANN}.ipynb", texts())],
    "a module that is not there": lambda: [ann("import seaborn\ntotal = product = 1")],
    "a module of Colab": lambda: [ann("from google.colab import drive\ntotal = product = 1")],
    "a cell that awaits": lambda: [ann(f"{SUM}async def f():\n    return 1\ntotal = await f()")],
    "a named tuple of one": lambda: [
        ann(f"{SUM}import collections\ntotal = collections.namedtuple('T', 'x')(1.0)")
    ],
    "an integer of thirty digits": lambda: [ann(f"{SUM}total = 10**30")],
    "a PDF": lambda: [(f"{ANN}.pdf", b"%PDF-1.7", EARLY)],
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_marked_as_a_fair_person_would(case: str, zygote: Engine, tmp_path: Path) -> None:
    """Status, lateness, what waits and what is said, student by student."""
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name, data, when in FILES[case]():
            archive.writestr(zipfile.ZipInfo(name, when), data)
    (tmp_path / "canvas.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "course.yml").write_text(RULES, encoding="utf-8")
    people, law = read(tmp_path / "canvas.csv"), policy.read(tmp_path / "course.yml")
    with Gradebook(tmp_path / "gradebook.sqlite") as book, Border(TINY) as border:
        handed = collect(tmp_path / "in.zip", people, border)
        summary = grade_all(TINY, handed, book, Kept(zygote), SHORT, border=border)
        rows = {s.student: s for s in standings(TINY, book, people, law)}
    said = "\n".join(summary.attention)

    for want in CASES[case]:
        s = rows[want["student"]]
        got = (s.status, str(s.days_late), " ".join(s.waiting))
        assert got == (want["status"], want["days_late"], want["waiting"]), s.reason
        assert want["says"] in f"{said}\n{s.reason}"
        assert s.points is None or not s.waiting


def test_each_case_has_its_files() -> None:
    """And no files are without a case."""
    assert set(FILES) == set(CASES)
