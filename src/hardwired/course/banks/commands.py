"""``hardwired quiz export``: question banks for course systems.

Exit codes: 0 done, 1 something needs a person, 2 wrong usage. Errors are one line on standard
error.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from hardwired.course.errors import CourseError

__all__ = ["add_commands"]

FORMATS = ("moodle", "qti12", "qti21", "gift", "csv")
CODES = "Exit codes: 0 done, 1 something needs a person, 2 wrong usage."
TEXT = "write the quizzes, keys and feedback included, as a file for a course system"


def add_commands(subparsers: argparse._SubParsersAction) -> None:
    """Add ``quiz`` with its one command ``export``."""
    quiz = subparsers.add_parser("quiz", help="question banks for course systems", epilog=CODES)
    commands = quiz.add_subparsers(title="commands", metavar="COMMAND", required=True)
    parser = commands.add_parser("export", help=TEXT, description=TEXT, epilog=CODES)
    parser.add_argument("--format", choices=FORMATS, required=True, help="what the system reads")
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
        help="folder of exercises, the book's or your own (default: exercises)",
    )
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help="the file, written whole or not"
    )
    parser.set_defaults(run=_run)


def _run(arguments: argparse.Namespace) -> int:
    from hardwired.course import banks

    try:
        quizzes = banks.collect(arguments.exercises, arguments.chapter)
        banks.write(quizzes, arguments.format, arguments.out)
    except CourseError as error:
        said = str(error)
    except OSError as error:
        said = f"{error.filename or 'a file'}: {error.strerror or error}; mend that and try again"
    else:
        items = sum(len(quiz.items) for quiz in quizzes)
        print(f"{items} questions of {len(quizzes)} chapters in {arguments.out}")
        return 0
    print(f"hardwired: {' '.join(said.split())}", file=sys.stderr)
    return 1
