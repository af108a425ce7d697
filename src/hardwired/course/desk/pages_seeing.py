"""Seeing the class: distribution, questions, errors alike, who waits, who is late, who is alike."""

from __future__ import annotations

import json
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course import alike
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.class_page import equal_answers
from hardwired.course.desk import seeing
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.web import render, shows
from hardwired.course.errors import CourseError
from hardwired.course.history import changes
from hardwired.course.settle import find
from hardwired.course.standing import Standing
from hardwired.course.student_page import readable

__all__ = ["ROUTES", "TABS"]

SHOWN = 8  # clusters of an answer that are shown


def _attempts(exercise: Exercise, rows: Sequence[Standing]) -> object:
    """Give what changes when what was handed in does, and not when people mark."""
    return exercise.digest, tuple(s.attempt.id for s in rows if s.attempt)


def _see(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    rows = course.standings(slug) if slug in course.graded else []
    if not rows:
        return render(request, "seeing.html", exercise=exercise, rows=rows)
    with course.book() as book:
        changed = course.kept(
            f"changes {slug}",
            book.version(slug),
            lambda: changes(book.attempts(slug, counting=False)),
        )
    bins = seeing.distribution(rows)
    return render(
        request,
        "seeing.html",
        exercise=exercise,
        rows=rows,
        names={s.student: s.name for s in rows},
        bins=bins,
        top=max(1, *(b.final + b.waiting for b in bins)),
        quartiles=seeing.quartiles(rows),
        items=seeing.items(exercise, rows),
        wrong=seeing.wrong(exercise, rows),
        shown=SHOWN,
        waiting=[s for s in rows if not s.final and s.attempt],
        missing=[s for s in rows if s.status == "missing" and not s.excused],
        late=sorted((s for s in rows if s.days_late), key=lambda s: -s.days_late),
        copied=course.kept(
            f"copies {slug}", _attempts(exercise, rows), lambda: equal_answers(exercise, rows)
        ),
        alike=course.kept(
            f"alike {slug}", _attempts(exercise, rows), lambda: alike.in_class(exercise, rows)
        ),
        changed=changed,
    )


def _two(course: Course, request: Request) -> tuple[Exercise, list[Standing], Standing, Standing]:
    exercise = course.exercise(request.path_params["slug"])
    rows = course.standings(exercise.slug)
    asked = request.query_params
    return exercise, rows, find(rows, asked.get("a", "")), find(rows, asked.get("b", ""))


def _texts(course: Course, request: Request) -> Response:
    """Show two texts side by side, with what they have in common."""
    exercise, _, first, second = _two(course, request)
    name = request.query_params.get("answer", "")
    for question in exercise.questions:
        if any(a.name == name and a.kind == "prose" for a in question.answers):
            key = (question.name, name)
            break
    else:
        raise CourseError(f"{exercise.slug} has no prose answer {name[:60]!r}; go back")
    texts = [s.attempt.prose.get(key, "") if s.attempt else "" for s in (first, second)]
    sides = [
        (first, alike.shared(texts[0], texts[1])),
        (second, alike.shared(texts[1], texts[0])),
    ]
    return render(request, "alike.html", exercise=exercise, question=question, sides=sides)


def _answers(course: Course, request: Request) -> Response:
    """Show the answers of two students side by side, and which are the same."""
    exercise, _, first, second = _two(course, request)
    given = [
        {m.answer: m.given for m in s.attempt.marks} if s.attempt else {} for s in (first, second)
    ]
    lines = [
        (q.name, a.name, *(_readable(mine.get(a.name, "")) for mine in given), same)
        for q in exercise.questions
        for a in q.answers
        if a.name in given[0] or a.name in given[1]
        for same in (given[0].get(a.name) == given[1].get(a.name),)
    ]
    return render(
        request, "alike_answers.html", exercise=exercise, pair=(first, second), lines=lines
    )


def _readable(given: str) -> str:
    try:
        return readable(json.loads(given))
    except ValueError:
        return ""


TABS = (("Seeing", "seeing"),)
ROUTES = [
    Route("/x/{slug}/seeing", shows(_see)),
    Route("/x/{slug}/seeing/texts", shows(_texts)),
    Route("/x/{slug}/seeing/answers", shows(_answers)),
]
