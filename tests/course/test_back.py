"""Handing back, forgetting, settling many at once: what is done to a class and not to a file."""

from __future__ import annotations

import argparse
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hardwired.course import csvsafe, entries, loader, settle, texts
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import reads
from hardwired.course.border.listing import name_back
from hardwired.course.commands import add_commands, common
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.policy import Policy
from hardwired.course.standing import standings
from tests.course import tiny
from tests.course.commanded import command_line

TINY = tiny.exercise()
OLD = "it was made from version 1 of this exercise, and this is version 2; grade with the sources"


@pytest.mark.parametrize(
    ("handed_in", "back"),
    [
        ("adamsann_501_9001_tiny-1.ipynb", "adamsann_501_9001_tiny-1.html"),
        ("adamsann_501_9001_tiny.zip/tiny/a.ipynb", "adamsann_501_9001_tiny.html"),
        ("anon_x7k2p_9001_tiny.ipynb", "anon_x7k2p_9001_tiny.html"),
        (
            "Ann Adams_901_assignsubmission_file_/sub/a.ipynb",
            "Ann Adams_901_assignsubmission_file_/a.html",
        ),
        (
            "Ann Adams_901_assignsubmission_file_a.ipynb",
            "Ann Adams_901_assignsubmission_file_a.html",
        ),
        ("T_ann_attempt_2027-03-05-17-30-22_a.ipynb", "T_ann_attempt_2027-03-05-17-30-22_a.html"),
        ("Adams, Ann(ann)/Submission attachment(s)/a.ipynb", "Adams, Ann(ann)/a.html"),
        ("ann/tiny/tiny.ipynb", "ann/tiny.html"),
        ("../../tiny.ipynb", "tiny.html"),
    ],
)
def test_a_page_goes_back_under_the_name_of_the_download(handed_in: str, back: str) -> None:
    """By which the course system knows whose it is."""
    assert name_back(handed_in) == back


def attempt(who: str, name: str, file: str, status: str = "graded", reason: str = "") -> Attempt:
    """Give an attempt of somebody."""
    marks = tuple(MarkRow("q1", n, 3, 3, None, "right", "{}") for n in ("total", "product"))
    late = "2027-03-06T09:00:00" if who == "smith" else "2027-03-05T09:00:00"
    given = (who, name, file, who.ljust(64, "0"), "k", status, reason, late)
    prose = {("q2", "words"): f"{name} wrote this."}
    return Attempt("tiny", *given, marks=marks if status == "graded" else (), prose=prose)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Give the folder of a course with a roster and a rule."""
    tiny.exercise(tmp_path)
    (tmp_path / "who.csv").write_text(
        "student_id,name,email\nsmith,Bob Smith,bob@x.org\nanna-smith,Anna Smith,anna@x.org\n"
        "00004711,Wei Chen,wei@x.org\n00000004,Wei Chen,chen@x.org\nzoe,Zoë Ray,zoe@x.org\n",
        encoding="utf-8",
    )
    rules = "exercises: {tiny: {due: 2027-03-05T18:00+01:00}}\nlate: {per_day: 0.1}\n"
    (tmp_path / "course.yml").write_text(rules, encoding="utf-8")
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        for one in (
            attempt("smith", "Bob Smith", "smithbob_501_9001_tiny.ipynb"),
            attempt("anna-smith", "Anna Smith", "smithanna_502_9002_tiny.ipynb"),
            attempt("00004711", "Wei Chen", "chenwei_503_9003_tiny.ipynb"),
            attempt("00000004", "Wei Chen", "chenwei_504_9004_tiny.ipynb", "mismatch", OLD),
            attempt("zoe", "Zoë Ray", "rayzoe_505_9005_tiny.ipynb", "mismatch", OLD),
        ):
            book.add(one)
            book.count("tiny", {one.student: (one.file_digest, "k")})
    return tmp_path


@pytest.fixture
def hardwired(out: Path) -> Callable[..., int]:
    """Give the command line, in this course."""
    return lambda *words: command_line(*words, "--exercises", str(out), "--out", str(out))


def lines(path: Path) -> str:
    """Give the text of a table."""
    return csvsafe.decoded(path.read_bytes())


def test_pages_are_packed_for_those_whose_marks_are_final(
    out: Path, hardwired: Callable[..., int]
) -> None:
    """Under the names of the download; what waits is not handed back."""
    with Gradebook(out / "gradebook.sqlite") as book:
        settle.mark(book, TINY, "smith", 7.0, who="AB", why="read on paper")
    code = hardwired("report", "tiny", "--back", "--roster", str(out / "who.csv"))
    with zipfile.ZipFile(out / "export/tiny-feedback.zip") as archive:
        names = archive.namelist()
        page = archive.read("smithbob_501_9001_tiny.html").decode()

    assert code == 0
    assert names == ["smithbob_501_9001_tiny.html"]
    assert "read on paper" in page
    assert "Anna" not in page


@pytest.mark.parametrize("named", ["smith", "SMITH ", "Bob Smith", "bob  smith"])
def test_a_student_is_forgotten_by_any_name_and_nobody_else(
    named: str, out: Path, hardwired: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """In each format's file and in a sheet saved with semicolons; what cannot be read is named."""
    roster = ("--roster", str(out / "who.csv"))
    hardwired("report", "tiny", "--back", *roster)
    for form in ("csv", "nbgrader", "gradescope"):
        hardwired("export", "tiny", "--format", form, *roster)
    (out / "marking").mkdir()
    for name, text in {
        "q2 AB.csv": "student;words\nsmith;Bob wrote\nanna-smith;Anna wrote\n",
        "q2 CD.tsv": "student\twords\nsmith\tBob wrote\nanna-smith\tAnna wrote\n",
    }.items():
        (out / "marking" / name).write_text(text, encoding="utf-16" if "tsv" in name else "utf-8")
    (out / "marking/q2.xlsx").write_bytes(b"PK")
    before = sorted(p for p in out.rglob("*") if p.is_file())
    code = hardwired("report", "--forget", named)
    after = [p for p in out.rglob("*") if p.is_file()]
    tables = [p for p in after if p.suffix in (".csv", ".tsv") and p.name != "who.csv"]

    assert code == 1
    assert "q2.xlsx: cannot be looked into" in capsys.readouterr().err
    assert len(tables) >= 4
    for path in tables:
        assert "Bob" not in lines(path), path
        assert "anna-smith" in lines(path), path
    gone = {p.relative_to(out).as_posix() for p in before} - {
        p.relative_to(out).as_posix() for p in after
    }
    assert gone == {
        "export/gradescope/smith/results.json",
        "export/tiny-feedback.zip",
        "reports/students/tiny-smith.html",
        "reports/tiny-class.html",
    }
    assert b"Bob Smith" not in (out / "gradebook.sqlite").read_bytes()
    assert b"Anna Smith" in (out / "gradebook.sqlite").read_bytes()


def test_a_number_is_forgotten_and_equal_points_are_not(
    out: Path, hardwired: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """`00000004` is a student and 4 somebody's points; twins by name are asked for."""
    roster = ("--roster", str(out / "who.csv"))
    hardwired("export", "tiny", "--format", "csv", *roster)
    (out / "marking").mkdir()
    (out / "marking/s.csv").write_text("student,points\n4,1\nsmith,4\n4711,2\n", encoding="utf-8")
    hardwired("grade", "tiny", "--history", *roster)
    twins = hardwired("report", "--forget", "Wei Chen", *roster)
    asked = capsys.readouterr().err
    code = hardwired("report", "--forget", "00000004", *roster)

    assert (twins, code) == (1, 0)
    assert "'Wei Chen' may be 00000004 or 00004711; give the identifier" in asked
    assert lines(out / "marking/s.csv").split() == ["student,points", "smith,4", "4711,2"]
    assert "00004711" in lines(out / "export/tiny-marks.csv")


def test_all_files_of_one_reason_are_accepted_in_one_act(
    out: Path, hardwired: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """As after a raised version; one undo takes all back; no words mean nobody."""
    words = ("settle", "tiny", "--accept", "--why", "same data", "--all")
    done = hardwired(*words, "version 1")
    said = capsys.readouterr().out
    none = hardwired(*words, "version 7")
    asked = capsys.readouterr().err
    with Gradebook(out / "gradebook.sqlite") as book:
        passed = entries.accepted(entries.live(book, "tiny"))
        (act,) = entries.live(book, "tiny")
        entries.undo(book, "tiny", act.id, who="AB")
        after = entries.accepted(entries.live(book, "tiny"))
        rows = standings(TINY, book, None, Policy())
        with pytest.raises(CourseError, match="no file waits"):
            settle.accept_all(book, TINY, rows, " ", who="AB", why="x")

    assert (done, none) == (1, 1)
    assert "00000004, zoe" in said
    assert "'version 7'; `hardwired settle tiny --out" in asked
    assert {who for who, _ in passed} == {"00000004", "zoe"}
    assert not after


def test_what_the_late_rule_would_take_is_shown_and_not_taken(
    out: Path, hardwired: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    """Before the rule is given to a command that writes."""
    hardwired("export", "tiny", "--format", "csv")
    before = lines(out / "export/tiny-marks.csv")
    capsys.readouterr()
    code = hardwired("settle", "tiny", "--late", "--course", str(out / "course.yml"))
    said = capsys.readouterr().out
    hardwired("export", "tiny", "--format", "csv")

    assert code == 0
    assert (
        "smith (Bob Smith): handed in 2027-03-06T09:00:00, 1 day late:"
        " 6 of 10 points would be 5.4, and a part waits" in said
    )
    assert "1 late" in said
    assert lines(out / "export/tiny-marks.csv") == before


@pytest.mark.parametrize("given", [("--public",), ("--key", "secret.key")])
def test_public_and_key_are_remembered_with_the_roster(given: tuple[str, ...], out: Path) -> None:
    """A second run without them grades as the first; another roster asks anew."""
    (out / "secret.key").write_text("00" * 32, encoding="ascii")
    (out / "other.csv").write_text("student_id\nann\n", encoding="utf-8")
    parser = argparse.ArgumentParser()
    add_commands(parser.add_subparsers(required=True))

    def parsed(*more: str) -> argparse.Namespace:
        return parser.parse_args(["grade", "tiny", "in.zip", "--out", str(out), *more])

    words = tuple(
        str(out / word) if word.endswith("key") and "--" not in word else word for word in given
    )
    with Gradebook(out / "gradebook.sqlite") as book:
        common.remember(parsed("--roster", str(out / "who.csv"), *words), book)
    again, other = parsed(), parsed("--roster", str(out / "other.csv"))
    common.recall(again)
    common.recall(other)

    assert again.roster == out / "who.csv"
    assert (again.public, again.key) == (
        "--public" in given,
        None if "--public" in given else out / "secret.key",
    )
    assert other.key is None


@pytest.mark.parametrize("told", [True, False])
def test_lines_that_were_given_out_are_no_answer_after_an_edit(told: bool) -> None:
    """A prompt that the author changed: known by its lines, in an older notebook by likeness."""
    old = tiny.filled("ann", text="Mine.")
    if not told:
        for cell in old["cells"]:
            cell["metadata"].get("hardwired", {}).pop("lines", None)
    source = tiny.SOURCE.replace(
        "Say what a sum leaves out.", "Say what a mean leaves out.\n\nBe short."
    )
    new = reads(source, Path("exercise.md"))
    found = texts.find(new, loader.load(json.dumps(old).encode()))
    for cell in old["cells"]:
        if cell["metadata"].get("hardwired", {}).get("prompt") == "q2":
            cell["source"] += "\nAnd mine under the question."
    under = texts.find(new, loader.load(json.dumps(old).encode()))

    assert found.texts["q2", "words"] == "Mine."
    assert under.texts["q2", "words"] == "And mine under the question.\n\nMine."
    assert replace(new, path=TINY.path).questions[1].prompt != TINY.questions[1].prompt
    assert strip.short_digest("a  b ") == strip.short_digest("a b")
