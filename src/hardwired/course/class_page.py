"""The page of the class, for the instructor: distribution, questions, and what needs a person."""

from __future__ import annotations

import json
import re
import statistics
from collections import defaultdict
from collections.abc import Sequence
from html import escape

from hardwired.course import settle
from hardwired.course.alike import Alike, Pair, in_class, shared
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.border.text import prose
from hardwired.course.entries import Manual
from hardwired.course.gradebook import Copy
from hardwired.course.history import Change
from hardwired.course.marking import agreement
from hardwired.course.standing import Standing
from hardwired.course.webpage import clean, page, table

__all__ = ["class_page", "copies", "discrimination", "earned", "equal_answers"]


MOST_PAIRS = 20
FINE = 4  # digits from which two equal answers are no coincidence of rounding
MOST = 12  # students who share an answer before it is a common one
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]?\d+)?")


def discrimination(points: Sequence[float], totals: Sequence[float]) -> float | None:
    """Correlation of a question's points with those of all others; None if undefined."""
    rest = [round(t - p, 6) for p, t in zip(points, totals, strict=True)]
    if len(points) < 3 or len(set(points)) == 1 or len(set(rest)) == 1:
        return None
    return statistics.correlation(points, rest)


def earned(s: Standing) -> float:
    """Sum what the answers of a student brought, whatever was given for the exercise as a whole.

    Nothing is stretched here: where an answer does not count, only the others are summed.
    """
    names = dict.fromkeys(x.question for x in s.lines)
    parts = {name: s.question(name) for name in names}
    open_ = sum(x.points or 0.0 for x in s.lines if parts[x.question] is None and not x.excused)
    return open_ + sum(points or 0.0 for points in parts.values())


def equal_answers(
    exercise: Exercise, rows: Sequence[Standing]
) -> list[tuple[tuple[str, ...], int]]:
    """Give the groups of `copies`, where students have data of their own; else equal is right."""
    return copies(rows) if exercise.draw else []


def copies(rows: Sequence[Standing], at_least: int = 3) -> list[tuple[tuple[str, ...], int]]:
    """Give groups of students whose answers agree to the last digit although their data differ.

    Only answers of four digits or more count, for coarser ones agree by rounding; and only those
    that few of the class share: what many share is a common answer, not a copied one.

    Returns
    -------
    list of (students, number of equal answers)
        The largest groups first; a group is not listed again within a larger one that shares as
        much.
    """
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for s in rows:
        for m in s.attempt.marks if s.attempt else ():
            blob = json.loads(m.given)
            if (
                type(blob) is dict
                and blob.get("t") in ("float", "array", "list", "tried")
                and any(len(digits(text)) >= FINE for text in NUMBER.findall(m.given))
            ):
                holders[m.answer, m.given].append(s.student)
    most = max(2, min(MOST, len(rows) // 4 if len(rows) > 12 else MOST))
    shared = [frozenset(students) for students in holders.values() if 2 <= len(students) <= most]
    counts = {group: sum(group <= other for other in shared) for group in set(shared)}
    found = {group: n for group, n in counts.items() if n >= at_least}
    out = [
        (tuple(sorted(group)), n)
        for group, n in found.items()
        if not any(group < other and found[other] >= n for other in found)
    ]
    return sorted(out, key=lambda item: (-len(item[0]), item[0]))


def digits(number: str) -> str:
    """Give the significant digits of a number as it is written."""
    return number.partition("e")[0].replace(".", "").lstrip("-0")


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
            _items(exercise, graded),
            _rules(graded),
        ]
    parts += [_trouble(rows), _late(rows), _by_hand(rows), _copies(exercise, rows)]
    parts += [_alike(exercise, rows), _agreements(manual), _changed(changed), _superseded(handed)]
    return page(f"{escape(exercise.title)}: the class", "\n".join(p for p in parts if p))


def _numbers(rows: Sequence[Standing], totals: Sequence[float]) -> str:
    waiting = sum(not s.final for s in rows if s.attempt)
    late = sum(bool(s.days_late) for s in rows)
    said = (
        f"{len(rows)} students, {len(totals)} graded, {waiting} waiting for a person, {late} late"
    )
    if totals:
        said += f"; median {statistics.median(totals):.1f}, mean {statistics.fmean(totals):.1f}"
        said += " so far, without what still waits" if waiting else ""
    return f"<p>{said}.</p>"


def _histogram(totals: Sequence[float], most: float) -> str:
    bins = [0] * 10
    for total in totals:
        bins[min(9, int(10 * total / most)) if most else 0] += 1
    top = max(bins)
    bars = "".join(
        f'<rect x="{40 * i + 4}" y="{110 - 96 * n / top:.1f}" width="32"'
        f' height="{96 * n / top:.1f}" fill="currentColor"/>'
        f'<text x="{40 * i + 20}" y="{107 - 96 * n / top:.1f}" font-size="11" text-anchor="middle"'
        f' fill="currentColor">{n or ""}</text>'
        f'<text x="{40 * i + 20}" y="125" font-size="11" text-anchor="middle"'
        f' fill="currentColor">{10 * i}</text>'
        for i, n in enumerate(bins)
    )
    said = ", ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(bins) if n)
    return (
        '<h2>Distribution</h2><svg viewBox="0 0 404 130" role="img"'
        f' aria-label="Students by share of the points: {said}">{bars}</svg>'
    )


def _items(exercise: Exercise, graded: Sequence[Standing]) -> str:
    lines = []
    for question in exercise.questions:
        points = [(s.question(question.name), earned(s)) for s in graded]
        known = [(p, t) for p, t in points if p is not None]
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
    items = []
    for s in rows:
        waits = [f"{x.question} {x.answer}: {x.reason}" for x in s.lines if x.points is None]
        said = [s.reason] if s.reason and (s.attempt or not s.settled) else []
        if s.final:
            waits = []
        if said or waits:
            file = f", {s.attempt.file}" if s.attempt else ""
            told = "; ".join([*said, *waits])
            items.append(f"<li>{clean(s.student)} ({clean(s.name + file)}): {clean(told)}</li>")
    return f"<h2>For a person</h2><ul>{''.join(items)}</ul>" if items else ""


def _by_hand(rows: Sequence[Standing]) -> str:
    items = "".join(
        f"<li>{clean(s.student)} ({clean(s.name)}): {clean(settle.words(act))}</li>"
        for s in rows
        for act in s.settled
    )
    return f"<h2>Settled by hand</h2><ul>{items}</ul>" if items else ""


def _copies(exercise: Exercise, rows: Sequence[Standing]) -> str:
    items = "".join(
        f"<li>{clean(' and '.join(group))}: {n} equal answers to different data</li>"
        for group, n in equal_answers(exercise, rows)
    )
    return f"<h2>Perhaps copied</h2><ul>{items}</ul>" if items else ""


def _alike(exercise: Exercise, rows: Sequence[Standing]) -> str:
    """Show texts that share phrases beside one another: a hint, and no verdict."""
    pairs = [
        (pair, one)
        for one in in_class(exercise, rows)
        for group in one.groups
        for pair in group.pairs
    ]
    pairs.sort(key=lambda it: -it[0].share)
    shown = "".join(
        f"<h3>{clean(one.question.name)}: {pair.share:.0%} of the shorter text</h3>"
        + table(
            [clean(pair.first), clean(pair.second)],
            [f"<tr>{_sides(one, pair)}</tr>"],
        )
        for pair, one in pairs[:MOST_PAIRS]
    )
    more = f"<p>{len(pairs) - MOST_PAIRS} pairs more.</p>" if len(pairs) > MOST_PAIRS else ""
    said = "<p>Whole phrases are shared; why, only a person can tell.</p>"
    return f"<h2>Texts alike</h2>{said}{shown}{more}" if pairs else ""


def _sides(one: Alike, pair: Pair) -> str:
    """Give the cells of both texts, what they share marked."""
    first, second = prose(one.texts[pair.first]), prose(one.texts[pair.second])
    cells = ""
    for parts in (shared(first, second), shared(second, first)):
        marked = "".join(f"<mark>{escape(t)}</mark>" if same else escape(t) for t, same in parts)
        cells += f'<td class="text">{marked}</td>'
    return cells


def _late(rows: Sequence[Standing]) -> str:
    items = "".join(
        f"<li>{clean(s.student)} ({clean(s.name)}): {s.days_late} day(s),"
        f" {s.kept:.0%} of the points kept</li>"
        for s in rows
        if s.days_late
    )
    return f"<h2>Late</h2><ul>{items}</ul>" if items else ""


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
