"""How each student stands: the grader's and people's points, and the course's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook, Manual
from hardwired.course.policy import Policy
from hardwired.course.roster import Roster

__all__ = ["Line", "Standing", "standings", "write_marks", "write_standings"]

MISSING = "nothing handed in"


@dataclass(frozen=True)
class Line:
    """One answer in the end: points (None while a person must mark it), and why."""

    question: str
    answer: str
    points: float | None
    most: float
    reason: str
    rule: str | None = None


@dataclass(frozen=True)
class Standing:
    """One student in one exercise. ``points`` is None if a person must look first."""

    student: str
    name: str
    status: str
    reason: str
    attempt: Attempt | None
    lines: tuple[Line, ...]
    most: float
    days_late: int
    kept: float

    @property
    def raw(self) -> float | None:
        """Points before the late rule; None without a graded submission."""
        if not self.lines:
            return None
        return round(sum(line.points or 0.0 for line in self.lines), 6)

    @property
    def points(self) -> float | None:
        """Points after the late rule."""
        return None if self.raw is None else round(self.raw * self.kept, 2)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Questions that a person has yet to mark."""
        return tuple(dict.fromkeys(line.question for line in self.lines if line.points is None))

    @property
    def final(self) -> bool:
        """Whether no person has to look any more."""
        return not self.waiting and self.status not in ("unreadable", "mismatch")

    def question(self, name: str) -> float | None:
        """Points of a question; None if any part of it waits."""
        mine = [line.points for line in self.lines if line.question == name]
        if not mine or any(points is None for points in mine):
            return None
        return round(sum(points or 0.0 for points in mine), 2)


def standings(
    exercise: Exercise, book: Gradebook, roster: Roster | None, policy: Policy
) -> list[Standing]:
    """Standings, by identifier, of all with a submission and of all others on the roster.

    Raises
    ------
    CourseError
        If the last grading was broken off before it was known which attempts count.
    """
    if left := book.uncounted(exercise.slug):
        raise CourseError(
            f"{book.path}: grading {exercise.slug} was broken off, so that {len(left)} students"
            f" would be missing ({left[0]} first); run `hardwired grade` again"
        )
    given: dict[tuple[str, str], list[Manual]] = defaultdict(list)
    for row in book.manual(exercise.slug):
        given[row.student, row.answer].append(row)
    policy.check(exercise.slug, [q.name for q in exercise.questions])
    drop = policy.dropped(exercise.slug)
    most = sum(q.points for q in exercise.questions if q.name not in drop)
    out: dict[str, Standing] = {}
    for attempt in book.attempts(exercise.slug):
        days = policy.days_late(exercise.slug, attempt.student, attempt.handed_in)
        lines = (
            _lines(exercise, attempt, given, drop)
            if attempt.status in ("graded", "no result")
            else ()
        )
        out[attempt.student] = Standing(
            student=attempt.student,
            name=attempt.name,
            status=attempt.status,
            reason=attempt.reason,
            attempt=attempt,
            lines=lines,
            most=most,
            days_late=days,
            kept=policy.kept(days),
        )
    for student in roster.students if roster else ():
        if student.id not in out:
            out[student.id] = Standing(
                student=student.id,
                name=student.name,
                status="missing",
                reason=MISSING,
                attempt=None,
                lines=(),
                most=most,
                days_late=0,
                kept=1.0,
            )
    return [out[key] for key in sorted(out)]


def _lines(
    exercise: Exercise,
    attempt: Attempt,
    given: Mapping[tuple[str, str], Sequence[Manual]],
    drop: frozenset[str],
) -> tuple[Line, ...]:
    marks = {m.answer: m for m in attempt.marks}
    out = []
    for question in exercise.questions:
        if question.name in drop:
            continue
        for answer in question.answers:
            if answer.manual:
                line = _by_hand(
                    question.name, answer, attempt, given.get((attempt.student, answer.name), ())
                )
            elif answer.name in marks:
                m = marks[answer.name]
                line = Line(question.name, answer.name, m.points, answer.points, m.reason, m.rule)
            else:
                line = Line(
                    question.name,
                    answer.name,
                    0.0,
                    answer.points,
                    "this question is new; grade again",
                )
            out.append(line)
    return tuple(out)


def _by_hand(question: str, answer: Answer, attempt: Attempt, rows: Sequence[Manual]) -> Line:
    empty = (
        not attempt.prose.get((question, answer.name))
        if answer.kind == "prose"
        else (question, answer.name) not in attempt.figures
    )
    if empty and not rows:
        return Line(question, answer.name, 0.0, answer.points, "nothing was handed in here")
    rows = [row for row in rows if row.file_digest == attempt.file_digest]
    by_marker: dict[str, float] = defaultdict(float)
    for row in rows:
        by_marker[row.marker] += row.points
    if not by_marker:
        return Line(question, answer.name, None, answer.points, "waits for a person")
    points = sum(by_marker.values()) / len(by_marker)
    comments = "; ".join(dict.fromkeys(row.comment for row in rows if row.comment))
    return Line(question, answer.name, points, answer.points, comments or "marked by rubric")


def write_standings(
    out: Path, exercise: Exercise, book: Gradebook, roster: Roster | None, policy: Policy
) -> list[Standing]:
    """Write ``marks.csv`` into ``out``; returns the standings."""
    rows = standings(exercise, book, roster, policy)
    write_marks(out / "marks.csv", exercise, rows)
    return rows


def write_marks(path: Path, exercise: Exercise, rows: Sequence[Standing]) -> None:
    """Write ``marks.csv``: a row for every student, reasons included; no time stands in it."""
    names = [question.name for question in exercise.questions]
    header = [
        *("student", "name", "exercise", "status", "points", "most", "raw_points", "days_late"),
        *names,
        *("waiting_for_a_person", "reason", "file", "file_digest", "engine"),
    ]
    csvsafe.write(path, header, [_row(exercise, s, names) for s in rows])


def _row(exercise: Exercise, s: Standing, names: Sequence[str]) -> list[Any]:
    a = s.attempt
    return [
        *(
            s.student,
            s.name,
            exercise.slug,
            s.status,
            _show(s.points),
            _show(s.most),
            _show(s.raw),
            s.days_late,
        ),
        *(_show(s.question(name)) for name in names),
        " ".join(s.waiting),
        s.reason,
        a.file if a else "",
        a.file_digest if a else "",
        a.audit.get("engine", "") if a else "",
    ]


def _show(value: float | None) -> str:
    return "" if value is None else f"{round(value, 2):g}"
