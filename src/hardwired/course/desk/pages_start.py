"""The start page: three questions for a new course, then its exercises and what comes next."""

from __future__ import annotations

import secrets
import zoneinfo

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError

__all__ = ["ROUTES", "TABS"]


def _start(course: Course, request: Request) -> Response:
    if course.is_new:
        zones = sorted(zoneinfo.available_timezones())
        return render(request, "new.html", zones=zones)
    return render(request, "start.html", roster=course.roster(), slugs=course.slugs())


def _make(course: Course, request: Request, form: FormData) -> Response:
    if course.is_new:
        course.make(str(form.get("title", "")), str(form.get("who", "")), str(form.get("zone", "")))
    return back("/", "The course is made; its folder is the one you started in.")


def _who(course: Course, request: Request, form: FormData) -> Response:
    """Say who is at this browser: two people may mark at one desk, each under their own name."""
    name = " ".join(str(form.get("who", "")).split())[:80]
    if not name:
        raise CourseError("an entry needs the name of who makes it; give it")
    key = secrets.token_urlsafe(12)
    request.app.state.people[key] = name
    response = back("/", f"What you enter now is entered by {name}.")
    response.set_cookie("desk-who", key, httponly=True, samesite="strict", path="/")
    return response


def _exercise(course: Course, request: Request) -> Response:
    exercise = course.exercise(request.path_params["slug"])
    return render(request, "exercise.html", exercise=exercise)


TABS = (("Overview", ""),)
ROUTES = [
    Route("/", shows(_start)),
    Route("/x/{slug}", shows(_exercise)),
    Route("/new", acts(_make), methods=["POST"]),
    Route("/who", acts(_who), methods=["POST"]),
]
