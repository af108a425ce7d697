"""Erasing a student: from the gradebook, and from all that lies with it.

What lies with it is the folder that grade, report and export wrote into, or, where that belongs to
a course of the desk, the course's own folder: what was handed in, released, and who was on a roster
before. How a file of each kind loses a student stands in :mod:`hardwired.course.erasing`.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardwired.course import csvsafe, erasing
from hardwired.course.border.guard import Border
from hardwired.course.erasing import Whole
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from hardwired.course.roster import Roster
from hardwired.course.submissions import Handed, collect
from hardwired.course.variants import loose, normalise, zeroless

__all__ = ["Erased", "forget", "whose"]

TABLES = (".csv", ".tsv", ".txt")
TOLD = (".html", ".md", ".yml", ".yaml", ".json", *TABLES)  # in which a name is looked for
# What holds nobody's name, or has been seen to: students' own files by what was handed in.
QUIET = (".sqlite", ".png", ".lock", ".key", ".ipynb", ".zip", ".whl")
OURS = ("marking", "export", "reports", "release", "rosters", "public", "students", "instructor")
HANDED = "handed-in"
LONGEST = 1 << 24  # bytes of a text that is looked into


@dataclass(frozen=True)
class Erased:
    """How many entries, rows and files went, and a line for each place that a person must see."""

    gone: int
    left: tuple[str, ...]


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


def forget(student: str, book: Gradebook, out: Path, people: Roster | None = None) -> Erased:
    """Erase a student.

    The gradebook is written with ``secure_delete`` and compacted, so that nothing stays in its
    pages. What is handed in is read as it was when it was graded, by name and by content.

    Parameters
    ----------
    people : Roster, optional
        By whom files that were never graded are known, and other identifiers of the student.
    """
    who, exercises = _whole(student, book, people), book.exercises()
    root = out.parent if (out.parent / "desk.json").is_file() else out
    kept = [path for path in _elsewhere(book) if root.resolve() not in path.resolve().parents]
    handed, left = _handed_in(root, who, people)
    gone = book.forget(student) + handed
    name = csvsafe.file_name(student)
    for path in _own(root, out, exercises, name, who):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
        gone += 1
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink()):
        inside = path.relative_to(root).parts
        if HANDED in inside[:-1] and path.name != "seen.json":
            continue
        try:
            if path.suffix.casefold() in TABLES:
                gone += erasing.without_rows(path, who)
            elif path.suffix.casefold() == ".json":
                gone += erasing.without_records(path, who)
        except (OSError, UnicodeError, ValueError, csvsafe.Error):
            left.append(f"{path}: cannot be looked into; see whether {student} is in it")
    left += [said for path in sorted(root.rglob("*")) for said in _still(path, root, who)]
    left += [f"{p}: lies elsewhere and is not touched; it names {student}" for p in _in(kept, who)]
    return Erased(gone, tuple(dict.fromkeys(left)))


def _whole(student: str, book: Gradebook, people: Roster | None) -> Whole:
    """Collect all by which the student is known, and nobody else."""
    about = (student,)
    db = book.db
    files: set[str] = set()
    digests: set[str] = set()
    for table in ("attempt", "copy"):
        for file, digest in db.execute(
            f"SELECT file, file_digest FROM {table} WHERE student = ?", about
        ):
            files.add(file)
            digests.add(digest)
    names = {row[0] for row in db.execute("SELECT name FROM attempt WHERE student = ?", about)}
    keys: set[str] = set()
    person = next((s for s in people.students if s.id == student), None) if people else None
    if people and person:
        others = {key for s in people.students if s.id != student for key in s.keys}
        names.add(person.name)
        keys = set(person.keys) - others
        names = {name for name in names if normalise(name) not in others}
    numbers = {row[0] for row in db.execute("SELECT number FROM paper WHERE student = ?", about)}
    return Whole(
        student,
        names=frozenset(names - {""}),
        keys=frozenset(keys),
        numbers=frozenset(numbers),
        files=frozenset(files),
        digests=frozenset(digests),
    )


def _elsewhere(book: Gradebook) -> list[Path]:
    """Give the roster and the rules that the gradebook remembers, wherever they lie."""
    return [Path(kept) for name in ("roster", "course") if (kept := book.setting(name))]


def _handed_in(root: Path, who: Whole, people: Roster | None) -> tuple[int, list[str]]:
    """Erase what the student handed in, wherever downloads lie: in zips, or in folders."""
    gone, left = 0, []
    with Border() as border:
        for path in sorted(_downloads(root)):
            try:
                handed = collect(path, people, border)
                mine = [h for h in handed if h.student == who.student or h.digest in who.digests]
                gone += _taken_out(path, mine) if mine else 0
            except (CourseError, OSError, ValueError, zipfile.BadZipFile):
                if not path.is_dir() or any(path.iterdir()):
                    left.append(
                        f"{path}: cannot be taken apart; see whether {who.student} is in it"
                    )
    return gone, left


def _downloads(root: Path) -> Iterator[Path]:
    """Yield the zips and folders in which submissions may lie."""
    for path in root.rglob("*.zip"):
        inside = path.relative_to(root).parts[:-1]
        if not set(inside) & set(OURS) and (HANDED not in inside or "files" not in inside):
            yield path
    yield from (path for path in root.glob(f"{HANDED}/*/*/files") if path.is_dir())
    for path in root.glob("*"):
        ours = path.name in (*OURS, HANDED) or path.name.startswith(".")
        if path.is_dir() and not ours and any(path.rglob("*.ipynb")):
            yield path


def _taken_out(path: Path, mine: Sequence[Handed]) -> int:
    if path.is_dir():
        gone = 0
        for file in {Path(os.fsdecode(h.source.path)) for h in mine}:
            if file.is_file() and path in file.parents:
                file.unlink()
                gone += 1
            for above in (p for p in file.parents if path in p.parents and p.is_dir()):
                if not any(above.iterdir()):
                    above.rmdir()
        return gone
    with zipfile.ZipFile(path) as archive:
        named = [info.filename for info in archive.infolist()]
    numbers = {h.source.entry for h in mine if h.source.entry is not None}
    files = {named[n].rpartition("/")[2] for n in numbers}
    folders = {named[n].rpartition("/")[0] for n in numbers} - {""}
    others = [name for n, name in enumerate(named) if n not in numbers and name[-1:] != "/"]
    empty = {f for f in folders if not any(name.startswith(f"{f}/") for name in others)}
    empty |= {h.file.removesuffix("/(nothing)") for h in mine if h.source.entry is None}

    def junk(name: str) -> bool:
        last = name.rstrip("/").rpartition("/")[2]
        return name.rstrip("/") in empty or (last[:2] == "._" and last[2:] in files)

    return erasing.without_entries(path, numbers, junk)


def _own(root: Path, out: Path, exercises: list[str], name: str, who: Whole) -> Iterator[Path]:
    """Yield what is the student's alone, and pages of all in which they may stand."""
    for digest in who.digests:  # as earlier versions called them
        yield from out.glob(f"marking/figures/*-{digest[:12]}.png")
    for number in who.numbers:
        yield from out.glob(f"marking/figures/*-{number}-*.png")
    for slug in exercises:  # by its whole name: another student's may end alike
        yield from out.glob(f"reports/students/{slug}-{name}.html")
    for path in out.glob("reports/*-class.html"):
        if who.student in path.read_text(encoding="utf-8"):
            yield path
    yield from out.glob("export/*-feedback.zip")  # `report --back` packs the others again
    for folder in (out / "export/gradescope" / name, *root.glob(f"**/students/{name}")):
        if folder.is_dir():
            yield folder


def _still(path: Path, root: Path, who: Whole) -> Iterator[str]:
    """Say of a file that it may still name the student."""
    if not path.is_file() or path.name.startswith(".") or path.is_symlink():
        return
    inside, kind = path.relative_to(root).parts, path.suffix.casefold()
    if HANDED in inside[:-1] and path.name != "seen.json":
        return
    if path.name.endswith("-gradescope.zip"):
        yield f"{path}: holds the roster of its day; release it again"
    elif kind in TOLD:
        if any(_in([path], who)):
            yield f"{path}: still names {who.student}; take that out by hand"
    elif kind not in QUIET:
        yield f"{path}: cannot be looked into; see whether {who.student} is in it"


def _in(paths: Sequence[Path], who: Whole) -> Iterator[Path]:
    """Yield those texts that name the student."""
    for path in paths:
        try:
            short = path.stat().st_size < LONGEST
            if short and erasing.named_in(csvsafe.decoded(path.read_bytes()), who):
                yield path
        except (OSError, UnicodeError):
            continue
