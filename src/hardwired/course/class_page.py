"""The page of the class, for the instructor: distribution, questions, and what needs a person."""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from html import escape

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.entries import Manual
from hardwired.course.gradebook import Copy
from hardwired.course.history import Change
from hardwired.course.marking import agreement
from hardwired.course.standing import Standing
from hardwired.course.webpage import clean, page, table

__all__ = ["class_page", "copies", "discrimination"]


def discrimination(points: Sequence[float], totals: Sequence[float]) -> float | None:
    """Correlation of a question's points with those of all others; None if undefined."""
    rest = [t - p for p, t in zip(points, totals, strict=True)]
    if len(points) < 3 or len(set(points)) == 1 or len(set(rest)) == 1:
        return None
    return statistics.correlation(points, rest)


def copies(rows: Iterable[Standing], at_least: int = 3) -> list[tuple[str, str, int]]:
    """Pairs of students whose answers agree to the last digit although their data differ.

    Only numbers and arrays with decimals count, and only those that two students share: what many
    share is a common answer, not a copied one.
    """
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for s in rows:
        for m in s.attempt.marks if s.attempt else ():
            blob = json.loads(m.given)
            if (
                type(blob) is dict
                and blob.get("t") in ("float", "array", "list", "tried")
                and "." in m.given
            ):
                holders[m.answer, m.given].append(s.student)
    pairs: dict[tuple[str, str], int] = defaultdict(int)
    for students in holders.values():
        if len(students) == 2:
            pairs[min(students), max(students)] += 1
    return sorted((a, b, n) for (a, b), n in pairs.items() if n >= at_least)


def class_page(
    exercise: Exercise,
    rows: Sequence[Standing],
    manual: Sequence[Manual] = (),
    changed: Sequence[Change] = (),
    handed: Sequence[Copy] = (),
) -> str:
    """Give the page for the instructor.

    Distribution, difficulty and discrimination of the questions, errors met, what needs a person,
    copies suspected, agreement of markers, what a regrade changed, and files that do not count.
    """
    graded = [s for s in rows if s.lines]
    totals = [s.raw or 0.0 for s in graded]
    parts = [f"<h1>{escape(exercise.title)}: the class</h1>", _numbers(rows, totals)]
    if graded:
        parts += [
            _histogram(totals, graded[0].most),
            _items(exercise, graded, totals),
            _rules(graded),
        ]
    parts += [_trouble(rows), _copies(rows), _agreements(manual), _changed(changed)]
    parts.append(_superseded(handed))
    return page(f"{escape(exercise.title)}: the class", "\n".join(p for p in parts if p))


def _numbers(rows: Sequence[Standing], totals: Sequence[float]) -> str:
    said = f"{len(rows)} students, {len(totals)} graded"
    if totals:
        said += f"; median {statistics.median(totals):g}, mean {statistics.fmean(totals):.1f}"
    return f"<p>{said}.</p>"


def _histogram(totals: Sequence[float], most: float) -> str:
    bins = [0] * 10
    for total in totals:
        bins[min(9, int(10 * total / most)) if most else 0] += 1
    top = max(bins)
    bars = "".join(
        f'<rect x="{40 * i + 4}" y="{110 - 100 * n / top:.1f}" width="32"'
        f' height="{100 * n / top:.1f}" fill="currentColor"/>'
        f'<text x="{40 * i + 20}" y="125" font-size="11" text-anchor="middle"'
        f' fill="currentColor">{10 * i}</text>'
        for i, n in enumerate(bins)
    )
    said = ", ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(bins) if n)
    return (
        '<h2>Distribution</h2><svg viewBox="0 0 404 130" role="img"'
        f' aria-label="Students by share of the points: {said}">{bars}</svg>'
    )


def _items(exercise: Exercise, graded: Sequence[Standing], totals: Sequence[float]) -> str:
    lines = []
    for question in exercise.questions:
        points = [s.question(question.name) for s in graded]
        known = [(p, t) for p, t in zip(points, totals, strict=True) if p is not None]
        mean, shown = "waits", ""
        if known:
            mean = f"{statistics.fmean(p for p, _ in known) / question.points:.0%}"
            disc = discrimination([p for p, _ in known], [t for _, t in known])
            shown = "undefined" if disc is None else f"{disc:.2f}"
        lines.append(
            f'<tr><th scope="row">{escape(question.name)}. {escape(question.title)}</th>'
            f'<td class="n">{mean}</td><td class="n">{shown}</td></tr>'
        )
    return f"<h2>Questions</h2>{table(['Question', '*Mean share', '*Discrimination'], lines)}"


def _rules(graded: Sequence[Standing]) -> str:
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for s in graded:
        for line in s.lines:
            if line.rule:
                counts[line.answer, line.rule] += 1
    items = "".join(
        f"<li><code>{escape(a)}</code>: {escape(r)}, {n}</li>"
        for (a, r), n in sorted(counts.items())
    )
    return f"<h2>Errors met</h2><ul>{items}</ul>" if items else ""


def _trouble(rows: Sequence[Standing]) -> str:
    items = "".join(f"<li>{clean(s.student)}: {clean(s.reason)}</li>" for s in rows if s.reason)
    return f"<h2>For a person</h2><ul>{items}</ul>" if items else ""


def _copies(rows: Sequence[Standing]) -> str:
    items = "".join(
        f"<li>{clean(a)} and {clean(b)}: {n} equal answers to different data</li>"
        for a, b, n in copies(rows)
    )
    return f"<h2>Perhaps copied</h2><ul>{items}</ul>" if items else ""


def _agreements(manual: Sequence[Manual]) -> str:
    items = "".join(
        f"<li>{clean(g.markers[0])} and {clean(g.markers[1])}: {g.criteria} criteria,"
        f" {g.equal:.0%} equal, mean difference {g.mean_difference:.2f} points"
        f"{'' if g.kappa is None else f', weighted kappa {g.kappa:.2f}'}</li>"
        for g in agreement(manual)
    )
    return f"<h2>Markers</h2><ul>{items}</ul>" if items else ""


def _changed(changed: Sequence[Change]) -> str:
    def shown(points: float | None) -> str:
        return "no mark" if points is None else f"{points:g}"

    items = "".join(
        f"<li>{clean(c.student)}, <code>{escape(c.answer)}</code>:"
        f" {shown(c.before)}, now {shown(c.after)}</li>"
        for c in changed
    )
    return f"<h2>Changed by grading again</h2><ul>{items}</ul>" if items else ""


def _superseded(handed: Sequence[Copy]) -> str:
    items = "".join(
        f"<li>{clean(c.student)}: {clean(c.file)}"
        f" ({clean(c.handed_in or 'no time')}, {c.file_digest[:12]})</li>"
        for c in handed
        if not c.counts
    )
    return f"<h2>Handed in, but superseded</h2><ul>{items}</ul>" if items else ""
