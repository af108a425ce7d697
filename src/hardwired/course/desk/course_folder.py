"""What the folder of a course holds, and how it is read: settings, roster, key, rules, marks.

========================= ====================================================================
``desk.json``             the settings: by it a folder is known as a course
``roster.csv``, ``.key``  who is in the course, and the secret of their data
``course.yml``            due dates, extensions, late rule, time zone
``marks/``                what ``hardwired grade`` writes: the gradebook, sheets, reports, exports
``release/NN-slug/``      what ``hardwired release`` writes
``handed-in/NN-slug/``    the downloads of the course system, numbered, never changed
========================= ====================================================================

Every page asks a `Course`; the commands work on the same folder with ``--out DIR/marks``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
import zoneinfo
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar, cast

from hardwired.course import policy, roster
from hardwired.course.authoring import exercise as authoring
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.desk.kept_book import KeptBook
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook
from hardwired.course.lock import alone
from hardwired.course.policy import Policy
from hardwired.course.roster import Roster
from hardwired.course.standing import Standing, standings
from hardwired.house.files import write_atomic

__all__ = ["Course", "Settings"]

VERSION = 1
T = TypeVar("T")


@dataclass(frozen=True)
class Settings:
    """What a course is called, who is at the desk, and where its exercises lie."""

    title: str
    who: str
    exercises: str
    version: int = VERSION


class Course:
    """The folder of a course. What is read is kept until its files change."""

    def __init__(self, folder: Path, exercises: Path) -> None:
        self.folder = folder.resolve()
        self.default_exercises = exercises.resolve()
        self.marks = self.folder / "marks"
        self.roster_file = self.folder / "roster.csv"
        self.draft_file = self.folder / "roster-dropped.csv"
        self.key_file = self.folder / "roster.key"
        self.released = self.folder / "release"
        self.handed_in = self.folder / "handed-in"
        self.rules_file = self.folder / "course.yml"
        self._entering = threading.Lock()
        self._writing = threading.Lock()
        self._kept: dict[str, tuple[object, object]] = {}

    # --- the settings

    @property
    def settings_file(self) -> Path:
        """By this file a folder is known as a course."""
        return self.folder / "desk.json"

    @property
    def is_new(self) -> bool:
        """Whether the three questions have not been answered yet."""
        return not self.settings_file.is_file()

    @property
    def settings(self) -> Settings:
        """The settings of the course.

        Raises
        ------
        CourseError
            If the file is none, or of a newer version.
        """
        path = self.settings_file
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            version = raw["version"]
            found = Settings(str(raw["title"]), str(raw["who"]), str(raw["exercises"]))
        except (OSError, ValueError, KeyError, TypeError):
            raise CourseError(
                f"{path}: is no settings file of a course; mend it, or move it away and answer"
                " the three questions again (nothing else is lost)"
            ) from None
        if type(version) is not int or version > VERSION:
            raise CourseError(f"{path}: was written by a newer hardwired; update hardwired")
        return found

    def make(self, title: str, who: str, zone: str) -> None:
        """Make the folder a course: what it is called, who you are, and its time zone.

        Raises
        ------
        CourseError
            If an answer is missing, or there is no such time zone.
        """
        title, who = " ".join(title.split()), " ".join(who.split())
        if not title or not who:
            raise CourseError("the course needs a name, and so do you; fill both in")
        try:
            zoneinfo.ZoneInfo(zone)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            raise CourseError(
                f"{zone[:60]!r} is no time zone; write its name, as Europe/London"
            ) from None
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self.rules_file.exists():
            write_atomic(self.rules_file, f"timezone: {zone}\n".encode(), private=True)
        self.change(Settings(title, who, str(self.default_exercises)))

    def change(self, settings: Settings) -> None:
        """Write the settings anew."""
        text = json.dumps(asdict(settings), indent=1) + "\n"
        write_atomic(self.settings_file, text.encode(), private=True)

    @property
    def who_cookie(self) -> str:
        """Where a browser keeps who is at this course's desk: its cookies are one for all ports."""
        return f"desk-who-{hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:12]}"

    # --- what is read

    @property
    def exercises_folder(self) -> Path:
        """Where the exercises lie."""
        return Path(self.settings.exercises)

    def slugs(self) -> list[str]:
        """Give the exercises that can be set, by the names of their folders."""
        return sorted(p.parent.name for p in self.exercises_folder.glob("*/exercise.md"))

    def exercise(self, slug: str) -> Exercise:
        """Read an exercise.

        Raises
        ------
        CourseError
            If there is none of that name, or it has a fault.
        """
        if slug not in self.slugs():
            raise CourseError(f"{self.exercises_folder}: has no exercise {slug[:60]!r}")
        path = authoring.find(slug, self.exercises_folder)
        return self.kept(f"exercise {slug}", _stamp(path), lambda: authoring.read(path))

    def roster(self) -> Roster | None:
        """Read the roster, if there is one."""
        if not self.roster_file.is_file():
            return None
        stamp = _stamp(self.roster_file)
        return self.kept("roster", stamp, lambda: roster.read(self.roster_file))

    def rules(self) -> Policy:
        """Read the rules of the course."""
        if not self.rules_file.is_file():
            return Policy()
        return self.kept("rules", _stamp(self.rules_file), lambda: policy.read(self.rules_file))

    @property
    def book_file(self) -> Path:
        """Where the gradebook is, once something was graded."""
        return self.marks / "gradebook.sqlite"

    @property
    def graded(self) -> tuple[str, ...]:
        """Exercises that the gradebook holds."""
        if not self.book_file.is_file():
            return ()
        with self.book() as book:
            return tuple(book.exercises())

    @contextlib.contextmanager
    def book(self) -> Iterator[Gradebook]:
        """Open the gradebook for reading."""
        with KeptBook(self.book_file, self.kept) as book:
            yield book

    @contextlib.contextmanager
    def entering(self) -> Iterator[Gradebook]:
        """Open the gradebook for what a person enters (`entries`, `settle`), one at a time.

        Every act is one transaction and needs no lock of the folder: a person may mark while a
        grading runs.
        """
        with self._entering, KeptBook(self.book_file, self.kept) as book:
            yield book

    @contextlib.contextmanager
    def writing(self) -> Iterator[Gradebook]:
        """Open the gradebook to write files from it: no command may be at work in the folder.

        Nothing is entered through this, so that whoever marks on meanwhile does not wait.
        """
        with self._writing, alone(self.marks), KeptBook(self.book_file, self.kept) as book:
            yield book

    @property
    def stamp(self) -> object:
        """What changes whenever the marks, the roster or the rules do."""
        return tuple(map(_stamp, (self.book_file, self.roster_file, self.rules_file)))

    def standings(self, slug: str) -> list[Standing]:
        """Give how each student stands, without reading again what has not changed."""
        if not self.book_file.is_file():
            return []
        exercise, people, rules = self.exercise(slug), self.roster(), self.rules()
        with self.book() as book:
            last = book.db.execute("SELECT max(id) FROM act WHERE exercise = ?", (slug,)).fetchone()
            files = tuple(map(_stamp, (self.roster_file, self.rules_file)))
            stamp = (book.version(slug), last, files, exercise.digest)
            return self.kept(
                f"standings {slug}", stamp, lambda: standings(exercise, book, people, rules)
            )

    def read_all(self) -> None:
        """Read what is graded, so that nobody waits for it; a fault is told by its own page."""
        with contextlib.suppress(CourseError, sqlite3.Error, OSError):
            for slug in self.graded:
                with contextlib.suppress(CourseError, sqlite3.Error, OSError):
                    self.standings(slug)

    def kept(self, name: str, stamp: object, read: Callable[[], T]) -> T:
        """Give what was read under this name before, if its stamp is still the same."""
        before = self._kept.get(name)
        if before is None or before[0] != stamp:
            before = (stamp, read())
            self._kept[name] = before
        return cast("T", before[1])

    def command(self) -> Mapping[str, Path]:
        """Give the options that every command on the marks of this course gets."""
        options = {"--exercises": self.exercises_folder, "--out": self.marks}
        if self.roster_file.is_file():
            options |= {"--roster": self.roster_file}
        if self.key_file.is_file():
            options |= {"--key": self.key_file}
        if self.rules_file.is_file():
            options["--course"] = self.rules_file
        return options


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
