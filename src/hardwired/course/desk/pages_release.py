"""Giving an exercise out: released by a job, and what goes to the students as one file."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from hardwired.course import csvsafe
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.jobs import Job, Jobs
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster
from hardwired.house.files import pack_into

__all__ = ["ROUTES", "TABS"]


def jobs_of(request: Request) -> Jobs:
    """Give the jobs of this desk."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def _public(course: Course, slug: str) -> Path:
    return course.released / slug / "public"


def _release(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise, public = course.exercise(slug), _public(course, slug)
    people = course.roster()
    given = [s for s in people.students if _zip_of(public, slug, s.id).is_file()] if people else []
    return render(
        request,
        "release.html",
        exercise=exercise,
        roster=people,
        given=given,
        one=(public / f"{slug}.zip").is_file(),
        sheet=(public / f"{slug}-sheet.html").is_file(),
        job=jobs_of(request).of(slug, "release"),
    )


def _zip_of(public: Path, slug: str, student: str) -> Path:
    return public.parent / "students" / csvsafe.file_name(student) / f"{slug}.zip"


def _start(course: Course, request: Request, form: FormData) -> Response:
    slug = request.path_params["slug"]
    course.exercise(slug)
    command = ["release", slug, "--exercises", str(course.exercises_folder)]
    command += ["--out", str(course.released / slug)]
    if form.get("one") != "yes":
        if course.roster() is None:
            raise CourseError("there is no roster yet; add it first, or release one zip for all")
        command += ["--roster", str(course.roster_file), "--key", str(course.key_file)]
    jobs_of(request).start(Job(slug, "release", (tuple(command),)))
    return back(f"/x/{slug}/release")


def _one(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    return sent(_public(course, slug) / f"{slug}.zip", f"{slug}.zip")


def _sheet(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    return sent(_public(course, slug) / f"{slug}-sheet.html", f"{slug}-sheet.html")


def sent(path: Path, name: str) -> Response:
    """Send a file to be kept, never to be shown in the page.

    Raises
    ------
    CourseError
        If it is not there.
    """
    if not path.is_file():
        raise CourseError(f"{name}: is not there yet; make it first")
    return FileResponse(path, filename=name, media_type="application/octet-stream")


def _students(course: Course, request: Request) -> Response:
    """Pack a zip a student into one, under the names by which they can be handed out."""
    slug, form = request.path_params["slug"], request.query_params.get("form", "")
    people, public = course.roster(), _public(course, slug)
    if people is None or not (public.parent / "students").is_dir():
        raise CourseError("nothing was released by the roster yet; release it first")
    path = course.released / slug / "instructor" / f"{slug}-students.zip"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".students-", delete=False) as draft:
        try:
            named = _named(people, public, slug, form)
            pack_into(draft, ((name, file.read_bytes()) for name, file in named), stored=None)
            Path(draft.name).replace(path)
        finally:
            Path(draft.name).unlink(missing_ok=True)
    return sent(path, path.name)


def _named(people: Roster, public: Path, slug: str, form: str) -> Iterator[tuple[str, Path]]:
    """Name each student's zip: by the student, or as Moodle takes feedback files."""
    for student in people.students:
        file = _zip_of(public, slug, student.id)
        if not file.is_file():
            continue
        number = student.row.get("Identifier", "").split()
        if form == "moodle" and people.kind == "moodle-worksheet" and number:
            name = student.name.replace("/", "_").replace("\\", "_")
            yield f"{name}_{number[-1]}_assignfeedback_file_/{slug}.zip", file
        else:
            yield f"{csvsafe.file_name(student.id)}.zip", file


def _job(course: Course, request: Request) -> Response:
    """Say how far a job is, for the script of the page."""
    slug, kind = request.path_params["slug"], request.path_params["kind"]
    job = jobs_of(request).of(slug, kind)
    return JSONResponse(job.facts() if job else {"running": False})


def _stop(course: Course, request: Request, form: FormData) -> Response:
    slug, kind = request.path_params["slug"], request.path_params["kind"]
    jobs_of(request).stop()
    page = "release" if kind == "release" else "files"
    return back(f"/x/{slug}/{page}", "It is stopped; what was finished is kept.")


TABS = (("Give out", "release"),)
ROUTES = [
    Route("/x/{slug}/release", shows(_release)),
    Route("/x/{slug}/release", acts(_start), methods=["POST"]),
    Route("/x/{slug}/release/one.zip", shows(_one)),
    Route("/x/{slug}/release/sheet.html", shows(_sheet)),
    Route("/x/{slug}/release/students.zip", shows(_students)),
    Route("/x/{slug}/job/{kind}", shows(_job)),
    Route("/x/{slug}/job/{kind}/stop", acts(_stop), methods=["POST"]),
]
