"""The gradebook as the desk reads it: an attempt once, a figure only when somebody looks at it.

What a person enters changes no attempt, so that pages after a mark need not read a class again.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

from hardwired.course.gradebook import Attempt, Gradebook, MarkRow

__all__ = ["Figures", "KeptBook"]

Key: TypeAlias = tuple[str, str]
Keep: TypeAlias = Callable[[str, object, Callable[[], list[Attempt]]], list[Attempt]]


class Figures(Mapping[Key, bytes]):
    """Figures of one attempt, by question and answer, read when they are asked for."""

    def __init__(self, path: Path, attempt: int, keys: tuple[Key, ...]) -> None:
        self.path, self.attempt, self._keys = path, attempt, keys

    def __getitem__(self, key: Key) -> bytes:
        if key not in self._keys:
            raise KeyError(key)
        book = sqlite3.connect(self.path, timeout=30)
        try:
            row = book.execute(
                "SELECT png FROM figure WHERE attempt = ? AND question = ? AND answer = ?",
                (self.attempt, *key),
            ).fetchone()
        finally:
            book.close()
        if row is None:
            raise KeyError(key)
        return bytes(row[0])

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


class KeptBook(Gradebook):
    """A gradebook whose attempts that count are kept until there are others.

    Parameters
    ----------
    path : Path
        The file; it must be there.
    keep : callable
        As `Course.kept`: gives what was read under a name before, if its stamp is still the same.
    """

    def __init__(self, path: Path, keep: Keep) -> None:
        super().__init__(path, create=False)
        self._keep = keep

    def attempts(self, exercise: str, *, counting: bool = True) -> list[Attempt]:
        """Give attempts of an exercise, by student; as `Gradebook.attempts` does."""
        if not counting:
            return super().attempts(exercise, counting=False)
        return list(
            self._keep(
                f"attempts {exercise}", self.version(exercise), lambda: self._class(exercise)
            )
        )

    def _class(self, exercise: str) -> list[Attempt]:
        """Read all that count by four questions to the file, however many there are."""
        rows = self.db.execute(
            "SELECT id, exercise, student, name, file, file_digest, handed_in, late, run_key,"
            " status, reason, audit FROM attempt"
            " WHERE exercise = ? AND counts = 1 ORDER BY student, id",
            (exercise,),
        ).fetchall()

        def of_each(columns: str, table: str) -> dict[int, list[tuple[Any, ...]]]:
            found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
            for number, *rest in self.db.execute(
                f"SELECT attempt, {columns} FROM {table} WHERE attempt IN"
                " (SELECT id FROM attempt WHERE exercise = ? AND counts = 1)"
                f" ORDER BY {table}.rowid",
                (exercise,),
            ):
                found[number].append(tuple(rest))
            return found

        marks = of_each("question, answer, points, most, rule, reason, given", "mark")
        prose = of_each("question, answer, text", "prose")
        figures = of_each("question, answer", "figure")
        return [
            Attempt(
                id=row[0],
                exercise=row[1],
                student=row[2],
                name=row[3],
                file=row[4],
                file_digest=row[5],
                handed_in=row[6],
                late=bool(row[7]),
                run_key=row[8],
                status=row[9],
                reason=row[10],
                audit=json.loads(row[11]),
                marks=tuple(MarkRow(*m) for m in marks[row[0]]),
                prose={(q, name): text for q, name, text in prose[row[0]]},
                figures=Figures(self.path, row[0], tuple((q, n) for q, n in figures[row[0]])),
            )
            for row in rows
        ]
