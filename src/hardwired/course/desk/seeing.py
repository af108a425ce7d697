"""How a class did, in numbers: the distribution, each question, and what was wrong alike.

Pure functions over standings; the pages draw what they give.
"""

from __future__ import annotations

import json
import re
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from hardwired.course.authoring.exercise import Answer, Exercise
from hardwired.course.class_page import discrimination, earned
from hardwired.course.partial import WAITS
from hardwired.course.standing import Line, Standing
from hardwired.course.student_page import readable

__all__ = ["Bin", "Cluster", "Item", "distribution", "items", "quartiles", "wrong"]

BINS = 10
FULL = 1e-9
NUMBER = re.compile(r"\d+(?:st|nd|rd|th)?|\[\d+\]")


@dataclass(frozen=True)
class Bin:
    """Students by share of the points, from ``low`` to ``high`` per cent."""

    low: int
    high: int
    final: int
    waiting: int


@dataclass(frozen=True)
class Item:
    """One question: how many got all, some and none of it, and how many wait.

    ``mean`` is the mean share of its points, and ``discrimination`` the correlation with the points
    of all other questions; None where there is nothing to compute it from.
    """

    name: str
    title: str
    most: float
    full: int
    part: int
    none: int
    waits: int
    mean: float | None
    discrimination: float | None


@dataclass(frozen=True)
class Cluster:
    """What several students got wrong alike: a named slip, a value, or a reason."""

    kind: str
    what: str
    points: float
    students: tuple[Standing, ...]


def distribution(rows: Sequence[Standing]) -> list[Bin]:
    """Count students by tenths of the points; who waits is counted with what they have so far."""
    counts = [[0, 0] for _ in range(BINS)]
    for s in rows:
        if s.so_far is None or s.excused or not s.most:
            continue
        n = min(BINS - 1, max(0, int(BINS * s.so_far / s.most + FULL)))
        counts[n][not s.final] += 1
    width = 100 // BINS
    return [Bin(width * n, width * (n + 1), *pair) for n, pair in enumerate(counts)]


def quartiles(rows: Sequence[Standing]) -> tuple[float, float, float] | None:
    """Give the lower quartile, the median and the upper quartile of the marks; None under two."""
    points = [s.points for s in rows if s.points is not None]
    if len(points) < 2:
        return None
    low, middle, high = statistics.quantiles(points, n=4, method="inclusive")
    return low, middle, high


def items(exercise: Exercise, rows: Sequence[Standing]) -> list[Item]:
    """Give each question as the class did it."""
    graded = [(s, earned(s), s.waiting) for s in rows if s.lines]
    out = []
    for question in exercise.questions:
        points = [(s.question(question.name), total) for s, total, _ in graded]
        known = [(p, total) for p, total in points if p is not None]
        most = question.points
        out.append(
            Item(
                name=question.name,
                title=question.title,
                most=most,
                full=sum(p >= most - FULL for p, _ in known),
                part=sum(FULL < p < most - FULL for p, _ in known),
                none=sum(p <= FULL for p, _ in known),
                waits=sum(question.name in waiting for *_, waiting in graded),
                mean=statistics.fmean(p for p, _ in known) / most if known and most else None,
                discrimination=discrimination([p for p, _ in known], [t for _, t in known]),
            )
        )
    return out


def wrong(
    exercise: Exercise, rows: Sequence[Standing]
) -> list[tuple[str, Answer, list[Cluster], int]]:
    """Cluster what was not right, answer by answer; also how many stand alone.

    Where students have data of their own, equal values are rare: then the named slips and the
    reasons say more.

    Returns
    -------
    list of (question, answer, clusters of two or more, others)
        Only answers of which something was wrong; the largest clusters first.
    """
    found: dict[str, dict[tuple[str, str, float], list[Standing]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for s in rows:
        given = {m.answer: m.given for m in s.attempt.marks} if s.attempt else {}
        for line in s.lines:
            if line.answer not in given or line.points is None or line.excused:
                continue
            if line.points < line.most - FULL:
                kind, what = _kind(line, given[line.answer])
                found[line.answer][kind, what, line.points].append(s)
    out = []
    for question in exercise.questions:
        for answer in question.answers:
            groups = found.get(answer.name, {})
            clusters = [
                Cluster(kind, what, points, tuple(mine))
                for (kind, what, points), mine in groups.items()
                if len(mine) > 1
            ]
            clusters.sort(key=lambda c: (-len(c.students), c.what))
            if groups:
                alone = sum(len(mine) == 1 for mine in groups.values())
                out.append((question.name, answer, clusters, alone))
    return out


def _kind(line: Line, given: str) -> tuple[str, str]:
    if line.rule and line.rule != WAITS:
        return "slip", f"{line.rule}: {line.reason}"
    try:
        blob = json.loads(given)
    except ValueError:
        return "reason", line.reason
    kind = blob.get("t") if type(blob) is dict else None
    if kind in ("missing", "refused", "tried"):
        return "reason", NUMBER.sub("…", line.reason)
    value = blob.get("v") if type(blob) is dict else None
    if type(value) is float:
        return "value", f"{value:.4g}"
    return "value", readable(blob)
