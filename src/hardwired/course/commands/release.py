"""``hardwired release``."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from hardwired.course.commands import common

__all__ = ["add"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    parser = common.parser(
        subparsers,
        "release",
        _run,
        "write student notebooks, a sheet, a zip with the wheel, and the instructor's notebook",
        optional=True,
    )
    parser.add_argument("--all", action="store_true", help="every exercise of the folder")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where to write")
    parser.add_argument(
        "--format",
        choices=("hardwired", "nbgrader"),
        default="hardwired",
        help="nbgrader adds its cell metadata",
    )
    parser.add_argument(
        "--gradescope",
        action="store_true",
        help="also write the autograder zip for Gradescope, which holds the solution",
    )
    common.engine_options(parser)


def _run(arguments: argparse.Namespace) -> int:
    from hardwired.course import variants
    from hardwired.course.engines.probe import probe
    from hardwired.course.reference import modules_of
    from hardwired.course.release import release

    if bool(arguments.exercise) == arguments.all:
        return common.wrong_usage("hardwired release: name one exercise, or give --all")
    exercises = common.chosen(arguments)
    roster = common.roster_of(arguments)
    key = variants.make_key(common.key_path(arguments)) if roster else None
    limits = common.limits_of(arguments)
    for exercise in exercises:
        out = arguments.out / exercise.slug if arguments.all else arguments.out
        with contextlib.ExitStack() as stack:
            engine = None
            if roster:
                engine, said = probe(arguments.engine, limits, modules_of(exercise))
                common.say_unused(said)
                stack.callback(engine.close)
            made = release(
                exercise,
                out,
                roster=roster,
                key=key,
                engine=engine,
                limits=limits,
                nbgrader=arguments.format == "nbgrader",
                gradescope=arguments.gradescope,
            )
        each = f", one a student in {out / 'students'}" if roster else ""
        print(
            f"{exercise.slug}: {len(made.public)} files for students: for all in {out / 'public'}"
            f"{each}; solution in {out / 'instructor'}"
        )
        if roster:
            print(
                f"{exercise.slug}: data of {made.students} students drawn under"
                f" {common.key_path(arguments)}; keep it, grade needs it"
            )
        elif exercise.draw:
            print(
                f"{exercise.slug}: data follow from the identifier a student types;"
                " this only discourages copying, --roster prevents it"
            )
    return 0
