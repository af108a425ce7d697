"""From a notebook to marks: cells picked, run in a sandbox, answers compared outside it.

`prepare` and `judge` look into what a stranger chose; grading a class has them done by a worker of
the border (:mod:`hardwired.course.border`), never in the grader itself.
"""

from __future__ import annotations

import ast
import hashlib
import itertools
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hardwired.course import loader
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise, Question
from hardwired.course.border.text import prose
from hardwired.course.engines.base import (
    Engine,
    Job,
    Limits,
    Outcome,
    Said,
    hear,
    outcome_from,
)
from hardwired.course.gradebook import Attempt, MarkRow
from hardwired.course.partial import Mark, mark
from hardwired.course.reference import answers_of, asked
from hardwired.course.submissions import Handed
from hardwired.course.variants import normalise

__all__ = [
    "Judged",
    "Prepared",
    "attempt",
    "cells_to_run",
    "identity_matches",
    "job_of",
    "judge",
    "mark_notebook",
    "prepare",
    "prose_of",
    "unjudged",
]

PREAMBLE = "from hardwired.course.student import begin, check, generator, load"
# In the sandbox `load` gives the data of the job, whatever it is asked for.
DATA_BACK = "import hardwired.course.student\n\ndata = hardwired.course.student.load('', '')"


@dataclass(frozen=True)
class Prepared:
    """What a notebook gives: cells to run, prose for a person, and what must be said of it."""

    cells: tuple[tuple[int, str], ...]
    prose: Mapping[tuple[str, str], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """Marks by answer, each answer as it was given, what the sandbox returned, and figures."""

    marks: Mapping[str, Mark]
    given: Mapping[str, Any]
    outcome: Outcome
    figures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def prepare(exercise: Exercise, notebook: loader.LoadedNotebook) -> Prepared:
    """Pick the cells to run and the prose."""
    cells, said = cells_to_run(exercise, notebook)
    return Prepared(cells, prose_of(exercise, notebook), (*notebook.notes, *said))


def job_of(exercise: Exercise, prepared: Prepared, solved: Mapping[str, Any]) -> Job:
    """Give the job for a sandbox: cells, what is asked, the student's data, the hidden inputs."""
    text = "\0".join(source for _, source in prepared.cells)
    entropy = int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8], 16)
    asks = asked(answers_of(exercise))
    return Job(prepared.cells, asks, solved["data"], entropy, solved["inputs"])


def judge(exercise: Exercise, said: Said, solved: Mapping[str, Any], limits: Limits) -> Judged:
    """Read what a sandbox said, and mark it.

    Parameters
    ----------
    exercise : Exercise
        Its answers decide what is looked for, and how it is compared.
    said : Said
        The guest's last line, as it came.
    solved : mapping
        The reference for this student's data: ``answers``, ``wrong``.
    limits : Limits
        What the submission might use.

    Returns
    -------
    Judged
        A mark for each answer that no person must mark.
    """
    answers = answers_of(exercise)
    outcome = outcome_from(said, Job((), asked(answers), {}), limits)
    marks: dict[str, Mark] = {}
    given: dict[str, Any] = {}
    for answer in answers:
        if answer.manual:
            continue
        claim = outcome.answers.get(answer.name, {"t": "missing"})
        given[answer.name] = claim
        marks[answer.name] = mark(answer, solved["answers"][answer.name], claim, solved["wrong"])
    figures = {
        (question.name, answer.name): outcome.figures[answer.name]
        for question in exercise.questions
        for answer in question.answers
        if answer.name in outcome.figures
    }
    notes = tuple(f"the figure {n} was not taken: {why}" for n, why in outcome.refused.items())
    return Judged(marks, given, outcome, figures, notes)


def unjudged(exercise: Exercise, reason: str) -> Judged:
    """Give no points, with one reason for all: what came back could not be judged."""
    marks = {
        answer.name: Mark(0.0, answer.points, None, reason)
        for answer in answers_of(exercise)
        if not answer.manual
    }
    return Judged(marks, {name: {"t": "missing"} for name in marks}, Outcome(reason))


def mark_notebook(
    exercise: Exercise, data: bytes, solved: Mapping[str, Any], engine: Engine, limits: Limits
) -> Judged:
    """Grade notebook bytes of one's own, without the border.

    `loader.UnreadableError` if they cannot be read.
    """
    prepared = prepare(exercise, loader.load(data))
    return judge(exercise, hear(engine, job_of(exercise, prepared, solved), limits), solved, limits)


def cells_to_run(
    exercise: Exercise, notebook: loader.LoadedNotebook
) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """Give the cells to run, and what must be said of those that are not run as they stand.

    The exercise's own set-up comes first, from the source. Of the submission only cells that say
    word for word what was given out, or nothing, are left out. Whatever a student changed or added
    runs as their code, a set-up cell too; after a cell that gives the data the true ones are put
    back.
    """
    setup = [cell.source for cell in exercise.cells if cell.role == "setup" and cell.kind == "code"]
    given = strip.own_code(exercise)
    cells = [(-1 - number, source) for number, source in enumerate([PREAMBLE, *setup])]
    notes: list[str] = []
    changed: list[int] = []
    for number, cell in enumerate(notebook.cells):
        if cell.kind != "code" or cell.source.strip() in given:
            continue
        source = loader.plain_python(cell.source)
        if not source.strip() and cell.source.strip():
            notes.append(f"cell {number + 1} is no Python and was left out")
        if _empty(source):
            continue
        cells.append((number, source))
        if cell.role in strip.OWN:
            cells.append((-1 - len(setup) - len(notebook.cells) - number, DATA_BACK))
            changed.append(number + 1)
    if changed:
        notes.append(
            f"changed were cells that give the data ({', '.join(map(str, changed))});"
            " they ran, and the student's own data were put back after each"
        )
    return tuple(cells), tuple(notes)


def _empty(source: str) -> bool:
    """Whether a cell holds no code, or is as it was given out."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return not body or (
        len(body) == 1
        and isinstance(body[0], ast.Raise)
        and isinstance(body[0].exc, ast.Name)
        and body[0].exc.id == "NotImplementedError"
    )


def prose_of(exercise: Exercise, notebook: loader.LoadedNotebook) -> dict[tuple[str, str], str]:
    """Texts of the prose questions: by the cell's metadata, else the text cell after the prompt."""
    found: dict[tuple[str, str], str] = {}
    for question in exercise.questions:
        if question.prose:
            text = _text_of(question, notebook).replace(strip.YOURS_TEXT, "")
            found[(question.name, question.answers[0].name)] = prose(text.strip())
    return found


def _text_of(question: Question, notebook: loader.LoadedNotebook) -> str:
    texts = [cell for cell in notebook.cells if cell.kind == "markdown"]
    named = [cell.source for cell in texts if cell.question == question.name]
    if named:
        return "\n\n".join(named)
    for cell, following in itertools.pairwise(texts):
        if cell.source.strip() == question.prompt.strip() and following.prompt is None:
            return following.source
    return ""


def attempt(
    exercise: Exercise,
    handed: Handed,
    prepared: Prepared,
    judged: Judged,
    run_key: str,
    audit: Mapping[str, Any],
) -> Attempt:
    """Put a graded notebook into the form that the gradebook keeps.

    What was given for each answer is text already: it was made by the border.
    """
    of = {
        answer.name: question.name for question in exercise.questions for answer in question.answers
    }
    outcome = judged.outcome
    stopped = _stopped(outcome)
    rows = tuple(
        MarkRow(
            question=of[n],
            answer=n,
            points=m.points,
            most=m.most,
            rule=m.rule,
            reason=_reason(m, stopped),
            given=judged.given[n],
        )
        for n, m in judged.marks.items()
    )
    return Attempt(
        exercise=exercise.slug,
        student=handed.student,
        name=handed.name,
        file=handed.file,
        file_digest=handed.digest,
        handed_in=handed.handed_in,
        late=handed.late,
        run_key=run_key,
        status="graded" if outcome.ended == "done" else "no result",
        reason="; ".join(filter(None, [stopped, *prepared.notes, *judged.notes])),
        audit={
            **audit,
            "cells": [dict(c) for c in outcome.cells if c["status"] != "ok"],
            "dropped": list(outcome.dropped),
            "usage": dict(outcome.usage),
        },
        marks=rows,
        prose=prepared.prose,
        figures=judged.figures,
    )


def _stopped(outcome: Outcome) -> str:
    if outcome.ended != "done":
        return f"no result: {outcome.ended}"
    slow = [c["i"] for c in outcome.cells if c["status"] == "time"] + list(outcome.dropped)
    if not slow:
        return ""
    names = ", ".join(f"cell {s + 1}" if isinstance(s, int) and s >= 0 else str(s) for s in slow)
    return f"stopped at its time limit or ended by itself: {names}"


def _reason(m: Mark, stopped: str) -> str:
    return f"{m.reason} ({stopped})" if stopped and m.points == 0 else m.reason


def identity_matches(typed: str | None, aliases: Collection[str]) -> bool:
    """Whether the identifier in the notebook is one of those it was handed in under."""
    return typed is not None and normalise(typed) in aliases
