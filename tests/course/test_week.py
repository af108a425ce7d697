"""The guide's whole week, as printed, for a class of forty in the shapes of Canvas and Moodle."""

from __future__ import annotations

import json
import re
import shlex
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hardwired.course import csvsafe
from hardwired.course.authoring import strip
from tests.course import tiny
from tests.course.commanded import command_line

GUIDE = Path(__file__).parents[2] / "book/front/instructors.md"
NUMBER = 40
FAMILIES = ("Müller-Lüdenscheidt", "O'Brien", "Petrov_a", "Wei", "Smith, Jr.", "Đặng", "de la Cruz")


def people() -> Iterator[tuple[int, str, str, str]]:
    """Give number, first name, family name and login of a class; two are called alike."""
    for n in range(NUMBER):
        first = "Chen" if n in (3, 10) else f"Ana{chr(97 + n % 26)}{n}"
        yield n, first, FAMILIES[n % len(FAMILIES)], f"{n:08d}"


def canvas() -> str:
    """Give a gradebook as Canvas exports it."""
    lines = [
        "Student,ID,SIS User ID,SIS Login ID,Section,Week 5 (77)",
        ",,,,,Manual Posting",
        "    Points Possible,,,,,10",
    ]
    lines += [f'"{last}, {first}",{500 + n},u{n},{who},S,' for n, first, last, who in people()]
    return "\n".join([*lines, '"Student, Test",999,,' + "0af3" * 10 + ",S,", ""])


def moodle() -> str:
    """Give a grading worksheet as a German Moodle writes it."""
    head = (
        "ID;Vollständiger Name;Matrikel;E-Mail-Adresse;Status;Bewertung;Bestwertung;Änderbar;"
        "Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar"
    )
    at = "Freitag, 5. März 2027, 17:12"
    lines = [
        f"Teilnehmer/in{500 + n};{first} {last};{who};a{n}@x.org;Ab;;10,00;Ja;{at};-;"
        for n, first, last, who in people()
    ]
    return "\n".join([head, *lines, ""])


def of_canvas(n: int, first: str, last: str, file: str) -> str:
    """Name a file as Canvas does."""
    letters = re.sub(r"[^\w]", "", f"{last}{first}").casefold()
    return f"{letters}_{'LATE_' if n == 5 else ''}{500 + n}_{9000 + n}_{file}"


def of_moodle(n: int, first: str, last: str, file: str) -> str:
    """Name a file as Moodle does."""
    return f"{first} {last}_{500 + n}_assignsubmission_file_/{file}"


def handed_in(path: Path, name: Callable[[int, str, str, str], str], variants: Path) -> None:
    """Hand in right ones, an empty one, some that are no notebook, and for one student nothing."""
    solution = tiny.exercise().cell_of("q1").source
    with zipfile.ZipFile(path, "w") as archive:
        for n, first, last, who in people():
            notebook = json.loads((variants / who / "tiny.ipynb").read_text(encoding="utf-8"))
            for cell in notebook["cells"] if n != 7 else ():
                question = cell["metadata"].get("hardwired", {}).get("question")
                cell["source"] = {"q1": solution, "q2": f"The sum hides {who}."}.get(
                    question, cell["source"]
                )
            data = json.dumps(notebook).encode()
            kinds = {11: ("essay.docx", b"PK\x03\x04x"), 12: ("tiny.pdf", b"%PDF-1.7")}
            file, data = kinds.get(n, ("tiny.ipynb.txt" if n == 13 else "tiny.ipynb", data))
            if n != 20:
                stamp = (2027, 3, 5, 17, n, 0)
                archive.writestr(zipfile.ZipInfo(name(n, first, last, file), stamp), data)
        archive.writestr("__MACOSX/._x", b"")


def commands() -> list[list[str]]:
    """Give the commands of the week as the guide prints them, for the small exercise."""
    guide = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(.*)\n([\s\S]*?)^```$", guide, re.MULTILINE)
    (block,) = (block for kind, block in blocks if not kind and "SHEET.csv" in block)
    lines = [line for line in block.splitlines() if line.startswith("hardwired ")]
    return [shlex.split(line.replace("05-wounds", "tiny"))[1:] for line in lines]


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize(
    ("system", "text", "name"),
    [
        ("canvas", canvas(), of_canvas),
        ("moodle", moodle(), of_moodle),
    ],
)
def test_the_week_of_the_guide(
    system: str,
    text: str,
    name: Callable[[int, str, str, str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each file has a row, a reason or a question; the class is of one size wherever it is told."""
    tiny.exercise(tmp_path / "exercises")
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8-sig")
    monkeypatch.chdir(tmp_path)
    codes = []
    for command in commands():
        if "submissions.zip" in command:
            handed_in(tmp_path / "submissions.zip", name, tmp_path / "week5/students")
        if "SHEET.csv" in command:
            (sheet,) = (tmp_path / "marks/marking").glob("*.csv")
            rows = [dict(row) for row in csvsafe.read(sheet)]
            rows = [r | {k: "1" for k in r if k[:2] in ("1.", "2.")} for r in rows]
            csvsafe.write(tmp_path / "SHEET.csv", list(rows[0]), [list(r.values()) for r in rows])
        command = [system if word == "canvas" else word for word in command]
        codes.append(command_line(*command))
    said = capsys.readouterr()
    marks = {row["student"]: row for row in csvsafe.read(tmp_path / "marks/marks-tiny.csv")}
    status = {who: marks[f"{who:08d}"]["status"] for who in (7, 11, 12, 13, 20)}
    graded = [row for row in marks.values() if row["status"] == "graded"]
    _, table = csvsafe.table(next((tmp_path / "marks/export").glob("*.csv")))
    filled = [row for row in table[1:] if any(cell == "8" for cell in row)]

    assert codes == [0, 0, 1, 1, 0, 0, 0, 1]
    assert len(marks) == len(list((tmp_path / "marks/reports/students").glob("*.html"))) == NUMBER
    assert f"<p>{NUMBER} students, 36 graded" in (
        tmp_path / "marks/reports/tiny-class.html"
    ).read_text(encoding="utf-8")
    assert status == {
        7: "blank",
        11: "unreadable",
        12: "unreadable",
        13: "graded",
        20: "missing",
    }
    assert len(graded) == 36
    assert {row["points"] for row in graded} == {"8"}
    assert len(filled) == 36
    for path in (tmp_path / "week5/public").rglob("*"):
        assert path.name.startswith("tiny-sheet"), "what is public names nobody"
    for file in ("essay.docx", "tiny.pdf"):
        assert file in said.err
    assert "not on the roster" not in said.err
    assert strip.YOURS_TEXT not in said.out
