"""Prose and figures for people: marking sheets out, points back in, agreement of two markers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook, Manual
from hardwired.house.files import write_atomic

__all__ = ["Agreement", "agreement", "merge", "write_sheets"]

KEYS = ("student", "file_digest", "words", "text", "figure")


@dataclass(frozen=True)
class Agreement:
    """How two markers agree: share of equal criteria, mean difference in points, weighted kappa."""

    markers: tuple[str, str]
    criteria: int
    equal: float
    mean_difference: float
    kappa: float | None


def _column(answer: Answer, number: int) -> str:
    c = answer.rubric[number]
    levels = f": {' / '.join(c.levels)}" if c.levels else ""
    return f"{number + 1}. {c.criterion} (0 to {c.points:g}{levels})"


def write_sheets(exercise: Exercise, book: Gradebook, folder: Path) -> list[Path]:
    """Write a sheet for each question that people mark, and the figures beside it.

    Points already given stand in it; a blank cell is not marked yet.
    """
    attempts = [a for a in book.attempts(exercise.slug) if a.status in ("graded", "no result")]
    written: list[Path] = []
    for question in exercise.questions:
        for answer in question.answers:
            if not answer.manual:
                continue
            key = (question.name, answer.name)
            header = [
                *KEYS,
                *(_column(answer, n) for n in range(len(answer.rubric))),
                "comment",
                "marker",
            ]
            rows = []
            for a in attempts:
                text, png = a.prose.get(key, ""), a.figures.get(key)
                if not text and png is None:
                    continue
                place = ""
                if png is not None:
                    place = f"figures/{question.name}-{a.file_digest[:12]}.png"
                    write_atomic(folder / place, png)
                blank = [""] * len(answer.rubric)
                rows.append(
                    [
                        a.student,
                        a.file_digest,
                        len(text.split()) if text else "",
                        text,
                        place,
                        *blank,
                        "",
                        "",
                    ]
                )
            path = folder / f"marking-{exercise.slug}-{question.name}-{answer.name}.csv"
            csvsafe.write(path, header, rows, mark=True)
            written.append(path)
    return written


def merge(exercise: Exercise, book: Gradebook, path: Path, marker: str) -> int:
    """Read a filled-in sheet back, all of it or nothing.

    Parameters
    ----------
    marker : str
        Name of the marker where the sheet's own column is empty.

    Raises
    ------
    CourseError
        For an unknown student, points above the maximum or below 0, or a text in place of points.
    """
    try:
        rows = csvsafe.read(path)
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            f"{path}: the marking sheet cannot be read ({error}); save it as CSV in UTF-8"
        ) from None
    answer = _answer(exercise, path, rows)
    known = {a.student: a for a in book.attempts(exercise.slug)}
    out: list[Manual] = []
    for line, row in enumerate(rows, 2):
        student = row.get("student", "")
        if student not in known:
            raise CourseError(
                f"{path}:{line}: {student!r} is no student of this gradebook; correct the sheet"
            )
        digest = row.get("file_digest", "")
        if digest != known[student].file_digest:
            raise CourseError(
                f"{path}:{line}: {student!r} has handed in another file since this sheet was made;"
                " make the sheet again"
            )
        for number, criterion in enumerate(answer.rubric):
            value = row[_column(answer, number)].strip().replace(",", ".")
            if not value:
                continue
            points = _points(path, line, value, criterion.points, criterion.criterion)
            name = row.get("marker", "").strip() or marker
            out.append(
                Manual(
                    student,
                    answer.name,
                    number,
                    name,
                    points,
                    row.get("comment", "").strip(),
                    digest,
                )
            )
    return book.merge(exercise.slug, out)


def _answer(exercise: Exercise, path: Path, rows: Sequence[Mapping[str, str]]) -> Answer:
    if not rows:
        raise CourseError(
            f"{path}: the marking sheet has no row; give the one that `hardwired grade` wrote"
        )
    for question in exercise.questions:
        for answer in question.answers:
            if answer.manual and all(
                _column(answer, n) in rows[0] for n in range(len(answer.rubric))
            ):
                return answer
    raise CourseError(
        f"{path}:1: the columns fit no question of {exercise.slug}; do not change the header"
    )


def _points(path: Path, line: int, value: str, most: float, what: str) -> float:
    try:
        points = float(value)
    except ValueError:
        raise CourseError(f"{path}:{line}: {value!r} is no number of points for {what!r}") from None
    if not 0 <= points <= most:
        raise CourseError(
            f"{path}:{line}: {points:g} points for {what!r}, but 0 to {most:g} are possible"
        )
    return points


def agreement(rows: Iterable[Manual]) -> list[Agreement]:
    """Agreement of each pair of markers over the criteria that both marked.

    Kappa is Cohen's with quadratic weights; it is None if all points are the same.
    """
    by_item: dict[tuple[str, str, int], dict[str, float]] = defaultdict(dict)
    for row in rows:
        by_item[row.student, row.answer, row.criterion][row.marker] = row.points
    names = sorted({name for marks in by_item.values() for name in marks})
    out = []
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            pairs = [(m[first], m[second]) for m in by_item.values() if first in m and second in m]
            if pairs:
                out.append(_agree((first, second), pairs))
    return out


def _agree(markers: tuple[str, str], pairs: Sequence[tuple[float, float]]) -> Agreement:
    n = len(pairs)
    seen = sum((a - b) ** 2 for a, b in pairs) / n
    chance = sum((a - b) ** 2 for a, _ in pairs for _, b in pairs) / n**2
    return Agreement(
        markers,
        n,
        equal=sum(a == b for a, b in pairs) / n,
        mean_difference=sum(abs(a - b) for a, b in pairs) / n,
        kappa=1 - seen / chance if chance > 0 else None,
    )
