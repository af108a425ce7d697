"""CSV: a row a question, for those who build their bank in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence

from hardwired.course import csvsafe
from hardwired.course.banks.markup import Voice, tex
from hardwired.course.quiz import Item, Quiz

__all__ = ["bank"]

FACTS = ("chapter", "item", "objective", "kind", "question", "answer", "tolerance", "unit", "why")


def bank(quizzes: Sequence[Quiz]) -> bytes:
    """Return the questions as CSV in UTF-8, with as many option columns as the longest needs.

    ``right`` says yes or no, and for an ordering the place of the step. Texts are plain, formulas
    TeX.
    """
    most = max((len(item.options) for quiz in quizzes for item in quiz.items), default=0)
    header = list(FACTS)
    for n in range(1, most + 1):
        header += [f"option_{n}", f"right_{n}", f"feedback_{n}"]
    rows = [_row(quiz, item, len(header)) for quiz in quizzes for item in quiz.items]
    return csvsafe.text(header, rows).encode("utf-8-sig")


def _row(quiz: Quiz, item: Item, width: int) -> list[object]:
    voice = Voice(quiz, item, tex)
    for text in (item.question, item.why, *(t for o in item.options for t in (o.text, o.why))):
        voice.blocks(text)  # refuses what no bank can carry
    row: list[object] = [quiz.chapter, item.id, item.objective, item.kind, _plain(item.question)]
    row += ["" if item.answer is None else item.answer]
    row += ["" if item.tolerance is None else item.tolerance, item.unit, _plain(item.why)]
    for option in item.shown:
        if item.kind == "ordering":
            right: object = item.options.index(option) + 1
        else:
            right = "yes" if option.right else "no"
        row += [_plain(option.text), right, _plain(option.why)]
    return row + [""] * (width - len(row))


def _plain(text: str) -> str:
    return " ".join(text.split())
