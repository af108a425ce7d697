"""Rosters, worksheets and rules as they lie about in the world: languages, encodings, zeros."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from hardwired.course import csvsafe, policy, roster
from hardwired.course.dates import read_date
from hardwired.course.errors import CourseError
from hardwired.course.export import export, new_assignment
from hardwired.course.gradebook import Attempt, Gradebook, MarkRow
from hardwired.course.standing import standings
from tests.course import tiny

TINY = tiny.exercise()
CANVAS_DE = (
    "Studierende,ID,SIS-Benutzer-ID,SIS-Login-ID,Abschnitt,Woche 5 (98765),Tiny (98764),Ende\n"
    ",,,,,Manuelle Freigabe,,\n    Mögliche Punkte,,,,,10,10,(schreibgeschützt)\n"
    '"Müller, Änne",501,00004711,ann,S,3,EX,8\n"Berg, Bo",502,00004748,bo,S,,,\n'
    '"Teststudent",503,,1f3870be274f6c49b3e31a0c6728957f1f3870be,S,,,\n'
)
CANVAS_APART = (
    "Apellido,Nombre,ID,ID de usuario SIS,ID de inicio de sesión SIS,Sección,Tiny (98764)\n"
    "Müller,Änne,501,00004711,ann,S,\nBerg,Bo,502,00004748,bo,S,\n"
)
SHEET_DE = (
    "ID;Vollständiger Name;Matrikel;E-Mail-Adresse;Status;Bewertung;Bestwertung;"
    "Bewertung kann geändert werden;Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);"
    "Feedback als Kommentar\n"
    "Teilnehmer/in901;Änne Müller;0471;ann@x.org;Zur Bewertung abgegeben;;10,00;Ja;"
    "Freitag, 5. März 2027, 17:12;-;\n"
    "Teilnehmer/in902;Bo Berg;0472;bo@x.org;Keine Abgabe;4,00;10,00;Ja;-;-;Schön\n"
)
SHEET_PL = (
    "Identyfikator,Pełna nazwa,Adres e-mail,Status,Ocena,Maksymalna ocena,Można zmienić,"
    "Ostatnia modyfikacja (zadanie),Ostatnia modyfikacja (ocena),Komentarz zwrotny\n"
    "Uczestnik 901,Änne Müller,ann@x.org,Przesłano,,10.00,Tak,-,-,\n"
    "Uczestnik 902,Bo Berg,bo@x.org,Przesłano,,10.00,Tak,-,-,\n"
)
PEOPLE_SV = (
    "Förnamn;Efternamn;Personnr;E-postadress\nÄnne;Müller;0471;ann@x.org\nBo;Berg;0472;bo@x.org\n"
)
PEOPLE_FR = "Prénom\tNom de famille\tAdresse\nÄnne\tMüller\tann@x.org\nBo\tBerg\tbo@x.org\n"
PLAIN = "student_id,name,email\nann,Änne Müller,ann@x.org\nbo,Bo Berg,bo@x.org\n"
BY_MAIL = ["ann@x.org", "bo@x.org"]
FILES = {
    "Canvas in German": (CANVAS_DE, "canvas", ["ann", "bo"], "501"),
    "Canvas, names apart, in Spanish": (CANVAS_APART, "canvas", ["ann", "bo"], "501"),
    "Moodle's worksheet in German": (SHEET_DE, "moodle-worksheet", ["0471", "0472"], "901"),
    "Moodle's worksheet in Polish": (
        SHEET_PL,
        "moodle-worksheet",
        ["ann@x.org", "bo@x.org"],
        "901",
    ),
    "participants in Swedish": (PEOPLE_SV, "moodle-participants", ["0471", "0472"], "ann@x.org"),
    "participants in French": (
        PEOPLE_FR,
        "moodle-participants",
        BY_MAIL,
        "Müller Änne",
    ),
    "a plain list with addresses": (PLAIN, "plain", ["ann", "bo"], "ann@x.org"),
}
CODES = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")


def read(folder: Path, text: str, code: str = "utf-8") -> roster.Roster:
    """Read a roster in some encoding."""
    (folder / "people.csv").write_bytes(text.encode(code))
    return roster.read(folder / "people.csv")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("name", FILES)
def test_a_roster_is_read_in_any_language_and_encoding(
    name: str, code: str, tmp_path: Path
) -> None:
    """By place and content of its columns; the system's number and the name are keys."""
    text, kind, ids, key = FILES[name]
    if code == "cp1252" and name.endswith("Polish"):
        code = "utf-8"  # which has no Polish letters
    found = read(tmp_path, text, code)

    assert (found.kind, [s.id for s in found.students]) == (kind, ids)
    assert found.find(key) == found.find("Änne Müller") == found.students[0]


@pytest.fixture
def book(tmp_path: Path) -> Gradebook:
    """Give a gradebook in which the first of two is graded."""
    made = Gradebook(tmp_path / "gradebook.sqlite")
    marks = tuple(MarkRow("q1", n, 3, 3, None, "right", "{}") for n in ("total", "product"))
    for who in ("ann", "0471", "ann@x.org"):
        made.add(Attempt("tiny", who, who, f"{who}.ipynb", who * 9, "k", "graded", "", marks=marks))
        made.count("tiny", {who: (who * 9, "k")})
    return made


def written(form: str, people: roster.Roster, book: Gradebook, column: str = "") -> list[dict]:
    """Export marks and read them back."""
    rows = standings(TINY, book, people, policy.Policy())
    (path,) = export(form, TINY, rows, book.path.parent, people, column=column)
    return [dict(row) for row in csvsafe.read(path)]


def test_marks_go_to_the_column_that_is_named(book: Gradebook, tmp_path: Path) -> None:
    """By its heading, with or without the number; what the system holds stays; else it is said."""
    people = read(tmp_path, CANVAS_DE)
    named = [written("canvas", people, book, name) for name in ("woche 5", "Woche 5 (98765)")]
    titled = written("canvas", people, book)
    renamed = read(tmp_path, CANVAS_DE.replace("Tiny (98764)", "Nr. 2 (98764)"))

    assert [row["Woche 5 (98765)"] for row in named[0]][1:] == ["6", ""]
    assert named[0] == named[1]
    assert [row["Tiny (98764)"] for row in titled][1:] == ["6", ""]
    assert [row["Studierende"] for row in titled][1:] == ["Müller, Änne", "Berg, Bo"]
    assert new_assignment(TINY, people) == ""
    assert new_assignment(TINY, renamed) == "Woche 5 (98765); Nr. 2 (98764)"
    with pytest.raises(CourseError, match=r"people.csv: has no column 'Week 6'; give one of"):
        written("canvas", people, book, "Week 6")


def test_a_worksheet_of_another_language_gets_its_own_columns_filled(
    book: Gradebook, tmp_path: Path
) -> None:
    """No column is added, and a grade that Moodle holds is not emptied."""
    ann, bo = written("moodle", read(tmp_path, SHEET_DE), book)

    assert list(ann) == SHEET_DE.splitlines()[0].split(";")
    assert (ann["Bewertung"], bo["Bewertung"]) == ("6", "4,00")
    assert ann["Feedback als Kommentar"].startswith("q1: ")
    assert bo["Feedback als Kommentar"] == "Schön"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Friday, 5 March 2027, 5:12 PM", "2027-03-05 17:12"),
        ("Friday, March 5, 2027, 12:05 AM", "2027-03-05 00:05"),
        ("Freitag, 5. März 2027, 17:12", "2027-03-05 17:12"),
        ("mardi 2 février 2027, 17:12", "2027-02-02 17:12"),
        ("martes, 1 de junio de 2027, 09:30", "2027-06-01 09:30"),
        ("mercoledì, 3 marzo 2027, 17:12", "2027-03-03 17:12"),
        ("maandag, 7 juni 2027, 17:12", "2027-06-07 17:12"),
        ("vrijdag, 2 juli 2027, 17:12", "2027-07-02 17:12"),
        ("jeudi 1 juillet 2027, 17:12", "2027-07-01 17:12"),
        ("2027-03-05 17:12", "2027-03-05 17:12"),
        ("05/06/2027, 17:12", None),
        ("-", None),
    ],
)
def test_a_date_of_moodle_is_read_or_left_alone(text: str, when: str | None) -> None:
    """In the languages of its months; one that could be two is none."""
    expected = datetime.datetime.fromisoformat(when) if when else None

    assert read_date(text) == expected


def test_lateness_follows_the_worksheet(tmp_path: Path) -> None:
    """Where the zip's times are those of the download."""
    assert [s.handed_in for s in read(tmp_path, SHEET_DE).students] == [
        datetime.datetime(2027, 3, 5, 17, 12),
        None,
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("student_id,name\nann,Ann\n,Bo\n", "people.csv:3: the row of Bo has no identifier"),
        ("student_id,name\n1.23E+11,Ann\n", "people.csv:2: a spreadsheet has rounded"),
        (
            "Identifier,Status,Grade,Maximum Grade,Feedback comments\nParticipant 901,x,,10,\n",
            "people.csv:2: Moodle hid the names",
        ),
        ("who,what\nann,x\n", "people.csv:1: no column of identifiers; give student_id"),
    ],
)
def test_a_fault_of_a_roster_is_one_sentence_with_its_line(
    text: str, says: str, tmp_path: Path
) -> None:
    """And with a way on."""
    with pytest.raises(CourseError, match=says.replace("(", r"\(")):
        read(tmp_path, text)


def rules(folder: Path, who: str) -> policy.Policy:
    """Give a course file with an extension for somebody."""
    text = (
        f"exercises: {{tiny: {{due: 2027-03-05}}}}\nextensions: {{{who}: {{tiny: 2027-03-12}}}}\n"
    )
    (folder / "course.yml").write_text(text, encoding="utf-8")
    return policy.read(folder / "course.yml")


@pytest.mark.parametrize(
    ("who", "says"),
    [
        ("ana", r"'ana' is nobody on .*people.csv; write the identifier .* mean ann"),
        ("Bo Berg", r"'bo berg' is the name of bo and no; write the identifier"),
        ("00004712", "'00004712' is nobody"),
    ],
)
def test_an_extension_for_nobody_is_refused(who: str, says: str, tmp_path: Path) -> None:
    """In one sentence, which names the file and who may be meant."""
    people = read(tmp_path, "student_id,name\nann,Ann\nbo,Bo Berg\nno,Bo Berg\n00004711,Zoe\n")
    with pytest.raises(CourseError, match=says):
        rules(tmp_path, who).of(people)


@pytest.mark.parametrize("who", ["ann", "Ann", "00004711", "4711", "no", "Zoe"])
def test_an_extension_is_for_whoever_is_meant(who: str, tmp_path: Path) -> None:
    """Identifiers as they are typed, though YAML takes some for numbers or for no; and names."""
    people = read(tmp_path, "student_id,name\nann,Ann\nno,Nora\n00004711,Zoe\n")
    law = rules(tmp_path, who).of(people)
    meant = {"Ann": "ann", "4711": "00004711", "Zoe": "00004711"}.get(who, who)
    late = {s.id: law.days_late("tiny", s.id, "2027-03-09T12:00:00") for s in people.students}

    assert late == {s.id: 0 if s.id == meant else 4 for s in people.students}


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        (
            "Prénom,Nom de famille,Numéro d\u2019identification,Adresse de courriel\n"
            "A,B,007,a@x.org\n",
            "007",
        ),
        ('student_id,name\n="007",A\n', "007"),
        ("OrgDefinedId,Username,Last Name,First Name,Email\n#007,#a,B,A,a@x.org\n", "007"),
        ("First Name,Last Name,SID,Email,Role\nA,B,007,a@x.org,Student\nT,U,,t@x.org,TA\n", "007"),
        ("Matrikelnummer\n007\n", "007"),
    ],
)
def test_an_identifier_is_found_in_whatever_a_system_wraps_it(
    text: str, identifier: str, tmp_path: Path
) -> None:
    """Under other headings, with signs that keep its zeros, beside teachers."""
    (tmp_path / "people.csv").write_text(text, encoding="utf-8")

    assert [s.id for s in roster.read(tmp_path / "people.csv").students] == [identifier]


@pytest.mark.parametrize("written", ["2027-03-05", '"2027-03-05"', "' 2027-03-05 '"])
def test_a_day_is_due_at_its_end_however_it_is_written(written: str, tmp_path: Path) -> None:
    """In quotes too; and a heading with nothing under it is no fault."""
    path = tmp_path / "course.yml"
    path.write_text(f"exercises: {{tiny: {{due: {written}}}}}\nextensions:\nlate:\n")

    assert policy.read(path).due["tiny"].isoformat() == "2027-03-05T23:59:00+00:00"
