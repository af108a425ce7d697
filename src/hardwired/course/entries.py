"""What people enter about marks: an append-only record with who, when and why.

An *act* is what one person did at one moment (read a sheet, gave a mark, excused somebody); its
*entries* say for whom and what. Nothing is changed or taken out of the record: an act is taken back
by another act, and that by a third. What holds now is computed from the acts that were not taken
back, the later one first. The commands and the desk use these functions and no SQL of their own.
Erasing a student (`Gradebook.forget`) is the one exception: it takes their entries out.

Kinds of acts, and what an entry of each holds:

========== ==========================================================================
criteria   points of one criterion of an answer (None takes back what this marker gave for
           it); without a criterion the marker's comment on the answer (``text``)
mark       points of a whole answer; with an empty answer, of the whole exercise
accept     a file (``file_digest``) that waited is run and marked as it is
choose     of several files this one (``file_digest``) counts
excuse     the answer, or with an empty answer the exercise, does not count for the student
adjust     points added (or taken, if negative) after everything else
look       the marker wants to look again (``text``), or with an empty text no longer does;
           nothing counts by it
undo       no entries: the act that ``undoes`` names does not hold any more
========== ==========================================================================
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Gradebook

__all__ = [
    "KINDS",
    "Act",
    "Entry",
    "Manual",
    "accepted",
    "chosen",
    "comments",
    "criteria",
    "history",
    "live",
    "record",
    "record_each",
    "undo",
]

KINDS = ("criteria", "mark", "accept", "choose", "excuse", "adjust", "look", "undo")


@dataclass(frozen=True)
class Entry:
    """One line of an act; which fields matter depends on its kind (see the module)."""

    student: str
    answer: str = ""
    criterion: int | None = None
    points: float | None = None
    text: str = ""
    file_digest: str = ""


@dataclass(frozen=True)
class Act:
    """What one person did at one moment. ``holds`` is False once it was taken back."""

    id: int
    exercise: str
    kind: str
    who: str
    why: str
    written: float
    undoes: int | None
    entries: tuple[Entry, ...]
    holds: bool = True

    @property
    def when(self) -> str:
        """The moment, to the second, in UTC."""
        moment = datetime.datetime.fromtimestamp(int(self.written), tz=datetime.UTC)
        return moment.strftime("%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class Manual:
    """Points that one marker gave for one criterion, as they hold now."""

    student: str
    answer: str
    criterion: int
    marker: str
    points: float
    comment: str
    file_digest: str


def record(
    book: Gradebook, exercise: str, kind: str, entries: Iterable[Entry], *, who: str, why: str
) -> int:
    """Write an act, all of it or nothing, and on the disk when this returns.

    Parameters
    ----------
    book : Gradebook
        Where to write.
    exercise, kind : str
        Slug of the exercise; one of `KINDS` but ``undo``.
    entries : iterable of Entry
        For whom, and what.
    who, why : str
        Who did it, and the reason in their words.

    Returns
    -------
    int
        Number of the act, by which it can be taken back.

    Raises
    ------
    CourseError
        If it says nothing, or nobody is named.
    """
    return record_each(book, exercise, kind, {who: entries}, why=why)[0]


def record_each(
    book: Gradebook,
    exercise: str,
    kind: str,
    entries: Mapping[str, Iterable[Entry]],
    *,
    why: str,
) -> list[int]:
    """Write an act for each person, as when two fill in one sheet: all of them or none.

    Parameters
    ----------
    entries : mapping of str to iterable of Entry
        What each person enters, by their name; the rest is as for `record`.
    """
    if kind not in KINDS or kind == "undo":
        raise CourseError(f"{kind!r} is no kind of entry; known are {', '.join(KINDS[:-1])}")
    if not all(who.strip() for who in entries):
        raise CourseError("an entry needs the name of who makes it; give it")
    lines = {who: list(mine) for who, mine in entries.items()}
    if not lines or not all(lines.values()):
        raise CourseError("there is nothing to enter; fill something in")
    out = []
    with book.transaction():
        for who, mine in lines.items():
            out.append(_act(book, exercise, kind, who, why, None))
            book.db.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (out[-1], e.student, e.answer, e.criterion, e.points, e.text, e.file_digest)
                    for e in mine
                ],
            )
    return out


def _act(book: Gradebook, exercise: str, kind: str, who: str, why: str, undoes: int | None) -> int:
    cursor = book.db.execute(
        "INSERT INTO act (exercise, kind, who, why, undoes, written) VALUES (?, ?, ?, ?, ?, ?)",
        (exercise, kind, " ".join(who.split()), why.strip(), undoes, time.time()),
    )
    return int(cursor.lastrowid or 0)


def undo(book: Gradebook, exercise: str, number: int, *, who: str, why: str = "") -> Act:
    """Take an act back; taking an *undo* back lets what it undid hold again.

    Returns
    -------
    Act
        What was taken back.

    Raises
    ------
    CourseError
        If there is no such act, or it was taken back before.
    """
    acts = {act.id: act for act in history(book, exercise)}
    if number not in acts:
        raise CourseError(
            f"{book.path}: {exercise} has no entry {number}; `hardwired grade {exercise} --history"
            f" --out {book.path.parent}` lists them"
        )
    if not acts[number].holds:
        raise CourseError(f"{book.path}: entry {number} was taken back before; nothing changed")
    if not who.strip():
        raise CourseError("an entry needs the name of who makes it; give it")
    with book.transaction():
        _act(book, exercise, "undo", who, why, number)
    return acts[number]


def history(book: Gradebook, exercise: str, student: str | None = None) -> list[Act]:
    """Give all acts, oldest first, those taken back among them; or those about one student."""
    rows = book.db.execute(
        "SELECT id, exercise, kind, who, why, written, undoes FROM act"
        " WHERE exercise = ? ORDER BY id",
        (exercise,),
    ).fetchall()
    lines: dict[int, list[Entry]] = {row[0]: [] for row in rows}
    for act, *rest in book.db.execute(
        "SELECT act, student, answer, criterion, points, text, file_digest FROM entry"
        " WHERE act IN (SELECT id FROM act WHERE exercise = ?) ORDER BY rowid",
        (exercise,),
    ):
        lines[act].append(Entry(*rest))
    undone: set[int] = set()
    for number, *_, target in reversed(rows):  # an undo that was itself undone does not count
        if target is not None and number not in undone:
            undone.add(target)
    acts = [
        Act(n, slug, kind, who, why, when, target, tuple(lines[n]), n not in undone)
        for n, slug, kind, who, why, when, target in rows
    ]
    if student is None:
        return acts
    about = {act.id for act in acts if any(e.student == student for e in act.entries)}
    return [act for act in acts if act.id in about or act.undoes in about]


def live(book: Gradebook, exercise: str) -> list[Act]:
    """Give the acts that hold, oldest first, without those that only take others back."""
    return [act for act in history(book, exercise) if act.holds and act.kind != "undo"]


def criteria(book: Gradebook, exercise: str) -> list[Manual]:
    """Give the points by criterion that hold now: of one marker the last entry, if it has any.

    They were given to a file: those of each file of a student stand, whichever of them counts.
    """
    last: dict[tuple[str, str, int, str, str], Entry] = {}
    said = comments(book, exercise)
    for act in live(book, exercise):
        if act.kind == "criteria":
            for e in act.entries:
                if e.criterion is not None:
                    last[e.student, e.answer, e.criterion, act.who, e.file_digest] = e
    return [
        Manual(
            student=student,
            answer=answer,
            criterion=criterion,
            marker=who,
            points=e.points,
            comment=said.get((student, answer, who, digest), ""),
            file_digest=digest,
        )
        for (student, answer, criterion, who, digest), e in sorted(
            last.items(), key=lambda item: item[0]
        )
        if e.points is not None
    ]


def comments(book: Gradebook, exercise: str) -> Mapping[tuple[str, str, str, str], str]:
    """Give what each marker last wrote, by student, answer, marker and the digest of the file."""
    return {
        (e.student, e.answer, act.who, e.file_digest): e.text
        for act in live(book, exercise)
        if act.kind == "criteria"
        for e in act.entries
        if e.criterion is None or e.text
    }


def accepted(acts: Sequence[Act]) -> frozenset[tuple[str, str]]:
    """Give (student, file digest) of the files that a person accepted as they are."""
    return frozenset(
        (e.student, e.file_digest) for act in acts if act.kind == "accept" for e in act.entries
    )


def chosen(acts: Sequence[Act]) -> Mapping[str, str]:
    """Give, by student, the digest of the file that a person chose; the last choice holds."""
    return {e.student: e.file_digest for act in acts if act.kind == "choose" for e in act.entries}
