"""The page of one student: what was asked, what was answered, points and reasons.

No expected value stands in it, unless the instructor asks for it, and nothing of a question that is
held back. Whatever is the student's stands there as text, and a figure as pixels.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from hardwired.course import settle
from hardwired.course.again import look_again
from hardwired.course.authoring.exercise import Exercise, Question
from hardwired.course.border.picture import picture
from hardwired.course.codec import Refused, decode
from hardwired.course.gradebook import Attempt
from hardwired.course.standing import Line, Standing
from hardwired.course.webpage import clean, page, table

__all__ = ["readable", "student_page"]

LONGEST = 160
MOST_ITEMS = 8
MOST_PIXELS = 8192  # of a figure, either way
DIGITS = 6  # of a number, as a person reads it; all of them are compared


def student_page(exercise: Exercise, s: Standing, expected: Mapping[str, Any] | None = None) -> str:
    """Give the page of one student: what was asked, what was answered, points and reasons."""
    title = clean(f"{exercise.title}: {s.name}")
    s = s.told
    parts = [f"<h1>{title}</h1>", _total(s), _by_hand(s)]
    for question in exercise.questions:
        lines = [line for line in s.lines if line.question == question.name]
        if question.name in s.held and s.attempt:
            parts.append(_later(question))
        elif lines and s.attempt:
            parts.append(_question(question, lines, s.attempt, expected))
            lost = any(x.points is not None and x.points < x.most and not x.excused for x in lines)
            if lost and (again := look_again(exercise, question)):
                parts.append(f'<p class="again">To look at again in {clean(again)}.</p>')
    return page(title, "\n".join(parts))


def _total(s: Standing) -> str:
    if s.excused:
        return "<p>You are excused from this exercise.</p>"
    if s.so_far is None:
        return f"<p>A person has to look at this first: {clean(s.reason)}.</p>"
    text = f"<p><strong>{s.so_far:g} of {s.most:g} points</strong>"
    if not s.final:
        waits = ", ".join(s.waiting) or "the file"
        text += f" so far; {waits} still to be marked by a person"
    if s.days_late and s.whole is None:
        text += f"; {s.days_late} day(s) late, {s.kept:.0%} of the points kept"
    if s.held and s.whole is None:
        text += f"; {', '.join(sorted(s.held))} not counted here, and given back later"
    return text + (f".</p>\n<p>{clean(s.reason)}.</p>" if s.reason else ".</p>")


def _by_hand(s: Standing) -> str:
    items = "".join(f"<li>{clean(settle.words(act))}</li>" for act in s.settled)
    return f"<h2>Settled by a person</h2><ul>{items}</ul>" if items else ""


def _later(question: Question) -> str:
    heading = f"<h2>{escape(question.name)}. {escape(question.title)}</h2>"
    return f"{heading}\n<p>This question is given back later.</p>"


def _question(
    question: Question, lines: Sequence[Line], a: Attempt, expected: Mapping[str, Any] | None
) -> str:
    from markdown_it import MarkdownIt

    most = sum(line.most for line in lines)
    waits = any(line.points is None for line in lines)
    got = "waits," if waits else f"{sum(line.points or 0 for line in lines):g}"
    out = [f"<h2>{escape(question.name)}. {escape(question.title)} ({got} of {most:g})</h2>"]
    prompt = re.sub(r"\A\s*#+ .*\n?", "", question.prompt)  # its heading stands above
    out.append(MarkdownIt("commonmark", {"html": False}).render(prompt))
    given = {m.answer: m.given for m in a.marks}
    rows = []
    for line in lines:
        shown = _show(given[line.answer]) if line.answer in given else "<span>see below</span>"
        points = f"{'waits,' if line.points is None else f'{line.points:g}'} of {line.most:g}"
        points = "excused" if line.excused else points
        tone = "" if line.points is None else "right" if line.points == line.most else "part"
        extra = (
            f"<td>{_show(json.dumps(expected[line.answer]), whole=True)}</td>"
            if expected and line.answer in expected
            else ("<td></td>" if expected else "")
        )
        rows.append(
            f'<tr><th scope="row"><code>{escape(line.answer)}</code></th><td>{shown}</td>'
            f'<td class="n {tone}">{points}</td><td>{clean(line.reason)}</td>{extra}</tr>'
        )
    out.append(table(["Answer", "Yours", "*Points", "Why", *["Expected"] * bool(expected)], rows))
    if code := str(a.audit.get("code", {}).get(question.name, "")):
        out.append(f"<details open><summary>Your code</summary><pre>{clean(code)}</pre></details>")
    for line in lines:
        out.append(_criteria(question, line))
    for (name, _), text in a.prose.items():
        if name == question.name and text:
            out.append(f"<blockquote>{clean(text)}</blockquote>")
    for (name, answer), png in a.figures.items():
        if name == question.name:
            out.append(_figure(png, f"Your figure {answer} for {question.title}"))
    return "\n".join(out)


def _figure(png: bytes, alt: str) -> str:
    """Give a figure, if it is one: nothing else that a file may hold goes out with the page."""
    try:
        data = base64.b64encode(picture(png, MOST_PIXELS)).decode()
    except ValueError as error:
        return f"<p>{clean(alt)} cannot be shown: {clean(str(error))}.</p>"
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'


def _criteria(question: Question, line: Line) -> str:
    """Give the points of each criterion, where people marked by them."""
    rubric = next(a.rubric for a in question.answers if a.name == line.answer)
    rows = [
        f'<tr><th scope="row">{clean(c.criterion)}</th>'
        f'<td class="n">{line.criteria[n]:g} of {c.points:g}</td></tr>'
        for n, c in enumerate(rubric)
        if n in line.criteria
    ]
    return table(["What was looked for", "*Points"], rows) if rows else ""


def _show(given: str, *, whole: bool = False) -> str:
    """Give an answer as it was given, shortened; ``whole`` leaves a number all its digits."""
    try:
        blob = json.loads(given)
    except ValueError:
        return ""
    number = whole and type(blob) is dict and blob.get("t") == "float"
    return f"<pre>{clean(str(blob['v']) if number else readable(blob))}</pre>"


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
    if type(value) is float and len(str(value)) > DIGITS + 2:
        return f"{value:.{DIGITS}g}"
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
