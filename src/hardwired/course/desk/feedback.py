"""Handing back: a page a student, under the file names by which a course system takes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.border.listing import name_back
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster
from hardwired.course.standing import Standing
from hardwired.course.variants import normalise
from hardwired.house.files import pack

__all__ = ["Held", "columns", "held", "named", "packed"]

MOST = 255  # bytes of a name, on most file systems
ODD = re.compile(
    r"""[\x00-\x1f\x7f-\x9f<>:"|?*\\\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"""
    r"|^[\s.-]|[\s.]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)",
    re.IGNORECASE,
)
"""What a file system obeys or refuses, or a program takes for an option, in a name."""
OWN = ("Student", "LastName", "FirstName", "ID", "SIS User ID", "SIS Login ID", "Section")


class Held:
    """What the course system holds for a student beside what would be written."""

    def __init__(self, standing: Standing, before: str) -> None:
        self.standing, self.before = standing, before
        excused = "EX" if standing.excused else ""
        self.ours = excused if standing.points is None else f"{standing.points:g}"

    @property
    def differs(self) -> bool:
        """Whether a mark that is there would be replaced by another."""
        if not self.before or not self.ours:
            return False
        try:
            return float(self.before.replace(",", ".")) != float(self.ours)
        except ValueError:
            return self.before != self.ours


def columns(roster: Roster, exercise: Exercise) -> tuple[tuple[str, ...], str]:
    """Give the columns of a Canvas gradebook that may hold an assignment, and the one that fits."""
    if roster.kind != "canvas":
        return (), ""
    own = [n for n in roster.header if n.endswith(")") and " (" in n and n not in OWN]
    fits = [n for n in own if n.startswith(f"{exercise.title} (")]
    return tuple(own), fits[0] if fits else ""


def held(rows: Sequence[Standing], roster: Roster | None, column: str) -> list[Held]:
    """Set beside each student's mark what the roster's file holds in that column."""
    moodle = roster is not None and roster.kind == "moodle-worksheet"
    name = roster.columns.get("grade", "Grade") if roster and moodle else column
    people = roster.students if roster and name else ()  # under "" a row says where it stands
    there = {normalise(s.id): s.row.get(name, "") for s in people}
    return [Held(s, there.get(normalise(s.student), "")) for s in rows]


def named(s: Standing, slug: str, page: str) -> str:
    """Name a student's page like the file that they handed in, so that it finds its way back.

    A file of Canvas is ``name_user_submission_file``, one of Moodle lies in a folder
    ``name_number_assignsubmission_file``; without such a name the page keeps its own, and so does
    one whose name would not lie where it is unpacked, on whichever system.
    """
    name = name_back(s.attempt.file) if s.attempt else page
    parts = name.split("/")
    plain = all(0 < len(part.encode()) <= MOST and not ODD.search(part) for part in parts)
    return name if plain and len(parts) <= 2 else page


def packed(rows: Sequence[Standing], slug: str, pages: Path, *, waiting: bool) -> bytes:
    """Pack the pages of those whose marks are final, or of all.

    Raises
    ------
    CourseError
        Before the day from which feedback is given.
    """
    if early := next((s.opens for s in rows if s.closed), None):
        raise CourseError(
            f"{slug}: feedback is given from {early:%Y-%m-%d %H:%M %Z} on, and nothing was packed;"
            " wait, or change the day (`feedback: {from: ...}` in course.yml, or Hand back at the"
            " desk)"
        )
    files: dict[str, bytes] = {}
    for s in rows:
        own = f"{slug}-{csvsafe.file_name(s.student)}.html"
        page = pages / own
        if page.is_file() and (s.final or waiting):
            name = named(s, slug, own)
            files[own if name in files else name] = page.read_bytes()
    return pack(files)
