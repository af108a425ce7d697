"""What course systems hand out, in their own names and shapes: each file has its student."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from hardwired.course import loader, plan, roster
from hardwired.course.border.guard import Border
from hardwired.course.engines.base import Limits
from hardwired.course.submissions import Handed, collect
from tests.course import tiny

PEOPLE = """Student,ID,SIS User ID,SIS Login ID,Section,Tiny (77)
    Points Possible,,,,,10
"Müller-Lüdenscheidt, Anna-Maria",501,00004711,amuller,S,
"Wei, Chen",502,00004748,bwei10,S,
"Wei, Chen",503,00004785,cwei11,S,
"O'Brien, Seán",504,00004822,sobrien01,S,
"Ng, Jo",505,00000003,jng,S,
"""
BOOK = {who: json.dumps(tiny.filled(who)).encode() for who in ("amuller", "bwei10", "cwei11")}
ANNA = BOOK["amuller"]


def zipped(files: dict[str, bytes]) -> bytes:
    """Give a zip; a name that ends with a stroke is a folder."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            archive.writestr(zipfile.ZipInfo(name, (2027, 3, 5, 12, number % 60, 0)), data)
    return sink.getvalue()


def handed(folder: Path, files: dict[str, bytes], people: str | None = PEOPLE) -> list[Handed]:
    """List what a zip holds."""
    (folder / "in.zip").write_bytes(zipped(files))
    (folder / "people.csv").write_text(people or "", encoding="utf-8")
    return collect(folder / "in.zip", roster.read(folder / "people.csv") if people else None)


def with_outputs(size: int) -> bytes:
    """Give Anna's notebook with outputs of so many bytes, and a cell that speaks of outputs."""
    notebook = tiny.filled("amuller", text='I wrote "outputs": [ and } by hand.')
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            many = ['[{"outputs": [\\\n'] * (size // 100) + ["A" * (size // 2)]
            cell["outputs"] = [{"output_type": "display_data", "data": {"image/png": many}}]
            break
    return json.dumps(notebook, indent=1).encode()


NAMES = {
    "Canvas": "müllerlüdenscheidtannamaria_501_9001_tiny.ipynb",
    "Canvas, late": "müllerlüdenscheidtannamaria_LATE_501_9001_tiny-2.ipynb",
    "Canvas, a number that is unknown": "müllerlüdenscheidtannamaria_777_9001_tiny.ipynb",
    "Canvas, anonymous": "anon_x7k2p_900001_tiny.ipynb",
    "Canvas, anonymous and late": "anon_LATE_x7k2p_900001_tiny.ipynb",
    "Canvas, anonymous by number": "anon_12345_900001_tiny.ipynb",
    "Moodle": "Anna-Maria Müller-Lüdenscheidt_888_assignsubmission_file_/tiny.ipynb",
    "Moodle, no folder": "Anna-Maria Müller-Lüdenscheidt_8_assignsubmission_file_t.ipynb",
    "Moodle, a group": "Group A-Anna-Maria Müller-Lüdenscheidt_8_assignsubmission_file_/a.ipynb",
    "Moodle, blind": "Participant_888_assignsubmission_file_/tiny.ipynb",
    "Moodle, blind and German": "Teilnehmer_in_888_assignsubmission_file_/tiny.ipynb",
    "Blackboard": "Tiny homework_amuller_attempt_2027-03-05-17-30-22_tiny.ipynb",
    "Brightspace": "123-456 - Anna-Maria Müller-Lüdenscheidt - Mar 5, 2027 530 PM/tiny.ipynb",
    "Sakai": "Müller-Lüdenscheidt, Anna-Maria(amuller)/Submission attachment(s)/tiny.ipynb",
    "Gradescope": "assignment_5_export/submission_334455/tiny.ipynb",
    "nbgrader": "submitted/amuller/tiny/tiny.ipynb",
    "a classroom's drive": "Anna-Maria Müller-Lüdenscheidt - tiny.ipynb",
    "named by hand": "tiny_amuller.ipynb",
    "a folder, with a file that looks like Canvas": "amuller/week_5_2027_tiny.ipynb",
    "a copy of a download": "amuller_tiny (3).ipynb",
    "backslashes": "amuller\\tiny.ipynb",
    "letters taken apart": "Anna-Maria Mu\u0308ller-Lu\u0308denscheidt/tiny.ipynb",
    "zeros lost": "4711/tiny.ipynb",
}


@pytest.mark.parametrize("system", NAMES)
def test_a_file_finds_its_student(system: str, tmp_path: Path) -> None:
    """By the number or the name that the system puts there, or by its own first cell."""
    (found,) = handed(tmp_path, {NAMES[system]: ANNA})

    assert (found.student, found.known, found.problem) == ("amuller", True, "")
    assert found.late == ("late" in system)


FORMS = {
    "a text's ending": ("tiny.ipynb.txt", ANNA),
    "a JSON's ending": ("tiny.json", ANNA),
    "no ending": ("tiny", ANNA),
    "in capitals": ("TINY.IPYNB", ANNA),
    "in a zip": ("tiny.zip", zipped({"tiny/data-tiny.json": b"{}", "tiny/tiny.ipynb": ANNA})),
    "in a zip of a Mac": ("t.zip", zipped({"__MACOSX/._t.ipynb": b"x", "t.ipynb": ANNA})),
    "with 20 MB of outputs": ("tiny.ipynb", with_outputs(20 << 20)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_notebook_is_one_by_what_is_in_it(form: str, tmp_path: Path) -> None:
    """Whatever its name, wherever it is packed, and however much it printed."""
    name, data = FORMS[form]
    (found,) = handed(tmp_path, {f"amuller/{name}": data, "amuller/data-tiny.json": b'{"n": 1}'})

    assert (found.typed, found.problem, found.newest) == ("amuller", "", True)


def test_outputs_are_left_out_and_nothing_else() -> None:
    """Cells and their words are the same as without outputs; that there was a picture is kept."""
    large, small = loader.load(with_outputs(20 << 20)), loader.load(with_outputs(1 << 10))

    assert large.cells == small.cells
    assert any(cell.image for cell in large.cells)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("essay.pdf", b"%PDF-1.7", "a PDF"),
        ("essay.docx", zipped({"[Content_Types].xml": b""}), "an office document"),
        ("essay.odt", zipped({"mimetype": b"", "content.xml": b""}), "an office document"),
        ("essay.7z", b"7z\xbc\xaf\x27\x1c", "an archive (7z)"),
        ("photo.jpg", b"\xff\xd8\xff\xe0", "a picture"),
        ("tiny.zip", zipped({"tiny.py": b"1"}), "a zip without a notebook"),
        ("tiny.zip", b"PK\x03\x04broken", "a zip that is damaged"),
        ("tiny.py", b"print(1)", "no notebook (.ipynb)"),
        ("", b"", "holds no file"),
    ],
)
@pytest.mark.parametrize("people", [PEOPLE, None])
def test_what_is_no_notebook_is_called_what_it_is(
    name: str, data: bytes, says: str, people: str | None, tmp_path: Path
) -> None:
    """Handed in and not readable, which is another thing than nothing handed in."""
    (found,) = handed(tmp_path, {f"amuller/{name}": data}, people)

    assert (found.student, found.known) == ("amuller", True)
    assert says in found.problem


def test_twins_by_name_are_told_apart_by_their_notebooks(tmp_path: Path) -> None:
    """Where these do not help either, it is said whom the name may mean, and what would help."""
    folder = "Chen Wei_{}_assignsubmission_file_/tiny.ipynb"
    found = handed(
        tmp_path,
        {
            folder.format(1): BOOK["bwei10"],
            folder.format(2): BOOK["cwei11"],
            folder.format(3): BOOK["amuller"],
        },
    )

    assert [(h.student, h.known) for h in found if h.known] == [("bwei10", True), ("cwei11", True)]
    (stranger,) = [h for h in found if not h.known]
    assert "'Chen Wei' is the name of bwei10 and cwei11" in stranger.stranger
    assert "worksheet" in stranger.stranger


def test_a_stranger_is_named_and_takes_nobody_s_place(tmp_path: Path) -> None:
    """A folder of somebody else whose notebook says that it is Anna's is left out, and said."""
    found = handed(tmp_path, {"amuller/tiny.ipynb": ANNA, "eve/tiny.ipynb": ANNA})

    assert [(h.student, h.known, h.newest) for h in found] == [
        ("amuller", True, True),
        ("eve", False, True),
    ]
    assert found[1].stranger == "'eve' is not on the roster, and its first cell says 'amuller'"


def test_two_anonymous_submissions_of_one_student_wait(tmp_path: Path) -> None:
    """Neither counts before somebody has asked."""
    engine = SimpleNamespace(name="none", versions=dict)
    found = handed(tmp_path, {f"anon_x7k2{x}_900001_tiny.ipynb": ANNA for x in "pq"})
    made = plan.make(tiny.exercise(), found, engine, Limits(), None)  # type: ignore[arg-type]

    assert not made.items
    assert "several anonymous submissions say that they are 'amuller'" in made.settled[0].reason


def test_the_time_of_a_download_is_nobody_s(tmp_path: Path) -> None:
    """In Moodle's zips as in those of Canvas; a system that writes the time is believed."""
    name = "Chen Wei_{}_assignsubmission_file_/tiny.ipynb"
    at_once = {name.format(1): BOOK["bwei10"], name.format(2): BOOK["cwei11"]}
    later = {name.format(1): BOOK["bwei10"], "x.txt": b"", name.format(2): BOOK["cwei11"]}
    download, moodle = handed(tmp_path, at_once), handed(tmp_path, later)
    (board,) = handed(tmp_path, {NAMES["Blackboard"]: ANNA})

    assert [h.handed_in for h in download] == [None, None]
    assert [h.handed_in for h in moodle if h.known] == [
        "2027-03-05T12:00:00",
        "2027-03-05T12:02:00",
    ]
    assert board.handed_in == "2027-03-05T17:30:22"


@pytest.mark.sampled
def test_three_thousand_files_are_read_in_seconds(tmp_path: Path) -> None:
    """Listed, opened and matched to a roster of as many; six seconds of this processor."""
    number = 3000
    lines = [f"s{n},Name {n}" for n in range(number)]
    people = "\n".join(["student_id,name", *lines])
    files = {f"s{n}/tiny.ipynb": b'{"cells": [], "nbformat": 4}' for n in range(number)}
    (tmp_path / "people.csv").write_text(people, encoding="utf-8")
    (tmp_path / "in.zip").write_bytes(zipped(files))
    who = roster.read(tmp_path / "people.csv")
    with Border() as border:
        collect(tmp_path / "in.zip", who, border)
        started = time.process_time()
        found = collect(tmp_path / "in.zip", who, border)

    assert len({h.student for h in found}) == number
    assert time.process_time() - started < 6


def test_who_handed_in_a_computers_copy_alone_has_a_row(tmp_path: Path) -> None:
    """A zip without entries for its folders: the student is named, and the others are graded."""
    files = {
        "ann/.ipynb_checkpoints/tiny-checkpoint.ipynb": b"{}",
        "bo/tiny.ipynb": b'{"cells": [], "nbformat": 4}',
        "bo/.ipynb_checkpoints/tiny-checkpoint.ipynb": b"{}",
        "__MACOSX/bo/._tiny.ipynb": b"x",
    }
    (tmp_path / "in.zip").write_bytes(zipped(files))
    found = collect(tmp_path / "in.zip", None)

    assert [(h.student, h.file) for h in found] == [
        ("ann", "ann/(nothing)"),
        ("bo", "bo/tiny.ipynb"),
    ]
    assert "holds no file that was handed in" in found[0].problem
