"""Marks as files that course systems import: Canvas, Moodle, Gradescope, nbgrader, plain CSV."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe, settle
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.border.listing import number_of
from hardwired.course.errors import CourseError
from hardwired.course.marks_file import write_marks
from hardwired.course.roster import BLIND, Roster
from hardwired.course.standing import Line, Standing
from hardwired.course.variants import normalise
from hardwired.house.files import write_atomic

__all__ = ["FORMATS", "NEW", "export", "gradescope_results", "new_assignment", "new_title"]

NEW = ":new"  # asked for as a column: one that the roster does not have

OF_CANVAS = (
    *("student", "surname", "first name", "id", "sis user id", "sis login id"),
    *("integration id", "root account", "section"),
)


def export(
    form: str,
    exercise: Exercise,
    rows: Sequence[Standing],
    out: Path,
    roster: Roster | None,
    *,
    column: str = "",
) -> list[Path]:
    """Write marks in a form; returns the files.

    Parameters
    ----------
    column : str
        For Canvas and Moodle: the roster's column that takes the marks, with or without the number
        that Canvas writes behind it (default: the one that bears the exercise's title). `NEW` asks
        for one that the roster does not have.

    Raises
    ------
    CourseError
        If the form needs the roster it came from, and another or none was given; or if its file
        has no such column.
    """
    return _FORMS[form](exercise, rows, out, roster, column)


def new_assignment(exercise: Exercise, roster: Roster | None, column: str = "") -> str:
    """Give the columns that marks may go to, where the import would make a new assignment."""
    if roster is None or roster.kind != "canvas" or column:
        return ""
    known = [name for name in roster.header if re.search(r" \(\d+\)$", name)]
    return "" if _column(exercise, roster, "") in known else "; ".join(known)


def new_title(exercise: Exercise, roster: Roster) -> str:
    """Give the exercise's title, with a number where a column of the roster bears it already."""
    known = {_bare(name) for name in roster.header}
    title, number = exercise.title, 1
    while _bare(title) in known:
        number += 1
        title = f"{exercise.title} {number}"
    return title


def _bare(name: str) -> str:
    """Give a heading without the number that Canvas writes behind it."""
    return normalise(re.sub(r" \(\d+\)$", "", name))


def _column(exercise: Exercise, roster: Roster, wanted: str) -> str:
    """Give the heading that is meant: the one asked for, else the one with the exercise's title."""
    if wanted == NEW:
        return new_title(exercise, roster)
    hits = [n for n in roster.header if normalise(n) == normalise(wanted or exercise.title)]
    hits = hits or [n for n in roster.header if _bare(n) == _bare(wanted or exercise.title)]
    if wanted and len(hits) != 1:
        found = "has more than one" if hits else "has no"
        known = ", ".join(filter(None, roster.header))
        raise CourseError(f"{roster.path}: {found} column {wanted!r}; give one of {known}")
    return hits[0] if hits else exercise.title


def _by_student(rows: Sequence[Standing]) -> dict[str, Standing]:
    return {normalise(s.student): s for s in rows}


def _points(s: Standing | None) -> str:
    return "" if s is None or s.points is None else f"{s.points:g}"


def _canvas(
    exercise: Exercise, rows: Sequence[Standing], out: Path, roster: Roster | None, column: str = ""
) -> list[Path]:
    if roster is None or roster.kind != "canvas":
        raise CourseError("a Canvas import needs the Canvas gradebook file; give it with --roster")
    keep = [n for n in roster.header if n in {roster.columns.get(name) for name in OF_CANVAS}]
    found = _by_student(rows)
    title = _column(exercise, roster, column)
    most = rows[0].most if rows else exercise.points
    blank = ["    Points Possible", *[""] * (len(keep) - 1), f"{most:g}"]
    lines = []
    for student in roster.students:
        s = found.get(normalise(student.id))
        # Canvas takes a blank for a change: what it holds stays where there is no mark of ours.
        ours = "EX" if s is not None and s.excused else _points(s)
        held = student.row.get(title, "")
        lines.append([*(student.row.get(n, "") for n in keep), ours or held])
    path = out / f"{exercise.slug}-canvas.csv"
    csvsafe.write(path, [*keep, title], [blank, *lines])
    return [path]


def _moodle(
    exercise: Exercise, rows: Sequence[Standing], out: Path, roster: Roster | None, column: str = ""
) -> list[Path]:
    found = _by_student(rows)
    path = out / f"{exercise.slug}-moodle.csv"
    if roster and roster.kind in ("moodle-worksheet", BLIND):
        if roster.kind == BLIND:  # rows by Moodle's number, as the files of the download are
            found = {n: s for s in rows if s.attempt and (n := number_of(s.attempt.file))}
        header = list(roster.header)
        grade = (
            _column(exercise, roster, column) if column else roster.columns.get("grade", "Grade")
        )
        said = roster.columns.get("feedback comments", "Feedback comments")
        header += [name for name in (grade, said) if name not in header]
        lines = []
        for student in roster.students:
            s = found.get(normalise(student.id))
            ours = {grade: _points(s), said: _feedback(s)}
            # What Moodle holds stays where there is nothing of ours.
            filled = {**student.row, **{name: text for name, text in ours.items() if text}}
            lines.append([filled.get(name, "") if name else "" for name in header])
        csvsafe.write(path, header, lines)
        return [path]
    if roster and roster.kind == "moodle-participants":
        email = roster.columns.get("email address", "")
        lines = [
            [s.row.get(email, ""), s.id, _points(found.get(normalise(s.id)))]
            for s in roster.students
        ]
        title = new_title(exercise, roster) if column == NEW else column or exercise.title
        csvsafe.write(path, ["Email address", "ID number", title], lines)
        return [path]
    raise CourseError(
        "a Moodle import needs Moodle's participants or grading worksheet; give it with --roster"
    )


def _feedback(s: Standing | None) -> str:
    if s is None or s.closed or (s.attempt is None and not s.settled):
        return ""
    s = s.told
    by_question: dict[str, list[Line]] = {}
    for x in s.lines:
        by_question.setdefault(x.question, []).append(x)
    said = [_question(name, lines) for name, lines in by_question.items()] or [s.reason]
    return "\n".join([*said, *map(settle.words, s.settled)])


def _question(name: str, lines: Sequence[Line]) -> str:
    """Give a line of a question: its points, and a reason for each answer that lost some."""
    most = sum(x.most for x in lines)
    given = [x.points for x in lines if x.points is not None]
    whole = f"{sum(given):g}" if len(given) == len(lines) else "waits"
    whole = "excused" if all(x.excused for x in lines) else whole
    lost = [x for x in lines if x.points is None or x.points < x.most or x.excused]
    parts = "; ".join(f"{x.answer} {_points_of(x)}: {x.reason}" for x in lost)
    return f"{name}: {whole} of {most:g}{f' ({parts})' if parts else ''}"


def _points_of(x: Line) -> str:
    points = "excused" if x.excused else "waits" if x.points is None else f"{x.points:g}"
    return f"{points} of {x.most:g}"


def _gradescope(
    exercise: Exercise, rows: Sequence[Standing], out: Path, roster: Roster | None, column: str = ""
) -> list[Path]:
    written = []
    for s in rows:
        if s.attempt is None:
            continue
        path = out / "gradescope" / csvsafe.file_name(s.student) / "results.json"
        write_atomic(path, json.dumps(gradescope_results(s), indent=1, sort_keys=True).encode())
        written.append(path)
    return written


def gradescope_results(s: Standing, *, so_far: bool = False) -> dict[str, Any]:
    """One student's ``results.json``: a test an answer; what waits for a person has no score.

    While anything waits, the whole has no score either: Gradescope would show a part as the mark.
    ``so_far`` gives the points that a machine can give in its container, where a person marks the
    rest in Gradescope itself.
    """
    tests = []
    for line in s.lines:
        test: dict[str, Any] = {
            "name": f"{line.question}: {line.answer}",
            "max_score": line.most,
            "output": line.reason,
            "visibility": "hidden" if s.closed or line.question in s.held else "visible",
        }
        if line.points is not None:
            test["score"] = round(line.points * s.kept, 4)
        tests.append(test)
    told = () if s.closed else s.told.settled
    said = "; ".join(filter(None, [s.reason, *map(settle.words, told)]))
    if so_far:
        if s.waiting:
            said = "; ".join(filter(None, [said, f"{', '.join(s.waiting)} not marked yet"]))
        return {"score": s.so_far or 0, "output": said, "tests": tests}
    if s.points is None:
        tests = [{k: v for k, v in test.items() if k != "score"} for test in tests]
        return {"output": said or "A person has to look at this first.", "tests": tests}
    return {"score": s.points, "output": said, "tests": tests}


def _nbgrader(
    exercise: Exercise, rows: Sequence[Standing], out: Path, roster: Roster | None, column: str = ""
) -> list[Path]:
    header = [
        "assignment",
        "student_id",
        "raw_score",
        "late_submission_penalty",
        "score",
        "max_score",
    ]
    lines = []
    for s in rows:
        score = s.points
        raw = s.raw if score is not None else None
        late = s.days_late and s.whole is None and raw is not None
        penalty: float | str = round((raw or 0.0) * (1 - s.kept), 2) if late else 0
        penalty = "" if score is None else penalty
        lines.append(
            [
                exercise.slug,
                s.student,
                "" if raw is None else raw,
                penalty,
                "" if score is None else score,
                s.most,
            ]
        )
    path = out / f"{exercise.slug}-nbgrader.csv"
    csvsafe.write(path, header, lines)
    return [path]


def _csv(
    exercise: Exercise, rows: Sequence[Standing], out: Path, roster: Roster | None, column: str = ""
) -> list[Path]:
    path = out / f"{exercise.slug}-marks.csv"
    write_marks(path, exercise, rows)
    return [path]


_FORMS: dict[
    str, Callable[[Exercise, Sequence[Standing], Path, Roster | None, str], list[Path]]
] = {
    "canvas": _canvas,
    "moodle": _moodle,
    "gradescope": _gradescope,
    "nbgrader": _nbgrader,
    "csv": _csv,
}
FORMATS = tuple(_FORMS)
