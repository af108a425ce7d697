"""How each student stands: the grader's and people's points, and the course's rules."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from hardwired.course import entries
from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.entries import Act, Manual
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt, Gradebook
from hardwired.course.partial import WAITS
from hardwired.course.policy import Policy
from hardwired.course.roster import Roster

__all__ = ["BrokenOffError", "Line", "Standing", "standings"]

MISSING = "nothing handed in"
OPEN = ("unreadable", "mismatch", "blank")  # a person must look at the file first
SETTLING = ("mark", "excuse", "adjust", "accept", "choose")


class BrokenOffError(CourseError):
    """A grading was broken off before it was known which attempts count."""


@dataclass(frozen=True)
class Line:
    """One answer in the end: points (None while a person must mark it), and why.

    ``criteria`` are the mean points of the markers, by criterion.
    """

    question: str
    answer: str
    points: float | None
    most: float
    reason: str
    rule: str | None = None
    excused: bool = False
    criteria: Mapping[int, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """One student in one exercise. ``points`` is None while a person must look.

    ``whole`` are points that a person gave for the exercise as a whole, ``added`` what was added
    in the end, and ``settled`` the acts behind these, in the order in which they were made. Of
    questions that are ``held`` the student is told nothing yet, and before ``opens`` of none.
    """

    student: str
    name: str
    status: str
    reason: str
    attempt: Attempt | None
    lines: tuple[Line, ...]
    most: float
    days_late: int
    kept: float
    whole: float | None = None
    added: float = 0.0
    excused: bool = False
    settled: tuple[Act, ...] = ()
    held: frozenset[str] = frozenset()
    opens: datetime.datetime | None = None

    @property
    def raw(self) -> float | None:
        """Points so far, before the late rule; None without a graded submission."""
        if self.whole is not None:
            return self.whole
        if not self.lines:
            return None
        return round(sum(x.points or 0.0 for x in self.lines if not x.excused) * self._stretch, 6)

    @property
    def _stretch(self) -> float:
        """By what the rest counts more, where answers do not count for this student."""
        open_ = sum(line.most for line in self.lines if not line.excused)
        whole = sum(line.most for line in self.lines)
        return whole / open_ if open_ else 0.0

    @property
    def points(self) -> float | None:
        """Points in the end; None while any part of them waits for a person, or if excused."""
        return self.so_far if self.final and not self.excused else None

    @property
    def so_far(self) -> float | None:
        """Points after the late rule, without what still waits."""
        if self.raw is None:
            return None
        kept = 1.0 if self.whole is not None else self.kept
        return round(max(0.0, self.raw * kept + self.added), 2)

    @property
    def waiting(self) -> tuple[str, ...]:
        """Questions that a person has yet to mark."""
        if self.whole is not None or self.excused:
            return ()
        return tuple(dict.fromkeys(x.question for x in self.lines if x.points is None))

    @property
    def final(self) -> bool:
        """Whether no person has to look any more."""
        if self.whole is not None or self.excused:
            return True
        return not self.waiting and self.status not in OPEN

    @property
    def closed(self) -> bool:
        """Whether it is too early to tell the student anything."""
        return self.opens is not None and datetime.datetime.now(datetime.UTC) < self.opens

    @property
    def told(self) -> Standing:
        """The standing as its student is told it: without the questions that are held back.

        A whole that counted them would tell their points; a mark for the exercise as a whole tells
        of no question.
        """
        if not self.held:
            return self
        lines = tuple(line for line in self.lines if line.question not in self.held)
        names = {line.answer for line in self.lines} - {line.answer for line in lines}
        acts = tuple(
            act for act in self.settled if not names & {entry.answer for entry in act.entries}
        )
        most = self.most if self.whole is not None else sum(line.most for line in lines)
        return replace(self, lines=lines, settled=acts, most=most)

    def question(self, name: str) -> float | None:
        """Points of a question; None if any part of it waits."""
        mine = [x.points for x in self.lines if x.question == name and not x.excused]
        if not mine or any(points is None for points in mine):
            return None
        return round(sum(points or 0.0 for points in mine), 2)


def standings(
    exercise: Exercise, book: Gradebook, roster: Roster | None, policy: Policy
) -> list[Standing]:
    """Standings, by identifier, of all with a submission and of all others on the roster.

    Raises
    ------
    BrokenOffError
        If the last grading was broken off before it was known which attempts count.
    CourseError
        If the rules speak of somebody or something that there is not.
    """
    if left := book.uncounted(exercise.slug):
        raise BrokenOffError(
            f"{book.path}: grading {exercise.slug} was broken off, so that {len(left)} students"
            f" would be missing ({left[0]} first); grade again (`hardwired grade`, or Collect and"
            " grade at the desk), and it goes on from there"
        )
    given: dict[tuple[str, str], list[Manual]] = defaultdict(list)
    for row in entries.criteria(book, exercise.slug):
        given[row.student, row.answer].append(row)
    acts: dict[str, list[Act]] = defaultdict(list)
    for act in entries.live(book, exercise.slug):
        if act.kind in SETTLING:
            for student in {entry.student for entry in act.entries}:
                acts[student].append(act)
    policy = policy.of(roster)
    policy.check(exercise.slug, [q.name for q in exercise.questions])
    drop = policy.dropped(exercise.slug)
    most = sum(q.points for q in exercise.questions if q.name not in drop)
    held, opens = policy.held_back(exercise.slug), policy.opens.get(exercise.slug)
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
            held=held,
            opens=opens,
        )
    for person in roster.students if roster else ():
        if person.id not in out:
            missing = _missing(person.id, person.name, most)
            out[person.id] = replace(missing, held=held, opens=opens)
    return [_settled(exercise, out[key], acts.get(key, ()), drop) for key in sorted(out)]


def _missing(student: str, name: str, most: float) -> Standing:
    return Standing(
        student=student,
        name=name,
        status="missing",
        reason=MISSING,
        attempt=None,
        lines=(),
        most=most,
        days_late=0,
        kept=1.0,
    )


def _settled(
    exercise: Exercise, s: Standing, acts: Sequence[Act], drop: frozenset[str]
) -> Standing:
    """Apply what people settled, in the order in which they did; a later mark replaces one before.

    A mark of an answer was given to a file: it does not hold for another that came after.
    """
    if not acts:
        return s
    digest = s.attempt.file_digest if s.attempt else ""
    whole, added, excused = s.whole, s.added, s.excused
    marks: dict[str, tuple[float, Act]] = {}
    out_of: set[str] = set()
    for act in acts:
        for e in act.entries:
            if e.student != s.student:
                continue
            if act.kind == "adjust" and e.points is not None:
                added += e.points
            elif act.kind == "excuse" and not e.answer:
                excused = True
            elif act.kind == "excuse":
                out_of.add(e.answer)
            elif act.kind == "mark" and e.points is not None and e.file_digest == digest:
                if e.answer:
                    marks[e.answer] = (e.points, act)
                else:
                    whole = e.points
    lines = s.lines
    excused = excused or (bool(lines) and out_of >= {line.answer for line in lines})
    if (marks or out_of) and not lines:
        lines = tuple(
            Line(q.name, a.name, None, a.points, "waits for a person")
            for q in exercise.questions
            if q.name not in drop
            for a in q.answers
        )
    by_hand = s.status in (*OPEN, "missing") and (whole is not None or bool(marks))
    return replace(
        s,
        status="by hand" if by_hand else s.status,
        lines=tuple(_line(line, marks, out_of) for line in lines),
        whole=whole,
        added=added,
        excused=excused,
        settled=tuple(acts),
    )


def _line(line: Line, marks: Mapping[str, tuple[float, Act]], out_of: set[str]) -> Line:
    if line.answer in out_of:
        return replace(line, points=0.0, reason="excused", rule=None, excused=True)
    if line.answer in marks:
        points, act = marks[line.answer]
        return replace(line, points=points, reason=f"{act.why} ({act.who})", rule=None)
    return line


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
                points = None if m.rule == WAITS else m.points
                line = Line(question.name, answer.name, points, answer.points, m.reason, m.rule)
            else:
                line = Line(
                    question.name,
                    answer.name,
                    None,
                    answer.points,
                    "this question is new; grade again",
                )
            out.append(line)
    return tuple(out)


def _by_hand(question: str, answer: Answer, attempt: Attempt, rows: Sequence[Manual]) -> Line:
    """Give the mean of the markers, criterion by criterion.

    A marker who has not marked every criterion has begun; there is a mark once one has not.
    """
    rows = [row for row in rows if row.file_digest == attempt.file_digest]
    by_marker: dict[str, set[int]] = defaultdict(set)
    by_criterion: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        by_marker[row.marker].add(row.criterion)
        by_criterion[row.criterion].append(row.points)
    every = set(range(len(answer.rubric)))
    if any(done >= every for done in by_marker.values()):
        means = {n: sum(by_criterion[n]) / len(by_criterion[n]) for n in sorted(every)}
        comments = dict.fromkeys((row.marker, row.comment) for row in rows if row.comment)
        one = len(comments) == 1
        said = "; ".join(text if one else f"{who}: {text}" for who, text in comments)
        return Line(
            question=question,
            answer=answer.name,
            points=sum(means.values()),
            most=answer.points,
            reason=said or "marked by rubric",
            criteria=means,
        )
    found = str(attempt.audit.get("found", {}).get(answer.name, ""))
    key = (question, answer.name)
    seen = key in (attempt.prose if answer.kind == "prose" else attempt.figures)
    blank = answer.kind == "prose" and not attempt.prose.get(key)  # a figure is read by who looks
    if (blank or not seen) and not found and not by_marker:
        if attempt.status == "no result" and not seen:
            said = f"what was handed in here was not seen ({attempt.reason}); a person must look"
            return Line(question, answer.name, None, answer.points, said)
        return Line(question, answer.name, 0.0, answer.points, "nothing was handed in here")
    begun = ", ".join(
        f"begun by {who} ({len(done)} of {len(every)} criteria)"
        for who, done in sorted(by_marker.items())
    )
    said = "; ".join(filter(None, ["waits for a person", begun, found]))
    return Line(question, answer.name, None, answer.points, said)
