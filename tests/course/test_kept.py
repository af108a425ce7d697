"""Nothing entered is lost or doubled: kills at random moments, two people at once, exports."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hardwired.course import csvsafe, entries, marking, settle
from hardwired.course.export import export
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.policy import Policy
from hardwired.course.roster import read
from hardwired.course.standing import standings
from tests.conftest import count
from tests.course import tiny
from tests.course.commanded import command_line

TINY = tiny.exercise()
SRC = Path(__file__).parents[2] / "src"
# A marker at work: a sheet merged, a case settled, reports and exports written; each number told
# once it is said to be entered.
WORK = """
import sys, time
sys.path.insert(0, {src!r})
from pathlib import Path
from hardwired.course import entries, lock, marks_file, settle
from hardwired.course.authoring.exercise import read
from hardwired.course.entries import Entry
from hardwired.course.errors import CourseError
from hardwired.course.export import export
from hardwired.course.gradebook import Gradebook
from hardwired.course.policy import Policy
from hardwired.course.report import report
from hardwired.course.standing import standings
out, who = Path({out!r}), {who!r}
exercise = read(out / "tiny" / "exercise.md")
done = 0
while done < {times}:
    try:
        with lock.alone(out), Gradebook(out / "gradebook.sqlite", create=False) as book:
            lines = [Entry("ann", "words", n, 1.0, "", "ann" * 20) for n in (0, 1)]
            number = entries.record(book, "tiny", "criteria", lines, who=who, why=str(done))
            print(number, flush=True)
            settle.adjust(book, exercise, "bo", 0.5, who=who, why=str(done))
            marks_file.write_standings(out, exercise, book, None, Policy())
            report(exercise, book, out / "reports", None, Policy())
            for form in ("csv", "nbgrader", "gradescope"):
                export(form, exercise, standings(exercise, book, None, Policy()), out / "e", None)
            done += 1
    except CourseError:
        time.sleep(0.005)
"""


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give the folder of a course in which Ann and Bo are graded."""
    tiny.exercise(tmp_path)
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        for who in ("ann", "bo"):
            marks = (
                MarkRow("q1", "total", 2, 3, None, "off", '{"t": "float", "v": 5.5}'),
                MarkRow("q1", "product", 3, 3, None, "right", '{"t": "int", "v": 8}'),
            )
            place = (f"{who}.ipynb", who * 20, "k", "graded", "")
            prose = {("q2", "words"): "Spread."}
            book.add(Attempt("tiny", who, who.title(), *place, marks=marks, prose=prose))
        book.count("tiny", {who: (who * 20, "k") for who in ("ann", "bo")})
    return tmp_path


def work(out: Path, who: str, times: int) -> subprocess.Popen[str]:
    """Let somebody work."""
    code = WORK.format(src=str(SRC), out=str(out), who=who, times=times)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


@pytest.mark.sampled
def test_a_kill_at_any_moment_loses_nothing_that_was_entered(out: Path) -> None:
    """SIGKILL while entries, marks, pages and exports are written: what was told is there."""
    rng, told = random.Random(20), []
    for _ in range(count(30, 4)):
        process = work(out, "AB", 10**6)
        assert process.stdout is not None
        told.append(int(process.stdout.readline()))
        time.sleep(rng.uniform(0, 0.3))
        process.send_signal(signal.SIGKILL)
        told += [int(line) for line in process.stdout.read().split("\n")[:-1]]
        process.wait()
        process.stdout.close()
        with Gradebook(out / "gradebook.sqlite", create=False) as book:
            acts = entries.history(book, "tiny")
        sheets = [p for p in out.rglob("*.csv") if not p.name.startswith(".")]

        assert set(told) <= {act.id for act in acts}
        assert all(len(a.entries) == (2 if a.kind == "criteria" else 1) for a in acts)
        assert all(len(csvsafe.read(p)) == 2 for p in sheets)
        for path in out.glob("e/gradescope/*/results.json"):
            assert len(json.loads(path.read_bytes())["tests"]) == 3

    assert len(told) == len(set(told))


def test_two_people_at_once_lose_and_double_nothing(out: Path) -> None:
    """Each waits for the other; every entry is there once."""
    both = [work(out, who, 8) for who in ("AB", "CD")]
    for process in both:
        process.communicate(timeout=60)
    with Gradebook(out / "gradebook.sqlite", create=False) as book:
        acts = entries.history(book, "tiny")
        (bo,) = [s for s in standings(TINY, book, None, Policy()) if s.student == "bo"]

    assert sorted((a.kind, a.who, int(a.why)) for a in acts) == sorted(
        (kind, who, n) for kind in ("criteria", "adjust") for who in ("AB", "CD") for n in range(8)
    )
    assert bo.added == 8


def test_an_export_keeps_what_canvas_holds_and_excuses(out: Path) -> None:
    """A blank of ours would empty a mark that somebody entered there."""
    lines = [
        "Student,ID,SIS Login ID,Section,Tiny (77)",
        '"Ann",501,ann,1,27.5',
        '"Bo",502,bo,1,',
        '"Cy",503,cy,1,EX',
    ]
    (out / "canvas.csv").write_text("\n".join(lines), encoding="utf-8")
    roster = read(out / "canvas.csv")
    with Gradebook(out / "gradebook.sqlite", create=False) as book:
        settle.excuse(book, TINY, "bo", who="C", why="ill")
        rows = standings(TINY, book, roster, Policy())
        (path,) = export("canvas", TINY, rows, out / "export", roster)
        settle.mark(book, TINY, "ann", 8, who="C", why="read on paper")
        rows = standings(TINY, book, roster, Policy())
        before = [r["Tiny (77)"] for r in csvsafe.read(path)][1:]
        (path,) = export("canvas", TINY, rows, out / "export", roster)

    assert before == ["27.5", "EX", "EX"]
    assert [r["Tiny (77)"] for r in csvsafe.read(path)][1:] == ["8", "EX", "EX"]


def test_merge_report_and_export_remember_the_roster(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Given once for a folder it holds for all that follows; gone, it is asked for."""
    (out / "who.csv").write_text("student_id,name\nann,Ann\nbo,Bo\ncy,Cy\n", encoding="utf-8")
    with Gradebook(out / "gradebook.sqlite", create=False) as book:
        (sheet,) = marking.write_sheets(TINY, book, out / "marking")
    rows = [dict(r) for r in csvsafe.read(sheet)]
    for row in rows:
        row |= {name: "1" for name in row if name[:2] in ("1.", "2.")}
    csvsafe.write(sheet, list(rows[0]), [list(r.values()) for r in rows])
    place = ("--exercises", str(out), "--out", str(out))
    roster = ("--roster", str(out / "who.csv"))
    first = command_line("export", "tiny", "--format", "csv", *place)
    merged = command_line("grade", "tiny", "--merge", str(sheet), *roster, *place)
    command_line("export", "tiny", "--format", "csv", *place)
    command_line("report", "tiny", *place)
    settled = command_line("settle", "tiny", *place)
    said = capsys.readouterr().out
    (out / "who.csv").unlink()
    gone = command_line("report", "tiny", *place)

    assert (first, merged, settled, gone) == (1, 0, 0, 1)
    assert [r["student"] for r in csvsafe.read(out / "export" / "tiny-marks.csv")] == [
        "ann",
        "bo",
        "cy",
    ]
    assert (out / "reports" / "students" / "tiny-cy.html").is_file()
    assert "0 cases wait" in said
    assert "give --roster again" in capsys.readouterr().err
