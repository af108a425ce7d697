"""What a student's notebook imports: ``begin``, ``check``, ``generator`` and ``load``.

Only the base install is needed. ``check`` knows names, kinds, shapes, units and plausible ranges;
it knows no right answer, so it cannot tell one, and it cannot be asked for one.
"""

from __future__ import annotations

import inspect
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from hardwired.course import forms
from hardwired.course.codec import MAX_ITEMS, Refused, decode, encode
from hardwired.course.foreign import ITERATORS
from hardwired.course.pictures import figure_of
from hardwired.course.variants import normalise, public_seed

__all__ = ["begin", "check", "generator", "load"]

_checks: dict[str, Sequence[Mapping[str, Any]]] = {}


def begin(slug: str, checks: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Tell ``check`` what each question of this exercise asks for."""
    _checks.clear()
    _checks.update(checks)


def generator(slug: str, student: str) -> np.random.Generator:
    """Give generator of a student's data, the same for the same identifier.

    Raises
    ------
    ValueError
        If the identifier is empty.
    """
    if not normalise(student):
        raise ValueError(
            "STUDENT in the first cell is empty: write your identifier and run it again."
        )
    return np.random.default_rng(public_seed(slug, student))


def load(file: str | Path, student: str) -> dict[str, Any]:
    """Read the data file that came with this notebook.

    Raises
    ------
    ValueError
        If the file is missing, or was made for another identifier.
    """
    try:
        blob = json.loads(Path(file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(
            f"{file} is not beside this notebook: put it there and run again."
        ) from None
    if normalise(str(blob.get("student"))) != normalise(student):
        raise ValueError(
            f"{file} was made for another identifier than {student!r}: take your own file."
        )
    found: dict[str, Any] = decode(blob["data"])
    return found


def check(question: str, names: Mapping[str, Any] | None = None) -> None:
    """Print, for each answer of a question, whether it can be read; never whether it is right.

    Parameters
    ----------
    question : str
        Name of the question, for example ``"q1"``.
    names : mapping, optional
        Where to look; the notebook's own names by default.
    """
    if names is None:
        frame = inspect.currentframe()
        names = frame.f_back.f_globals if frame and frame.f_back else {}
    if question not in _checks:
        known = ", ".join(_checks) or "none: run the first cell"
        print(f"There is no question {question}; there are {known}.")
        return
    for answer in _checks[question]:
        print(f"{answer['name']}: {describe(answer, names)}")


def describe(answer: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    """One sentence on an answer: found or not, and in the form that was asked for or not."""
    name, kind = answer["name"], answer["kind"]
    if name not in names:
        return "not there yet; give the answer this name."
    value = names[name]
    if isinstance(value, ITERATORS) and isinstance(names, dict):
        value = names[name] = list(itertools.islice(value, MAX_ITEMS + 1))  # to be read again
    if kind in ("function", "figure", "prose"):
        return _FORMS[kind](value, answer) or f"can be read{_in(answer)}."
    try:
        value = decode(encode(value, answer.get("unit")))
    except Refused as error:
        return f"{error}."
    except Exception as error:
        return f"cannot be read ({type(error).__name__})."
    return _FORMS[kind](value, answer) or f"can be read{_in(answer)}."


def _in(answer: Mapping[str, Any]) -> str:
    return f" (in {answer['unit']})" if answer.get("unit") else ""


def _outside(values: Any, answer: Mapping[str, Any]) -> str | None:
    if not answer.get("range"):
        return None
    low, high = answer["range"]
    array = np.asarray(values, dtype=float)
    if np.all((array >= low) & (array <= high)):
        return None
    return f"lies outside the plausible range {low:g} to {high:g}{_in(answer)}."


def _wrong_kind(value: Any, kind: str) -> str:
    return f"is {forms.kind_of(value)}, but {forms.A[kind]} is asked for."


def _number(value: Any, answer: Mapping[str, Any]) -> str | None:
    found = forms.number(value, answer.get("unit"))
    if found is None:
        return _wrong_kind(value, "number")
    if not np.isfinite(found):
        return "is not a finite number."
    return _outside(found, answer)


def _array(value: Any, answer: Mapping[str, Any]) -> str | None:
    shape = answer.get("shape")
    array = forms.array(value, shape, answer.get("unit"))
    if array is None:
        return _wrong_kind(value, "array")
    if shape and (
        len(shape) != array.ndim
        or any(s not in (None, n) for s, n in zip(shape, array.shape, strict=True))
    ):
        return f"has shape {array.shape}, not {tuple(shape)}."
    return _outside(array, answer)


def _table(value: Any, answer: Mapping[str, Any]) -> str | None:
    found = forms.table(value)
    if found is None:
        return _wrong_kind(value, "table")
    missing = [name for name in answer.get("columns", ()) if name not in found.columns]
    return f"has no column {missing[0]!r}." if missing else None


def _choice(value: Any, answer: Mapping[str, Any]) -> str | None:
    if forms.choice(value, answer["options"]) is not None:
        return None
    return f"must be one of {', '.join(map(repr, answer['options']))}."


def _function(value: Any, answer: Mapping[str, Any]) -> str | None:
    return None if callable(value) else f"is a {type(value).__name__}, but a function is asked for."


def _figure(value: Any, answer: Mapping[str, Any]) -> str | None:
    return (
        None
        if figure_of(value) is not None
        else "must be a matplotlib figure (for example fig of plt.subplots)."
    )


_FORMS: dict[str, Callable[[Any, Mapping[str, Any]], str | None]] = {
    "number": _number,
    "array": _array,
    "table": _table,
    "choice": _choice,
    "function": _function,
    "figure": _figure,
    "prose": lambda value, answer: None,
}
