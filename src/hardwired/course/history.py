"""What a regrade changed: each mark that counts beside the one that the same file had before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hardwired.course.gradebook import Attempt

__all__ = ["Change", "changes"]


@dataclass(frozen=True)
class Change:
    """Points of one answer before and after; None where there was no mark."""

    student: str
    answer: str
    before: float | None
    after: float | None


def changes(history: Iterable[Attempt]) -> list[Change]:
    """Compare the attempts that count with the last ones before them of the same file.

    Parameters
    ----------
    history : iterable of Attempt
        All attempts at one exercise, oldest first (``Gradebook.attempts(..., counting=False)``).
    """
    history = list(history)
    out: list[Change] = []
    for now in history:
        if not now.counts:
            continue
        earlier = [
            a
            for a in history
            if (a.student, a.file_digest) == (now.student, now.file_digest)
            and (a.id or 0) < (now.id or 0)
        ]
        if not earlier:
            continue
        before = {m.answer: m.points for m in earlier[-1].marks}
        after = {m.answer: m.points for m in now.marks}
        out += [
            Change(now.student, name, before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
    return out
