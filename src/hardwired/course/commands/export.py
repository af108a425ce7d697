"""``hardwired export``: marks as files for course systems."""

from __future__ import annotations

import argparse

from hardwired.course.commands import common
from hardwired.course.errors import CourseError
from hardwired.course.export import FORMATS

__all__ = ["add"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    parser = common.parser(
        subparsers,
        "export",
        _run,
        "write marks as a file that a course system imports; csv without an exercise: the course",
        optional=True,
        private=True,
    )
    parser.add_argument("--format", choices=FORMATS, required=True, help="the course system")
    parser.add_argument(
        "--column",
        default="",
        metavar="NAME",
        help="the roster's column that takes the marks (default: the exercise's title)",
    )
    common.graded_folder(parser, "; files go to DIR/export")


def _run(arguments: argparse.Namespace) -> int:
    from hardwired.course.export import export, new_assignment
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.roster import BLIND
    from hardwired.course.standing import standings

    common.recall(arguments)
    if not arguments.exercise:
        return _totals(arguments)
    exercise, roster = common.read(arguments), common.roster_of(arguments, blind=True)
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        people = common.roster_kept(book) if roster and roster.kind == BLIND else roster
        rows = standings(exercise, book, people, common.policy_of(arguments))
    place, column = arguments.out / "export", arguments.column
    files = export(arguments.format, exercise, rows, place, roster, column=column)
    if arguments.format == "canvas" and (there := new_assignment(exercise, roster, column)):
        common.say(
            f"no column of {arguments.roster} is called {exercise.title!r}, so that Canvas makes a"
            f" new assignment; or name one with --column: {there}"
        )
    for file in files[:3]:
        print(file)
    if len(files) > 3:
        print(f"... {len(files)} files in all")
    return common.still_waiting([s.student for s in rows if not s.final])


def _totals(arguments: argparse.Namespace) -> int:
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.totals import totals, write_totals

    if arguments.format != "csv":
        return common.wrong_usage("hardwired export: name an exercise; only csv is for a course")
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        exercises = [common.read(arguments, slug) for slug in book.exercises()]
        if not exercises:
            raise CourseError(f"{book.path}: holds no submission; run `hardwired grade` first")
        rows = totals(exercises, book, common.roster_of(arguments), common.policy_of(arguments))
    path = arguments.out / "export" / "course.csv"
    write_totals(path, exercises, rows)
    print(path)
    return common.still_waiting([t.student for t in rows if t.share is None])
