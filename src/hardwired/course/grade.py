"""From a notebook to marks: cells picked, run in a sandbox, answers compared outside it."""

from __future__ import annotations

import ast
import hashlib
import itertools
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hardwired.course import loader
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise, Question
from hardwired.course.engines.base import Engine, Job, Limits, Outcome, run
from hardwired.course.gradebook import Attempt, MarkRow
from hardwired.course.partial import Mark, mark
from hardwired.course.reference import answers_of, asked
from hardwired.course.variants import normalise

__all__ = ["Graded", "attempt", "cells_to_run", "mark_loaded", "mark_notebook", "prose_of"]

PREAMBLE = "from hardwired.course.student import begin, check, generator, load"
# In the sandbox `load` gives the data of the job, whatever it is asked for.
DATA_BACK = "import hardwired.course.student\n\ndata = hardwired.course.student.load('', '')"


@dataclass(frozen=True)
class Graded:
    """Marks by answer, what the sandbox returned, prose and figures for a person."""

    marks: Mapping[str, Mark]
    given: Mapping[str, Any]
    outcome: Outcome
    prose: Mapping[tuple[str, str], str] = field(default_factory=dict)
    figures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def mark_notebook(
    exercise: Exercise, data: bytes, solved: Mapping[str, Any], engine: Engine, limits: Limits
) -> Graded:
    """Grade notebook bytes against a solved variant.

    `loader.UnreadableError` if they cannot be read.
    """
    return mark_loaded(exercise, loader.load(data), solved, engine, limits)


def mark_loaded(
    exercise: Exercise,
    notebook: loader.LoadedNotebook,
    solved: Mapping[str, Any],
    engine: Engine,
    limits: Limits,
) -> Graded:
    """Grade a notebook already read.

    Parameters
    ----------
    exercise : Exercise
        Its answers decide what is looked for, and how it is compared.
    notebook : LoadedNotebook
        Cells of the submission.
    solved : mapping
        The reference for this student's data: ``data``, ``answers``, ``inputs``, ``wrong``.
    engine, limits
        Where to run the cells, and what they may use.

    Returns
    -------
    Graded
        A mark for each answer that no person must mark.
    """
    answers = answers_of(exercise)
    cells, said = cells_to_run(exercise, notebook)
    entropy = int(
        hashlib.sha256("\0".join(source for _, source in cells).encode()).hexdigest()[:8], 16
    )
    job = Job(cells, asked(answers), solved["data"], entropy, solved["inputs"])
    outcome = run(engine, job, limits)
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
    return Graded(
        marks=marks,
        given=given,
        outcome=outcome,
        prose=prose_of(exercise, notebook),
        figures=figures,
        notes=(*notebook.notes, *said),
    )


def cells_to_run(
    exercise: Exercise, notebook: loader.LoadedNotebook
) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """Give the cells to run, and what must be said of those that are not run as they stand.

    The exercise's own set-up comes first, from the source. Of the submission only cells that say
    word for word what was given out, or nothing, are left out. Whatever a student changed or added
    runs as their code; after a cell that the exercise calls its own the true data are put back.
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
            f"changed were cells of the exercise's own ({', '.join(map(str, changed))});"
            " they ran, and the student's data were put back after each"
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
            found[(question.name, question.answers[0].name)] = text.replace(
                strip.YOURS_TEXT, ""
            ).strip()
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
    graded: Graded,
    *,
    student: str,
    name: str,
    file: str,
    digest: str,
    handed_in: str | None,
    late: bool,
    run_key: str,
    audit: Mapping[str, Any],
) -> Attempt:
    """Put a graded notebook into the form that the gradebook keeps."""
    of = {
        answer.name: question.name for question in exercise.questions for answer in question.answers
    }
    stopped = _stopped(graded.outcome)
    rows = tuple(
        MarkRow(
            question=of[n],
            answer=n,
            points=m.points,
            most=m.most,
            rule=m.rule,
            reason=_reason(m, stopped),
            given=json.dumps(graded.given.get(n), sort_keys=True),
        )
        for n, m in graded.marks.items()
    )
    done = graded.outcome.ended == "done"
    reason = "; ".join(filter(None, [stopped, *graded.notes]))
    return Attempt(
        exercise=exercise.slug,
        student=student,
        name=name,
        file=file,
        file_digest=digest,
        handed_in=handed_in,
        late=late,
        run_key=run_key,
        status="graded" if done else "no result",
        reason=reason,
        audit={
            **audit,
            "cells": [dict(c) for c in graded.outcome.cells if c["status"] != "ok"],
            "dropped": list(graded.outcome.dropped),
            "usage": dict(graded.outcome.usage),
        },
        marks=rows,
        prose=graded.prose,
        figures=graded.figures,
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
