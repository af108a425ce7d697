"""A marking sheet read back: every cell that can be used is entered, every other is named."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Answer, Criterion, Exercise
from hardwired.course.entries import Entry, comments, criteria, record_each
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.marking import level_points
from hardwired.course.numbering import Paper, Papers, papers, typed

__all__ = ["Merged", "merge"]

KEYS = ("paper", "version")  # of a row
EARLIER = ("student", "file_digest")  # in the sheets of earlier versions, which still come back
OWN = (*KEYS, *EARLIER, "comment", "marker")
TAKEN_BACK = ("-", "\u2013", "\u2212")  # in a cell: what this marker gave here does not hold


@dataclass(frozen=True)
class Merged:
    """What a sheet brought: acts made, points read, how many changed, and what was not taken."""

    acts: tuple[int, ...]
    points: int
    changed: int
    problems: tuple[str, ...]


@dataclass
class _Row:
    """A row of a sheet that belongs to a student of the gradebook."""

    line: int
    attempt: Attempt
    label: str
    marker: str
    cells: Mapping[int, float | None]
    comment: str


def merge(exercise: Exercise, book: Gradebook, path: Path, marker: str) -> Merged:
    """Enter a filled-in sheet: all good cells in one step, and a line for each that is not.

    Parameters
    ----------
    marker : str
        Name of the marker where the sheet's own column is empty.

    Returns
    -------
    Merged
        What was entered, and for each cell or row that could not be, one line that says why.

    Raises
    ------
    CourseError
        If the file is no sheet of this exercise; nothing is entered then.
    """
    header, rows = _table(path)
    answer, columns = _answer(exercise, path, header)
    known, numbers = book.attempts(exercise.slug), papers(book, exercise.slug)
    given = {
        (m.student, m.criterion, m.marker, m.file_digest): m.points
        for m in criteria(book, exercise.slug)
        if m.answer == answer.name
    }
    said = comments(book, exercise.slug)
    names = {name.casefold(): name for _, _, name, _ in given}
    problems: list[str] = []
    found: list[_Row] = []
    for line, cells_of in rows:
        where = f"{path}:{line}"
        if "paper" in cells_of:
            attempt = _numbered(known, numbers, cells_of, where, problems)
        else:
            attempt = _attempt(known, cells_of, where, problems)
        if attempt is None:
            continue
        cells = _cells(answer, columns, cells_of, where, problems)
        who = " ".join((cells_of.get("marker", "") or marker).split())
        who = names.setdefault(who.casefold(), who)
        comment = cells_of.get("comment", "").strip()
        if cells or comment:
            label = cells_of.get("paper", "").strip() or attempt.student
            found.append(_Row(line, attempt, label, who, cells, comment))
    entries: dict[str, list[Entry]] = defaultdict(list)
    points = changed = 0
    for row in _once(path, found, problems):
        a = row.attempt
        points += len(row.cells)
        for number, value in row.cells.items():
            before = given.get((a.student, number, row.marker, a.file_digest))
            if value != before:
                changed += before is not None
                mine = Entry(a.student, answer.name, number, value, "", a.file_digest)
                entries[row.marker].append(mine)
        key = a.student, answer.name, row.marker, a.file_digest
        if row.comment and row.comment != said.get(key):
            mine = Entry(a.student, answer.name, None, None, row.comment, a.file_digest)
            entries[row.marker].append(mine)
    why = f"sheet {path.name}"
    acts = record_each(book, exercise.slug, "criteria", entries, why=why) if entries else []
    return Merged(tuple(acts), points, changed, tuple(problems))


def _table(path: Path) -> tuple[list[str], list[tuple[int, Mapping[str, str]]]]:
    """Give the header of a sheet and its rows by it, with the line where each begins."""
    try:
        _, rows = csvsafe.table(path)
    except (OSError, UnicodeError, csvsafe.Error) as error:
        raise CourseError(
            f"{path}: the marking sheet cannot be read ({error}); save it as CSV in UTF-8"
        ) from None
    header = [csvsafe.plain(cell).strip() for cell in rows[0]] if rows else []
    header = [cell.casefold() if cell.casefold() in OWN else cell for cell in header]
    if not any(any(row) for row in rows[1:]):
        raise CourseError(
            f"{path}: the marking sheet has no row; give the one that `hardwired grade` wrote"
        )
    names = EARLIER if EARLIER[0] in header and KEYS[0] not in header else KEYS
    for name in names:
        if name not in header and name != "version":  # of one file no version is needed
            raise CourseError(
                f"{path}:1: has no column {name!r}; give a sheet that `hardwired grade` wrote"
            )
    if twice := [name for name in header if name and header.count(name) > 1]:
        raise CourseError(f"{path}:1: the column {twice[0]!r} stands twice; take one out")
    out: list[tuple[int, Mapping[str, str]]] = []
    line = 1 + sum(cell.count("\n") for cell in rows[0])
    for row in rows[1:]:
        cells = dict(zip(header, map(csvsafe.plain, row), strict=False))
        line += 1
        if any(cell.strip() for cell in row):
            out.append((line, cells))
        line += sum(cell.count("\n") for cell in row)
    return header, out


def _answer(
    exercise: Exercise, path: Path, header: Sequence[str]
) -> tuple[Answer, Mapping[int, str]]:
    """Give the answer that a sheet is about, and the column of each of its criteria."""
    best: tuple[int, Answer | None, dict[int, str]] = (0, None, {})
    for question in exercise.questions:
        for one in question.answers:
            fits = {
                number: name
                for name in header
                for number, criterion in enumerate(one.rubric)
                if _names(name, number, criterion)
            }
            if len(fits) > best[0]:
                best = (len(fits), one, fits)
    number, answer, columns = best
    if answer is None or 2 * number <= len(answer.rubric):
        raise CourseError(
            f"{path}:1: the columns fit no question of {exercise.slug}; give the exercise that"
            " this sheet belongs to, or the sheet with its header as it was"
        )
    if missing := set(range(len(answer.rubric))) - set(columns):
        raise CourseError(
            f"{path}:1: the column of criterion {min(missing) + 1} of {answer.name} is not there;"
            " put it back as it was"
        )
    return answer, columns


def _names(heading: str, number: int, criterion: Criterion) -> bool:
    """Whether a heading is that of a criterion, perhaps cut short, as some programs save it."""
    hit = re.match(r"\s*(\d+)\s*[.)]\s*(.*)", heading, re.DOTALL)
    if not hit or int(hit[1]) != number + 1:
        return False
    words = " ".join(hit[2].casefold().split("(0 to")[0].split())
    whole = " ".join(criterion.criterion.split()).casefold()
    return len(words) >= min(8, len(whole)) and whole.startswith(words)


def _numbered(
    known: Sequence[Attempt],
    numbers: Papers,
    row: Mapping[str, str],
    where: str,
    problems: list[str],
) -> Attempt | None:
    """Give the attempt that a row is about by the number of its paper."""
    number, version = typed(row["paper"]), typed(row.get("version", ""))
    student = None if number is None else numbers.student(number)
    if number is None or student is None:
        said = row["paper"].strip()[:60]
        problems.append(f"{where}: {said!r} is no paper of this exercise; correct the cell `paper`")
        return None
    counting = next((a for a in known if a.student == student), None)
    mine = [paper for (who, _), paper in numbers.of.items() if who == student]
    if version is None and len(mine) == 1 and not row.get("version", "").strip():
        version = mine[0].version
    key = numbers.whose(Paper(number, version)) if version is not None else None
    if key is None:
        problems.append(
            f"{where}: paper {number} has no version {row.get('version', '').strip()[:20]!r};"
            " correct the cell `version`"
        )
        return None
    if counting is None or counting.file_digest != key[1]:
        problems.append(
            f"{where}: another file of paper {number} counts since this sheet was made;"
            " mark that one in the sheet that `hardwired grade` writes"
        )
        return None
    return counting


def _attempt(
    known: Sequence[Attempt], row: Mapping[str, str], where: str, problems: list[str]
) -> Attempt | None:
    """Give the attempt that a row is about; by its file where a spreadsheet took its zeros."""
    student, digest = row.get("student", "").strip(), row.get("file_digest", "").strip()
    named = [a for a in known if a.student == student]
    same = [a for a in known if a.file_digest == digest]
    same = [a for a in same if a.student.lstrip("0") == student.lstrip("0")]
    if not named and len(same) == 1:
        return same[0]
    if not named:
        problems.append(
            f"{where}: {student!r} is no student of this gradebook; correct the cell `student`"
        )
        return None
    if named[0].file_digest != digest:
        problems.append(
            f"{where}: {student!r} has handed in another file since this sheet was made;"
            " mark the new one in the sheet that `hardwired grade` writes"
        )
        return None
    return named[0]


def _cells(
    answer: Answer,
    columns: Mapping[int, str],
    row: Mapping[str, str],
    where: str,
    problems: list[str],
) -> dict[int, float | None]:
    out: dict[int, float | None] = {}
    for number, criterion in enumerate(answer.rubric):
        value = row.get(columns[number], "").strip()
        if value in TAKEN_BACK:
            out[number] = None
        elif value:
            points = _points(value, criterion)
            if type(points) is str:
                problems.append(f"{where}: criterion {number + 1} of {answer.name}: {points}")
            elif type(points) is float:
                out[number] = points
    return out


def _points(value: str, criterion: Criterion) -> float | str:
    """Give the points of a cell: a number, or the name of a level; else what is wrong with it."""
    levels = {name.casefold(): points for name, points in level_points(criterion).items()}
    if " ".join(value.split()).casefold() in levels:
        return float(levels[" ".join(value.split()).casefold()])
    try:
        points = float(value.replace(",", "."))
    except ValueError:
        known = f" and no level ({', '.join(criterion.levels)})" if criterion.levels else ""
        return f"{value[:60]!r} is no number of points{known}; correct it and merge again"
    if not math.isfinite(points) or not 0 <= points <= criterion.points:
        return f"{points:g} points, but 0 to {criterion.points:g} are possible; correct it"
    return points


def _once(path: Path, rows: Sequence[_Row], problems: list[str]) -> list[_Row]:
    """Leave out rows in which one marker says two different things of one answer."""
    by_key: dict[tuple[str, str], list[_Row]] = defaultdict(list)
    for row in rows:
        by_key[row.attempt.student, row.marker].append(row)
    out = []
    for (_, who), mine in by_key.items():
        first = mine[0]
        if all((r.cells, r.comment) == (first.cells, first.comment) for r in mine):
            out.append(first)
            continue
        lines = " and ".join(str(r.line) for r in mine)
        problems.append(
            f"{path}:{mine[1].line}: {who} marked {first.label!r} in lines {lines}, not alike;"
            " keep one of them and merge again"
        )
    return out
