"""Where in a submission a question is answered, and how Jupyter calls a cell.

A student may move, copy, join, split and delete cells. What a cell says of itself, the prompts that
stand above it, and the names that it sets tell which question it belongs to.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from hardwired.course import loader
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.loader import LoadedCell, LoadedNotebook

__all__ = ["Given", "Place", "answered", "empty", "given_out", "places_of", "squeezed"]


@dataclass(frozen=True)
class Place:
    """A cell: the question it belongs to, what a person calls it, and the names that it sets."""

    question: str | None
    label: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """What every student gets: the cells' texts, and the prompts by question."""

    cells: frozenset[str]
    prompts: Mapping[str, str]


def squeezed(text: str) -> str:
    """Give a text without what editors change: blanks, line ends, blank lines."""
    return " ".join(text.split())


_given: dict[str, Given] = {}


def given_out(exercise: Exercise) -> Given:
    """Give the cells of an exercise as students get them."""
    if exercise.digest in _given:
        return _given[exercise.digest]
    cells = {squeezed(str(c["source"])) for c in strip.student_notebook(exercise)["cells"]}
    cells |= {squeezed(source) for source in strip.own_code(exercise)}
    prompts = {question.name: question.prompt for question in exercise.questions}
    _given[exercise.digest] = Given(frozenset(cells), prompts)
    return _given[exercise.digest]


def places_of(exercise: Exercise, notebook: LoadedNotebook) -> tuple[Place, ...]:
    """Give the place of each cell."""
    prompts = given_out(exercise).prompts
    heads = {_head(text): name for name, text in prompts.items()}
    of = {a.name: q.name for q in exercise.questions for a in q.answers}
    current: str | None = None
    code = 0
    out = []
    for number, cell in enumerate(notebook.cells):
        code += cell.kind == "code"
        mine = None
        if cell.kind != "code" and (hit := heads.get(_head(cell.source))):
            current = hit
        elif cell.kind == "markdown" and cell.prompt in prompts and cell.question is None:
            current = cell.prompt
        elif cell.question in prompts:
            mine = cell.question
        names = _names(cell.source) if cell.kind == "code" else ()
        set_here = [of[name] for name in names if name in of]
        question = mine or (set_here[0] if set_here else current)
        out.append(Place(question, _label(cell, number, code), names))
    return tuple(out)


def _head(text: str) -> str:
    """Give the first line of a text cell, by which its prompt is known after it was edited."""
    line = next((part for part in text.splitlines() if part.strip()), "")
    return squeezed(line.lstrip("#")).casefold()


def _label(cell: LoadedCell, number: int, code: int) -> str:
    if cell.kind != "code":
        return f"the text cell that is the {_nth(number + 1)} cell from the top"
    return f"cell [{cell.count}]" if cell.count else f"the {_nth(code)} code cell"


def _nth(number: int) -> str:
    tens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if tens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _names(source: str) -> tuple[str, ...]:
    """Give the names that a cell sets, as far as it can be read."""
    try:
        tree = ast.parse(loader.plain_python(source))
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return tuple(dict.fromkeys(re.findall(r"^([A-Za-z_]\w*)\s*=(?!=)", source, re.MULTILINE)))
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = None
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = None
        elif isinstance(node, ast.alias):
            found[(node.asname or node.name).split(".")[0]] = None
    return tuple(found)


def empty(source: str) -> bool:
    """Whether a code cell holds no code, or is as it was given out."""
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


def answered(
    exercise: Exercise, notebook: LoadedNotebook, prose: Collection[str]
) -> tuple[str, ...]:
    """Give the questions that hold anything of the student's own; ``?`` is code elsewhere.

    ``prose`` are the questions whose text was found.
    """
    given = given_out(exercise).cells
    found = dict.fromkeys(prose)
    for cell, place in zip(notebook.cells, places_of(exercise, notebook), strict=True):
        if cell.kind != "code" or cell.role == "identity" or loader.BEGINS.search(cell.source):
            continue
        if squeezed(cell.source) in given or empty(loader.plain_python(cell.source)):
            continue
        if cell.source.strip():
            found[place.question or "?"] = None
    return tuple(found)
