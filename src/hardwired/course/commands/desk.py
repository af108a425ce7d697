"""``hardwired desk``: the instructor's page, for everything the other commands do."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from hardwired.course.commands import common
from hardwired.course.errors import CourseError

__all__ = ["add"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    text = "open a page in the browser for the whole week of a course, on this machine only"
    made = subparsers.add_parser("desk", help=text, description=text, epilog=common.CODES)
    made.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=Path("."),
        metavar="DIR",
        help="the folder of the course; a new one is made by three questions (default: this one)",
    )
    made.add_argument(
        "--exercises",
        type=Path,
        metavar="DIR",
        help=f"{common.EXERCISES}; a course remembers it",
    )
    made.add_argument(
        "--port", type=int, default=0, metavar="N", help="where it answers (default: any free)"
    )
    made.add_argument("--no-browser", action="store_true", help="only print the address")
    made.set_defaults(run=lambda arguments: common.guarded(_run, arguments, private=True))


def _run(arguments: argparse.Namespace) -> int:
    try:
        from hardwired.course.desk import server
        from hardwired.course.desk.course_folder import Course
    except ModuleNotFoundError as error:
        raise CourseError(
            f"the desk needs {error.name}, which is not here;"
            ' install it with `python -m pip install ".[desk]"`'
        ) from None
    if arguments.folder.exists() and not arguments.folder.is_dir():
        raise CourseError(f"{arguments.folder}: is no folder; give one, or the name of a new one")
    course = Course(arguments.folder, arguments.exercises or Path("exercises"))
    if arguments.exercises is not None and not course.is_new:
        course.change(replace(course.settings, exercises=str(course.default_exercises)))
    server.run(course, arguments.port, browser=not arguments.no_browser)
    return 0
