"""``hardwired grade``: run and mark what was handed in, or read a marking sheet back."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from hardwired.course.commands import common, settle, validate

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
        "--history",
        action="store_true",
        help="list what people have entered: number, who, when, why",
    )
    parser.add_argument(
        "--undo",
        type=int,
        metavar="N",
        help="take the entry of this number back; what it says does not hold any more",
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
        help="say nothing of files of students who are not on the roster; they are left out anyway",
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
    wanted = (arguments.submissions, arguments.merge, arguments.undo, arguments.history or None)
    if arguments.out is None or sum(given is not None for given in wanted) != 1:
        return common.wrong_usage(
            "hardwired grade: give one of SUBMISSIONS, --merge, --history and --undo; and --out"
        )
    common.recall(arguments)
    if arguments.history:
        return settle.show_history(arguments)
    if arguments.undo is not None:
        return settle.take_back(arguments, arguments.undo, who=arguments.marker)
    return _merge(arguments) if arguments.merge else _grade(arguments)


def _grade(arguments: argparse.Namespace) -> int:
    from hardwired.course import session, variants
    from hardwired.course.gradebook import Gradebook

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
    with Gradebook(arguments.out / "gradebook.sqlite") as book:
        common.remember(arguments, book)
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
    print(f"{len(done.rows)} rows in {arguments.out / f'marks-{exercise.slug}.csv'}")
    print(f"{len(done.sheets)} marking sheets in {arguments.out / 'marking'}")
    for sheet in done.kept:
        print(f"{sheet} was filled in and is left as it is; what is new stands in one beside it")
    if summary.attention:
        print(f"settle what waits: hardwired settle {exercise.slug} --out {arguments.out}")
    return int(bool(summary.attention))


def _merge(arguments: argparse.Namespace) -> int:
    from hardwired.course.entries import criteria
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone
    from hardwired.course.marking import agreement
    from hardwired.course.marks_file import write_standings
    from hardwired.course.merging import merge

    exercise, rules = common.read(arguments), common.policy_of(arguments)
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        done = merge(exercise, book, arguments.merge, arguments.marker)
        rows = write_standings(arguments.out, exercise, book, common.roster_of(arguments), rules)
        pairs = agreement(criteria(book, exercise.slug))
        common.remember(arguments, book)
    for problem in done.problems:
        common.say(f"for a person: {problem}")
    print(
        f"{done.points} points read from {arguments.merge};"
        f" {sum(bool(s.waiting) for s in rows)} students still wait"
    )
    if done.changed:
        print(f"{done.changed} of them correct what the same marker had given before")
    if done.acts:
        numbers = " and ".join(map(str, done.acts))
        print(f"entered as {numbers}; --undo {done.acts[0]} takes it back")
    for pair in pairs:
        kappa = "" if pair.kappa is None else f", weighted kappa {pair.kappa:.2f}"
        print(
            f"{pair.markers[0]} and {pair.markers[1]}: {pair.criteria} criteria,"
            f" {pair.equal:.0%} equal{kappa}"
        )
    return int(bool(done.problems))
