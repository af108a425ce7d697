"""``hardwired quiz export``: question banks for course systems.

Exit codes: 0 done, 1 something needs a person, 2 wrong usage. Errors are one line on standard
error.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from hardwired.course import banks
from hardwired.course.commands.common import CODES, EXERCISES, Subparsers, guarded, say

__all__ = ["add_commands"]

TEXT = "write the quizzes, keys and feedback included, as a file for a course system"


def add_commands(subparsers: Subparsers) -> None:
    """Add ``quiz`` with its one command ``export``."""
    quiz = subparsers.add_parser("quiz", help="question banks for course systems", epilog=CODES)
    commands = quiz.add_subparsers(title="commands", metavar="COMMAND", required=True)
    parser = commands.add_parser("export", help=TEXT, description=TEXT, epilog=CODES)
    parser.add_argument(
        "--format", choices=banks.FORMATS, required=True, help="what the system reads"
    )
    parser.add_argument(
        "--chapter",
        action="append",
        default=[],
        metavar="NN-slug",
        help="a chapter; may be given again (default: every chapter with a quiz)",
    )
    parser.add_argument(
        "--exercises",
        type=Path,
        default=Path("exercises"),
        metavar="DIR",
        help=EXERCISES,
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the file, written whole or not"
    )
    parser.set_defaults(run=lambda arguments: guarded(_run, arguments))


def _run(arguments: argparse.Namespace) -> int:
    quizzes = banks.collect(arguments.exercises, arguments.chapter)
    banks.write(quizzes, arguments.format, arguments.out)
    items = sum(len(quiz.items) for quiz in quizzes)
    tiny = banks.too_small_for_canvas(quizzes) if arguments.format == "qti12" else []
    for place in tiny:
        say(f"for a person: {place}: Canvas takes a number under 0.0001 for 0; use another unit")
    print(f"{items} questions of {len(quizzes)} chapters in {arguments.out}")
    return int(bool(tiny))
