"""The quiz of a chapter, ``exercises/NN-slug/quiz.yml``: read, checked, options shuffled.

The file is a mapping with ``chapter`` and a list ``items``; :func:`load` says what an item needs.
Rendering is done by :mod:`hardwired.pages.directives.quiz`.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KINDS = ("single", "multiple", "numeric", "ordering")

_QUIZ_KEYS = frozenset({"chapter", "items"})
_ITEM_KEYS = frozenset(
    {"id", "objective", "kind", "question", "options", "answer", "tolerance", "unit", "why"}
)
_OPTION_KEYS = frozenset({"text", "right", "why"})


class QuizError(ValueError):
    """A quiz file that cannot be used: names file, item and mend."""


@dataclass(frozen=True)
class Option:
    """One answer to choose, with the reason why it is right or wrong."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Item:
    """One question of a quiz.

    Attributes
    ----------
    id
        Unique in the chapter, ``q1``.
    objective
        The objective of the chapter that it tests, ``o3``.
    kind
        One of :data:`KINDS`.
    question
        MyST text.
    options
        The choices in the order shown; for ``ordering`` the steps in their right order.
    answer, tolerance, unit
        Of a ``numeric`` item: the value, its absolute tolerance, and its unit (``1`` for none).
    why
        What is said whatever was answered; for ``numeric`` the way to the number.
    """

    id: str
    objective: str
    kind: str
    question: str
    options: tuple[Option, ...] = ()
    answer: float | None = None
    tolerance: float | None = None
    unit: str = ""
    why: str = ""

    @property
    def shown(self) -> tuple[Option, ...]:
        """The options as a reader meets them: the steps of an ordering are out of order."""
        if self.kind != "ordering":
            return self.options
        mixed = tuple(sorted(self.options, key=lambda option: option.text))
        return mixed if mixed != self.options else mixed[::-1]


@dataclass(frozen=True)
class Quiz:
    """The items of one chapter."""

    chapter: str
    items: tuple[Item, ...]


def _need(entry: dict[str, Any], key: str, place: str) -> Any:
    if entry.get(key) in (None, "", []):
        raise QuizError(f"{place}: '{key}' is missing; add it")
    return entry[key]


def _mapping(value: Any, known: frozenset[str], place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise QuizError(f"{place}: {str(value)[:40]!r} is not a mapping; write 'key: value' lines")
    unknown = sorted(str(key) for key in value if key not in known)
    if unknown:
        raise QuizError(
            f"{place}: '{unknown[0]}' is unknown; known here are {', '.join(sorted(known))}"
        )
    return value


def _list(value: Any, what: str, place: str) -> list[Any]:
    if not isinstance(value, list):
        raise QuizError(f"{place}: '{what}' is not a list; begin each of its entries with '- '")
    return value


def _number(entry: dict[str, Any], key: str, place: str) -> float:
    value = _need(entry, key, place)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise QuizError(f"{place}: '{key}' is {value!r}, which is no number; write one such as 8.3")
    return float(value)


def _option(option: Any, place: str) -> Option:
    entry = _mapping(option, _OPTION_KEYS, place)
    right = entry.get("right", False)
    if not isinstance(right, bool):
        raise QuizError(f"{place}: 'right' is {right!r}; write true or false")
    return Option(
        text=str(_need(entry, "text", place)), right=right, why=str(_need(entry, "why", place))
    )


def _choices(entry: dict[str, Any], kind: str, place: str) -> tuple[Option, ...]:
    listed = _list(_need(entry, "options", place), "options", place)
    options = tuple(_option(o, f"{place}, option {n}") for n, o in enumerate(listed, start=1))
    right = sum(option.right for option in options)
    if len(options) < 2:
        raise QuizError(f"{place}: one option is no choice; add a wrong one")
    if kind == "single" and right != 1:
        raise QuizError(f"{place}: {right} options are right; a single choice has exactly one")
    if kind == "multiple" and right == 0:
        raise QuizError(f"{place}: no option is right; mark those that are with 'right: true'")
    return options


def _steps(entry: dict[str, Any], place: str) -> tuple[Option, ...]:
    listed = _list(_need(entry, "options", place), "options", place)
    for n, step in enumerate(listed, start=1):
        if isinstance(step, dict | list) or step in (None, ""):
            raise QuizError(f"{place}, option {n}: a step of an ordering is a line of text only")
    if len(listed) < 2:
        raise QuizError(f"{place}: one step has no order; add the others in their right order")
    return tuple(Option(str(step), True, "") for step in listed)


def _no_twins(options: tuple[Option, ...], place: str) -> None:
    texts = [option.text for option in options]
    for n, text in enumerate(texts, start=1):
        if text in texts[: n - 1]:
            raise QuizError(f"{place}, option {n}: says the same as an earlier one; change it")


def _shuffled(options: tuple[Option, ...], chapter: str, name: str) -> tuple[Option, ...]:
    shuffled = list(options)
    random.Random(f"{chapter}:{name}").shuffle(shuffled)
    return tuple(shuffled)


def _item(raw: Any, chapter: str, path: Path, number: int) -> Item:
    entry = _mapping(raw, _ITEM_KEYS, f"{path}: item number {number}")
    place = f"{path}: item {entry.get('id', f'number {number}')}"
    kind = entry.get("kind", "single")
    if kind not in KINDS:
        raise QuizError(f"{place}: kind '{kind}' is unknown; use one of {', '.join(KINDS)}")
    known: dict[str, Any] = {
        "id": str(_need(entry, "id", place)),
        "objective": str(_need(entry, "objective", place)),
        "kind": kind,
        "question": str(_need(entry, "question", place)),
        "why": str(entry.get("why", "")),
    }
    if kind in ("numeric", "ordering"):
        _need(entry, "why", place)  # options carry their own reasons, these kinds have none
    if kind == "numeric":
        tolerance = _number(entry, "tolerance", place)
        if tolerance < 0:
            raise QuizError(f"{place}: 'tolerance' is {tolerance:g}; write the largest deviation")
        return Item(
            **known,
            answer=_number(entry, "answer", place),
            tolerance=tolerance,
            unit=str(_need(entry, "unit", place)),
        )
    options = _steps(entry, place) if kind == "ordering" else _choices(entry, kind, place)
    _no_twins(options, place)
    if kind == "ordering":
        return Item(**known, options=options)
    return Item(**known, options=_shuffled(options, chapter, known["id"]))


def load(path: Path) -> Quiz:
    """Read and check a quiz file.

    Parameters
    ----------
    path
        ``exercises/NN-slug/quiz.yml``.

    Returns
    -------
    Quiz
        Items in the order of the file; the options of each shuffled by a seed fixed by its id.

    Raises
    ------
    QuizError
        When the file is missing or an item is incomplete; names file, item and mend.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise QuizError(f"{path}: there is no such quiz; write it or take the name back") from None
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", 0) + 1
        raise QuizError(f"{path}:{line}: not valid YAML; mend the line") from error
    except UnicodeDecodeError as error:
        raise QuizError(f"{path}: is not text in UTF-8; save it as that") from error
    data = _mapping(data, _QUIZ_KEYS, str(path))
    chapter = str(_need(data, "chapter", str(path)))
    listed = _list(_need(data, "items", str(path)), "items", str(path))
    items = tuple(_item(entry, chapter, path, n) for n, entry in enumerate(listed, start=1))
    ids = [item.id for item in items]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise QuizError(f"{path}: item {twice[0]} stands twice; give each its own id")
    return Quiz(chapter=chapter, items=items)
