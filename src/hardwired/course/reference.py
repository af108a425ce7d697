"""The expected side: the author's solution, run in the engine for each student's data."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.engines.base import Engine, Job, Limits, run
from hardwired.course.errors import CourseError
from hardwired.course.partial import expressions

__all__ = ["asked", "data_of", "modules_of", "reference_job", "references"]

MODEL = re.compile(r"[a-z]+(-[a-z0-9]+)+")
PRELOADABLE = {"numpy", "scipy", "pandas", "matplotlib", "pint", "sympy", "hardwired"}


def answers_of(exercise: Exercise) -> list[Answer]:
    """All answers of an exercise, in order."""
    return [answer for question in exercise.questions for answer in question.answers]


def asked(answers: Iterable[Answer]) -> tuple[dict[str, Any], ...]:
    """Give what a student's sandbox is told of the answers: names, kinds, units."""
    return tuple(
        {"name": a.name, "kind": a.kind, "unit": a.unit} for a in answers if a.kind != "prose"
    )


def modules_of(exercise: Exercise) -> tuple[str, ...]:
    """Modules that the author's own cells import, for an engine to import beforehand.

    Models that these cells name, as in ``catalog()["wounds-margin"]``, follow as
    ``hardwired.models:wounds-margin``: their symbolic work can be done beforehand too.
    """
    found: set[str] = set()
    named: set[str] = set()
    for cell in exercise.cells:
        if cell.kind != "code":
            continue
        try:
            tree = ast.parse(cell.source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                if node.module == "hardwired":
                    found |= {f"hardwired.{alias.name}" for alias in node.names}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                named |= {node.value} if MODEL.fullmatch(node.value) else set()
    modules = sorted(name for name in found if name.split(".")[0] in PRELOADABLE)
    if "hardwired.models" in modules:
        modules += [f"hardwired.models:{name}" for name in sorted(named)]
    return tuple(modules)


def inputs_seed(seed: int, file: str = "") -> int:
    """Seed of the hidden inputs, apart from that of the data.

    It depends on the file that was handed in: who got to see the inputs of one file will be asked
    others by the next.
    """
    return int.from_bytes(hashlib.sha256(f"inputs\0{seed}{file}".encode()).digest()[:16], "big")


def reference_job(
    exercise: Exercise,
    seeds: Sequence[int],
    *,
    files: Sequence[str] | None = None,
    only_data: bool = False,
    mutants: bool = False,
) -> Job:
    """Give the job that draws the data of some seeds and solves them; figures are left out.

    ``files`` are the digests of what was handed in, one a seed.
    """
    answers = [a for a in answers_of(exercise) if not a.manual]
    cells = []
    for cell in exercise.cells:
        if cell.kind == "code" and cell.role not in ("setup", "draw", "instructor"):
            cells.append(
                {"source": cell.source, "what": f"solution of {cell.question or 'a cell between'}"}
            )
    message = {
        "task": "reference",
        "seeds": [
            {"draw": str(seed), "inputs": str(inputs_seed(seed, file))}
            for seed, file in zip(seeds, files or [""] * len(seeds), strict=True)
        ],
        "setup": [c.source for c in exercise.cells if c.role == "setup" and c.kind == "code"],
        "draw": exercise.draw,
        "cells": cells,
        "only_data": only_data,
        "answers": [
            {"name": a.name, "kind": a.kind, "unit": a.unit, "inputs": a.inputs}
            | ({"mutants": list(a.mutants)} if mutants else {})
            for a in answers
        ],
        "wrong": [item for a in answers for item in expressions(a)],
    }
    return Job((), (), {"t": "dict", "v": []}, reference=message)


def references(
    exercise: Exercise,
    seeds: Sequence[int],
    engine: Engine,
    limits: Limits,
    *,
    files: Sequence[str] | None = None,
    **options: bool,
) -> list[Mapping[str, Any]]:
    """Run the reference for some seeds in one sandbox.

    Raises
    ------
    CourseError
        If the author's own code fails: nobody can be graded then.
    """
    outcome = run(engine, reference_job(exercise, seeds, files=files, **options), limits)
    if outcome.ended != "done" or len(outcome.references) != len(seeds):
        if half := len(seeds) // 2:  # many at a time may be too much for one sandbox
            return [
                value
                for part in (slice(half), slice(half, None))
                for value in references(
                    exercise,
                    seeds[part],
                    engine,
                    limits,
                    files=files[part] if files else None,
                    **options,
                )
            ]
        raise CourseError(
            f"{exercise.path}: the reference gives no result ({outcome.ended}); mend the solution"
        )
    for reference in outcome.references:
        if reference["problems"]:
            raise CourseError(f"{exercise.path}: the reference fails: {reference['problems'][0]}")
        for name, value in reference.get("answers", {}).items():
            if value["t"] in ("missing", "refused"):
                said = value.get("v", "it is not defined")
                raise CourseError(f"{exercise.path}: the reference has no usable {name}: {said}")
    return list(outcome.references)


def data_of(exercise: Exercise, seeds: Sequence[int], engine: Engine, limits: Limits) -> list[Any]:
    """Draw the encoded data of some seeds, without solving anything."""
    return [r["data"] for r in references(exercise, seeds, engine, limits, only_data=True)]
