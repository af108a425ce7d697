"""Who is in the course: a file of Canvas or Moodle, or a plain CSV."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.dates import read_date
from hardwired.course.errors import CourseError
from hardwired.course.variants import loose, normalise, zeroless

__all__ = ["BLIND", "Roster", "Student", "read"]

FORMS = (normalise, zeroless, loose)  # of a key, from the exact one to what file names leave of it
# Headings of Moodle and Canvas in other languages, and as one word.
WORDS = {
    **dict.fromkeys(("vorname", "prénom", "nombre", "nome", "voornaam", "firstname"), "first name"),
    **dict.fromkeys(("nachname", "nom", "nom de famille", "apellido(s)", "apellidos"), "surname"),
    **dict.fromkeys(("cognome", "sobrenome", "achternaam", "lastname", "last name"), "surname"),
    **dict.fromkeys(("id-nummer", "matrikelnummer", "numéro d'identification"), "id number"),
    **dict.fromkeys(
        ("número de id", "codice identificativo", "número de identificação"), "id number"
    ),
    **dict.fromkeys(
        ("sid", "orgdefinedid", "student number", "student no", "matricola"), "id number"
    ),
    **dict.fromkeys(("matriculation number", "matrícula", "numéro étudiant"), "id number"),
    **dict.fromkeys(("n° étudiant", "studentnummer", "registration number"), "id number"),
    **dict.fromkeys(("e-mail-adresse", "e-mail", "adresse de courriel"), "email address"),
    **dict.fromkeys(
        ("dirección de correo", "indirizzo email", "endereço de e-mail"), "email address"
    ),
    **dict.fromkeys(("vollständiger name", "nom complet", "nombre completo"), "full name"),
}
# Headings that say enough; where they do not, place and content of the columns do.
TOLD: tuple[set[str], ...] = (
    *({"student_id"}, {"id", "name"}, {"student", "name"}, {"identifier", "name"}),
    *({"identifier", "full name"}, {"first name", "surname", "email address"}),
    *({"first name", "surname", "id number"}, {"first name(s)", "surname"}),
    *({"first name", "surname", "username"},),
    *({"student", "id", "section"}, {"surname", "id", "section"}),
)

BLIND = "moodle-blind"  # a worksheet without names
# Headings by which a table that is of no course system tells its students apart, best first.
PLAIN = (
    *("student_id", "student", "id", "identifier", "student id", "id number"),
    *("username", "login", "email address", "email"),
)
TEACHERS = ("instructor", "ta", "reader", "teacher", "teaching assistant", "observer", "designer")


@dataclass(frozen=True)
class Student:
    """A student; ``keys`` are all the names by which a course system may hand a file in."""

    id: str
    name: str
    keys: tuple[str, ...]
    row: Mapping[str, str]
    handed_in: datetime.datetime | None = None  # as Moodle's worksheet says, without a zone


@dataclass(frozen=True)
class Roster:
    """All students of a file, and the header it had (for the way back)."""

    path: Path
    kind: str
    header: tuple[str, ...]
    students: tuple[Student, ...]
    columns: Mapping[str, str] = field(default_factory=dict)  # by its English heading

    @cached_property
    def _index(self) -> Mapping[tuple[int, str], frozenset[int]]:
        """Give, by how exactly it is meant and by key, the places of the students it names."""
        found: dict[tuple[int, str], set[int]] = defaultdict(set)
        for number, student in enumerate(self.students):
            for key in student.keys:
                for level, form in enumerate(FORMS):
                    found[level, form(key)].add(number)
        return {key: frozenset(places) for key, places in found.items()}

    def named(self, key: str, *, exact: bool = False) -> tuple[Student, ...]:
        """Return the students whom a key names: exactly, but for zeros, or by its letters."""
        for level, form in enumerate(FORMS[:1] if exact else FORMS):
            if form(key) and (hits := self._index.get((level, form(key)))):
                return tuple(self.students[place] for place in sorted(hits))
        return ()

    def find(self, *keys: str | None) -> Student | None:
        """Return the student whom exactly one of these keys names."""
        for key in keys:
            if key and len(hits := self.named(key)) == 1:
                return hits[0]
        return None


def read(path: Path, *, blind: bool = False) -> Roster:
    """Read a roster; the kind is told from its header.

    Parameters
    ----------
    blind : bool
        Whether it may be a worksheet in which Moodle hid the names: each row is a number then,
        which takes marks back and is nobody on a roster.

    Raises
    ------
    CourseError
        If the file cannot be read, has no column of identifiers, or names two students alike.
    """
    try:
        data = path.read_bytes()
        if data[:4] == b"PK\3\4":
            raise CourseError(f"{path}: is a workbook of a spreadsheet program; save it as CSV")
        text = csvsafe.decoded(data)
    except (OSError, UnicodeError) as error:
        raise CourseError(
            f"{path}: the roster cannot be read ({error}); export it again as CSV in UTF-8"
        ) from None
    if text.lstrip()[:1] == "<":
        raise CourseError(
            f"{path}: is a web page and no roster (was the login over?); export it again as CSV"
        )
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way of saying it
    text = text[told.end() :] if told else text
    first = text.split("\n", 1)[0]
    delimiter = told[1] if told else max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [(row, reader.line_num) for row in reader]
    if len(rows) < 2:
        raise CourseError(f"{path}: the roster has no students; export it again")
    header = tuple(cell.strip() for cell in rows[0][0])
    records = [
        {**dict(zip(header, map(_cell, row), strict=False)), "": f"{path}:{line}"}
        for row, line in rows[1:]
        if any(row)
    ]
    low = {WORDS.get(name, name): header[n] for n, name in enumerate(map(_heading, header))}
    if "role" in low:  # teachers stand on the lists of some systems
        records = [r for r in records if r.get(low["role"], "").casefold() not in TEACHERS]
    if not any(told <= set(low) for told in TOLD):
        low |= _by_content(header, records)
    kind, students = _students(path, low, records, blind)
    seen: dict[str, str] = {}
    for student in students:
        if (name := normalise(student.id)) in seen:
            raise CourseError(
                f"{path}: two students have the identifier {student.id!r};"
                " give each one of their own"
            )
        seen[name] = student.name
    if not students:
        raise CourseError(f"{path}: the roster has no students; export it again")
    return Roster(path, kind, header, tuple(students), low)


def _cell(text: str) -> str:
    """Give what a cell says, without what is there for a spreadsheet: ``="007"``, ``#007``."""
    hit = re.fullmatch(r'="(.*)"|#(\w\S*)', text.strip())
    return (hit[1] or hit[2] or "") if hit else text.strip()


def _heading(name: str) -> str:
    return name.casefold().replace("\u2019", "'").removesuffix(".")


def _by_content(header: Sequence[str], records: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """Give the columns of Canvas and Moodle by place and content, whatever language they are in."""
    cells = {name: [r[name] for r in records if r.get(name)] for name in header if name}
    held = {name: found for name, found in cells.items() if found}

    def like(name: str, form: str) -> bool:
        return name in held and all(re.fullmatch(form, cell) for cell in held[name])

    tasks = [n for n, name in enumerate(header) if re.search(r" \(\d+\)$", name)]
    people = [r for r in records if any(r.get(name, "").isdigit() for name in header[1:3])]
    if tasks and tasks[0] >= 3 and people:
        at = 1 if people[0].get(header[1], "").isdigit() else 2
        names = ("student",) if at == 1 else ("surname", "first name")
        logins = ("sis login id",) if tasks[0] - at == 3 else ("sis user id", "sis login id")
        roles = [*names, "id", *logins][: tasks[0] - 1]
        return {**dict(zip(roles, header, strict=False)), "section": header[tasks[0] - 1]}
    mail = next((name for name in held if like(name, r"\S+@\S+")), None)
    out = {"email address": mail} if mail else {}
    number = r".*\d.*"
    best = [n for n in held if like(n, r"\d+([.,]\d+)?") and len(set(held[n])) == 1]
    top = next((n for n in reversed(best) if header.index(n) > 2), None)
    prefixes = {re.sub(r"\s*\d+$", "", cell) for cell in held.get(header[0], ())}
    if len(header) >= 5 and top and len(prefixes) == 1 and prefixes != {""}:
        place = header.index(top)
        dates = [name for name in held if any(map(read_date, held[name]))]
        out |= {"identifier": header[0], "maximum grade": top, "grade": header[place - 1]}
        out |= {"last modified (submission)": dates[0]} if dates else {}
        out |= {"feedback comments": header[-1]} if place < len(header) - 2 else {}
        if header[1] not in (mail, header[place - 2]) and not like(header[1], number):
            out["full name"] = header[1]
        between = header[2 : place - 2]
    elif mail and header.index(mail) > 1 and not any(like(name, number) for name in header[:2]):
        out |= {"first name": header[0], "surname": header[1]}
        between = header[2:]
    else:
        return {}
    unique = [
        n for n in between if like(n, number) and n != mail and len({*held[n]}) == len(records)
    ]
    return {**out, **({"id number": unique[0]} if unique else {})}


def _students(
    path: Path, low: Mapping[str, str], records: list[dict[str, str]], blind: bool
) -> tuple[str, list[Student]]:
    def get(record: Mapping[str, str], *names: str) -> str:
        return next((record.get(low[n], "") for n in names if n in low and record.get(low[n])), "")

    out: list[Student] = []
    if (
        ("student" in low or "surname" in low)
        and "id" in low
        and ("sis login id" in low or "sis user id" in low or "section" in low)
    ):
        for r in records:
            canvas = get(r, "id")
            apart = ", ".join(filter(None, (get(r, "surname"), get(r, "first name"))))
            name = get(r, "student") or apart
            login, sis = get(r, "sis login id"), get(r, "sis user id")
            own = name == "Student, Test" or re.fullmatch(r"[0-9a-f]{40}", login)
            if canvas.isdigit() and not own:  # Canvas writes rows, and a student, of its own
                out.append(_student(login or sis or canvas, name, r, canvas, login, sis))
        return "canvas", out
    if "identifier" in low and ("full name" in low or "maximum grade" in low):
        for r in records:
            number = re.sub(r".*\D", "", get(r, "identifier"))
            email, name, idn = get(r, "email address"), get(r, "full name"), get(r, "id number")
            if not (email or name or idn or blind):
                raise CourseError(
                    f"{r['']}: Moodle hid the names when it wrote this worksheet; give the list of"
                    " participants that the notebooks were released for, or let it show the names"
                )
            student = _student(idn or email or number, name, r, number, email, name)
            when = read_date(get(r, "last modified (submission)"))
            out.append(replace(student, handed_in=when))
        hidden = not any(n in low for n in ("email address", "full name", "id number"))
        return BLIND if hidden else "moodle-worksheet", out
    if ("first name" in low or "first name(s)" in low) and "surname" in low:
        for r in records:
            given, surname = get(r, "first name", "first name(s)"), get(r, "surname")
            name = f"{given} {surname}".strip()
            idn, email, user = get(r, "id number"), get(r, "email address"), get(r, "username")
            out.append(_student(idn or user or email, name, r, email, user, f"{surname} {given}"))
        return "moodle-participants", out
    named, mailed = ("name", "full name"), ("email", "email address")
    for key in PLAIN:
        if key in low:
            return "plain", [
                _student(get(r, key), get(r, *named), r, get(r, *mailed), get(r, "canvas_id"))
                for r in records
            ]
    raise CourseError(
        f"{path}:1: no column of identifiers;"
        " give student_id (and name), or an export of Canvas or Moodle"
    )


def _student(identifier: str, name: str, row: Mapping[str, str], *keys: str) -> Student:
    if not identifier:
        raise CourseError(f"{row['']}: the row of {name or 'nobody'} has no identifier; fill it in")
    if re.fullmatch(r"\d[.,]\d+E\+?\d+", identifier):
        raise CourseError(
            f"{row['']}: a spreadsheet has rounded the identifier of {name or 'this row'} to"
            f" {identifier}; export the roster again, and do not save it from the spreadsheet"
        )
    last, comma, first = name.partition(", ")
    turned = f"{first} {last}" if comma else ""
    known = {normalise(key) for key in (identifier, name, turned, *keys) if key}
    return Student(identifier, name or identifier, tuple(sorted(known)), dict(row))
