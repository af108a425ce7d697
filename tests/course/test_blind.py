"""Moodle's blind marking: a download and a worksheet in which nobody has a name, there and back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from hardwired.course import csvsafe, roster
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.submissions import collect
from tests.course import tiny
from tests.course.commanded import command_line

PEOPLE = "First name,Surname,ID number,Email address\nAnn,Adams,ann,a@x.org\nBo,Berg,bo,b@x.org\n"
WORKSHEET = (
    "Identifier,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),"
    "Last modified (grade),Feedback comments\n"
    'Participant 901,Submitted,,10.00,Yes,"Friday, 5 March 2027, 5:30 PM",-,\n'
    "Participant 902,Submitted,,10.00,Yes,-,-,\n"
    "Participant 903,No submission,3.00,10.00,Yes,-,-,ill\n"
)
GERMAN = (
    "ID,Status,Bewertung,Bestwertung,Bewertung kann geändert werden,Zuletzt geändert (Abgabe),"
    "Zuletzt geändert (Bewertung),Feedback als Kommentar\n"
    'Teilnehmer/in901,Abgegeben,,"10,00",Ja,"Freitag, 5. März 2027, 17:30",-,\n'
    'Teilnehmer/in902,Abgegeben,,"10,00",Ja,-,-,\n'
    'Teilnehmer/in903,Keine Abgabe,3,"10,00",Ja,-,-,ill\n'
)
FOLDERS = (
    "Participant_{}_assignsubmission_file_",
    "Participant {0}_{0}_assignsubmission_file_",
    "Teilnehmer_in_{}_assignsubmission_file_",
)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Give the list of participants, for which the notebooks were released."""
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


@pytest.mark.parametrize("folder", FOLDERS)
def test_in_a_blind_download_the_notebook_says_whose_it_is(
    folder: str, people: Path, tmp_path: Path
) -> None:
    """In each form in which Moodle writes a folder of somebody without a name."""
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for number, who in ((902, "ann"), (901, "bo")):
            name = f"{folder.format(number)}/tiny.ipynb"
            archive.writestr(name, json.dumps(tiny.filled(who)))
    found = collect(tmp_path / "in.zip", roster.read(people))

    assert [(h.student, h.stranger, h.problem) for h in found] == [("ann", "", ""), ("bo", "", "")]


@pytest.mark.parametrize("sheet", [WORKSHEET, GERMAN], ids=["English", "German"])
def test_marks_go_back_into_the_worksheet_by_number(
    sheet: str, people: Path, tmp_path: Path
) -> None:
    """Each in the row of its file; a row without one keeps what Moodle holds; no name goes in."""
    out = tmp_path / "marks"
    out.mkdir()
    tiny.exercise(tmp_path)
    with Gradebook(out / "gradebook.sqlite") as book:
        for who, number, points in (("ann", 902, 3.0), ("bo", 901, 2.0)):
            file = f"Participant_{number}_assignsubmission_file_/tiny.ipynb"
            marks = (
                MarkRow("q1", "total", points, 3, None, "right", "{}"),
                MarkRow("q1", "product", 3, 3, None, "right", "{}"),
            )
            place = (who, f"Name of {who}", file, who.ljust(64, "0"), "k", "graded", "")
            book.add(Attempt("tiny", *place, marks=marks))
            book.count("tiny", {who: (who.ljust(64, "0"), "k")})
        book.remember({"roster": str(people)})
    blind = tmp_path / "worksheet.csv"
    blind.write_text(sheet, encoding="utf-8-sig")
    where = ("--exercises", str(tmp_path), "--out", str(out))
    code = command_line("export", "tiny", "--format", "moodle", "--roster", str(blind), *where)
    rows = csvsafe.read(out / "export/tiny-moodle.csv")
    grade = next(name for name in rows[0] if name in ("Grade", "Bewertung"))
    first = next(iter(rows[0]))

    assert [row[first][-3:] for row in rows] == ["901", "902", "903"]
    assert [row[grade] for row in rows] == ["5", "6", rows[2][grade]]
    assert float(rows[2][grade]) == 3
    assert code == 0
    assert "Name of" not in (out / "export/tiny-moodle.csv").read_text(encoding="utf-8")


def test_a_worksheet_without_names_is_nobodys_roster(tmp_path: Path) -> None:
    """One line says which file to give to grade."""
    (tmp_path / "w.csv").write_text(WORKSHEET, encoding="utf-8")

    with pytest.raises(CourseError, match=r"w\.csv:2: Moodle hid the names .* participants"):
        roster.read(tmp_path / "w.csv")
