"""The quizzes as question banks that course systems import.

``hardwired quiz export`` reads ``exercises/NN-slug/quiz.yml`` (:mod:`hardwired.course.quiz`), and a
writer a format turns it into bytes: :mod:`~.moodle` (Moodle XML), :mod:`~.qti12` and :mod:`~.qti21`
(packages of Question and Test Interoperability), :mod:`~.gift` and :mod:`~.table` (CSV). The text
of a question goes through :mod:`~.markup`. Nothing here knows Sphinx, and no file is begun before
all of it is there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from hardwired.course.banks import gift, moodle, qti12, qti21, table
from hardwired.course.errors import CourseError
from hardwired.course.quiz import Quiz, QuizError, load
from hardwired.house.files import write_atomic

__all__ = ["FORMATS", "collect", "too_small_for_canvas", "write"]

SMALLEST_OF_CANVAS = 1e-4

#: The writer of each format: quizzes in, the whole file out.
FORMATS: dict[str, Callable[[Sequence[Quiz]], bytes]] = {
    "moodle": moodle.bank,
    "qti12": qti12.bank,
    "qti21": qti21.bank,
    "gift": gift.bank,
    "csv": table.bank,
}


def collect(folder: Path, chapters: Sequence[str] = ()) -> list[Quiz]:
    """Read the quizzes of a folder of exercises.

    Parameters
    ----------
    folder
        ``exercises``, or an instructor's own.
    chapters
        Slugs, ``05-wounds``; without any, every chapter that has a quiz.

    Raises
    ------
    CourseError
        When there is none, or one cannot be used.
    """
    names = list(chapters) or sorted(path.parent.name for path in folder.glob("*/quiz.yml"))
    if not names:
        raise CourseError(f"{folder}: holds no quiz.yml; name the folder with --exercises")
    try:
        return [load(folder / name / "quiz.yml") for name in dict.fromkeys(names)]
    except QuizError as error:
        raise CourseError(str(error)) from error


def too_small_for_canvas(quizzes: Sequence[Quiz]) -> list[str]:
    """Give chapter and item of numbers that Canvas rounds to nought when it imports them."""
    return [
        f"{quiz.chapter}, item {item.id}"
        for quiz in quizzes
        for item in quiz.items
        if item.kind == "numeric" and item.answer and abs(item.answer) < SMALLEST_OF_CANVAS
    ]


def write(quizzes: Sequence[Quiz], form: str, out: Path) -> None:
    """Write a question bank, whole or not at all.

    Parameters
    ----------
    quizzes
        What to write, in this order.
    form
        A key of :data:`FORMATS`.
    out
        The file; an older one is replaced only by a complete one.

    Raises
    ------
    CourseError
        When an item cannot be said in this format; names chapter, item and mend.
    """
    try:
        data = FORMATS[form](quizzes)
    except QuizError as error:
        raise CourseError(str(error)) from error
    write_atomic(out, data)
