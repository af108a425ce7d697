"""One self-contained page a student, and one for the class; all text of students is escaped.

No expected value stands in a report, unless the instructor asks for it; no script stands in it at
all.
"""

from __future__ import annotations

import base64
import json
import re
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe
from hardwired.course.authoring.exercise import Exercise, Question
from hardwired.course.gradebook import Attempt, Manual
from hardwired.course.marking import agreement
from hardwired.course.standing import Line, Standing

__all__ = ["class_page", "copies", "discrimination", "student_page", "write_reports"]

STYLE = """
:root{color-scheme:light dark;--ink:#1f3b57;--paper:#fff;--line:#c9d1d9;--good:#00664b;
--part:#8a5200}
@media(prefers-color-scheme:dark){:root{--ink:#dbe7f3;--paper:#10161d;--line:#3b4754;
--good:#58d6ae;--part:#f0b458}}
body{font:17px/1.55 Georgia,serif;color:var(--ink);background:var(--paper);max-width:46rem;
margin:0 auto;padding:1rem}
h1{font-size:1.6rem}
h2{font-size:1.2rem;margin-top:2rem;border-top:1px solid var(--line);padding-top:1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid var(--line)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9rem;margin:0}
img{max-width:100%;background:#fff}
.right{color:var(--good)}.part{color:var(--part)}
blockquote{border-left:3px solid var(--line);margin:0;padding-left:1rem;white-space:pre-wrap}
@media print{body{max-width:none}}
"""
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Escape a student's text; control characters and direction overrides become visible."""
    return escape(HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.encode("utf-8", "replace").decode()))


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"  # noqa: E501
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def student_page(exercise: Exercise, s: Standing, expected: Mapping[str, Any] | None = None) -> str:
    """Give the page of one student: what was asked, what was answered, points and reasons."""
    title = clean(f"{exercise.title}: {s.name}")
    parts = [f"<h1>{title}</h1>", _total(s)]
    for question in exercise.questions:
        lines = [line for line in s.lines if line.question == question.name]
        if lines and s.attempt:
            parts.append(_question(question, lines, s.attempt, expected))
    return _page(title, "\n".join(parts))


def _total(s: Standing) -> str:
    if s.points is None:
        return f"<p>This could not be marked: {clean(s.reason)}.</p>"
    text = f"<p><strong>{s.points:g} of {s.most:g} points</strong>"
    if s.waiting:
        text += f"; {', '.join(s.waiting)} still to be marked by a person"
    if s.days_late:
        text += f"; {s.days_late} day(s) late, {s.kept:.0%} of the points kept"
    return text + (f".</p>\n<p>{clean(s.reason)}.</p>" if s.reason else ".</p>")


def _question(
    question: Question, lines: Sequence[Line], a: Attempt, expected: Mapping[str, Any] | None
) -> str:
    from markdown_it import MarkdownIt

    most = sum(line.most for line in lines)
    got = sum(line.points or 0 for line in lines)
    out = [f"<h2>{escape(question.name)}. {escape(question.title)} ({got:g} of {most:g})</h2>"]
    out.append(MarkdownIt("commonmark", {"html": False}).render(question.prompt))
    given = {m.answer: m.given for m in a.marks}
    rows = []
    for line in lines:
        shown = _show(given[line.answer]) if line.answer in given else "<span>see below</span>"
        points = "waits" if line.points is None else f"{line.points:g} of {line.most:g}"
        tone = "" if line.points is None else "right" if line.points == line.most else "part"
        extra = (
            f"<td>{_show(json.dumps(expected[line.answer]))}</td>"
            if expected and line.answer in expected
            else ("<td></td>" if expected else "")
        )
        rows.append(
            f'<tr><th scope="row"><code>{escape(line.answer)}</code></th><td>{shown}</td>'
            f'<td class="n {tone}">{points}</td><td>{clean(line.reason)}</td>{extra}</tr>'
        )
    head = '<th scope="col">Answer</th><th scope="col">Yours</th><th scope="col" class="n">Points</th><th scope="col">Why</th>'  # noqa: E501
    head += '<th scope="col">Expected</th>' if expected else ""
    out.append(f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>")
    for (name, _), text in a.prose.items():
        if name == question.name and text:
            out.append(f"<blockquote>{clean(text)}</blockquote>")
    for (name, answer), png in a.figures.items():
        if name == question.name:
            data = base64.b64encode(png).decode()
            out.append(
                f'<img alt="Your figure {escape(answer)} for {escape(question.title)}" src="data:image/png;base64,{data}">'  # noqa: E501
            )
    return "\n".join(out)


def _show(given: str) -> str:
    """Give an answer as it was given, shortened."""
    try:
        blob = json.loads(given)
    except ValueError:
        return ""
    return f"<pre>{clean(_text(blob))}</pre>"


def _text(blob: Any) -> str:
    if type(blob) is not dict:
        return "none"
    kind, value = blob.get("t"), blob.get("v")
    if kind == "missing":
        return "not there"
    if kind == "refused":
        return "could not be read"
    if kind == "tried":
        return "a function"
    if kind == "table":
        return f"a table with the columns {', '.join(map(str, blob.get('columns', [])[:8]))}"
    text = json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value
    return text if len(text) <= 160 else text[:157] + "..."


# --- the class
# -------------------------------------------------------------------------------------


def discrimination(points: Sequence[float], totals: Sequence[float]) -> float | None:
    """Correlation of a question's points with the points of all other questions.

    None if undefined.
    """
    rest = [t - p for p, t in zip(points, totals, strict=True)]
    if len(points) < 3 or len(set(points)) == 1 or len(set(rest)) == 1:
        return None
    return statistics.correlation(points, rest)


def copies(rows: Iterable[Standing], at_least: int = 3) -> list[tuple[str, str, int]]:
    """Pairs of students whose answers agree to the last digit although their data differ.

    Only numbers and arrays with decimals count, and only those that at most two students share:
    what
    many share is a common answer, not a copied one.
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


def class_page(exercise: Exercise, rows: Sequence[Standing], manual: Sequence[Manual] = ()) -> str:
    """Give the page for the instructor.

    Distribution, difficulty, discrimination, time-outs, copies, agreement.
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
    parts += [_trouble(rows), _copies(rows), _agreements(manual)]
    return _page(f"{escape(exercise.title)}: the class", "\n".join(p for p in parts if p))


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
        f'<rect x="{40 * i + 4}" y="{110 - 100 * n / top:.1f}" width="32" height="{100 * n / top:.1f}" fill="currentColor"/>'  # noqa: E501
        f'<text x="{40 * i + 20}" y="125" font-size="11" text-anchor="middle" fill="currentColor">{10 * i}</text>'  # noqa: E501
        for i, n in enumerate(bins)
    )
    said = ", ".join(f"{10 * i} to {10 * i + 10} %: {n}" for i, n in enumerate(bins) if n)
    return f'<h2>Distribution</h2><svg viewBox="0 0 404 130" role="img" aria-label="Students by share of the points: {said}">{bars}</svg>'  # noqa: E501


def _items(exercise: Exercise, graded: Sequence[Standing], totals: Sequence[float]) -> str:
    lines = []
    for question in exercise.questions:
        points = [s.question(question.name) for s in graded]
        known = [(p, t) for p, t in zip(points, totals, strict=True) if p is not None]
        if not known:
            lines.append(
                f'<tr><th scope="row">{escape(question.name)}</th><td class="n">waits</td><td class="n"></td></tr>'  # noqa: E501
            )
            continue
        mean = statistics.fmean(p for p, _ in known) / question.points
        disc = discrimination([p for p, _ in known], [t for _, t in known])
        shown = "undefined" if disc is None else f"{disc:.2f}"
        lines.append(
            f'<tr><th scope="row">{escape(question.name)}. {escape(question.title)}</th><td class="n">{mean:.0%}</td><td class="n">{shown}</td></tr>'  # noqa: E501
        )
    head = '<th scope="col">Question</th><th scope="col" class="n">Mean share</th><th scope="col" class="n">Discrimination</th>'  # noqa: E501
    return f"<h2>Questions</h2><table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"  # noqa: E501


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
        f"<li>{clean(g.markers[0])} and {clean(g.markers[1])}: {g.criteria} criteria, {g.equal:.0%} equal,"  # noqa: E501
        f" mean difference {g.mean_difference:.2f} points"
        f"{'' if g.kappa is None else f', weighted kappa {g.kappa:.2f}'}</li>"
        for g in agreement(manual)
    )
    return f"<h2>Markers</h2><ul>{items}</ul>" if items else ""


def write_reports(
    exercise: Exercise,
    rows: Sequence[Standing],
    manual: Sequence[Manual],
    out: Path,
    expected: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Path]:
    """Write all pages; ``expected`` (by student) only where the instructor asks for it."""
    written = []
    for s in rows:
        name = re.sub(r"[^A-Za-z0-9._@-]", "_", s.student).lstrip(".") or "_"
        path = out / "students" / f"{exercise.slug}-{name}.html"
        csvsafe.write_atomic(
            path, student_page(exercise, s, (expected or {}).get(s.student)).encode()
        )
        written.append(path)
    path = out / f"{exercise.slug}-class.html"
    csvsafe.write_atomic(path, class_page(exercise, rows, manual).encode())
    return [*written, path]
