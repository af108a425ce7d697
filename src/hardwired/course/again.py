"""What to look at again in the chapter: the sections that meet the objectives of a question.

A question names its objectives in its note (``note: objectives o1 and o3``); which sections meet
them stands in the book's ``front/objectives.yml``, beside whose folder the book's exercises lie.
Exercises of somebody's own, without that file, send nobody anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hardwired.course.authoring.exercise import Exercise, Question

__all__ = ["look_again"]

SECTIONS = "book/front/objectives.yml"
NAMED = re.compile(r"\bo\d+\b")


def look_again(exercise: Exercise, question: Question) -> str:
    """Say which sections of the chapter a question goes back to, or nothing."""
    path = exercise.path.resolve().parents[2] / SECTIONS
    try:
        chapters = _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, yaml.YAMLError):
        return ""
    sections = chapters.get(exercise.slug)
    if not isinstance(sections, Mapping):
        return ""
    found = [str(s) for name in NAMED.findall(question.note) for s in sections.get(name) or ()]
    if not found:
        return ""
    names = ", ".join(f"\u201c{name}\u201d" for name in dict.fromkeys(found))
    number = re.match(r"0*(\d+)-", exercise.slug)
    return f"{f'chapter {number[1]}' if number else exercise.title}: {names}"


@lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> Mapping[str, Any]:
    read = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read if isinstance(read, dict) else {}
