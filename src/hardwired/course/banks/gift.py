"""GIFT: Moodle's plain text, which several other systems read too."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hardwired.course.banks.markup import Voice, name, tex
from hardwired.course.banks.moodle import CATEGORY, shares
from hardwired.course.quiz import Item, Quiz

__all__ = ["bank", "quoted"]

_CONTROL = re.compile(r"([\\~=#{}:])")


def quoted(text: str) -> str:
    r"""Put a backslash before each sign that GIFT would take for its own, and keep to one line."""
    return _CONTROL.sub(r"\\\1", " ".join(text.split()))


def bank(quizzes: Sequence[Quiz]) -> bytes:
    """Return the questions of all quizzes as one GIFT file."""
    parts = []
    for quiz in quizzes:
        parts.append(f"$CATEGORY: {CATEGORY.format(chapter=quiz.chapter)}")
        parts += [_question(quiz, item) for item in quiz.items]
    return ("\n\n".join(parts) + "\n").encode()


def _question(quiz: Quiz, item: Item) -> str:
    voice = Voice(quiz, item, tex)
    general = f"\n####{quoted(voice.inline(item.why))}" if item.why else ""
    title = f"// {quiz.chapter}, objective {item.objective}\n::{quoted(name(quiz, item))}::"
    body = "".join(_answers(voice))
    return f"{title}[html]{quoted(voice.question())}{{{body}{general}\n}}"


def _answers(voice: Voice) -> list[str]:
    item = voice.item
    if item.kind == "numeric":
        return [f"#{item.answer!r}:{item.tolerance!r}"]
    if item.kind == "ordering":
        steps = [quoted(voice.inline(step.text)) for step in item.options]
        if arrow := next((step for step in steps if "->" in step), None):
            raise voice.refuse(f"the step '{arrow[:40]}' holds '->'", "write the arrow as →")
        return [f"\n={step} -> {place}" for place, step in enumerate(steps, start=1)]
    lines = []
    for option, share in zip(item.options, shares(voice), strict=True):
        mark = f"~%{share}%" if item.kind == "multiple" else "=" if option.right else "~"
        if item.kind != "multiple" and option.text.lstrip().startswith("%"):
            mark += "%100%" if option.right else "%0%"  # else Moodle reads "%50% of them" as one
        text, why = (quoted(voice.inline(part)) for part in (option.text, option.why))
        lines.append(f"\n{mark}{text}#{why}")
    return lines
