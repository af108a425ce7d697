"""Forgetting, copying, rosters as an instructor met them: each case a row of ``reported.csv``."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardwired.course import csvsafe, roster
from hardwired.course.alike import in_class
from hardwired.course.class_page import class_page
from hardwired.course.errors import CourseError
from hardwired.course.forget import forget, whose
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.policy import Policy
from hardwired.course.report import report
from hardwired.course.standing import Standing, standings
from tests.course import tiny

TINY = tiny.exercise()
with (Path(__file__).parent / "reported.csv").open(encoding="utf-8", newline="") as file:
    CASES = {row["case"]: row for row in csv.DictReader(file)}
COPIED = (
    "The sum hides how far the values lie apart, and which of them is odd. A mean would hide the"
    " same. Whoever wants to know that has to look at the values one by one, or draw them."
)
OTHERWISE = (
    "Adding up throws away the order and the spread of what was measured, so that two quite"
    " different series of days may give one and the same number in the end, as these do."
)
QUOTED = "As the question says, the sum of all values in days is asked for, in every single case. "


def attempt(who: str, name: str, value: str = "", text: str = "") -> Attempt:
    """Give an attempt with three answers of one value, and a text."""
    given = json.dumps({"t": "float", "v": float(value)}) if value else '{"t": "missing"}'
    marks = tuple(MarkRow("q1", f"a{n}", 0, 2, None, "", given) for n in range(3))
    prose = {("q2", "words"): text or f"{name} wrote this."}
    place = (f"{who}/tiny.ipynb", who.ljust(64, "0"), "k", "graded", "")
    return Attempt("tiny", who, name, *place, marks=marks, prose=prose)


def page(folder: Path, *attempts: Attempt) -> str:
    """Give the page of a class."""
    with Gradebook(folder / "gradebook.sqlite") as book:
        for one in attempts:
            book.add(one)
            book.count("tiny", {one.student: (one.file_digest, "k")})
        report(TINY, book, folder / "reports", None, Policy())
    return (folder / "reports/tiny-class.html").read_text(encoding="utf-8")


def forgotten(folder: Path, told: str) -> str:
    """Forget somebody; give what is said, and what is left in the tables."""
    twins = [("smith", "Bob Smith"), ("anna-smith", "Anna Smith"), ("a", "Wei"), ("b", "Wei")]
    page(folder, *(attempt(who, name) for who, name in twins))
    (folder / "marking").mkdir()
    sheet = folder / "marking/q2 AB.csv"
    rows = [f"{who};{name} wrote this" for who, name in twins]
    sheet.write_text("\n".join(["student;text", *rows]), encoding="utf-8-sig")
    with Gradebook(folder / "gradebook.sqlite") as book:
        student = whose(told, book, None)
        gone = forget(student, book, folder).gone
    left = csvsafe.decoded(sheet.read_bytes())
    if not gone:
        raise CourseError(f"knows no student {told}")
    return f"erased {student}\n{left}"


def copied(folder: Path, value: str) -> str:
    """Give the page of a class in which three and two share answers."""
    shared = {n: value for n in (1, 2, 3)} | {n: f"{value}7" for n in (4, 5)}
    own = {n: f"{n}.{n}25{n}" for n in range(6, 12)}
    return page(folder, *(attempt(f"s{n:02d}", "", v) for n, v in {**shared, **own}.items()))


def texts(folder: Path, first: str, second: str) -> str:
    """Give the page of a class in which two wrote these texts."""
    filler = [attempt(f"x{n}", "", text=QUOTED + f"But number {n} differs." * 9) for n in range(8)]
    two = [attempt("s1", "", text=first), attempt("s2", "", text=second)]
    return page(folder, *two, *(filler if QUOTED in first else ()))


ROSTERS = {
    "11 Canvas with names apart": "LastName,FirstName,ID,SIS Login ID,Section,T (7)\n"
    "Adams,Ann,1,ann,S,\nBerg,Bo,2,bo,S,\n",
    "11 Moodle in German": "Vorname;Nachname;ID-Nummer;E-Mail-Adresse\n"
    "A;B;007;a@x.org\nC;D;8;c@x.org\n",
    "11 Excel's own line": "sep=;\nstudent_id;name\ns01;Anna\n",
    "11 Moodle in French with a curly apostrophe": "Prénom,Nom de famille,"
    "Numéro d\u2019identification,Adresse de courriel\nA,B,001,a@x.org\nC,D,002,c@x.org\n",
    "11 a list of numbers under their German name": "Matrikelnummer;Name\n007;A\n008;B\n",
    "11 a teacher on Gradescope's list": "First Name,Last Name,SID,Email,Role\n"
    "A,B,001,a@x.org,Student\nT,U,,t@x.org,Instructor\n",
    "11 Brightspace's signs before what is text": "OrgDefinedId,Username,Last Name,First Name,"
    "Email,End-of-Line Indicator\n#001,#a,B,A,a@x.org,#\n#002,#c,D,C,c@x.org,#\n",
    "11 numbers that a spreadsheet was told to keep": 'student_id,name\n="001",A\n="002",B\n',
    "11 names and addresses alone": "Name,E-Mail-Adresse\nA,a@x.org\nB,b@x.org\n",
    "11 a page of a login": "<!DOCTYPE html><html><body>Login</body></html>",
    "11 a workbook": "PK\x03\x04 and more",
    "11 an identifier that is not there": "student_id,name\ns01,Anna\n,Bert\n",
    "11 two with one identifier": "student_id,name\ns01,Anna\nS01 ,Bert\n",
}


def listed(folder: Path, text: str) -> str:
    """Read a roster; give its kind and how many are on it."""
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    found = roster.read(folder / "roster.csv")
    return f"{found.kind}: {len(found.students)}"


KINDS: Mapping[str, Callable[[Path, str], str]] = {
    "forget": lambda folder, _: forgotten(folder, "smith"),
    "forget twins": lambda folder, _: forgotten(folder, "Wei"),
    "forget nobody": lambda folder, _: forgotten(folder, "nobody"),
    "copies": lambda folder, _: copied(folder, "5.125"),
    "rounding": lambda folder, _: copied(folder, "0.5"),
    "texts": lambda folder, _: texts(folder, COPIED, f"I think: {COPIED} So it is."),
    "quotes": lambda folder, _: texts(folder, QUOTED + COPIED, QUOTED + OTHERWISE),
    "roster": lambda folder, case: listed(folder, ROSTERS[case]),
}


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_told_as_a_fair_person_would(case: str, tmp_path: Path) -> None:
    """What is said, and what must not be."""
    want = CASES[case]
    try:
        said = KINDS[want["kind"]](tmp_path, case)
    except CourseError as error:
        said = str(error)

    assert want["says"] in said
    assert not want["not"] or want["not"] not in said


def test_what_two_texts_share_is_marked_and_nothing_of_theirs_is_markup(tmp_path: Path) -> None:
    """Side by side, in the words of each."""
    hostile = f"<script>alert(1)</script> {COPIED}"
    page(tmp_path, attempt("s1", "", text=COPIED), attempt("s2", "", text=hostile))
    with Gradebook(tmp_path / "gradebook.sqlite") as book:
        shown = class_page(TINY, standings(TINY, book, None, Policy()))

    marked = f"<mark>{COPIED[:-1]}</mark>."
    assert ": 100% of the shorter text</h3>" in shown
    assert f'<td class="text">{marked}</td>' in shown
    assert f'<td class="text">&lt;script&gt;alert(1)&lt;/script&gt; {marked}</td>' in shown


def test_five_hundred_texts_are_compared_in_seconds() -> None:
    """Phrases are looked up, not texts compared pair by pair."""
    rows = []
    for n in range(500):
        text = " ".join(f"w{(n * 31 + k * k) % 997}" for k in range(250))
        one = attempt(f"s{n}", "", text=text)
        rows.append(Standing(one.student, "", "graded", "", one, (), 10, 0, 1.0))
    started = time.process_time()
    in_class(TINY, rows)

    assert time.process_time() - started < 8
