"""Is an exercise fit to be released? One line a question says what is missing.

The reference is run for several variants; wrong answers named in the rules must earn what is
promised; each mutant of a function must be caught; the empty notebook must earn nothing and the
solution everything.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hardwired.course.authoring.exercise import Answer, Exercise, Question
from hardwired.course.authoring.strip import (
    BEGIN,
    instructor_notebook,
    solution_lines,
    student_notebook,
)
from hardwired.course.codec import decode
from hardwired.course.compare import compare
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.partial import mark, wrong_answer
from hardwired.course.reference import references

__all__ = ["Finding", "validate"]

SEEDS = (11, 12, 13, 14, 15)
# What may overflow in 32 bits: growing fast, so looked for in each statement; or by its length.
FAST = re.compile(
    r"\bnp\.(?:power|int_)\(|(?<!math)\.(?:prod|cumprod)\("
    r"|astype\(int\)|dtype=int\b|\*\*\s*\d{2}"
)
SLOW = re.compile(r"np\.(?:arange|cumsum|bincount)\b")


@dataclass(frozen=True)
class Finding:
    """All that is wrong with one question, or nothing."""

    question: str
    line: int
    faults: tuple[str, ...]

    def text(self, exercise: Exercise) -> str:
        """One line."""
        said = "; ".join(self.faults) if self.faults else "ready"
        return f"{exercise.path}:{self.line}: {self.question}: {said}"


def validate(
    exercise: Exercise,
    engine: Engine,
    limits: Limits,
    seeds: Sequence[int] = SEEDS,
    other: Engine | None = None,
) -> list[Finding]:
    """Check every question.

    Parameters
    ----------
    exercise : Exercise
        What to check.
    engine, limits
        Where to run the reference.
    seeds : sequence of int
        Variants to try.
    other : Engine, optional
        A second engine whose reference must agree (WebAssembly has 32-bit integers).

    Returns
    -------
    list of Finding
        One a question, in order.

    Raises
    ------
    CourseError
        If the reference fails as a whole.
    """
    solved = references(exercise, seeds, engine, limits, mutants=True)
    again = references(exercise, seeds, other, limits) if other else None
    student = json.dumps(student_notebook(exercise))
    honest = _marks(exercise, instructor_notebook(exercise), solved[0], engine, limits)
    empty = _marks(exercise, student_notebook(exercise), solved[0], engine, limits)
    findings = []
    for question in exercise.questions:
        faults = _static(exercise, question, student)
        for answer in question.answers:
            if answer.manual:
                continue
            faults += _values(exercise, answer, solved)
            faults += _rules(answer, solved)
            if answer.kind == "function":
                faults += _mutants(answer, solved)
            if again:
                faults += _agreement(answer, solved, again)
            if honest[answer.name] < answer.points:
                faults.append(
                    f"the solution itself earns {honest[answer.name]:g}"
                    f" of {answer.points:g} for {answer.name}"
                )
            if empty[answer.name] > 0:
                faults.append(f"the empty notebook earns points for {answer.name}")
        findings.append(Finding(question.name, question.line, tuple(dict.fromkeys(faults))))
    return findings


def _marks(
    exercise: Exercise, notebook: Any, solved: Any, engine: Engine, limits: Limits
) -> dict[str, float]:
    from hardwired.course.grade import mark_notebook

    marks = mark_notebook(exercise, json.dumps(notebook).encode(), solved, engine, limits).marks
    return {name: m.points for name, m in marks.items()}


def _static(exercise: Exercise, question: Question, student: str) -> list[str]:
    faults = []
    cell = exercise.cell_of(question.name)
    if BEGIN not in cell.source:
        faults.append("has no solution between markers")
    for answer in question.answers:
        if answer.kind != "prose" and f"`{answer.name}" not in question.prompt:
            faults.append(f"the prompt does not name `{answer.name}`")
        if answer.kind in ("number", "array", "table", "function") and (answer.rel, answer.abs) == (
            1e-6,
            0.0,
        ):
            faults.append(f"{answer.name} states no tolerance")
    if question.answers[0].kind != "prose" and _narrow(cell.source):
        faults.append("depends on integer width (32 bits in WebAssembly): say int64 or float")
    for line in solution_lines(exercise):
        if line in cell.source and json.dumps(line)[1:-1] in student:
            faults.append(f"a line of the solution stands in the student notebook: {line[:40]}")
            break
    return faults


def _narrow(source: str) -> bool:
    """Whether a cell may give another integer where the default is 32 bits wide."""

    def wide(text: str) -> bool:
        return "int64" in text or "float64" in text

    if SLOW.search(source) and not wide(source) and "float" not in source:
        return True
    statements = (ast.get_source_segment(source, node) or "" for node in ast.parse(source).body)
    return any(FAST.search(text) and not wide(text) for text in statements)


def _values(exercise: Exercise, answer: Answer, solved: Sequence[Mapping[str, Any]]) -> list[str]:
    import numpy as np

    faults = []
    expected = [reference["answers"][answer.name] for reference in solved]
    if (
        exercise.draw
        and len({json.dumps(value, sort_keys=True) for value in expected}) == 1
        and answer.kind != "choice"
    ):
        faults.append(f"{answer.name} is the same for every variant")
    for blob in expected:
        if answer.kind == "function":
            if any(item["t"] == "refused" for item in blob["v"]):
                faults.append(f"the solution's {answer.name} fails on a hidden input")
            continue
        if not compare(answer, blob, blob).right:
            faults.append(f"{answer.name} has the wrong kind: {compare(answer, blob, blob).reason}")
            continue
        value = decode(blob)
        if answer.range and answer.kind in ("number", "array"):
            low, high = answer.range
            array = np.asarray(value, dtype=float)
            if not np.all((array >= low) & (array <= high)):
                faults.append(f"{answer.name} lies outside its range {low:g} to {high:g}")
        if answer.shape and answer.kind == "array":
            shape = np.asarray(value).shape
            if len(shape) != len(answer.shape) or any(
                s not in (None, n) for s, n in zip(answer.shape, shape, strict=True)
            ):
                faults.append(f"{answer.name} has shape {shape}, its metadata say {answer.shape}")
    return faults


def _rules(answer: Answer, solved: Sequence[Mapping[str, Any]]) -> list[str]:
    faults = []
    for number, rule in enumerate(answer.partial):
        if rule.rule == "share":
            continue
        made = 0
        for reference in solved:
            expected = reference["answers"][answer.name]
            other = wrong_answer(answer, number, rule, expected, reference["wrong"])
            if other is None:
                continue
            got = mark(answer, expected, other, reference["wrong"])
            made += 1
            if rule.rule == "convention" and got.points > answer.points * rule.keep:
                continue  # the two conventions agree in this variant
            if got.rule is None and got.points == answer.points:
                faults.append(
                    f"{answer.name}: the wrong answer of rule {rule.rule} counts as right"
                )
            elif abs(got.points - answer.points * rule.keep) > 1e-9:
                by = f", by rule {got.rule}" if got.rule else ""
                faults.append(
                    f"{answer.name}: rule {rule.rule} promises {answer.points * rule.keep:g},"
                    f" its wrong answer earns {got.points:g}{by}"
                )
        if not made:
            faults.append(f"{answer.name}: rule {rule.rule} makes no wrong answer of this kind")
    return faults


def _mutants(answer: Answer, solved: Sequence[Mapping[str, Any]]) -> list[str]:
    faults = []
    for reference in solved:
        for number, result in enumerate(reference["mutants"].get(answer.name, ())):
            if result.get("t") != "tried":
                faults.append(
                    f"{answer.name}: mutant {number + 1} cannot be run ({result.get('v', '')})"
                )
            elif compare(answer, reference["answers"][answer.name], result).right:
                faults.append(f"{answer.name}: the hidden inputs do not catch mutant {number + 1}")
    return faults


def _agreement(
    answer: Answer, one: Sequence[Mapping[str, Any]], two: Sequence[Mapping[str, Any]]
) -> list[str]:
    for a, b in zip(one, two, strict=True):
        if not compare(answer, a["answers"][answer.name], b["answers"][answer.name]).right:
            return [
                f"{answer.name} differs between the engines: demand int64, or use one engine only"
            ]
    return []
