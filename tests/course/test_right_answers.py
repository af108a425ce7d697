"""Any reasonable right answer is right, in all eight exercises of the book."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise, read
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.grade import mark_notebook
from hardwired.course.reference import answers_of, references
from tests.conftest import count

EXERCISES = sorted((Path(__file__).parents[2] / "exercises").glob("*/exercise.md"))
LIMITS = Limits()
# What a student may do with numbers before handing them in, as one more cell.
FORMS = {
    "three digits": "form = lambda x: x if float(x).is_integer() else float(f'{x:.3g}')",
    "as text would be read back": "form = lambda x: float(repr(float(x)))",
    "lists and other numbers": (
        "from fractions import Fraction\nform = lambda x: Fraction(float(x))"
    ),
}
CELL = """
import numpy as np
{form}
for name in {names}:
    value = globals()[name]
    if isinstance(value, str):
        globals()[name] = f"  {{value.upper()}}. "
    elif np.ndim(value) == 0:
        globals()[name] = form(value)
    else:
        shape = np.shape(value)
        flat = [form(x) for x in np.asarray(value, dtype=float).ravel()]
        made = np.empty(len(flat), dtype=object)
        made[:] = flat
        globals()[name] = made.reshape(shape).tolist()
"""


def changed(exercise: Exercise, form: str) -> bytes:
    """Give the author's own solution with its answers in another form."""
    kinds = ("number", "array", "choice")
    names = [a.name for a in answers_of(exercise) if a.kind in kinds]
    notebook = strip.instructor_notebook(exercise)
    source = CELL.format(form=form, names=names)
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
    return json.dumps(notebook | {"cells": [*notebook["cells"], cell]}).encode()


@pytest.mark.sampled
def test_right_answers_in_other_forms_earn_everything(zygote: Engine) -> None:
    """Three significant digits, fractions, lists, capitals and stops."""
    short: dict[str, dict[str, str]] = {}
    for path in EXERCISES[: count(8, 2)]:
        exercise = read(path)
        (solved,) = references(exercise, [20], zygote, LIMITS)
        for name, form in FORMS.items():
            marks = mark_notebook(exercise, changed(exercise, form), solved, zygote, LIMITS).marks
            lost = {n: m.reason for n, m in marks.items() if m.points < m.most}
            if lost:
                short[f"{exercise.slug}, {name}"] = lost

    assert short == {}
