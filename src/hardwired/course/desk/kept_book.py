"""The gradebook as the desk reads it: an attempt once, a figure only when somebody looks at it.

What a person enters changes no attempt, so that pages after a mark need not read a class again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from hardwired.course.gradebook import Attempt, Gradebook

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
        read = super().attempts
        return list(
            self._keep(f"attempts {exercise}", self.version(exercise), lambda: read(exercise))
        )

    def _figures(self, which: tuple[str, int]) -> Mapping[int, Mapping[Key, bytes]]:
        found = self._of_each("question, answer", "figure", which)
        return {n: Figures(self.path, n, tuple((q, a) for q, a in k)) for n, k in found.items()}
