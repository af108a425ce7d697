"""What was handed in: downloads dropped, every file with what became of it, and grading."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course.desk import runs
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.downloads import (
    Download,
    became,
    downloads,
    note,
    take,
    without_times,
)
from hardwired.course.desk.jobs import Job
from hardwired.course.desk.pages_release import jobs_of
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.engines.base import Limits
from hardwired.course.engines.probe import NAMES
from hardwired.course.errors import CourseError
from hardwired.course.standing import Standing

__all__ = ["ROUTES", "TABS"]

ORDER = {"out": 0, "wait": 1, "good": 2}


def _files(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise, kept = course.exercise(slug), downloads(course, slug)
    by_student: dict[str, Standing] = {}
    problem = ""
    try:
        if slug in course.graded:
            by_student = {s.student: s for s in course.standings(slug)}
    except CourseError as error:  # a grading that was stopped is started again from here
        problem = str(error)
    job = jobs_of(request).of(slug, "grade")
    last, run = runs.kept(course, slug), runs.asked(course, slug, FormData())
    shown = []
    for download in reversed(kept):
        rows = [(seen, *became(seen, by_student, download.graded)) for seen in download.files]
        rows.sort(key=lambda row: (ORDER[row[1]], row[0].name.casefold()))
        shown.append((download, rows))
    return render(
        request,
        "files.html",
        exercise=exercise,
        roster=course.roster(),
        shown=shown,
        fresh=[d for d in kept if not d.graded],
        run=run,
        public=run.public or (last is None and not course.key_file.is_file()),
        seconds=Limits().cell_s,
        engines=NAMES,
        problem="" if job and job.running else problem,
        job=job,
    )


def _drop(course: Course, request: Request, form: FormData) -> Response:
    slug = request.path_params["slug"]
    files = [f for f in form.getlist("files") if isinstance(f, UploadFile) and f.filename]
    made = take(course, slug, [(str(f.filename), f.file) for f in files])
    number = sum(len(d.files) for d in made)
    return back(f"/x/{slug}/files", f"{number} files were read; look at them, then grade.")


def _grade(course: Course, request: Request, form: FormData) -> Response:
    """Grade what is new, or everything again in the order in which it came."""
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    kept = downloads(course, slug)
    chosen = kept if form.get("again") == "yes" else [d for d in kept if not d.graded]
    if not chosen:
        raise CourseError("there is nothing new to grade; send the download first")
    run = runs.asked(course, slug, form)
    secret = exercise.draw and course.roster() is not None and not run.public
    if secret and not course.key_file.is_file():
        raise CourseError(
            f"{course.key_file}: the key of the students' data is missing; put it back, or"
            " say that the exercise was given out as one zip for all"
        )
    course.marks.mkdir(exist_ok=True)
    options = [text for name, path in course.command().items() for text in (name, str(path))]
    options += runs.options(course, exercise, run)
    commands = tuple(("grade", slug, str(without_times(d)), *options) for d in chosen)
    jobs_of(request).start(Job(slug, "grade", commands, then=_noting(chosen)))
    runs.keep(course, slug, run)
    return back(f"/x/{slug}/files")


def _noting(chosen: Sequence[Download]) -> Callable[[int, Sequence[str]], None]:
    def noting(number: int, log: Sequence[str]) -> None:
        note(chosen[number], any(" graded in " in line for line in log), log)

    return noting


TABS = (("Collect and grade", "files"),)
ROUTES = [
    Route("/x/{slug}/files", shows(_files)),
    Route("/x/{slug}/files", acts(_drop), methods=["POST"]),
    Route("/x/{slug}/grade", acts(_grade), methods=["POST"]),
]
