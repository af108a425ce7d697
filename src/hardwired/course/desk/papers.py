"""What there is to mark at the desk: the answers to one question, blind and in each marker's order.

Pure functions over attempts and entries; no page, no file. A *paper* is one student's answer that a
person marks. It bears a token in place of a name, and lies where the marker's own shuffle puts it,
so that no two markers tire at the same paper, and nobody reads the class by alphabet.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from hardwired.course.authoring.exercise import Answer, Criterion, Exercise, Question
from hardwired.course.entries import Act, Manual
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Attempt
from hardwired.course.marking import level_points

__all__ = [
    "Key",
    "Level",
    "Paper",
    "Work",
    "find",
    "levels",
    "manual",
    "next_open",
    "papers",
    "shuffled",
    "works",
]

KEYS = "0123456789"
Key = tuple[str, str]  # student, digest of the file
READ = ("graded", "no result")  # attempts whose prose and figures were taken


@dataclass(frozen=True)
class Paper:
    """One answer to mark. ``token`` names it without saying whose it is.

    ``found`` is what the grader has to say of where the answer was found, ``code`` the source of
    the cells of its question.
    """

    token: str
    student: str
    name: str
    attempt: int
    file_digest: str
    text: str
    figure: bool
    found: str = ""
    code: str = ""

    @property
    def key(self) -> Key:
        """Whose it is, and of which file."""
        return self.student, self.file_digest


@dataclass(frozen=True)
class Work:
    """What one marker has given one paper so far."""

    points: Mapping[int, float] = field(default_factory=dict)
    comment: str = ""
    look: bool = False

    @property
    def total(self) -> float:
        """Points so far."""
        return sum(self.points.values())

    def state(self, criteria: int) -> str:
        """Give ``marked`` if every criterion has points, ``begun`` if some have, else ``open``."""
        if len(self.points) >= criteria:
            return "marked"
        return "begun" if self.points else "open"


@dataclass(frozen=True)
class Level:
    """One button of a criterion: its key, its points and its name."""

    key: str
    points: float
    name: str


def manual(exercise: Exercise) -> list[tuple[Question, Answer]]:
    """Give the answers of an exercise that people mark, in order."""
    return [(q, a) for q in exercise.questions for a in q.answers if a.manual]


def find(exercise: Exercise, answer: str) -> tuple[Question, Answer]:
    """Give an answer that people mark, by its name.

    Raises
    ------
    CourseError
        If there is none of that name.
    """
    for question, one in manual(exercise):
        if one.name == answer:
            return question, one
    known = ", ".join(a.name for _, a in manual(exercise)) or "none"
    raise CourseError(f"{exercise.slug} has no answer {answer!r} that people mark; it has: {known}")


def levels(criterion: Criterion) -> tuple[Level, ...]:
    """Give the buttons of a criterion; key 0 is always nothing.

    Without named levels they are steps of half a point, or of whole points where halves would need
    more than ten keys; points in between can be typed.
    """
    if criterion.levels:
        named = level_points(criterion).items()
        return tuple(
            Level(key, points, name) for key, (name, points) in zip(KEYS, named, strict=False)
        )
    step = next((s for s in (0.5, 1.0, 2.0, 5.0) if criterion.points / s <= len(KEYS) - 1), 10.0)
    number = min(len(KEYS) - 1, int(criterion.points / step))
    values = [n * step for n in range(number + 1)]
    if values[-1] != criterion.points:
        values = [*values[: len(KEYS) - 1], criterion.points]
    return tuple(Level(key, points, "") for key, points in zip(KEYS, values, strict=False))


def papers(question: Question, answer: Answer, attempts: Iterable[Attempt]) -> list[Paper]:
    """Give the papers of one answer; where nothing was handed in there is none."""
    out = []
    for a in attempts:
        if a.status not in READ:
            continue
        text = a.prose.get((question.name, answer.name), "")
        figure = (question.name, answer.name) in a.figures
        found = str(a.audit.get("found", {}).get(answer.name, ""))
        if text or figure or found:
            out.append(
                Paper(
                    token=_token(a, answer),
                    student=a.student,
                    name=a.name,
                    attempt=a.id or 0,
                    file_digest=a.file_digest,
                    text=text,
                    figure=figure,
                    found=found,
                    code=str(a.audit.get("code", {}).get(question.name, "")),
                )
            )
    return out


def _token(a: Attempt, answer: Answer) -> str:
    key = "\0".join((a.exercise, answer.name, a.student, a.file_digest))
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def shuffled(given: Sequence[Paper], marker: str) -> list[Paper]:
    """Give the papers in a marker's own order: always the same for them, another for the next.

    A paper that comes later finds a place among the others without moving them.
    """
    who = " ".join(marker.split()).casefold()

    def place(paper: Paper) -> str:
        return hashlib.sha256(f"{who}\0{paper.token}".encode()).hexdigest()

    return sorted(given, key=place)


def works(
    answer: Answer, given: Iterable[Manual], acts: Iterable[Act]
) -> Mapping[tuple[Key, str], Work]:
    """Give what each marker gave each paper, by the paper's key and the marker.

    Parameters
    ----------
    given : iterable of Manual
        As `hardwired.course.entries.criteria` gives them.
    acts : iterable of Act
        As `hardwired.course.entries.live` gives them; comments and flags are read from them.
    """
    points: dict[tuple[Key, str], dict[int, float]] = defaultdict(dict)
    for m in given:
        if m.answer == answer.name:
            points[(m.student, m.file_digest), m.marker][m.criterion] = m.points
    said: dict[tuple[Key, str], str] = {}
    flags: dict[tuple[Key, str], bool] = {}
    for act in acts:
        for e in act.entries:
            key = ((e.student, e.file_digest), act.who)
            if e.answer != answer.name:
                continue
            if act.kind == "criteria" and (e.criterion is None or e.text):
                said[key] = e.text
            elif act.kind == "look":
                flags[key] = bool(e.text)
    return {
        key: Work(points.get(key, {}), said.get(key, ""), flags.get(key, False))
        for key in {*points, *said, *flags}
    }


def next_open(
    order: Sequence[Paper], done: Mapping[str, str], after: str, step: int = 1
) -> Paper | None:
    """Give the next paper, around the end, that is not marked; None if all are.

    Parameters
    ----------
    done : mapping
        State by token.
    after : str
        Token of the paper to start from; one that is unknown starts at the end.
    step : int
        -1 goes backwards.
    """
    at = next((i for i, paper in enumerate(order) if paper.token == after), -1)
    if at < 0 and step < 0:
        at = 0
    for i in range(1, len(order) + 1):
        paper = order[(at + step * i) % len(order)]
        if done.get(paper.token, "open") != "marked":
            return paper
    return None
