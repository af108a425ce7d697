"""Marks in one SQLite file: a transaction a submission, history kept, an audit line for each mark.

What is stored about a student: identifier, name, file name and digest, answers, points, reasons,
figures, prose. ``forget`` erases all of it. Nothing here knows how a mark came about; what people
enter is written and read by :mod:`hardwired.course.entries`.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardwired.course.errors import CourseError
from hardwired.course.schema import APPLICATION, STEPS, VERSION

__all__ = ["Attempt", "Copy", "Gradebook", "MarkRow"]

_WHICH = "exercise = ? AND counts >= ?"  # attempts of an exercise: those that count (1), or all (0)


@dataclass(frozen=True)
class MarkRow:
    """Points of one answer, with the reason told and the answer as it was given (encoded)."""

    question: str
    answer: str
    points: float
    most: float
    rule: str | None
    reason: str
    given: str


@dataclass(frozen=True)
class Attempt:
    """One graded submission."""

    exercise: str
    student: str
    name: str
    file: str
    file_digest: str
    run_key: str
    status: str
    reason: str
    handed_in: str | None = None
    late: bool = False
    audit: Mapping[str, Any] = field(default_factory=dict)
    marks: tuple[MarkRow, ...] = ()
    prose: Mapping[tuple[str, str], str] = field(default_factory=dict)
    figures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    id: int | None = None
    counts: bool = True


@dataclass(frozen=True)
class Copy:
    """One file that a student handed in; of all of them the newest counts."""

    student: str
    file: str
    file_digest: str
    handed_in: str | None
    late: bool
    counts: bool


class Gradebook:
    """A gradebook file; use it as a context manager.

    Raises
    ------
    CourseError
        If the file is no gradebook, or was written by a newer version of this program.
    """

    def __init__(self, path: Path, *, create: bool = True) -> None:
        self.path = path
        if not create and not path.is_file():
            raise CourseError(f"{path}: there is no gradebook; run `hardwired grade` first")
        if create:
            path.touch(mode=0o600)
        try:
            self.db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self.db.execute("PRAGMA foreign_keys = ON")
            self.db.execute("PRAGMA secure_delete = ON")
            self._open()
        except sqlite3.OperationalError as error:
            raise CourseError(
                f"{path}: cannot be opened ({error}); if another program has it open, wait until"
                " that has ended, else look at its rights, then start again"
            ) from None
        except sqlite3.DatabaseError as error:
            raise CourseError(
                f"{path}: cannot be used as a gradebook ({error}); restore it from a backup, or"
                " grade into another folder"
            ) from None

    def _open(self) -> None:
        version = self.db.execute("PRAGMA user_version").fetchone()[0]
        application = self.db.execute("PRAGMA application_id").fetchone()[0]
        tables = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and application != APPLICATION:
            raise CourseError(
                f"{self.path}: is a database, but not a gradebook; choose another folder"
            )
        if version > VERSION:
            raise CourseError(
                f"{self.path}: was written by a newer hardwired"
                f" (version {version}, this one knows {VERSION}); update hardwired"
            )
        if version < VERSION:
            with self.transaction():
                for step in range(version, VERSION):
                    for statement in STEPS[step].split(";\n"):
                        if statement.strip():
                            self.db.execute(statement)
                self.db.execute(f"PRAGMA user_version = {VERSION}")
                self.db.execute(f"PRAGMA application_id = {APPLICATION}")

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self.db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.db.execute("ROLLBACK")
            raise
        self.db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def __enter__(self) -> Gradebook:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    # --- attempts

    def done(self, exercise: str) -> set[tuple[str, str, str]]:
        """Give (student, file digest, run key) of attempts already there; they need no run."""
        rows = self.db.execute(
            "SELECT student, file_digest, run_key FROM attempt WHERE exercise = ?", (exercise,)
        )
        return set(rows.fetchall())

    def add(self, attempt: Attempt) -> int:
        """Write one attempt with all that belongs to it, in one transaction."""
        try:
            with self.transaction():
                return self.add_row(attempt)
        except sqlite3.OperationalError as error:
            raise CourseError(
                f"{self.path}: cannot be written ({error}); make room and start again,"
                " nothing graded so far is lost"
            ) from None

    def add_row(self, a: Attempt) -> int:
        """Write an attempt within the transaction that is open; return its number."""
        cursor = self.db.execute(
            "INSERT INTO attempt (exercise, student, name, file, file_digest, handed_in, late,"
            " run_key, status, reason, audit, counts, written)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
            (
                *(a.exercise, a.student, a.name, a.file, a.file_digest, a.handed_in, int(a.late)),
                *(a.run_key, a.status, a.reason, json.dumps(a.audit, sort_keys=True), time.time()),
            ),
        )
        number = int(cursor.lastrowid or 0)
        self.db.executemany(
            "INSERT INTO mark VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (number, m.question, m.answer, m.points, m.most, m.rule, m.reason, m.given)
                for m in a.marks
            ],
        )
        self.db.executemany(
            "INSERT INTO prose VALUES (?, ?, ?, ?)", [(number, *k, v) for k, v in a.prose.items()]
        )
        self.db.executemany(
            "INSERT INTO figure VALUES (?, ?, ?, ?)",
            [(number, *k, v) for k, v in a.figures.items()],
        )
        return number

    def count(self, exercise: str, wanted: Mapping[str, tuple[str, str]]) -> None:
        """Let, for each student, the attempt with this (file digest, run key) count, no other."""
        with self.transaction():
            for student, (digest, key) in wanted.items():
                self.db.execute(
                    "UPDATE attempt SET counts = 0 WHERE exercise = ? AND student = ?",
                    (exercise, student),
                )
                self.db.execute(
                    "UPDATE attempt SET counts = 1 WHERE id = (SELECT max(id) FROM attempt"
                    " WHERE exercise = ? AND student = ? AND file_digest = ? AND run_key = ?)",
                    (exercise, student, digest, key),
                )

    def keep_copies(self, exercise: str, copies: Iterable[Copy]) -> None:
        """Note every file that was handed in; of one seen before only whether it counts changes."""
        with self.transaction():
            for c in copies:
                self.db.execute(
                    "INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET counts = excluded.counts",
                    (
                        *(exercise, c.student, c.file, c.file_digest, c.handed_in),
                        *(int(c.late), int(c.counts)),
                    ),
                )

    def copies(self, exercise: str) -> list[Copy]:
        """Give every file handed in for an exercise, by student and time."""
        rows = self.db.execute(
            "SELECT student, file, file_digest, handed_in, late, counts FROM copy"
            " WHERE exercise = ? ORDER BY student, handed_in, file",
            (exercise,),
        )
        return [Copy(s, f, d, when, bool(late), bool(n)) for s, f, d, when, late, n in rows]

    def attempts(self, exercise: str, *, counting: bool = True) -> list[Attempt]:
        """Give attempts of an exercise, by student; only those that count, or the whole history."""
        which = (exercise, int(counting))
        rows = self.db.execute(
            "SELECT id, exercise, student, name, file, file_digest, handed_in, late, run_key,"
            f" status, reason, audit, counts FROM attempt WHERE {_WHICH} ORDER BY student, id",
            which,
        ).fetchall()
        marks = self._of_each("question, answer, points, most, rule, reason, given", "mark", which)
        prose = self._of_each("question, answer, text", "prose", which)
        figures = self._figures(which)
        return [
            Attempt(
                exercise=row[1],
                student=row[2],
                name=row[3],
                file=row[4],
                file_digest=row[5],
                run_key=row[8],
                status=row[9],
                reason=row[10],
                handed_in=row[6],
                late=bool(row[7]),
                audit=json.loads(row[11]),
                marks=tuple(MarkRow(*m) for m in marks[row[0]]),
                prose={(q, a): text for q, a, text in prose[row[0]]},
                figures=figures.get(row[0], {}),
                id=row[0],
                counts=bool(row[12]),
            )
            for row in rows
        ]

    def _figures(self, which: tuple[str, int]) -> Mapping[int, Mapping[tuple[str, str], bytes]]:
        """Give the figures of all attempts that are read, by attempt."""
        found = self._of_each("question, answer, png", "figure", which)
        return {n: {(q, a): png for q, a, png in rows} for n, rows in found.items()}

    def _of_each(
        self, columns: str, table: str, which: tuple[str, int]
    ) -> dict[int, list[tuple[Any, ...]]]:
        """Give the rows of a table by attempt: one question to the file for a whole class."""
        found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for number, *rest in self.db.execute(
            f"SELECT attempt, {columns} FROM {table} WHERE attempt IN"
            f" (SELECT id FROM attempt WHERE {_WHICH}) ORDER BY {table}.rowid",
            which,
        ):
            found[number].append(tuple(rest))
        return found

    def version(self, exercise: str) -> tuple[int, ...]:
        """Give what changes whenever the attempts of an exercise do, or which of them count."""
        row = self.db.execute(
            "SELECT count(*), coalesce(max(id), 0), coalesce(sum(id * counts), 0) FROM attempt"
            " WHERE exercise = ?",
            (exercise,),
        ).fetchone()
        return tuple(row)

    def figure(self, attempt: int, answer: str) -> bytes | None:
        """Give one figure of an attempt, if there is one."""
        row = self.db.execute(
            "SELECT png FROM figure WHERE attempt = ? AND answer = ?", (attempt, answer)
        ).fetchone()
        return None if row is None else bytes(row[0])

    def uncounted(self, exercise: str) -> list[str]:
        """Students with attempts of which none counts: the run that made them never ended."""
        rows = self.db.execute(
            "SELECT student FROM attempt WHERE exercise = ? GROUP BY student"
            " HAVING max(counts) = 0 ORDER BY student",
            (exercise,),
        )
        return [row[0] for row in rows]

    def exercises(self) -> list[str]:
        """Exercises that have attempts."""
        return [
            row[0]
            for row in self.db.execute("SELECT DISTINCT exercise FROM attempt ORDER BY exercise")
        ]

    # --- references

    def reference(self, key: str) -> Any:
        """Return a solved variant kept from an earlier run, or None."""
        row = self.db.execute("SELECT value FROM reference WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else None

    def keep_references(self, exercise: str, items: Iterable[tuple[str, Any]]) -> None:
        """Keep solved variants, so that a second run need not solve them again."""
        with self.transaction():
            self.db.executemany(
                "INSERT OR REPLACE INTO reference VALUES (?, ?, ?)",
                [(key, exercise, json.dumps(value)) for key, value in items],
            )

    # --- what the folder remembers

    def setting(self, name: str) -> str:
        """Return what an earlier command kept under this name, or an empty text."""
        row = self.db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def remember(self, settings: Mapping[str, str]) -> None:
        """Keep such values, as the roster's place, for the commands that come after."""
        with self.transaction():
            self.db.executemany("INSERT OR REPLACE INTO setting VALUES (?, ?)", settings.items())

    def forget(self, student: str) -> int:
        """Erase all that is stored about a student; returns the number of attempts erased."""
        with self.transaction():
            number = self.db.execute(
                "SELECT count(*) FROM attempt WHERE student = ?", (student,)
            ).fetchone()[0]
            self.db.execute("DELETE FROM attempt WHERE student = ?", (student,))
            self.db.execute("DELETE FROM entry WHERE student = ?", (student,))
            self.db.execute("DELETE FROM copy WHERE student = ?", (student,))
            self.db.execute("DELETE FROM paper WHERE student = ?", (student,))
            self.db.execute("DELETE FROM reference")
        self.db.execute("VACUUM")
        return int(number)
