"""Faults found in the evidence files, each with file, line and mend.

What reads the files lives in the modules beside this one; here is only how a fault is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One fault: where it is, what it is, and how to mend it.

    Parameters
    ----------
    file
        Path as the reader knows it (relative to the repository where possible).
    line
        Line, counted from 1; 0 when the whole file is meant.
    what
        What is wrong, without a full stop.
    mend
        What to do about it, without a full stop.
    """

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.mend}."


class EvidenceError(Exception):
    """The evidence files cannot be used as they are.

    Parameters
    ----------
    problems
        The faults, at least one; the message shows the first and counts the others.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        more = len(self.problems) - 1
        tail = f" ({more} more: run `hardwired check`)" if more else ""
        super().__init__(f"{self.problems[0]}{tail}")


def raise_if_any(problems: Sequence[Problem]) -> None:
    """Raise :class:`EvidenceError` when there is any problem.

    Raises
    ------
    EvidenceError
        With all of `problems`.
    """
    if problems:
        raise EvidenceError(problems)
