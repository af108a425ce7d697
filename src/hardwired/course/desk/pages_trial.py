"""Trying to grade again: the marks that would change are shown before anything is changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course.desk import runs, trial
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import downloads, without_times
from hardwired.course.desk.jobs import Job
from hardwired.course.desk.pages_release import jobs_of
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError

__all__ = ["ROUTES", "Ended", "ended"]


@dataclass(frozen=True)
class Ended:
    """How a trial ended: what would change, unless some downloads could not be graded.

    ``version`` is that of the attempts it was compared with; with others it says nothing.
    """

    version: tuple[int, ...]
    found: trial.Trial | None
    ungraded: int


_found: dict[tuple[str, str], Ended] = {}


def ended(course: Course, slug: str) -> Ended | None:
    """Give how the last trial ended, as long as nothing was graded since."""
    last = _found.get((str(course.folder), slug))
    if last is None or not course.book_file.is_file():
        return None
    with course.book() as book:
        return last if book.version(slug) == last.version else None


def _show(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    job = jobs_of(request).of(slug, "trial")
    if job is None or not job.running:
        trial.take_away(course, slug)  # one that was stopped leaves nothing behind
    return render(
        request,
        "trial.html",
        exercise=exercise,
        job=job,
        ended=ended(course, slug),
        graded=slug in course.graded,
        asks_public=bool(exercise.draw and course.roster() is not None),
        public=runs.asked(course, slug, FormData()).public,
        names={s.student: s.name for s in course.standings(slug)} if slug in course.graded else {},
    )


def _try(course: Course, request: Request, form: FormData) -> Response:
    """Grade all downloads again, into a copy."""
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    kept = [d for d in downloads(course, slug) if d.graded]
    if not kept or not course.book_file.is_file():
        raise CourseError("nothing of this exercise was graded at this desk yet; grade it first")
    running = jobs_of(request).now
    if running is not None and running.running:
        raise CourseError(f"{running.kind} {running.slug} is still running; wait or stop it")
    out = trial.copied(course, slug)
    options = {**course.command(), "--out": out}
    words = [text for name, path in options.items() for text in (name, str(path))]
    run = runs.asked(course, slug, form)
    words += runs.options(course, exercise, run)
    commands = tuple(("grade", slug, str(without_times(d)), *words) for d in kept)
    _found.pop((str(course.folder), slug), None)
    jobs_of(request).start(Job(slug, "trial", commands, then=comparing(course, slug, len(kept))))
    runs.keep(course, slug, run)
    return back(f"/x/{slug}/trial")


def comparing(course: Course, slug: str, last: int) -> Callable[[int, Sequence[str]], None]:
    graded: list[bool] = []

    def compare(number: int, log: Sequence[str]) -> None:
        graded.append(any(" graded in " in line for line in log))
        if number < last - 1:
            return
        found = trial.compared(course, course.exercise(slug)) if all(graded) else None
        with course.book() as book:
            version = book.version(slug)
        _found[str(course.folder), slug] = Ended(version, found, graded.count(False))
        trial.take_away(course, slug)

    return compare


ROUTES = [
    Route("/x/{slug}/trial", shows(_show)),
    Route("/x/{slug}/trial", acts(_try), methods=["POST"]),
]
