"""What was handed in: folders or zips as Canvas and Moodle make them, or ``student_id/...ipynb``.

Files are read where they lie, never unpacked, and by a worker of the border alone; the newest of a
student counts, all are listed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hardwired.course.border.guard import Border, Settled
from hardwired.course.border.source import Source
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster

__all__ = ["Handed", "collect", "looked_at"]

NO_NOTEBOOK = "no notebook (.ipynb) among the files"


@dataclass(frozen=True)
class Handed:
    """One file handed in. ``student`` is the identifier it is handed in under.

    ``typed`` is the identifier in the notebook's first cell, ``problem`` why it cannot be graded,
    ``slug`` and ``version`` are those of the exercise it was made from, and ``answered`` the
    questions that it answers (None where that was not looked at).
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
    handed = [looked_at(_handed(path, row), border) for row in rows]
    out: list[Handed] = []
    for student in sorted({h.student for h in handed}):
        mine = [h for h in handed if h.student == student]
        notebooks = [h for h in mine if h.file.casefold().endswith(".ipynb")] or mine
        best = max(notebooks, key=lambda h: h.order)
        for h in sorted(notebooks, key=lambda h: h.order):
            out.append(h if h is not best else replace(h, newest=True))
    return out


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


def looked_at(handed: Handed, border: Border) -> Handed:
    """Read a file: its digest, and the identifier in it or what is wrong with it."""
    if handed.problem:
        return handed
    notebook = handed.file.casefold().endswith(".ipynb")
    try:
        found = border.ask("look", handed.source, notebook)
    except Settled as error:
        return replace(handed, problem=str(error))
    return replace(
        handed,
        digest=found["digest"] or handed.digest,
        typed=found["typed"],
        slug=found["slug"],
        version=found["version"],
        answered=None if found["answered"] is None else tuple(found["answered"]),
        problem=found["problem"] if notebook else NO_NOTEBOOK,
    )
