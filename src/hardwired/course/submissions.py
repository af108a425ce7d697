"""What was handed in: folders or zips as Canvas and Moodle make them, or ``student_id/...ipynb``.

Files are read where they lie, never unpacked, and by a worker of the border alone; the newest of a
student counts, all are listed.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hardwired.course.border.guard import Border, Settled
from hardwired.course.border.source import Source
from hardwired.course.errors import CourseError
from hardwired.course.loader import NO_NOTEBOOK
from hardwired.course.roster import Roster
from hardwired.course.variants import normalise

__all__ = ["NO_NOTEBOOK", "Handed", "collect", "looked_at"]


@dataclass(frozen=True)
class Handed:
    """One file handed in. ``student`` is the identifier it is handed in under.

    ``typed`` is the identifier in the notebook's first cell, ``problem`` why it cannot be graded,
    ``slug`` and ``version`` are those of the exercise it was made from, and ``answered`` the
    questions that it answers (None where that was not looked at). ``claimed`` is the name of an
    anonymous submission, whose notebook alone says whose it is, and ``stranger`` why a file is
    nobody's on the roster.
    """

    student: str
    name: str
    known: bool
    aliases: tuple[str, ...]
    file: str
    digest: str
    handed_in: str | None
    late: bool
    order: tuple[int, str]
    source: Source
    typed: str | None = None
    problem: str = ""
    newest: bool = False
    slug: str | None = None
    version: int | None = None
    answered: tuple[str, ...] | None = None
    claimed: str = ""
    stranger: str = ""


def collect(path: Path, roster: Roster | None, border: Border | None = None) -> list[Handed]:
    """List what was handed in, by student, the newest marked.

    Raises
    ------
    CourseError
        If there is nothing, or the zip is damaged.
    """
    if border is None:
        with Border() as own:
            return collect(path, roster, own)
    try:
        rows = border.ask("names", str(path), roster, cpu_s=120, wall_s=300.0)
    except Settled as error:
        said = str(error)
        raise CourseError(said if said.startswith(str(path)) else f"{path}: {said}") from None
    by_student: dict[str, list[Handed]] = defaultdict(list)
    for row in rows:
        for h in _looked_into(_handed(path, row), border):
            found = _claimed(h, row, roster)
            by_student[found.student].append(found)
    out: list[Handed] = []
    for _, mine in sorted(by_student.items()):
        notebooks = [h for h in mine if not h.problem.startswith(NO_NOTEBOOK)] or mine
        best = max(notebooks, key=_rank)
        for h in sorted(notebooks, key=lambda h: h.order):
            out.append(h if h is not best else replace(h, newest=True))
    return out


def _rank(h: Handed) -> tuple[Any, ...]:
    """Put the newest last; of several of one moment the one that was made from an exercise."""
    time, name = h.order
    return not h.problem or _is_named(h.file), time, h.slug is not None, len(h.answered or ()), name


def _claimed(h: Handed, row: Mapping[str, Any], roster: Roster | None) -> Handed:
    """Let the notebook say whose it is, where its name cannot: twins, and anonymous marking."""
    if h.known and not row["anonymous"]:
        return h
    person = roster.find(h.typed) if roster else None
    if person and (row["anonymous"] or person.id in row["among"]):
        claimed = h.student if row["anonymous"] else ""
        mine = replace(h, student=person.id, name=person.name, aliases=person.keys)
        return replace(mine, known=True, claimed=claimed)
    if roster is None and h.typed:
        mine = replace(h, student=h.typed, name=h.typed, aliases=(normalise(h.typed),))
        return replace(mine, claimed=h.student)
    if row["among"]:
        said = f"{h.name!r} is the name of {' and '.join(row['among'])}, and the notebook says"
        which = "neither; give a roster with the course system's numbers, as Moodle's worksheet"
        return replace(h, stranger=f"{said} {which}")
    said = f"{h.student!r} is not on the roster"
    return replace(h, stranger=f"{said}, and its first cell says {h.typed!r}" if h.typed else said)


def _is_named(file: str) -> bool:
    return ".ipynb" in file.casefold().rpartition("/")[2]


def _handed(path: Path, row: Mapping[str, Any]) -> Handed:
    at = row["at"]
    inside = os.fsencode(path)
    return Handed(
        student=row["student"],
        name=row["name"],
        known=row["known"],
        aliases=tuple(row["aliases"]),
        file=row["file"],
        digest=row["digest"],
        handed_in=row["handed_in"],
        late=row["late"],
        order=(row["order"][0], row["order"][1]),
        source=Source(inside, at)
        if type(at) is int
        else Source(os.path.join(inside, bytes.fromhex(at))),
        problem=row["problem"],
    )


def _looked_into(handed: Handed, border: Border) -> Iterator[Handed]:
    """Yield a file, looked at; of a zip that was handed in each notebook in it."""
    within: list[tuple[int, str]] = []
    whole = looked_at(handed, border, within)
    if not within:
        yield whole
    for number, name in within:
        source = replace(handed.source, within=number)
        inner = replace(handed, source=source, file=f"{handed.file}/{name}"[:300])
        yield looked_at(inner, border)


def looked_at(
    handed: Handed, border: Border, within: list[tuple[int, str]] | None = None
) -> Handed:
    """Read a file: its digest, and the identifier in it or what is wrong with it.

    ``within`` receives number and name of the notebooks of a file that is a zip.
    """
    if handed.problem:
        return handed
    try:
        found = border.ask("look", handed.source, _is_named(handed.file))
    except Settled as error:
        return replace(handed, problem=str(error))
    if within is not None:
        within += [(number, name) for number, name in found["within"]]
    return replace(
        handed,
        digest=found["digest"] or handed.digest,
        typed=found["typed"],
        slug=found["slug"],
        version=found["version"],
        answered=None if found["answered"] is None else tuple(found["answered"]),
        problem="it is a zip; unpack it" if found["within"] else found["problem"],
    )
