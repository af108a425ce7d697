"""What a worker does: list names, read a notebook, judge what came back from a sandbox.

Each task takes the exercise and plain values, and gives plain values that become JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hardwired.course import loader
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.border import listing
from hardwired.course.border.source import Source
from hardwired.course.border.text import line, tree
from hardwired.course.engines.base import Limits, Said
from hardwired.course.places import Place, answered
from hardwired.course.roster import Roster
from hardwired.course.texts import find

__all__ = ["TASKS", "get_ready"]

MAX_GIVEN = 1 << 20  # characters of an answer that are kept


def get_ready(exercise: Exercise | None) -> None:
    """Import what the tasks need, before memory is bounded."""
    if exercise is not None:
        import numpy  # noqa: F401

        import hardwired.course.grade  # noqa: F401

        kinds = {answer.kind for question in exercise.questions for answer in question.answers}
        if kinds & {"table", "function"}:
            import pandas  # noqa: F401


def names(exercise: Exercise | None, path: str, roster: Roster | None) -> list[dict[str, Any]]:
    """List what was handed in."""
    return listing.listing(Path(path), roster)


def look(exercise: Exercise | None, source: Source, named: bool) -> dict[str, Any]:
    """Give a file's digest, and of a notebook who, which exercise, and which questions it answers.

    If it cannot be read, ``problem`` says why. What is a notebook shows in the file, and not in its
    name; ``named`` is whether the name says so too. ``within`` are the notebooks of a zip.
    """
    out: dict[str, Any] = {
        **{"digest": None, "typed": None, "problem": ""},
        **{"slug": None, "version": None, "answered": None, "within": []},
    }
    try:
        data = source.read()
        out["digest"] = hashlib.sha256(data).hexdigest()
        if data.startswith(b"PK\x03\x04") and source.within is None:
            out["within"] = [[n, line(name)] for n, name in loader.notebooks_within(data)]
            return out
        if not named and data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] != b"{":
            kinds = [name for mark, name in loader.KINDS.items() if data.startswith(mark)]
            raise loader.UnreadableError(f"it is {kinds[0]}" if kinds else "")
        notebook = loader.load(data)
        out |= {"typed": notebook.student, "slug": notebook.slug, "version": notebook.version}
        if exercise is not None:
            texts = find(exercise, notebook)
            prose = [question for (question, _), text in texts.texts.items() if text]
            prose += [q.name for q in exercise.questions if q.answers[0].name in texts.said]
            out["answered"] = list(answered(exercise, notebook, prose))
    except loader.UnreadableError as error:
        out["problem"] = str(error) if named else f"{loader.NO_NOTEBOOK}: {error}".rstrip(": ")
    return out


def prepare(exercise: Exercise, source: Source, digest: str) -> dict[str, Any]:
    """Give the cells of a notebook to run, its prose, and what must be said of it."""
    from hardwired.course import grade

    data = source.read()
    if hashlib.sha256(data).hexdigest() != digest:
        raise loader.UnreadableError("it was changed while it was being graded; grade again")
    found = grade.prepare(exercise, loader.load(data))
    return {
        "cells": [list(cell) for cell in found.cells],
        "prose": [[*key, text] for key, text in found.prose.items()],
        "notes": [line(note, 300) for note in found.notes],
        "places": [
            [i, place.question, place.label, [line(name, 80) for name in place.names[:200]]]
            for i, place in found.places.items()
        ],
        "found": {name: line(text, 300) for name, text in found.found.items()},
        "pictured": list(found.pictured),
    }


def judge(
    exercise: Exercise,
    said: Said,
    solved: Mapping[str, Any],
    limits: Limits,
    places: Mapping[int, Place],
    pictured: tuple[str, ...],
) -> dict[str, Any]:
    """Compare what a sandbox claims with what is expected."""
    from hardwired.course import grade

    found = grade.judge(exercise, said, solved, limits, places, pictured)
    return {
        "marks": {
            name: [m.points, m.most, m.rule, line(m.reason, 600)] for name, m in found.marks.items()
        },
        "given": {name: _kept(claim) for name, claim in found.given.items()},
        "ended": line(found.outcome.ended, 300),
        "cells": [
            {key: line(value, 400) if type(value) is str else value for key, value in cell.items()}
            for cell in found.outcome.cells
        ],
        "figures": [[*key, base64.b64encode(data).decode()] for key, data in found.figures.items()],
        "notes": [line(note, 300) for note in found.notes],
        "found": {name: line(text, 300) for name, text in found.found.items()},
    }


def _kept(claim: Any) -> str:
    text = json.dumps(tree(claim), sort_keys=True)
    if len(text) <= MAX_GIVEN:
        return text
    return json.dumps({"t": "refused", "v": f"an answer of {len(text)} characters is not kept"})


TASKS: dict[str, Callable[..., Any]] = {
    "names": names,
    "look": look,
    "prepare": prepare,
    "judge": judge,
}
