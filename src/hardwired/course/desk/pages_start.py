"""The start page: three questions for a new course, then its exercises and what comes next."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course import entries
from hardwired.course.desk import rules
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import downloads
from hardwired.course.desk.jobs import Job
from hardwired.course.desk.pages_release import jobs_of
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError
from hardwired.course.standing import OPEN

__all__ = ["ROUTES", "TABS"]


def _start(course: Course, request: Request) -> Response:
    if course.is_new:
        zones = sorted(zoneinfo.available_timezones())
        return render(request, "new.html", zones=zones)
    graded, people, problem = course.graded, None, ""
    try:
        people = course.roster()
    except CourseError as error:
        problem = str(error)
    if problem:
        return render(request, "start.html", roster=None, problem=problem, stages=[], due={})
    return render(
        request,
        "start.html",
        roster=people,
        problem="",
        stages=[_told(course, slug, graded, jobs_of(request).now) for slug in course.slugs()],
        due=course.rules().due,
    )


def _make(course: Course, request: Request, form: FormData) -> Response:
    if course.is_new:
        course.make(str(form.get("title", "")), str(form.get("who", "")), str(form.get("zone", "")))
    return back("/", "The course is made; its folder is the one you started in.")


def _who(course: Course, request: Request, form: FormData) -> Response:
    """Say who is at this browser: two people may mark at one desk, each under their own name."""
    name = " ".join(str(form.get("who", "")).split())[:80]
    if not name:
        raise CourseError("an entry needs the name of who makes it; give it")
    name = _as_before(course, name)
    response = back("/", f"What you enter now is entered by {name}.")
    response.set_cookie(course.who_cookie, quote(name), httponly=True, samesite="strict", path="/")
    return response


def _as_before(course: Course, name: str) -> str:
    """Give the spelling under which the same person entered something before."""
    for slug in course.graded:
        with course.book() as book:
            for act in entries.live(book, slug):
                if act.who.casefold() == name.casefold():
                    return act.who
    return name


@dataclass(frozen=True)
class Stage:
    """How far an exercise is, in words, and the page that comes next."""

    slug: str
    title: str
    said: str
    next: str
    end: str


def _told(course: Course, slug: str, graded: tuple[str, ...], job: Job | None) -> Stage:
    """Give how far an exercise is; one that cannot be read says so, and the others stand."""
    try:
        return _stage(course, slug, graded)
    except CourseError as error:
        said = str(error)
    if job is not None and job.running and (job.slug, job.kind) == (slug, "grade"):
        said = "is being graded for the first time"
    return Stage(slug, slug, said, "Collect and grade", "/files")


def _stage(course: Course, slug: str, graded: tuple[str, ...]) -> Stage:
    title = course.exercise(slug).title
    if slug in graded:
        rows = course.standings(slug)
        if waiting := [s for s in rows if not s.final]:
            said = f"{len(waiting)} of {len(rows)} students wait for a person"
            if any(s.status in OPEN for s in waiting):
                return Stage(slug, title, said, "Settle", "/settling")
            return Stage(slug, title, said, "Mark", "/marking")
        return Stage(slug, title, f"{len(rows)} students have a mark", "Hand back", "/back")
    if kept := downloads(course, slug):
        files = sum(len(d.files) for d in kept)
        return Stage(slug, title, f"{files} files handed in, not graded yet", "Grade", "/files")
    if (course.released / slug / "public").is_dir():
        return Stage(slug, title, "given out, nothing handed in yet", "Collect", "/files")
    return Stage(slug, title, "not given out yet", "Give out", "/release")


def _exercise(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise, policy = course.exercise(slug), course.rules()
    due = policy.due.get(slug)
    return render(
        request,
        "exercise.html",
        exercise=exercise,
        stage=_told(course, slug, course.graded, jobs_of(request).now),
        due=due,
        rules=policy,
    )


def _due(course: Course, request: Request, form: FormData) -> Response:
    """Write the due date into the rules; a file that somebody wrote by hand is kept beside."""
    slug, text = request.path_params["slug"], str(form.get("due", "")).strip()
    course.exercise(slug)
    rules.set_due(course.rules_file, slug, text)
    return back(f"/x/{slug}", "The due date is kept." if text else "It has no due date now.")


TABS = (("Overview", ""),)
ROUTES = [
    Route("/", shows(_start)),
    Route("/x/{slug}", shows(_exercise)),
    Route("/x/{slug}/due", acts(_due), methods=["POST"]),
    Route("/new", acts(_make), methods=["POST"]),
    Route("/who", acts(_who), methods=["POST"]),
]
