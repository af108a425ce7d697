"""``hardwired grade``: run and mark what was handed in, or read a marking sheet back."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from hardwired.course.commands import common, validate

__all__ = ["add"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    parser = common.parser(
        subparsers,
        "grade",
        _run,
        "run what was handed in, in a sandbox, and mark it; or read a marking sheet back",
        optional=False,
        private=True,
    )
    parser.add_argument(
        "submissions",
        nargs="?",
        type=Path,
        metavar="SUBMISSIONS",
        help="folder or zip as Canvas or Moodle hands it out, or student_id/...ipynb",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="where gradebook.sqlite, marks.csv and marking sheets are",
    )
    parser.add_argument(
        "--merge", type=Path, metavar="SHEET", help="read this marking sheet into the gradebook"
    )
    parser.add_argument(
        "--marker",
        default="marker",
        metavar="NAME",
        help="who filled the sheet in, where it does not say",
    )
    parser.add_argument(
        "--validate", action="store_true", help="check the exercise itself: one line a question"
    )
    parser.add_argument(
        "--course",
        type=Path,
        metavar="course.yml",
        help="due dates, extensions, late rule, weights, dropped questions",
    )
    parser.add_argument(
        "--public",
        action="store_true",
        help="with a roster, but released without one: data follow from the identifier",
    )
    parser.add_argument(
        "--skip-unknown",
        action="store_true",
        help="leave out files of students who are not on the roster",
    )
    parser.add_argument(
        "--jobs",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="submissions at a time (default: the cores)",
    )
    parser.add_argument(
        "--cluster", metavar="ADDRESS", help="a Dask scheduler, for example tcp://10.0.0.5:8786"
    )
    common.engine_options(parser)


def _run(arguments: argparse.Namespace) -> int:
    if arguments.validate:
        return validate.findings(arguments, common.read(arguments), None)
    if arguments.out is None or (arguments.submissions is None) == (arguments.merge is None):
        return common.wrong_usage("hardwired grade: give SUBMISSIONS or --merge, and --out")
    return _merge(arguments) if arguments.merge else _grade(arguments)


def _grade(arguments: argparse.Namespace) -> int:
    from hardwired.course import session, variants

    exercise, rules = common.read(arguments), common.policy_of(arguments)
    roster = common.roster_of(arguments)
    secret = roster and exercise.draw and not arguments.public
    done = session.grade(
        exercise,
        arguments.submissions,
        arguments.out,
        common.limits_of(arguments),
        wanted=arguments.engine,
        roster=roster,
        key=variants.read_key(common.key_path(arguments)) if secret else None,
        rules=rules,
        jobs=max(1, arguments.jobs),
        cluster=arguments.cluster,
        skip_unknown=arguments.skip_unknown,
        progress=sys.stderr,
    )
    summary = done.summary
    for line in summary.attention:
        common.say(f"for a person: {line}")
    rate = 60 * summary.graded / max(summary.seconds, 1e-9)
    print(
        f"{summary.graded} graded in {summary.seconds:.1f} s ({rate:.0f} a minute),"
        f" {summary.already} were graded before"
    )
    if summary.graded and done.changed:
        print(
            f"{len(done.changed)} marks differ from those before; the report's class page has them"
        )
    print(f"{len(done.rows)} rows in {arguments.out / 'marks.csv'}")
    print(f"{len(done.sheets)} marking sheets in {arguments.out / 'marking'}")
    return int(bool(summary.attention))


def _merge(arguments: argparse.Namespace) -> int:
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone
    from hardwired.course.marking import agreement, merge
    from hardwired.course.standing import write_standings

    exercise, rules = common.read(arguments), common.policy_of(arguments)
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        number = merge(exercise, book, arguments.merge, arguments.marker)
        rows = write_standings(arguments.out, exercise, book, common.roster_of(arguments), rules)
        pairs = agreement(book.manual(exercise.slug))
    print(
        f"{number} points read from {arguments.merge};"
        f" {sum(bool(s.waiting) for s in rows)} students still wait"
    )
    for pair in pairs:
        kappa = "" if pair.kappa is None else f", weighted kappa {pair.kappa:.2f}"
        print(
            f"{pair.markers[0]} and {pair.markers[1]}: {pair.criteria} criteria,"
            f" {pair.equal:.0%} equal{kappa}"
        )
    return 0
