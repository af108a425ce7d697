"""What students, instructors and printers get of a source exercise, as notebooks (nbformat 4.5).

No line between the solution markers, no tolerance, rubric, hidden input or expected value leaves
through `student_notebook`; the leak test reads every published file for them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from hardwired.course.authoring.exercise import Cell, Exercise, Question
from hardwired.course.engines.base import Limits
from hardwired.course.errors import CourseError

__all__ = [
    "BEGIN",
    "END",
    "cut",
    "data_file",
    "instructor_notebook",
    "own_code",
    "sheet",
    "short_digest",
    "solution_lines",
    "student_notebook",
]

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
YOURS = "# YOUR CODE HERE\nraise NotImplementedError"
YOURS_TEXT = "*Write your answer here, in place of this line.*"
OWN = ("draw", "data")  # what gives students their data
LIBRARIES = ("numpy", "scipy", "pandas", "matplotlib", "sympy", "pint", "hardwired")
LOCKED = ("setup", *OWN, "identity")


def cut(source: str, kind: str = "code", where: str = "cell") -> str:
    """Replace what stands between the markers; a marker without its partner is an error."""
    out: list[str] = []
    inside = False
    for line in source.splitlines():
        mark = line.strip()
        if mark == BEGIN:
            if inside:
                raise CourseError(f"{where}: {BEGIN} stands twice; close the first with {END}")
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            filler = YOURS if kind == "code" else YOURS_TEXT
            out += [indent + part for part in filler.splitlines()]
        elif mark == END:
            if not inside:
                raise CourseError(f"{where}: {END} without {BEGIN}")
            inside = False
        elif not inside:
            out.append(line)
    if inside:
        raise CourseError(f"{where}: {BEGIN} is never closed; add {END}")
    return "\n".join(out)


def solution_lines(exercise: Exercise) -> Iterator[str]:
    """Every line of the solutions that must stand in no published file (short ones left out)."""
    for cell in exercise.cells:
        inside = False
        for line in cell.source.splitlines():
            if line.strip() in (BEGIN, END):
                inside = line.strip() == BEGIN
            elif (inside or cell.role == "instructor") and len(line.strip()) >= 16:
                yield line.strip()
    for question in exercise.questions:
        for answer in question.answers:
            for text in (answer.inputs, *answer.mutants):
                if text:
                    yield from (ln.strip() for ln in text.splitlines() if len(ln.strip()) >= 16)
            for rule in answer.partial:
                for value in rule.arguments.values():
                    if isinstance(value, str) and len(value) >= 16:
                        yield value.strip()
            yield from (c.criterion for c in answer.rubric if len(c.criterion) >= 16)


def student_notebook(
    exercise: Exercise,
    *,
    student: str | None = None,
    data_file: str | None = None,
    nbgrader: bool = False,
) -> dict[str, Any]:
    """Give the student's notebook.

    Parameters
    ----------
    exercise : Exercise
        The source.
    student : str, optional
        Identifier written into the first cell; without it the student types one.
    data_file : str, optional
        Name of the file with this student's data; without it the draw cell stays in the notebook.
    nbgrader : bool
        Whether cells carry nbgrader's metadata besides ours.

    Returns
    -------
    dict
        A notebook of format 4.5, ready for ``json.dump``.
    """
    cells = [_identity(exercise, student)]
    setup = [cell for cell in exercise.cells if cell.role == "setup"]
    last_setup = setup[-1] if setup else None
    drawn = exercise.draw is None
    for cell in exercise.cells:
        if cell.role == "instructor" or (cell.role == "draw" and data_file):
            continue
        cells.append(_student_cell(exercise, cell))
        if cell.role == "draw":
            cells.append(_data_cell(exercise, None))
            drawn = True
        if cell is last_setup and data_file:
            cells.append(_data_cell(exercise, data_file))
            drawn = True
        if cell.question and cell.kind == "code":
            cells.append(_check_cell(cell.question))
    if not drawn:
        cells.insert(1, _data_cell(exercise, data_file))
    if nbgrader:
        _nbgrader(exercise, cells)
    return _notebook(exercise, cells)


def instructor_notebook(exercise: Exercise, seed: int = 0) -> dict[str, Any]:
    """Give the notebook with solutions, and the grading plan of each question in words."""
    cells: list[dict[str, Any]] = []
    for cell in exercise.cells:
        cells.append(_code(cell.source) if cell.kind == "code" else _markdown(cell.source))
        if cell.role == "draw":
            cells.append(_code(f"import numpy as np\n\ndata = draw(np.random.default_rng({seed}))"))
        if cell.question:
            cells.append(_markdown(_plan(exercise.question(cell.question))))
    return _notebook(exercise, cells)


def sheet(exercise: Exercise) -> str:
    """Give the printable sheet: title, points, prompts and the tables they read, as Markdown."""
    out = [
        f"# {exercise.title}",
        "",
        f"{exercise.points:g} points, about {exercise.minutes} minutes.",
    ]
    for cell in exercise.cells:
        if cell.kind == "markdown" and not cell.question and cell.role != "instructor":
            text = re.sub(r"^# .*\n?", "", cell.source, count=1) if not cell.prompt else cell.source
            points = exercise.question(cell.prompt).points if cell.prompt else None
            out += ["", text.strip()] + ([f"\n*({points:g} points)*"] if points else [])
    tables = list(_tables(exercise))
    if tables:
        out += ["", "## The tables that the questions read", *tables]
    return "\n".join(out) + "\n"


def _tables(exercise: Exercise) -> Iterator[str]:
    """Give each printed table that a student's notebook names, in the order of their naming."""
    from hardwired import evidence  # with its statistics: grading does without

    seen = "\n".join(
        cut(cell.source, cell.kind, str(exercise.path))
        for cell in exercise.cells
        if cell.role not in ("instructor", *LOCKED)
    )
    for name in dict.fromkeys(re.findall(r"""evidence\.table\(["']([\w-]+)["']\)""", seen)):
        with contextlib.suppress(KeyError):  # an instructor's own, which validate complains of
            rows = evidence.table(name)
            lines = [[str(column) for column in rows.columns], ["---"] * len(rows.columns)]
            lines += [[_printed(value) for value in row] for row in rows.itertuples(index=False)]
            yield f"\n**{name}**\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _printed(value: Any) -> str:
    import pandas as pd

    if pd.isna(value):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value).replace("|", "\\|")


def _plan(question: Question) -> str:
    rows = [f"**Grading of {question.name}** ({question.points:g} points)", ""]
    for a in question.answers:
        unit = f" in {a.unit}" if a.unit else ""
        rows.append(
            f"- `{a.name}`: {a.kind}{unit}, {a.points:g} points,"
            f" within {a.rel:g} relative or {a.abs:g}"
        )
        rows += [f"  - {r.rule}: keeps {r.keep:.0%}. {r.because or ''}".rstrip() for r in a.partial]
        rows += [f"  - {c.criterion}: {c.points:g}" for c in a.rubric]
    return "\n".join(rows)


def _student_cell(exercise: Exercise, cell: Cell) -> dict[str, Any]:
    where = f"{exercise.path}: cell of {cell.question or cell.prompt or 'the text'}"
    source = cut(cell.source, cell.kind, where)
    meta: dict[str, Any] = {}
    for key in ("role", "question", "prompt"):
        if value := getattr(cell, key):
            meta[key] = value
    if cell.question:
        meta["points"] = exercise.question(cell.question).points
    if cell.role not in LOCKED:
        meta["lines"] = [short_digest(line) for line in source.splitlines() if line.strip()]
    made = _code(source) if cell.kind == "code" else _markdown(source)
    if meta:
        made["metadata"]["hardwired"] = meta
    if cell.role in LOCKED:
        made["metadata"] |= {"deletable": False, "editable": False}
    return made


def short_digest(line: str) -> str:
    """Give what a line of the author's is known by, also after the exercise was edited."""
    return hashlib.sha256(" ".join(line.split()).encode()).hexdigest()[:10]


def _identity(exercise: Exercise, student: str | None) -> dict[str, Any]:
    checks = {q.name: [a.public() for a in q.answers] for q in exercise.questions if not q.prose}
    source = "\n".join(
        [
            "# Write your identifier between the quotes, as your course knows it."
            if student is None
            else "# This notebook was made for you: its data are yours alone.",
            f"STUDENT = {json.dumps(student or '')}",
            "",
            "# The rest of this cell belongs to the exercise.",
            *_told(),
            "from hardwired.course.student import begin, check",
            "",
            f"begin({json.dumps(exercise.slug)}, {checks!r})",
        ]
    )
    cell = _code(source)
    cell["metadata"]["hardwired"] = {
        "role": "identity",
        "slug": exercise.slug,
        "version": exercise.version,
    }
    return cell


def _told() -> list[str]:
    """Say with what a submission is run and what it may use, as comments."""
    limits = Limits()
    return [
        f"# What you hand in is run with {', '.join(LIBRARIES)} and Python's own modules;",
        "# other modules, the network and files beside this notebook are not there.",
        f"# A cell may take {limits.cell_s:g} s of processor time, the notebook"
        f" {limits.cpu_s / 60:g} min and {limits.memory_mb / 1024:g} GB of memory.",
    ]


def _data_cell(exercise: Exercise, data_file: str | None) -> dict[str, Any]:
    if exercise.draw is None:
        source = "data = {}"
    elif data_file:
        source = (
            "from hardwired.course.student import load\n\n"
            f"data = load({json.dumps(data_file)}, STUDENT)  # the file lies beside this notebook"
        )
    else:
        source = (
            "from hardwired.course.student import generator\n\n"
            f"data = draw(generator({json.dumps(exercise.slug)}, STUDENT))"
        )
    cell = _code(source)
    cell["metadata"] |= {"hardwired": {"role": "data"}, "deletable": False, "editable": False}
    return cell


def own_code(exercise: Exercise) -> frozenset[str]:
    """Give the code cells of the exercise itself, as any student gets them, without its first."""
    cells = [_check_cell(q.name) for q in exercise.questions]
    cells += [_data_cell(exercise, name) for name in (None, data_file(exercise))]
    given = [cell["source"] for cell in cells]
    given += [c.source for c in exercise.cells if c.kind == "code" and c.role in ("setup", "draw")]
    return frozenset(source.strip() for source in given)


def data_file(exercise: Exercise) -> str:
    """Name of the file with one student's data."""
    return f"{exercise.slug}-data.json"


def _check_cell(question: str) -> dict[str, Any]:
    cell = _code(f'check("{question}")')
    cell["metadata"]["hardwired"] = {"role": "check"}
    return cell


def _code(source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
        "source": source,
    }


def _markdown(source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def _notebook(exercise: Exercise, cells: list[dict[str, Any]]) -> dict[str, Any]:
    for number, cell in enumerate(cells):
        cell["id"] = f"{exercise.slug}-{number:03d}"
    kernel: Mapping[str, str] = {
        "name": "python3",
        "display_name": "Python 3",
        "language": "python",
    }
    meta = {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
        "hardwired": {"slug": exercise.slug, "version": exercise.version},
    }
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": meta, "cells": cells}


def _nbgrader(exercise: Exercise, cells: list[dict[str, Any]]) -> None:
    """Add nbgrader's cell metadata (schema 3): answers are marked by hand or by its own tests."""
    for cell in cells:
        meta = cell["metadata"].get("hardwired", {})
        name = meta.get("question")
        base = {
            "schema_version": 3,
            "task": False,
            "locked": False,
            "grade": False,
            "solution": False,
        }
        if name:
            kind = {"grade_id": name, "solution": True, "grade": True}
            cell["metadata"]["nbgrader"] = base | kind | {"points": exercise.question(name).points}
        elif meta.get("role") in LOCKED:
            cell["metadata"]["nbgrader"] = base | {"grade_id": meta["role"], "locked": True}
