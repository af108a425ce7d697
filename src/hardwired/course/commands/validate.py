"""``hardwired validate``: whether an exercise is fit to be released."""

from __future__ import annotations

import argparse
import contextlib
from typing import TYPE_CHECKING

from hardwired.course.commands import common
from hardwired.course.engines.probe import NAMES
from hardwired.course.errors import CourseError

if TYPE_CHECKING:
    from hardwired.course.authoring.exercise import Exercise

__all__ = ["add", "findings"]


def add(subparsers: common.Subparsers) -> None:
    """Add the command."""
    parser = common.parser(
        subparsers,
        "validate",
        _run,
        "check exercises before they are released: one line a question, on one engine or two",
        optional=True,
        people=False,
    )
    parser.add_argument("--all", action="store_true", help="every exercise of the folder")
    parser.add_argument(
        "--second",
        choices=(*NAMES, "none"),
        default="wasm",
        help="engine on which the reference must give the same answers (default: wasm)",
    )
    common.engine_options(parser)


def _run(arguments: argparse.Namespace) -> int:
    if bool(arguments.exercise) == arguments.all:
        return common.wrong_usage("hardwired validate: name one exercise, or give --all")
    second = None if arguments.second == "none" else arguments.second
    return max(findings(arguments, exercise, second) for exercise in common.chosen(arguments))


def findings(arguments: argparse.Namespace, exercise: Exercise, second: str | None) -> int:
    """Check one exercise and print what was found; returns the exit code."""
    from hardwired.course.authoring.validate import validate
    from hardwired.course.engines.probe import make, probe
    from hardwired.course.reference import modules_of

    limits, modules = common.limits_of(arguments), modules_of(exercise)
    with contextlib.ExitStack() as stack:
        engine, said = probe(arguments.engine, limits, modules)
        common.say_unused(said)
        stack.callback(engine.close)
        other = None
        if second and second != engine.name:
            try:
                other = make(second, limits, modules)
            except CourseError as error:
                raise CourseError(f"{error}; or check on one engine: --second none") from None
            stack.callback(other.close)
        found = validate(exercise, engine, limits, other=other)
    for finding in found:
        print(finding.text(exercise))
    return int(any(finding.faults for finding in found))
