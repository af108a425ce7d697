"""Erasing a student: from the gradebook, and from what grade, report and export wrote."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from hardwired.course.roster import WORDS, Roster
from hardwired.course.variants import loose, normalise, zeroless
from hardwired.house.files import write_atomic

__all__ = ["forget", "unread", "whose"]

READ = (".csv", ".tsv", ".txt")
OURS = (".sqlite", ".html", ".png", ".json", ".lock", *READ)
# Headings of what names a student, in our files and in those of course systems.
NAMING = (
    *("student", "student_id", "identifier", "id", "id number", "email address", "username"),
    *("sis user id", "sis login id"),
)


def whose(told: str, book: Gradebook, people: Roster | None) -> str:
    """Give the identifier of the student whom somebody names: by it, by name, or spelled otherwise.

    Raises
    ------
    CourseError
        If several students may be meant.
    """
    known: dict[str, set[str]] = {}
    for slug in book.exercises():
        for a in book.attempts(slug, counting=False):
            known.setdefault(a.student, set()).update((a.student, a.name))
    for person in people.students if people else ():
        known.setdefault(person.id, set()).update((person.id, person.name, *person.keys))
    for form in (str, normalise, zeroless, loose):
        hits = [s for s, names in known.items() if form(told) and form(told) in map(form, names)]
        if told in hits:
            return told
        if len(hits) > 1:
            several = " or ".join(sorted(hits))
            raise CourseError(f"{told!r} may be {several}; give the identifier, nothing was erased")
        if hits:
            return hits[0]
    return told


def unread(out: Path) -> list[Path]:
    """Give the files below a folder that cannot be looked into: a sheet saved in another form."""
    places = [out / name for name in ("marking", "export", "reports")]
    files = [path for place in places for path in sorted(place.rglob("*")) if path.is_file()]
    return [path for path in files if path.suffix not in OURS and path.name[:1] != "."]


def forget(student: str, book: Gradebook, out: Path) -> int:
    """Erase a student; returns how many attempts, rows and files went.

    The gradebook is written with ``secure_delete`` and compacted, so that nothing stays in its
    pages.
    """
    digests = [
        row[0]
        for row in book.db.execute("SELECT file_digest FROM attempt WHERE student = ?", (student,))
    ]
    exercises = book.exercises()
    gone = book.forget(student)
    for digest in digests:
        for path in out.glob(f"marking/figures/*-{digest[:12]}.png"):
            path.unlink()
            gone += 1
    name = csvsafe.file_name(student)
    for path in _pages(out, exercises, name, student):
        path.unlink()
        gone += 1
    folder = out / "export" / "gradescope" / name
    if folder.is_dir():
        shutil.rmtree(folder)
        gone += 1
    for place in (out, out / "marking", out / "export"):
        for path in place.glob("*"):
            if path.suffix.casefold() in READ:
                gone += _without(path, student)
    return gone


def _pages(out: Path, exercises: list[str], name: str, student: str) -> Iterator[Path]:
    """Yield the student's own pages, and those of all in which they may stand."""
    for slug in exercises:  # by its whole name: another student's may end alike
        yield from out.glob(f"reports/students/{slug}-{name}.html")
    for path in out.glob("reports/*-class.html"):
        if student in path.read_text(encoding="utf-8"):
            yield path
    yield from out.glob("export/*-feedback.zip")  # `report --back` packs the others again


def _without(path: Path, student: str) -> int:
    """Take a student's rows out of a table, whatever parts its cells."""
    delimiter, rows = csvsafe.table(path)
    header = [normalise(csvsafe.plain(cell)) for cell in rows[0]] if rows else []
    naming = [n for n, cell in enumerate(header) if WORDS.get(cell, cell) in NAMING]
    naming = naming if zeroless(student) else []  # a number may be somebody's points
    wanted = normalise(student)

    def theirs(row: list[str]) -> bool:
        cells = [row[n] for n in naming if n < len(row)] if naming else row
        said = [normalise(csvsafe.plain(cell)) for cell in cells]
        return wanted in said or (
            bool(zeroless(student))
            and any(
                zeroless(cell) == zeroless(student) or cell.endswith(f" {wanted}") for cell in said
            )
        )

    kept = [row for n, row in enumerate(rows) if n == 0 or not theirs(row)]
    if len(kept) < len(rows):
        sink = io.StringIO(newline="")
        csv.writer(sink, delimiter=delimiter).writerows(kept)
        write_atomic(path, sink.getvalue().encode("utf-8-sig"))
    return len(rows) - len(kept)
