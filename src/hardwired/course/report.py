"""One self-contained page a student, and one for the class; all text of students is escaped.

No expected value stands in a report, unless the instructor asks for it; no script ever does.
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
from hardwired.course.codec import Refused, decode
from hardwired.course.gradebook import Attempt, Copy, Manual
from hardwired.course.history import Change
from hardwired.course.marking import agreement
from hardwired.course.standing import Line, Standing
from hardwired.house.files import write_atomic
from hardwired.house.palette import css

__all__ = ["class_page", "copies", "discrimination", "student_page", "write_reports"]

COLOURS = {
    "--ink": "--hw-ink",
    "--paper": "--hw-paper",
    "--line": "--hw-rule",
    "--good": "--hw-tissue-deep",
    "--part": "--hw-immune-deep",
}
"""What the colours of a report are called in it, and in the book."""
STYLE = (
    f"""
{css(COLOURS)}
:root{{color-scheme:light dark}}
"""
    + """\
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
)
LONGEST = 160
MOST_ITEMS = 8
HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Escape a student's text; control characters and direction overrides become visible."""
    return escape(HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.encode("utf-8", "replace").decode()))


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="'
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
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
    out.append(_table(["Answer", "Yours", "*Points", "Why", *["Expected"] * bool(expected)], rows))
    for (name, _), text in a.prose.items():
        if name == question.name and text:
            out.append(f"<blockquote>{clean(text)}</blockquote>")
    for (name, answer), png in a.figures.items():
        if name == question.name:
            data = base64.b64encode(png).decode()
            alt = f"Your figure {escape(answer)} for {escape(question.title)}"
            out.append(f'<img alt="{alt}" src="data:image/png;base64,{data}">')
    return "\n".join(out)


def _table(head: Sequence[str], rows: Iterable[str]) -> str:
    """Give a table; a name with a star heads a column of numbers."""
    cells = ""
    for name in head:
        number = ' class="n"' if name.startswith("*") else ""
        cells += f'<th scope="col"{number}>{name.strip("*")}</th>'
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"


def _show(given: str) -> str:
    """Give an answer as it was given, shortened."""
    try:
        blob = json.loads(given)
    except ValueError:
        return ""
    return f"<pre>{clean(readable(blob))}</pre>"


def readable(blob: Any) -> str:
    """Give an encoded answer as a person would write it; the blob may be hostile."""
    kind = blob.get("t") if type(blob) is dict else None
    words = {"missing": "not there", "refused": "could not be read", "tried": "a function"}
    if kind in words:
        return words[kind]
    try:
        value = decode(blob)
    except Refused:
        return "could not be read"
    if type(value).__name__ == "DataFrame":
        return _frame(value)
    text = _plain(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 3] + "..."


def _plain(value: Any) -> str:
    if type(value) is str:
        return value
    if type(value).__name__ == "ndarray":
        value = value.tolist()
    if type(value) is list:
        shown = [_plain(item) for item in value[:MOST_ITEMS]]
        more = [f"... ({len(value)} in all)"] if len(value) > MOST_ITEMS else []
        return f"[{', '.join([*shown, *more])}]"
    if type(value) is dict:
        pairs = [f"{_plain(k)}: {_plain(v)}" for k, v in list(value.items())[:MOST_ITEMS]]
        return f"{{{', '.join(pairs)}}}"
    return str(value)


def _frame(value: Any) -> str:
    """Give the first rows and columns of a table, in columns."""
    rows, columns = value.shape
    part = value.iloc[:MOST_ITEMS, :8]
    body = [[_plain(x)[:16] for x in part.iloc[:, i].tolist()] for i in range(part.shape[1])]
    text = [[str(name)[:16], *body[i]] for i, name in enumerate(part.columns)]
    wide = [[cell.rjust(max(map(len, column))) for cell in column] for column in text]
    lines = ["  ".join(row).rstrip() for row in zip(*wide, strict=True)]
    if part.shape != value.shape:
        lines.append(f"... ({rows} rows, {columns} columns in all)")
    return "\n".join(lines) or "an empty table"


# --- the class


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
    return f"<h2>Questions</h2>{_table(['Question', '*Mean share', '*Discrimination'], lines)}"


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


def write_reports(
    exercise: Exercise,
    rows: Sequence[Standing],
    out: Path,
    *,
    manual: Sequence[Manual] = (),
    changed: Sequence[Change] = (),
    handed: Sequence[Copy] = (),
    expected: Mapping[str, Mapping[str, Any]] | None = None,
) -> list[Path]:
    """Write all pages; ``expected`` (by student) only where the instructor asks for it."""
    written = []
    for s in rows:
        path = out / "students" / f"{exercise.slug}-{csvsafe.file_name(s.student)}.html"
        page = student_page(exercise, s, (expected or {}).get(s.student))
        write_atomic(path, page.encode())
        written.append(path)
    path = out / f"{exercise.slug}-class.html"
    write_atomic(path, class_page(exercise, rows, manual, changed, handed).encode())
    return [*written, path]
