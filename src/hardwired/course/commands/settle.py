"""``hardwired settle``: list what waits for a person, and settle it, each time with a reason."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from hardwired.course.commands import common

if TYPE_CHECKING:
    from hardwired.course.gradebook import Gradebook

__all__ = ["add", "show_history", "take_back"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    parser = common.parser(
        subparsers,
        "settle",
        _run,
        "list what waits for a person; or settle a case by hand, with a reason",
        optional=False,
        private=True,
    )
    common.graded_folder(parser)
    parser.add_argument(
        "--student", metavar="ID", help="whose case (identifier, name, or the number of a paper)"
    )
    parser.add_argument(
        "--question", default="", metavar="NAME", help="question or answer; else the whole exercise"
    )
    parser.add_argument(
        "--all",
        metavar="WORDS",
        help="with --accept: every file that waits for a reason with these words",
    )
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--points", type=float, metavar="N", help="give this mark")
    ways.add_argument("--add", type=float, metavar="N", help="add points (or take, if negative)")
    ways.add_argument("--accept", action="store_true", help="run the file that waits as it is")
    ways.add_argument("--choose", metavar="FILE", help="let another file of the student count")
    ways.add_argument("--excuse", action="store_true", help="let it not count for the student")
    ways.add_argument("--undo", type=int, metavar="N", help="take the entry of this number back")
    ways.add_argument(
        "--late", action="store_true", help="show who is late and what the rule would take"
    )
    ways.add_argument("--history", action="store_true", help="list what people have entered")
    parser.add_argument("--why", default="", metavar="TEXT", help="the reason; it is shown")
    parser.add_argument("--who", metavar="NAME", help="who settles it (default: your login)")


def _run(arguments: argparse.Namespace) -> int:
    common.recall(arguments)
    if arguments.history:
        return show_history(arguments, arguments.student)
    who = arguments.who or common.user()
    if arguments.undo is not None:
        return take_back(arguments, arguments.undo, who=who)
    acts = ("accept", "excuse")
    given = [getattr(arguments, name) is not None for name in ("points", "add", "choose")]
    if arguments.late:
        return _late(arguments)
    if not any(given) and not any(getattr(arguments, name) for name in acts):
        return _queue(arguments)
    if bool(arguments.all) and not arguments.accept:
        return common.wrong_usage("hardwired settle: --all goes with --accept")
    if not arguments.student and not arguments.all:
        return common.wrong_usage("hardwired settle: say whose case it is with --student")
    return _settle(arguments, who)


def _settle(arguments: argparse.Namespace, who: str) -> int:
    from hardwired.course import settle
    from hardwired.course.entries import history
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone
    from hardwired.course.marks_file import write_standings
    from hardwired.course.standing import standings

    exercise, rules = common.read(arguments), common.policy_of(arguments)
    roster, why, part = common.roster_of(arguments), arguments.why, arguments.question
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        rows = standings(exercise, book, roster, rules)
        name = "" if arguments.all else _whose(arguments.student, book, exercise.slug)
        name = name and settle.find(rows, name).student
        if arguments.all:
            number, those = settle.accept_all(book, exercise, rows, arguments.all, who=who, why=why)
            name = ", ".join(those)
        elif arguments.points is not None:
            number = settle.mark(
                book, exercise, name, arguments.points, answer=part, who=who, why=why
            )
        elif arguments.add is not None:
            number = settle.adjust(book, exercise, name, arguments.add, who=who, why=why)
        elif arguments.choose is not None:
            number = settle.choose(book, exercise, name, arguments.choose, who=who, why=why)
        elif arguments.accept:
            number = settle.accept(book, exercise, name, who=who, why=why)
        else:
            number = settle.excuse(book, exercise, name, answer=part, who=who, why=why)
        rows = write_standings(arguments.out, exercise, book, roster, rules)
        (act,) = [a for a in history(book, exercise.slug) if a.id == number]
    print(f"{number}: {name}: {settle.words(act)}")
    if act.kind in ("accept", "choose"):
        print("grade the same submissions again, and it is run")
    return common.still_waiting([s.student for s in rows if not s.final])


def _late(arguments: argparse.Namespace) -> int:
    """Show what the rule would take, before it is applied; nothing is written."""
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.standing import standings

    exercise, roster = common.read(arguments), common.roster_of(arguments)
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        rows = standings(exercise, book, roster, common.policy_of(arguments))
    late = [s for s in rows if s.attempt and (s.days_late or s.attempt.late)]
    for s in late:
        at = s.attempt.handed_in if s.attempt else None
        said = f"handed in {at or 'late by the word of Canvas, at no time that is known'}"
        points = ""
        if s.raw is not None and s.days_late:
            points = f": {s.raw:g} of {s.most:g} points would be {s.raw * s.kept:g}"
        waits = "" if s.final else ", and a part waits"
        days = f"{s.days_late} day{'' if s.days_late == 1 else 's'}"
        print(f"{s.student} ({s.name}): {said}, {days} late{points}{waits}")
    print(f"{len(late)} late; the rule holds where `--course` is given, and is taken back without")
    return 0


def _queue(arguments: argparse.Namespace) -> int:
    from hardwired.course import settle
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.numbering import papers
    from hardwired.course.standing import standings

    exercise, rules = common.read(arguments), common.policy_of(arguments)
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        rows = standings(exercise, book, common.roster_of(arguments), rules)
        cases = settle.queue(book, exercise, rows)
        numbers = papers(book, exercise.slug)
    for case in cases:
        what = f" {case.question} {case.answer}" if case.answer else ""
        if paper := numbers.of.get((case.student, case.file_digest)) if case.answer else None:
            what += f", paper {paper.number}"
        ways = ", ".join(case.ways)
        print(f"{case.student} ({case.name}){what}: {case.file}: {case.reason} [{ways}]")
    print(f"{len(cases)} cases wait, of {len({c.student for c in cases})} students")
    return int(bool(cases))


def _whose(told: str, book: Gradebook, slug: str) -> str:
    """Give the student whose paper has this number; else what was told, which may be a name."""
    from hardwired.course.numbering import papers, typed

    number = typed(told)
    student = None if number is None else papers(book, slug).student(number)
    known = {a.student for a in book.attempts(slug)}
    return told if student is None or told in known else student


def show_history(arguments: argparse.Namespace, student: str | None = None) -> int:
    """Print a line for each entry, those taken back among them."""
    from hardwired.course import settle
    from hardwired.course.entries import history
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.numbering import papers

    exercise = common.read(arguments)
    with Gradebook(arguments.out / "gradebook.sqlite", create=False) as book:
        acts = history(book, exercise.slug, student and _whose(student, book, exercise.slug))
        of = {who: p.number for (who, _), p in papers(book, exercise.slug).of.items()}
    for act in acts:
        names = [
            f"{who} (paper {of[who]})" if who in of and act.kind == "criteria" else who
            for who in dict.fromkeys(e.student for e in act.entries)
        ]
        whose = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        state = "" if act.holds else " [taken back]"
        print(f"{act.id}: {f'{whose}: ' if whose else ''}{settle.words(act)}{state}")
    print(f"{len(acts)} entries")
    return 0


def take_back(arguments: argparse.Namespace, number: int, *, who: str) -> int:
    """Take an entry back, and write the marks anew."""
    from hardwired.course import settle
    from hardwired.course.entries import undo
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.lock import alone
    from hardwired.course.marks_file import write_standings

    exercise, rules = common.read(arguments), common.policy_of(arguments)
    path = arguments.out / "gradebook.sqlite"
    with alone(arguments.out), Gradebook(path, create=False) as book:
        act = undo(book, exercise.slug, number, who=who, why=getattr(arguments, "why", ""))
        write_standings(arguments.out, exercise, book, common.roster_of(arguments), rules)
    print(f"taken back: {number}: {settle.words(act)}")
    if act.kind in ("accept", "choose"):
        print("grade the same submissions again, and it is as before")
    return 0
