"""What several commands share: options, and how an error becomes one line."""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from hardwired.course.border.text import line
from hardwired.course.engines.base import Limits
from hardwired.course.engines.probe import NAMES
from hardwired.course.errors import CourseError

if TYPE_CHECKING:
    from hardwired.course.authoring.exercise import Exercise
    from hardwired.course.gradebook import Gradebook
    from hardwired.course.policy import Policy
    from hardwired.course.roster import Roster

    Subparsers: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
else:
    Subparsers = argparse._SubParsersAction

__all__ = [
    "CODES",
    "EXERCISES",
    "Subparsers",
    "chosen",
    "engine_options",
    "guarded",
    "key_path",
    "limits_of",
    "parser",
    "policy_of",
    "read",
    "recall",
    "remember",
    "roster_kept",
    "roster_of",
    "say",
    "still_waiting",
    "user",
    "wrong_usage",
]

Run = Callable[[argparse.Namespace], int]
CODES = "Exit codes: 0 done, 1 something needs a person, 2 wrong usage."
NAMED = 40  # of those who wait, in one line
KEPT = ("roster", "course", "key")  # by a folder that was graded into, for what comes after
EXERCISES = "folder of exercises, the book's or your own (default: exercises)"


def parser(
    subparsers: Subparsers,
    name: str,
    run: Run,
    text: str,
    *,
    optional: bool,
    people: bool = True,
    private: bool = False,
) -> argparse.ArgumentParser:
    """Add a command.

    Parameters
    ----------
    name, text
        What it is called and does.
    run
        Takes the parsed arguments, returns the exit code; its errors become one line.
    optional
        Whether the exercise may be left out.
    people
        Whether it takes a roster and the key of the students' data.
    private
        Whether what it writes is for nobody else on this machine: marks, answers, names.
    """
    made = subparsers.add_parser(name, help=text, description=text, epilog=CODES)
    made.add_argument(
        "exercise", nargs="?" if optional else None, metavar="NN-slug", help="the exercise's folder"
    )
    made.add_argument(
        "--exercises", type=Path, default=Path("exercises"), metavar="DIR", help=EXERCISES
    )
    if people:
        made.add_argument(
            "--roster",
            type=Path,
            metavar="FILE",
            help="Canvas gradebook, Moodle participants or grading worksheet,"
            " or a CSV with student_id",
        )
        made.add_argument(
            "--key",
            type=Path,
            metavar="FILE",
            help="key of the students' data, yours alone (default: the roster's name with .key)",
        )
    made.set_defaults(run=lambda arguments: guarded(run, arguments, private=private))
    return made


def guarded(run: Run, arguments: argparse.Namespace, *, private: bool = False) -> int:
    """Run a command; what goes wrong is one line on standard error and exit code 1."""
    try:
        with _for_oneself() if private else contextlib.nullcontext():
            return run(arguments)
    except CourseError as error:
        said = str(error)
    except sqlite3.Error as error:
        said = (
            f"the gradebook could not be written ({error}); make room and start again,"
            " what was graded is kept"
        )
    except OSError as error:
        said = f"{error.filename or 'a file'}: {error.strerror or error}; mend that and try again"
    except KeyboardInterrupt:
        said = "stopped; start again to go on where it was"
    say(f"hardwired: {' '.join(said.split())}")
    return 1


@contextlib.contextmanager
def _for_oneself() -> Iterator[None]:
    """Let files made meanwhile be their owner's alone."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def say(text: str) -> None:
    """Print a line on standard error; what a terminal would obey is shown by its number."""
    print(line(text, 2000), file=sys.stderr)


def say_unused(engines: Iterable[str]) -> None:
    """Name each engine that was tried before the one that runs, and why it was not used."""
    for reason in engines:
        say(f"hardwired: not used: {reason}")


def wrong_usage(text: str) -> int:
    """Say what the command wants; returns exit code 2."""
    say(text)
    return 2


def still_waiting(students: Sequence[str]) -> int:
    """Say how many students have no final mark; returns the exit code."""
    if students:
        named = ", ".join(students[:NAMED])
        more = f" and {len(students) - NAMED} more" if len(students) > NAMED else ""
        said = f"for a person: {len(students)} students have no final mark yet: {named}{more}"
        say(f"{said}; `hardwired settle` says what of each waits")
    return int(bool(students))


def graded_folder(made: argparse.ArgumentParser, and_there: str = "") -> None:
    """Add what every command takes that goes on from a ``grade``: its folder, and the course."""
    told = f"the folder that grade wrote{and_there}"
    made.add_argument("--out", type=Path, required=True, metavar="DIR", help=told)
    made.add_argument("--course", type=Path, metavar="course.yml", help="as for grade")


def engine_options(made: argparse.ArgumentParser) -> None:
    """Add which sandbox runs, and what a submission may use."""
    made.add_argument(
        "--engine",
        choices=("auto", *NAMES),
        default="auto",
        help="sandbox (default: the first that runs here)",
    )
    made.add_argument(
        "--cell-seconds",
        type=float,
        default=Limits().cell_s,
        metavar="S",
        help="processor seconds of a cell (default: %(default)g)",
    )
    made.add_argument(
        "--memory",
        type=int,
        default=2048,
        metavar="MB",
        help="memory of a submission (default: 2048)",
    )


def limits_of(arguments: argparse.Namespace) -> Limits:
    """Give the limits that the options ask for."""
    return Limits.of_cell(arguments.cell_seconds, memory_mb=arguments.memory)


def read(arguments: argparse.Namespace, slug: str | None = None) -> Exercise:
    """Read the exercise that is named."""
    from hardwired.course.authoring import exercise

    return exercise.read(exercise.find(slug or arguments.exercise, arguments.exercises))


def slugs(arguments: argparse.Namespace) -> list[str]:
    """Exercises of the folder."""
    return sorted(p.parent.name for p in arguments.exercises.glob("*/exercise.md"))


def chosen(arguments: argparse.Namespace) -> list[Exercise]:
    """Give the exercise named, or with ``--all`` every one of the folder."""
    names = slugs(arguments) if arguments.all else [arguments.exercise]
    if not names:
        raise CourseError(
            f"{arguments.exercises}: holds no exercise; give the folder with --exercises"
        )
    return [read(arguments, slug) for slug in names]


def remember(arguments: argparse.Namespace, book: Gradebook) -> None:
    """Keep where roster, key and rules lie, for the commands that come after in this folder."""
    given = {name: getattr(arguments, name, None) for name in KEPT}
    kept = {name: str(path.resolve()) for name, path in given.items() if path is not None}
    if hasattr(arguments, "public"):
        kept["public"] = "yes" if arguments.public else ""
    new = {name: value for name, value in kept.items() if book.setting(name) != value}
    if new:
        book.remember(new)


def recall(arguments: argparse.Namespace) -> None:
    """Take roster, key and rules that an earlier command was given, where this one was not.

    Raises
    ------
    CourseError
        If what was given before is not there any more.
    """
    from hardwired.course.gradebook import Gradebook

    path = arguments.out / "gradebook.sqlite"
    missing = [name for name in KEPT if getattr(arguments, name, None) is None]
    if "roster" not in missing and "key" in missing:
        missing.remove("key")  # the one beside this roster
    if not path.is_file():
        return
    with Gradebook(path, create=False) as book:
        if "key" in missing and getattr(arguments, "public", None) is False:
            arguments.public = book.setting("public") == "yes"
        for name in missing:
            before = book.setting(name)
            if before and not Path(before).is_file():
                raise CourseError(
                    f"{before}: was given before as --{name} and is not there any more;"
                    f" give --{name} again"
                )
            if before:
                setattr(arguments, name, Path(before))


def user() -> str:
    """Give the name under which somebody is at this machine, for who does not say who they are."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "somebody"


def policy_of(arguments: argparse.Namespace) -> Policy:
    """Read the rules of the course."""
    from hardwired.course import policy

    rules = policy.read(arguments.course)
    rules.check_slugs(slugs(arguments))
    return rules


def roster_of(arguments: argparse.Namespace, *, blind: bool = False) -> Roster | None:
    """Read the roster, if one is given; one without names where that will do."""
    from hardwired.course import roster

    return roster.read(arguments.roster, blind=blind) if arguments.roster else None


def roster_kept(book: Gradebook) -> Roster | None:
    """Read the roster that an earlier command was given, beside another file given now."""
    from hardwired.course import roster

    kept = book.setting("roster")
    return roster.read(Path(kept)) if kept else None


def key_path(arguments: argparse.Namespace) -> Path:
    """Where the key of the students' data lies."""
    return Path(arguments.key or arguments.roster.with_suffix(".key"))
