"""Who is in the course: a file of Canvas or Moodle, or a plain CSV."""

from __future__ import annotations

import csv
import datetime
import io
import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.errors import CourseError
from hardwired.course.variants import loose, normalise, zeroless

__all__ = ["Roster", "Student", "read"]

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
    **dict.fromkeys(("e-mail-adresse", "e-mail", "adresse de courriel"), "email address"),
    **dict.fromkeys(
        ("dirección de correo", "indirizzo email", "endereço de e-mail"), "email address"
    ),
    **dict.fromkeys(("vollständiger name", "nom complet", "nombre completo"), "full name"),
}


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

    @cached_property
    def _index(self) -> Mapping[tuple[int, str], frozenset[int]]:
        """Give, by how exactly it is meant and by key, the places of the students it names."""
        found: dict[tuple[int, str], set[int]] = defaultdict(set)
        for number, student in enumerate(self.students):
            for key in student.keys:
                for level, form in enumerate(FORMS):
                    found[level, form(key)].add(number)
        return {key: frozenset(places) for key, places in found.items()}

    def named(self, key: str) -> tuple[Student, ...]:
        """Return the students whom a key names: exactly, but for zeros, or by its letters."""
        for level, form in enumerate(FORMS):
            if form(key) and (hits := self._index.get((level, form(key)))):
                return tuple(self.students[place] for place in sorted(hits))
        return ()

    def find(self, *keys: str | None) -> Student | None:
        """Return the student whom exactly one of these keys names."""
        for key in keys:
            if key and len(hits := self.named(key)) == 1:
                return hits[0]
        return None


def read(path: Path) -> Roster:
    """Read a roster; the kind is told from its header.

    Raises
    ------
    CourseError
        If the file cannot be read, has no column of identifiers, or names two students alike.
    """
    try:
        text = csvsafe.decoded(path.read_bytes())
    except (OSError, UnicodeError) as error:
        raise CourseError(
            f"{path}: the roster cannot be read ({error}); export it again as CSV in UTF-8"
        ) from None
    told = re.match(r"sep=(.)\r?\n", text)  # Excel's own way of saying it
    text = text[told.end() :] if told else text
    first = text.split("\n", 1)[0]
    delimiter = told[1] if told else max(",;\t", key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if len(rows) < 2:
        raise CourseError(f"{path}: the roster has no students; export it again")
    header = tuple(cell.strip() for cell in rows[0])
    records = [
        dict(zip(header, [c.strip() for c in row], strict=False)) for row in rows[1:] if any(row)
    ]
    low = {WORDS.get(name.casefold(), name.casefold()): name for name in header}
    try:
        kind, students = _students(path, low, records)
    except CourseError as error:
        said = str(error)
        raise CourseError(said if said.startswith(str(path)) else f"{path}: {said}") from None
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
    return Roster(path, kind, header, tuple(students))


def _students(
    path: Path, low: Mapping[str, str], records: list[dict[str, str]]
) -> tuple[str, list[Student]]:
    def get(record: Mapping[str, str], *names: str) -> str:
        return next((record.get(low[n], "") for n in names if n in low and record.get(low[n])), "")

    if (
        ("student" in low or "surname" in low)
        and "id" in low
        and ("sis login id" in low or "sis user id" in low or "section" in low)
    ):
        out = []
        for r in records:
            canvas = get(r, "id")
            name = get(r, "student") or ", ".join(
                filter(None, (get(r, "surname"), get(r, "first name")))
            )
            if not canvas.isdigit() or name == "Student, Test":
                continue  # Canvas writes rows of its own, and a student of its own
            login, sis = get(r, "sis login id"), get(r, "sis user id")
            out.append(_student(login or sis or canvas, name, r, canvas, login, sis))
        return "canvas", out
    if "identifier" in low and "full name" in low:
        out = []
        for r in records:
            number = get(r, "identifier").split()[-1] if get(r, "identifier") else ""
            email, name, idn = get(r, "email address"), get(r, "full name"), get(r, "id number")
            out.append(_student(idn or email or number, name, r, number, email, name))
        return "moodle-worksheet", out
    if ("first name" in low or "first name(s)" in low) and ("surname" in low or "last name" in low):
        out = []
        for r in records:
            name = (
                f"{get(r, 'first name', 'first name(s)')} {get(r, 'surname', 'last name')}".strip()
            )
            idn, email, user = get(r, "id number"), get(r, "email address"), get(r, "username")
            out.append(_student(idn or user or email, name, r, email, user, name))
        return "moodle-participants", out
    for key in ("student_id", "student", "id", "identifier"):
        if key in low:
            return "plain", [
                _student(get(r, key), get(r, "name"), r, get(r, "email"), get(r, "canvas_id"))
                for r in records
            ]
    raise CourseError(
        f"{path}:1: no column of identifiers;"
        " give student_id (and name), or an export of Canvas or Moodle"
    )


def _student(identifier: str, name: str, row: Mapping[str, str], *keys: str) -> Student:
    if not identifier:
        raise CourseError(f"the row of {name or 'nobody'} has no identifier; fill it in")
    last, comma, first = name.partition(", ")
    turned = f"{first} {last}" if comma else ""
    known = {normalise(key) for key in (identifier, name, turned, *keys) if key}
    return Student(identifier, name or identifier, tuple(sorted(known)), dict(row))
