"""``hardwired release``, ``grade``, ``settle``, ``report``...: a face over this room.

A file a command: its options, a call of the library, and what is printed. No rule lives here.
Exit codes: 0 done, 1 something needs a person, 2 wrong usage. Errors are one line on standard
error.
"""

from __future__ import annotations

from hardwired.course.commands import desk, export, grade, release, report, settle, validate
from hardwired.course.commands.common import Subparsers

__all__ = ["add_commands"]


def add_commands(subparsers: Subparsers) -> None:
    """Add the commands; the parsed arguments carry ``run``, which returns the exit code."""
    for command in (release, grade, settle, report, export, validate, desk):
        command.add(subparsers)
