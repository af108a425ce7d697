"""From a notebook to marks: cells picked, run in a sandbox, answers compared outside it.

`prepare` and `judge` look into what a stranger chose; grading a class has them done by a worker of
the border (:mod:`hardwired.course.border`), never in the grader itself.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from hardwired.course import loader
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.border.text import cut, prose
from hardwired.course.causes import cause_of, told
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
from hardwired.course.partial import WAITS, Mark, mark
from hardwired.course.places import Place, empty, places_of
from hardwired.course.reference import answers_of, asked
from hardwired.course.submissions import Handed
from hardwired.course.texts import find
from hardwired.course.variants import normalise, zeroless

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
    "unjudged",
]

PREAMBLE = "from hardwired.course.student import begin, check, generator, load"
# In the sandbox `load` gives the data of the job, whatever it is asked for.
DATA_BACK = "import hardwired.course.student\n\ndata = hardwired.course.student.load('', '')"


@dataclass(frozen=True)
class Prepared:
    """What a notebook gives: cells to run, prose for a person, and what must be said of it.

    ``places`` say of each cell where it belongs; ``found`` says, by answer, what lay in an unusual
    place, and ``pictured`` are figures of which the notebook holds a picture.
    """

    cells: tuple[tuple[int, str], ...]
    prose: Mapping[tuple[str, str], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    places: Mapping[int, Place] = field(default_factory=dict)
    found: Mapping[str, str] = field(default_factory=dict)
    pictured: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """Marks by answer, each answer as it was given, what the sandbox returned, and figures."""

    marks: Mapping[str, Mark]
    given: Mapping[str, Any]
    outcome: Outcome
    figures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)


def prepare(exercise: Exercise, notebook: loader.LoadedNotebook) -> Prepared:
    """Pick the cells to run and the prose."""
    cells, said = cells_to_run(exercise, notebook)
    texts = find(exercise, notebook)
    where = dict(enumerate(places_of(exercise, notebook)))
    return Prepared(
        cells,
        texts.texts,
        (*notebook.notes, *said),
        where,
        texts.said,
        tuple(
            answer.name
            for question in exercise.questions
            for answer in question.answers
            if answer.kind == "figure"
            and any(
                c.image for i, c in enumerate(notebook.cells) if where[i].question == question.name
            )
        ),
    )


def job_of(exercise: Exercise, prepared: Prepared, solved: Mapping[str, Any]) -> Job:
    """Give the job for a sandbox: cells, what is asked, the student's data, the hidden inputs."""
    text = "\0".join(source for _, source in prepared.cells)
    entropy = int(hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:8], 16)
    regions = {
        question.name: [
            i for i, place in prepared.places.items() if place.question == question.name
        ]
        for question in exercise.questions
    }
    figures = {
        answer.name: regions[question.name]
        for question in exercise.questions
        for answer in question.answers
        if answer.kind == "figure"
    }
    asks = tuple(
        {**ask, "cells": figures[str(ask["name"])]} if ask["kind"] == "figure" else ask
        for ask in asked(answers_of(exercise))
    )
    return Job(prepared.cells, asks, solved["data"], entropy, solved["inputs"])


def judge(
    exercise: Exercise,
    said: Said,
    solved: Mapping[str, Any],
    limits: Limits,
    places: Mapping[int, Place] | None = None,
    pictured: Collection[str] = (),
) -> Judged:
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
    places : mapping of int to Place, optional
        Where each cell belongs.
    pictured : collection of str
        Figures of which the notebook itself holds a picture.

    Returns
    -------
    Judged
        A mark for each answer that no person must mark.
    """
    answers = answers_of(exercise)
    places = places or {}
    of = {a.name: q.name for q in exercise.questions for a in q.answers}
    outcome = outcome_from(said, Job((), asked(answers), {}), limits)
    marks: dict[str, Mark] = {}
    given: dict[str, Any] = {}
    for answer in answers:
        if answer.manual:
            continue
        claim = outcome.answers.get(answer.name, {"t": "missing"})
        given[answer.name] = claim
        found = mark(answer, solved["answers"][answer.name], claim, solved["wrong"])
        marks[answer.name] = _explained(answer, found, claim, of[answer.name], outcome, places)
    figures = {(of[name], name): data for name, data in outcome.figures.items() if name in of}
    notes = tuple(f"the figure {n} was not taken: {why}" for n, why in outcome.refused.items())
    odd = {n: f"the figure was found {where}" for n, where in outcome.found.items()}
    for answer in answers:
        if answer.kind == "figure" and answer.name not in outcome.figures:
            cause = cause_of(answer.name, of[answer.name], places, outcome.cells, outcome.dropped)
            if answer.name in outcome.refused or answer.name in pictured or cause:
                why = [outcome.refused.get(answer.name, ""), cause.text if cause else ""]
                why += ["the notebook itself shows a picture"] * (answer.name in pictured)
                odd[answer.name] = (
                    f"there is no figure {answer.name}: {'; '.join(filter(None, why))}"
                )
            elif answer.name in outcome.strange:
                odd[answer.name] = f"{answer.name} is {outcome.strange[answer.name]}, no figure"
    return Judged(marks, given, outcome, figures, notes, odd)


def _explained(
    answer: Answer,
    found: Mark,
    claim: Any,
    question: str,
    outcome: Outcome,
    places: Mapping[int, Place],
) -> Mark:
    """Tell why an answer is not there; what may be no fault of the student's waits for a person."""
    if outcome.ended != "done":
        return replace(found, rule=WAITS, reason=f"no result: {outcome.ended}")
    kind = claim.get("t") if type(claim) is dict else None
    if kind not in ("missing", "refused"):
        return found
    cause = cause_of(answer.name, question, places, outcome.cells, outcome.dropped)
    near = claim.get("near")
    if kind == "missing" and type(near) is list and near and type(near[0]) is str:
        said = f"There is no {answer.name}, but there is {cut(near[0], 60)}; a person must say."
        return replace(found, rule=WAITS, reason=said)
    if cause is None:
        return found
    rule = WAITS if cause.person else found.rule
    return replace(found, rule=rule, reason=f"{found.reason.rstrip('.')}: {cause.text}.")


def unjudged(exercise: Exercise, reason: str) -> Judged:
    """Let all answers wait for a person, with one reason: what came back could not be judged."""
    marks = {
        answer.name: Mark(0.0, answer.points, WAITS, reason)
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
    said = hear(engine, job_of(exercise, prepared, solved), limits)
    return judge(exercise, said, solved, limits, prepared.places, prepared.pictured)


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
        if empty(source):
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
    stopped = "" if outcome.ended == "done" else f"no result: {outcome.ended}"
    causes = told(prepared.places, outcome.cells, outcome.dropped)
    found = {**prepared.found, **judged.found}
    odd = [f"{of[name]}: {said}" for name, said in found.items() if name in of]
    rows = tuple(
        MarkRow(
            question=of[n],
            answer=n,
            points=m.points,
            most=m.most,
            rule=m.rule,
            reason=m.reason,
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
        reason="; ".join(filter(None, [stopped, causes, *odd, *prepared.notes, *judged.notes])),
        audit={
            **audit,
            "cells": [dict(c) for c in outcome.cells if c["status"] != "ok"],
            "dropped": list(outcome.dropped),
            "usage": dict(outcome.usage),
            "found": found,
            "code": _code(prepared),
            "person": bool(stopped or odd),
        },
        marks=rows,
        prose=prepared.prose,
        figures=judged.figures,
    )


def _code(prepared: Prepared) -> dict[str, str]:
    """Give the code of each question, as a person who marks wants to see it."""
    cells: dict[str, list[str]] = defaultdict(list)
    for number, source in prepared.cells:
        place = prepared.places.get(number)
        if place and place.question and source.strip():
            cells[place.question].append(source.strip("\n"))
    return {question: prose("\n\n".join(mine)) for question, mine in cells.items()}


def identity_matches(typed: str | None, aliases: Collection[str]) -> bool:
    """Whether the identifier in the notebook is one of those it was handed in under."""
    if typed is None:
        return False
    bare = zeroless(typed)
    return normalise(typed) in aliases or bool(bare and bare in map(zeroless, aliases))
