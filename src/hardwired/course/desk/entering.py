"""What a marker enters at the desk: points, comments, flags, and taking the last of them back.

Each call makes one act of `hardwired.course.entries`, on the disk when it returns; a marking sheet
enters the same kind of act, so that marks of both ways are one thing.
"""

from __future__ import annotations

import math

from hardwired.course import entries
from hardwired.course.authoring.exercise import Answer
from hardwired.course.desk.papers import Paper
from hardwired.course.entries import Act, Entry
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook

__all__ = ["AT_THE_DESK", "comment", "give", "look", "undo_last"]

AT_THE_DESK = "at the desk"
LONGEST = 10_000  # characters of a comment


def give(
    book: Gradebook, slug: str, answer: Answer, paper: Paper, number: int, points: float | None,
    *, who: str,
) -> int:  # fmt: skip
    """Give points for one criterion; None takes back what this marker gave for it.

    Returns
    -------
    int
        Number of the act.

    Raises
    ------
    CourseError
        If there is no such criterion, or so many points are not possible.
    """
    if not 0 <= number < len(answer.rubric):
        raise CourseError(f"{answer.name} has no criterion {number + 1}; load the page again")
    most = answer.rubric[number].points
    if points is not None and not (math.isfinite(points) and 0 <= points <= most):
        raise CourseError(f"{points:g} points, but 0 to {most:g} are possible; correct it")
    return _record(book, slug, "criteria", _entry(answer, paper, number, points), who)


def comment(
    book: Gradebook, slug: str, answer: Answer, paper: Paper, text: str, *, who: str
) -> int:
    """Say something to the student about the answer; an empty text takes back what was said.

    Raises
    ------
    CourseError
        If the text is longer than a person reads.
    """
    if len(text) > LONGEST:
        raise CourseError(f"the comment has {len(text)} characters, {LONGEST} are the most; cut it")
    return _record(book, slug, "criteria", _entry(answer, paper, text=text.strip()), who)


def look(book: Gradebook, slug: str, answer: Answer, paper: Paper, on: bool, *, who: str) -> int:
    """Flag a paper, so that this marker looks at it again; or take the flag off."""
    return _record(book, slug, "look", _entry(answer, paper, text="again" if on else ""), who)


def undo_last(book: Gradebook, slug: str, answer: Answer, *, who: str) -> Act | None:
    """Take back the last thing that this marker entered at the desk about this answer.

    Sheets that were read are not touched.

    Returns
    -------
    Act or None
        What was taken back; None if there is nothing left.
    """
    mine = [
        act
        for act in entries.live(book, slug)
        if act.who == who
        and act.why == AT_THE_DESK
        and act.entries
        and act.entries[0].answer == answer.name
    ]
    if not mine:
        return None
    return entries.undo(book, slug, mine[-1].id, who=who, why=AT_THE_DESK)


def _entry(
    answer: Answer,
    paper: Paper,
    number: int | None = None,
    points: float | None = None,
    text: str = "",
) -> Entry:
    return Entry(paper.student, answer.name, number, points, text, paper.file_digest)


def _record(book: Gradebook, slug: str, kind: str, entry: Entry, who: str) -> int:
    return entries.record(book, slug, kind, [entry], who=who, why=AT_THE_DESK)
