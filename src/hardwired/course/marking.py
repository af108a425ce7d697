"""Prose and figures for people: marking sheets written out, and the agreement of two markers.

Sheets are read back by :mod:`hardwired.course.merging`.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Answer, Criterion, Exercise
from hardwired.course.entries import Manual, comments, criteria
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.numbering import Paper, Papers, allot, papers, typed
from hardwired.house.files import write_atomic

__all__ = [
    "Agreement",
    "agreement",
    "column",
    "filled_sheets",
    "level_points",
    "sheet_rows",
    "write_sheets",
]

KEYS = ("paper", "version", "words", "text", "figure")
Row = list[Any]


@dataclass(frozen=True)
class Agreement:
    """How two markers agree: share of equal criteria, mean difference in points, weighted kappa."""

    markers: tuple[str, str]
    criteria: int
    equal: float
    mean_difference: float
    kappa: float | None


def level_points(criterion: Criterion) -> Mapping[str, float]:
    """Give what each named level of a criterion is worth: equal steps from 0 to all its points."""
    steps = max(1, len(criterion.levels) - 1)
    return {name: criterion.points * n / steps for n, name in enumerate(criterion.levels)}


def column(answer: Answer, number: int) -> str:
    """Give the heading of a criterion in a sheet: its number, its words, its points and levels."""
    c = answer.rubric[number]
    levels = " / ".join(f"{name} = {points:g}" for name, points in level_points(c).items())
    return f"{number + 1}. {c.criterion} (0 to {c.points:g}{': ' if levels else ''}{levels})"


def write_sheets(exercise: Exercise, book: Gradebook, folder: Path) -> list[Path]:
    """Write sheets for each question that people mark, and the figures beside them.

    They say nothing of who wrote what: a paper has a number, and the rows are in their order.
    Points already given stand in them; a blank cell is not marked yet. A sheet that somebody has
    changed since it was written is left as it is; what it does not hold goes into a new one beside
    it, with a number.

    Returns
    -------
    list of Path
        The sheets that together hold every answer, those left as they are among them.
    """
    attempts = [a for a in book.attempts(exercise.slug) if a.status in ("graded", "no result")]
    given, said = criteria(book, exercise.slug), comments(book, exercise.slug)
    numbers = allot(book, exercise.slug, (a.student for a in attempts))
    attempts.sort(key=lambda a: numbers.of[a.student, a.file_digest].number)
    out: list[Path] = []
    for question in exercise.questions:
        for answer in question.answers:
            if not answer.manual:
                continue
            rows = [
                row
                for a in attempts
                for row in _rows(
                    question.name,
                    answer,
                    a,
                    given,
                    said,
                    folder,
                    paper=numbers.of[a.student, a.file_digest],
                )
            ]
            base = folder / f"marking-{exercise.slug}-{question.name}-{answer.name}.csv"
            out += _laid_down(base, answer, rows, book, exercise.slug)
    return out


def _rows(
    question: str,
    answer: Answer,
    a: Attempt,
    given: Sequence[Manual],
    said: Mapping[tuple[str, str, str, str], str],
    folder: Path,
    *,
    paper: Paper,
) -> list[Row]:
    """Give a row for each marker who has begun, or one that is blank."""
    text, png = a.prose.get((question, answer.name), ""), a.figures.get((question, answer.name))
    if not text and png is None:
        return []
    place = ""
    if png is not None:
        place = f"figures/{question}-{paper.number}-{paper.version}.png"
        write_atomic(folder / place, png)
    key = [paper.number, paper.version, len(text.split()) if text else "", text, place]
    mine = [
        m
        for m in given
        if (m.student, m.answer, m.file_digest) == (a.student, answer.name, a.file_digest)
    ]
    rows: list[Row] = []
    for marker in dict.fromkeys(m.marker for m in mine):
        points = {m.criterion: f"{m.points:g}" for m in mine if m.marker == marker}
        cells = [points.get(n, "") for n in range(len(answer.rubric))]
        comment = said.get((a.student, answer.name, marker, a.file_digest), "")
        rows.append([*key, *cells, comment, marker])
    return rows or [[*key, *[""] * len(answer.rubric), "", ""]]


def _laid_down(
    base: Path, answer: Answer, rows: list[Row], book: Gradebook, exercise: str
) -> list[Path]:
    """Write one sheet beside those that somebody has changed, with what these do not hold."""
    beside = [base, *sorted(base.parent.glob(f"{base.stem}-*.csv"), key=_number)]
    changed = [path for path in beside if path.is_file() and not _ours(path, book)]
    known = papers(book, exercise)
    held = {paper for path in changed for paper in sheet_rows(path, known)}
    rest = [row for row in rows if Paper(row[0], row[1]) not in held]
    path, number = base, 1
    while path in changed:
        number += 1
        path = base.with_name(f"{base.stem}-{number}.csv")
    if changed and not rest:
        path.unlink(missing_ok=True)
        return changed
    header = [*KEYS, *(column(answer, n) for n in range(len(answer.rubric))), "comment", "marker"]
    data = csvsafe.text(header, rest).encode("utf-8-sig")
    with book.transaction():
        book.db.execute("INSERT OR IGNORE INTO sheet VALUES (?, ?)", (path.name, _digest(data)))
    write_atomic(path, data)
    return [*changed, path]


def _number(path: Path) -> int:
    hit = re.search(r"-(\d{1,6})$", path.stem)
    return int(hit[1]) if hit else 0


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _ours(path: Path, book: Gradebook) -> bool:
    """Whether a sheet is as it was written here; one that was opened and saved may not be."""
    row = book.db.execute(
        "SELECT 1 FROM sheet WHERE file = ? AND digest = ?", (path.name, _digest(path.read_bytes()))
    ).fetchone()
    return row is not None


def filled_sheets(book: Gradebook, sheets: Iterable[Path]) -> list[Path]:
    """Give those of these sheets that somebody has changed since they were written."""
    return [path for path in sheets if not _ours(path, book)]


def sheet_rows(path: Path, known: Papers) -> set[Paper]:
    """Give the papers in a sheet, one of an earlier version too; none if it cannot be read."""
    try:
        rows = csvsafe.read(path)
    except (OSError, UnicodeError, csvsafe.Error):
        return set()
    out = set()
    for row in rows:
        number, version = typed(row.get("paper", "")), typed(row.get("version", ""))
        named = known.of.get((row.get("student", ""), row.get("file_digest", "")))
        if number is not None and version is not None:
            out.add(Paper(number, version))
        elif named:
            out.add(named)
    return out


def agreement(rows: Iterable[Manual]) -> list[Agreement]:
    """Agreement of each pair of markers over the criteria that both marked in the same file.

    Kappa is Cohen's with quadratic weights; it is None if all points are the same.
    """
    by_item: dict[tuple[str, str, int, str], dict[str, float]] = defaultdict(dict)
    for row in rows:
        by_item[row.student, row.answer, row.criterion, row.file_digest][row.marker] = row.points
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
