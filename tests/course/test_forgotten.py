"""A student who is forgotten leaves downloads, releases and rosters; all others keep every byte."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from hardwired.course import csvsafe, erasing, submissions
from hardwired.course.erasing import Whole
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.roster import read
from tests.course import tiny
from tests.course.commanded import command_line

ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77)\n    Points Possible,,,,,10\n"
    '"Smith, Bob",501,0001,smith,S,\n"Smith, Anna",502,0002,anna-smith,S,\n'
    '"Núñez, Zoë",503,0003,zoe,S,\n'
)
WHEN = (2027, 3, 5, 17, 30, 2)
LATER = (2027, 3, 5, 19, 11, 44)
BOB = "smithbob_501_9001_tiny.ipynb"
ENTRIES = {
    BOB: tiny.filled("smith"),
    "smithanna_502_9002_tiny.ipynb": tiny.filled("anna-smith"),
    "nunezzoe_503_9003_tiny.ipynb": tiny.filled("zoe"),
    f"__MACOSX/._{BOB}": {"who": "smith"},
    "smithbob_501_text.html": {"typed": "I am Bob"},
}


def packed(path: Path) -> bytes:
    """Write a download as Canvas makes it; give its bytes."""
    path.parent.mkdir(parents=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = b"from the course system"
        for n, (name, notebook) in enumerate(ENTRIES.items()):
            archive.writestr(zipfile.ZipInfo(name, LATER if n % 2 else WHEN), json.dumps(notebook))
    return path.read_bytes()


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Give a course of the desk in which everything about Bob lies somewhere."""
    tiny.exercise(tmp_path / "exercises")
    (tmp_path / "desk.json").write_text('{"version": 1}', encoding="utf-8")
    (tmp_path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "rosters").mkdir()
    (tmp_path / "rosters/roster-1.csv").write_text(ROSTER, encoding="utf-16")
    packed(tmp_path / "handed-in/tiny/001/submissions.zip")
    seen = [{"file": BOB, "student": "smith"}, {"file": "other.ipynb", "student": "zoe"}]
    log = ["for a person: smith: something", "for a person: anna-smith: something"]
    (tmp_path / "handed-in/tiny/001/seen.json").write_text(json.dumps({"files": seen, "log": log}))
    tiny.write(tmp_path / f"handed-in/tiny/002/files/{BOB}", tiny.filled("smith"))
    tiny.write(tmp_path / "handed-in/tiny/002/files/anna-smith.ipynb", tiny.filled("anna-smith"))
    for who in ("smith", "anna-smith"):
        tiny.write(tmp_path / f"release/tiny/students/{who}/tiny.ipynb", tiny.filled(who))
    (tmp_path / "marks").mkdir()
    with Gradebook(tmp_path / "marks/gradebook.sqlite") as book:
        for who, name in (("smith", "Bob Smith"), ("anna-smith", "Anna Smith")):
            place = (f"{who}/tiny.ipynb", who.ljust(64, "0"), "k", "graded", "")
            book.add(Attempt("tiny", who, name, *place))
            book.count("tiny", {who: (who.ljust(64, "0"), "k")})
        book.remember({"roster": str(tmp_path / "roster.csv")})
    return tmp_path


def erase(course: Path, name: str = "Bob Smith") -> int:
    """Forget somebody in this course."""
    words = ("--exercises", str(course / "exercises"), "--out", str(course / "marks"))
    return command_line("report", "--forget", name, *words)


def test_whoever_is_forgotten_leaves_downloads_releases_and_rosters(course: Path) -> None:
    """In a zip with what was typed and what a computer added, in loose files, on old rosters."""
    code = erase(course)
    zipped = course / "handed-in/tiny/001/submissions.zip"
    names = zipfile.ZipFile(zipped).namelist()
    files = [p.relative_to(course).as_posix() for p in course.rglob("*") if p.is_file()]
    facts = json.loads((course / "handed-in/tiny/001/seen.json").read_text(encoding="utf-8"))

    assert code == 0
    assert names == ["smithanna_502_9002_tiny.ipynb", "nunezzoe_503_9003_tiny.ipynb"]
    assert b"smithbob" not in zipped.read_bytes()
    assert [name for name in files if BOB in name or "/smith/" in name] == []
    assert "handed-in/tiny/002/files/anna-smith.ipynb" in files
    assert "release/tiny/students/anna-smith/tiny.ipynb" in files
    assert [row["student"] for row in facts["files"]] == ["zoe"]
    assert facts["log"] == ["for a person: anna-smith: something"]
    for name in ("roster.csv", "rosters/roster-1.csv"):
        text = csvsafe.decoded((course / name).read_bytes())
        assert "Bob" not in text
        assert "anna-smith" in text


def test_the_others_in_a_zip_keep_their_bytes_and_times(course: Path) -> None:
    """Nothing is packed anew: each entry is the one of before, and the zip says the same of it."""
    path = course / "handed-in/tiny/001/submissions.zip"
    before = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    erase(course)
    with zipfile.ZipFile(path) as after:
        assert after.testzip() is None
        assert after.comment == b"from the course system"
        for info in after.infolist():
            old = before.getinfo(info.filename)
            assert after.read(info) == before.read(old)
            assert (info.date_time, info.CRC, info.compress_size, info.external_attr) == (
                *(old.date_time, old.CRC, old.compress_size, old.external_attr),
            )


def test_what_is_left_that_names_them_is_said(
    course: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules written by hand, a spreadsheet, a damaged zip, an autograder, a roster elsewhere."""
    away = tmp_path_factory.mktemp("away") / "people.csv"
    away.write_text(ROSTER, encoding="utf-8")
    (course / "course.yml").write_text("extensions: {smith: {tiny: 2027-03-09}}\n")
    (course / "notes.xlsx").write_bytes(b"PK")
    (course / "handed-in/tiny/003").mkdir()
    (course / "handed-in/tiny/003/x.zip").write_bytes(b"no zip")
    (course / "release/tiny/instructor").mkdir()
    (course / "release/tiny/instructor/tiny-gradescope.zip").write_bytes(b"")
    with Gradebook(course / "marks/gradebook.sqlite") as book:
        book.remember({"roster": str(away)})
    code = erase(course)
    said = capsys.readouterr().err.splitlines()

    assert code == 1
    assert [line.split(": ")[1].rpartition("/")[2] for line in said] == [
        *("x.zip", "course.yml", "notes.xlsx", "tiny-gradescope.zip", "people.csv"),
    ]
    assert "lies elsewhere and is not touched" in said[-1]
    assert "smith" in away.read_text(encoding="utf-8")


def test_a_class_is_graded_from_the_zip_as_before(course: Path) -> None:
    """What is left is found, each file with its student and time."""
    path = course / "handed-in/tiny/001/submissions.zip"
    people = read(course / "roster.csv")
    before = {h.student: (h.digest, h.handed_in) for h in submissions.collect(path, people)}
    erase(course)
    after = {h.student: (h.digest, h.handed_in) for h in submissions.collect(path, people)}

    assert set(before) == {"smith", "anna-smith", "zoe"}
    assert after == {who: before[who] for who in ("anna-smith", "zoe")}


@pytest.mark.parametrize("text", ["smith", "see smith.", "(smith)", "Bob Smith", "<b>smith</b>"])
def test_a_name_is_found_as_a_word(text: str) -> None:
    """Between any signs."""
    assert erasing.named_in(text, Whole("smith", frozenset({"Bob Smith"})))


@pytest.mark.parametrize(
    "text", ["anna-smith", "smithson", "Smith, Anna", "smith@x.org", "blacksmith", "x_smith"]
)
def test_who_is_called_alike_is_not_meant(text: str) -> None:
    """A name within another name is another's."""
    assert not erasing.named_in(text, Whole("smith"))
