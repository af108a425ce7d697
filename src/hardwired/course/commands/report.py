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
        "--back",
        action="store_true",
        help="also pack the pages under the file names of the download, to hand them back",
    )
    parser.add_argument(
        "--forget",
        metavar="STUDENT",
        help="erase everything about this student (identifier or name) from gradebook and folder",
    )


def _run(arguments: argparse.Namespace) -> int:
    from hardwired.course.desk.feedback import packed
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone
    from hardwired.course.report import report
    from hardwired.course.standing import standings
    from hardwired.house.files import write_atomic

    if arguments.forget:
        return _forget(arguments)
    if not arguments.exercise:
        return common.wrong_usage("hardwired report: name an exercise, or give --forget STUDENT")
    common.recall(arguments)
    exercise, reports = common.read(arguments), arguments.out / "reports"
    people, rules = common.roster_of(arguments), common.policy_of(arguments)
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        show = arguments.show_expected
        files = report(exercise, book, reports, people, rules, show_expected=show)
        rows = standings(exercise, book, people, rules)
    print(f"{len(files)} pages in {reports}")
    if arguments.back:
        path = arguments.out / "export" / f"{exercise.slug}-feedback.zip"
        write_atomic(path, packed(rows, exercise.slug, reports / "students", waiting=False))
        print(f"{path}: the pages of {sum(s.final for s in rows)} students whose marks are final")
    return 0


def _forget(arguments: argparse.Namespace) -> int:
    from hardwired.course.forget import forget, whose
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone

    common.recall(arguments)
    people = common.roster_of(arguments)
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        student = whose(arguments.forget, book, people)
        done = forget(student, book, arguments.out, people)
    if not done.gone:
        raise CourseError(f"{book.path}: knows no student {arguments.forget!r}; nothing was erased")
    print(
        f"erased {student}: {done.gone} entries and files; not touched: backups, what you handed"
        " out, and what the course system holds"
    )
    for line in done.left:
        common.say(f"for a person: {line}")
    return int(bool(done.left))
