"""Settling by hand what a machine cannot: the queue of all that waits, and the ways to settle it.

Every function enters an act with who and why (:mod:`hardwired.course.entries`) and gives its
number, by which `entries.undo` takes it back. The commands and the desk call these functions; none
of them runs a notebook: what `accept` and `choose` need to be run is run by the next
``hardwired grade``.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from dataclasses import dataclass

from hardwired.course import entries
from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.entries import Act, Entry
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.standing import Standing
from hardwired.course.variants import normalise

__all__ = [
    "Case",
    "accept",
    "accept_all",
    "adjust",
    "choose",
    "excuse",
    "find",
    "mark",
    "queue",
    "words",
]

HELD = ("unreadable", "mismatch", "blank")  # what is not run until a person says so
RUNNABLE = ("mismatch", "blank")


@dataclass(frozen=True)
class Case:
    """One thing that waits: whose, which file, what is the matter, and the ways to settle it.

    ``answer`` is empty where the whole submission waits. ``ways`` are names of functions of this
    module (``criteria`` stands for a marking sheet, or `entries.record`).
    """

    student: str
    name: str
    question: str
    answer: str
    file: str
    file_digest: str
    reason: str
    ways: tuple[str, ...]


def queue(book: Gradebook, exercise: Exercise, rows: Sequence[Standing]) -> list[Case]:
    """List all that waits for a person, student by student.

    Parameters
    ----------
    rows : sequence of Standing
        As `hardwired.course.standing.standings` gives them.
    """
    several = {copy.student for copy in book.copies(exercise.slug) if not copy.counts}
    out = []
    for s in rows:
        a = s.attempt
        if s.final or a is None:
            continue
        copies = ("choose",) if s.student in several else ()
        if s.status in HELD:
            ways = (*(("accept",) if s.status in RUNNABLE else ()), *copies, "mark", "excuse")
            out.append(Case(s.student, s.name, "", "", a.file, a.file_digest, s.reason, ways))
            continue
        manual = {x.name for q in exercise.questions for x in q.answers if x.manual}
        for line in s.lines:
            if line.points is None:
                by_rubric = line.answer in manual and _is_seen(a, line.question, line.answer)
                ways = (*(("criteria",) if by_rubric else ()), "mark", "excuse")
                out.append(
                    Case(
                        student=s.student,
                        name=s.name,
                        question=line.question,
                        answer=line.answer,
                        file=a.file,
                        file_digest=a.file_digest,
                        reason=line.reason,
                        ways=(*ways, *copies),
                    )
                )
    return out


def _is_seen(a: Attempt, question: str, answer: str) -> bool:
    """Whether there is anything of an answer that a marker could read."""
    key = question, answer
    return bool(a.prose.get(key) or a.figures.get(key) or a.audit.get("found", {}).get(answer))


def mark(
    book: Gradebook,
    exercise: Exercise,
    student: str,
    points: float,
    *,
    answer: str = "",
    who: str,
    why: str,
) -> int:
    """Give points for an answer, a question, or (without one) the exercise, over any machine's.

    Raises
    ------
    CourseError
        If there is no such answer, or the points are not from 0 to what is possible.
    """
    parts = {a.name: a.points for a in _answers(exercise, answer)}
    most = sum(parts.values()) if answer else exercise.points
    if not math.isfinite(points) or not 0 <= points <= most:
        raise CourseError(
            f"{points:g} points for {answer or exercise.slug}, but 0 to {most:g} are possible"
        )
    digest = _digest(book, exercise, student)
    given = {name: points * part / most for name, part in parts.items()} or {"": float(points)}
    lines = [Entry(student, name, None, value, "", digest) for name, value in given.items()]
    return entries.record(book, exercise.slug, "mark", lines, who=who, why=_why(why))


def accept(book: Gradebook, exercise: Exercise, student: str, *, who: str, why: str) -> int:
    """Let a file that waits as a whole be run and marked as it is, at the next ``grade``.

    Raises
    ------
    CourseError
        If this student's file does not wait in a way that running it could settle.
    """
    a = _attempt(book, exercise, student)
    if a is None or a.status not in RUNNABLE:
        held = f"is {a.status!r}" if a else "handed nothing in"
        raise CourseError(
            f"{student!r} {held}, so there is nothing to accept; mark, choose or excuse instead"
        )
    line = Entry(student, file_digest=a.file_digest)
    return entries.record(book, exercise.slug, "accept", [line], who=who, why=_why(why))


def accept_all(
    book: Gradebook,
    exercise: Exercise,
    rows: Sequence[Standing],
    reason: str,
    *,
    who: str,
    why: str,
) -> tuple[int, list[str]]:
    """Accept in one act every file that waits for a reason that holds these words.

    As after a version that was raised when notebooks were out already.

    Returns
    -------
    tuple of int and list of str
        The number of the act, and whose files were accepted.
    """
    wanted = " ".join(reason.split()).casefold()
    cases = [c for c in queue(book, exercise, rows) if "accept" in c.ways]
    cases = [c for c in cases if wanted and wanted in c.reason.casefold()]
    if not cases:
        raise CourseError(
            f"no file waits for a reason with the words {reason!r};"
            f" `hardwired settle {exercise.slug} --out {book.path.parent}` lists what does"
        )
    lines = [Entry(c.student, file_digest=c.file_digest) for c in cases]
    number = entries.record(book, exercise.slug, "accept", lines, who=who, why=_why(why))
    return number, [c.student for c in cases]


def choose(
    book: Gradebook, exercise: Exercise, student: str, file: str, *, who: str, why: str
) -> int:
    """Let another of a student's files count, named by its file name or the start of its digest.

    Raises
    ------
    CourseError
        If not exactly one of the student's files is meant.
    """
    mine = [copy for copy in book.copies(exercise.slug) if copy.student == student]
    named = [c for c in mine if c.file == file or c.file.endswith(f"/{file}")]
    hits = named or [c for c in mine if len(file) >= 6 and c.file_digest.startswith(file)]
    if len({c.file_digest for c in hits}) != 1:
        listed = "; ".join(f"{c.file} ({c.file_digest[:12]})" for c in mine) or "none"
        raise CourseError(f"{student!r} has no one file {file!r}; handed in were: {listed}")
    line = Entry(student, text=hits[0].file, file_digest=hits[0].file_digest)
    return entries.record(book, exercise.slug, "choose", [line], who=who, why=_why(why))


def excuse(
    book: Gradebook,
    exercise: Exercise,
    student: str,
    *,
    answer: str = "",
    who: str,
    why: str,
) -> int:
    """Let an answer, a question, or (without one) the exercise, not count for a student.

    An answer that does not count leaves its points out of what is possible; the others then stand
    for the whole.
    """
    digest = _digest(book, exercise, student)
    names = [a.name for a in _answers(exercise, answer)] or [""]
    lines = [Entry(student, name, file_digest=digest) for name in names]
    return entries.record(book, exercise.slug, "excuse", lines, who=who, why=_why(why))


def adjust(
    book: Gradebook, exercise: Exercise, student: str, points: float, *, who: str, why: str
) -> int:
    """Add points to a student's exercise, or take them if negative, after the late rule.

    Raises
    ------
    CourseError
        If the number is 0, not finite, or more than the exercise has.
    """
    if not math.isfinite(points) or not 0 < abs(points) <= exercise.points:
        raise CourseError(f"{points:g} points cannot be added; give 0 to {exercise.points:g}")
    line = Entry(student, points=float(points), file_digest=_digest(book, exercise, student))
    return entries.record(book, exercise.slug, "adjust", [line], who=who, why=_why(why))


def find(rows: Sequence[Standing], student: str) -> Standing:
    """Give the standing of a student, by identifier or name.

    Raises
    ------
    CourseError
        If there is none of that name, or more than one.
    """
    wanted = normalise(student)
    hits = [s for s in rows if normalise(s.student) == wanted]
    hits = hits or [s for s in rows if normalise(s.name) == wanted]
    if len(hits) == 1:
        return hits[0]
    near = difflib.get_close_matches(student, [s.student for s in rows], 3)
    told = f"; did you mean {' or '.join(near)}?" if near else ""
    said = "is the name of several students" if hits else "is neither here nor on the roster"
    raise CourseError(f"{student!r} {said}; give the identifier as marks.csv has it{told}")


def words(act: Act) -> str:
    """Say an act in one line, as history, reports and exports show it."""
    e = act.entries[0] if act.entries else Entry("")
    of = ", ".join(x.answer for x in act.entries) or "the exercise"
    total = sum(x.points or 0 for x in act.entries)
    what = {
        "criteria": f"{sum(x.criterion is not None for x in act.entries)} points by criterion",
        "mark": f"{of} marked by hand: {total:g}",
        "accept": "the file was accepted as it is",
        "choose": f"another file was chosen: {e.text}",
        "excuse": f"{of} excused",
        "adjust": f"{e.points or 0:+g} points",
        "look": f"{of} {'to be looked at again' if e.text else 'looked at again'}",
        "undo": f"took back {act.undoes}",
    }[act.kind]
    why = f" ({act.why})" if act.why else ""
    return f"{what}{why}, {act.who}, {act.when}"


def _why(why: str) -> str:
    if not why.strip():
        raise CourseError("a reason is needed; give it")
    return why


def _answers(exercise: Exercise, name: str) -> list[Answer]:
    """Give the answer of that name, or all answers of the question of that name."""
    if not name:
        return []
    known = [answer for question in exercise.questions for answer in question.answers]
    if found := [answer for answer in known if answer.name == name]:
        return found
    for question in exercise.questions:
        if question.name == name:
            return list(question.answers)
    names = [*(q.name for q in exercise.questions), *(a.name for a in known)]
    raise CourseError(f"{exercise.slug} has no answer {name!r}; it has {', '.join(names)}")


def _attempt(book: Gradebook, exercise: Exercise, student: str) -> Attempt | None:
    return next((a for a in book.attempts(exercise.slug) if a.student == student), None)


def _digest(book: Gradebook, exercise: Exercise, student: str) -> str:
    a = _attempt(book, exercise, student)
    return a.file_digest if a else ""
