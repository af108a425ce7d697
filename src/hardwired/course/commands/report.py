"""``hardwired report``: pages for students and class, or a student forgotten."""

from __future__ import annotations

import argparse

from hardwired.course.commands import common
from hardwired.course.errors import CourseError

__all__ = ["add"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    parser = common.parser(
        subparsers,
        "report",
        _run,
        "write a page a student and a page for the class; or forget a student",
        optional=True,
        private=True,
    )
    common.graded_folder(parser)
    parser.add_argument(
        "--show-expected",
        action="store_true",
        help="put the expected values into the students' pages",
    )
    parser.add_argument(
        "--forget",
        metavar="STUDENT",
        help="erase everything about this student from the gradebook and the folder",
    )


def _run(arguments: argparse.Namespace) -> int:
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone
    from hardwired.course.report import report

    if arguments.forget:
        return _forget(arguments)
    if not arguments.exercise:
        return common.wrong_usage("hardwired report: name an exercise, or give --forget STUDENT")
    common.recall(arguments)
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        files = report(
            common.read(arguments),
            book,
            arguments.out / "reports",
            common.roster_of(arguments),
            common.policy_of(arguments),
            show_expected=arguments.show_expected,
        )
    print(f"{len(files)} pages in {arguments.out / 'reports'}")
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    from hardwired.course.forget import forget
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone

    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        gone = forget(arguments.forget, book, arguments.out)
    if not gone:
        raise CourseError(f"{book.path}: knows no student {arguments.forget!r}; nothing was erased")
    print(
        f"erased {arguments.forget}: {gone} entries and files;"
        " backups and what you exported are yours to erase"
    )
    return 0
