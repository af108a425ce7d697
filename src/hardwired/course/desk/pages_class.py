"""How the class stands, and one student: points, reasons, prose, figures, what people entered."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course import settle
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.web import picture, render, shows
from hardwired.course.errors import CourseError
from hardwired.course.standing import Standing
from hardwired.course.student_page import readable

__all__ = ["ROUTES", "TABS"]


def _class(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    rows = course.standings(slug) if slug in course.graded else []
    final = sorted(s.points for s in rows if s.points is not None)
    return render(
        request,
        "class.html",
        exercise=exercise,
        rows=sorted(rows, key=lambda s: (s.name.casefold(), s.student)),
        final=final,
        waiting=[s for s in rows if not s.final],
        missing=[s for s in rows if s.status == "missing" and not s.excused],
        late=[s for s in rows if s.days_late],
    )


def _standing(course: Course, request: Request) -> Standing:
    slug, wanted = request.path_params["slug"], request.query_params.get("id", "")
    for s in course.standings(slug):
        if s.student == wanted:
            return s
    raise CourseError(f"{wanted[:80]!r} is no student of this course; go back to the class")


def _student(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise, s = course.exercise(slug), _standing(course, request)
    given: dict[str, str] = {}
    for mark in s.attempt.marks if s.attempt else ():
        try:
            given[mark.answer] = readable(json.loads(mark.given))
        except ValueError:
            given[mark.answer] = ""
    with course.book() as book:
        copies = [c for c in book.copies(slug) if c.student == s.student]
    names = [x.student for x in course.standings(slug)]
    at = names.index(s.student)
    return render(
        request,
        "student.html",
        exercise=exercise,
        s=s,
        given=given,
        copies=copies,
        settled=[settle.words(act) for act in s.settled],
        before=names[at - 1] if at else "",
        after=names[at + 1] if at + 1 < len(names) else "",
    )


def _figure(course: Course, request: Request) -> Response:
    """Give a figure of a student, drawn anew."""
    s, asked = _standing(course, request), request.query_params
    figures = s.attempt.figures if s.attempt else {}
    data = figures.get((asked.get("question", ""), asked.get("answer", "")))
    if data is None:
        raise CourseError("there is no such figure")
    return picture(data)


TABS = (("Class", "class"),)
ROUTES = [
    Route("/x/{slug}/class", shows(_class)),
    Route("/x/{slug}/student", shows(_student)),
    Route("/x/{slug}/figure", shows(_figure)),
]
