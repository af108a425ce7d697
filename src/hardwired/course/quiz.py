"""The quiz of a chapter, ``exercises/NN-slug/quiz.yml``: read, checked, options shuffled.

The file is a mapping with ``chapter`` and a list ``items``; :func:`load` says what an item needs.
Rendering is done by :mod:`hardwired.sphinxext.quiz`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

KINDS = ("single", "multiple", "numeric", "ordering")


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


@dataclass(frozen=True)
class Quiz:
    """The items of one chapter."""

    chapter: str
    items: tuple[Item, ...]


def _need(entry: dict[str, Any], key: str, place: str) -> Any:
    if entry.get(key) in (None, "", []):
        raise QuizError(f"{place}: '{key}' is missing; add it")
    return entry[key]


def _options(entry: dict[str, Any], place: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            text=str(_need(option, "text", f"{place}, option {n}")),
            right=bool(option.get("right", False)),
            why=str(_need(option, "why", f"{place}, option {n}")),
        )
        for n, option in enumerate(_need(entry, "options", place), start=1)
    )


def _item(entry: dict[str, Any], chapter: str, path: Path) -> Item:
    place = f"{path}: item {entry.get('id', '?')}"
    kind = entry.get("kind", "single")
    if kind not in KINDS:
        raise QuizError(f"{place}: kind '{kind}' is unknown; use one of {', '.join(KINDS)}")
    known = {
        "id": str(_need(entry, "id", place)),
        "objective": str(_need(entry, "objective", place)),
        "kind": kind,
        "question": str(_need(entry, "question", place)),
        "why": str(entry.get("why", "")),
    }
    if kind == "numeric":
        return Item(
            **known,
            answer=float(_need(entry, "answer", place)),
            tolerance=float(_need(entry, "tolerance", place)),
            unit=str(_need(entry, "unit", place)),
        )
    if kind == "ordering":
        steps = _need(entry, "options", place)
        return Item(**known, options=tuple(Option(str(s), True, "") for s in steps))
    options = _options(entry, place)
    right = sum(option.right for option in options)
    if kind == "single" and right != 1:
        raise QuizError(f"{place}: {right} options are right; a single choice has exactly one")
    if kind == "multiple" and right == 0:
        raise QuizError(f"{place}: no option is right; mark those that are with 'right: true'")
    shuffled = list(options)
    random.Random(f"{chapter}:{known['id']}").shuffle(shuffled)
    return Item(**known, options=tuple(shuffled))


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
    chapter = str(_need(data, "chapter", str(path)))
    items = tuple(_item(entry, chapter, path) for entry in _need(data, "items", str(path)))
    ids = [item.id for item in items]
    twice = sorted({i for i in ids if ids.count(i) > 1})
    if twice:
        raise QuizError(f"{path}: item {twice[0]} stands twice; give each its own id")
    return Quiz(chapter=chapter, items=items)
