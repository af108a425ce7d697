"""The rules of the course: when things are due, who has longer, and what lateness costs."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course.desk import rules
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster

__all__ = ["ROUTES"]


def _rules(course: Course, request: Request) -> Response:
    found, people = course.rules(), course.roster()
    extended = sorted(
        (slug, _name(people, who), who, until) for (who, slug), until in found.extensions.items()
    )
    return render(
        request,
        "rules.html",
        rules=found,
        people=people.students if people else (),
        slugs=course.slugs(),
        extended=extended,
    )


def _name(people: Roster | None, who: str) -> str:
    """Give the name behind an identifier of the rules, or what stands there."""
    person = people.find(who) if people else None
    return person.name if person else who


def _late(course: Course, request: Request, form: FormData) -> Response:
    per_day, most, grace = (str(form.get(k, "")) for k in ("per_day", "most", "grace"))
    rules.set_late(course.rules_file, per_day, most, grace)
    return back("/rules", "The rule is kept; marks follow it at once.")


def _extension(course: Course, request: Request, form: FormData) -> Response:
    """Give somebody longer, or with an empty day no longer than all others."""
    slug, named = str(form.get("slug", "")), str(form.get("student", "")).strip()
    until, people = str(form.get("until", "")), course.roster()
    if slug not in course.slugs():
        raise CourseError("choose for which exercise it is")
    if form.get("do") == "remove":
        rules.set_extension(course.rules_file, named, slug, "")
        return back("/rules", f"{_name(people, named)} has no longer than all others.")
    if not until:
        raise CourseError("give the day and the time until which the student has")
    hits = people.named(named) if people else ()
    if len(hits) != 1:
        said = "is the name of more than one student" if hits else "is nobody on the roster"
        raise CourseError(f"{named[:80]!r} {said}; give the identifier of the list")
    (person,) = hits
    there = {who for who, _ in course.rules().extensions}
    also = [who for who in there if people and people.find(who) == person]
    rules.set_extension(course.rules_file, person.id, slug, until, also)
    return back("/rules", f"{person.name} has longer.")


ROUTES = [
    Route("/rules", shows(_rules)),
    Route("/rules/late", acts(_late), methods=["POST"]),
    Route("/rules/extension", acts(_extension), methods=["POST"]),
]
