"""The roster: dropped, shown as it was understood, corrected, and used."""

from __future__ import annotations

import re

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course.desk import roster_file
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError
from hardwired.house.files import write_atomic

__all__ = ["ROUTES"]

CELL = re.compile(r"cell-(\d{1,5})-(\d{1,4})")


def _roster(course: Course, request: Request) -> Response:
    draft = roster_file.understand(course.draft_file) if course.draft_file.is_file() else None
    now, problem = None, ""
    try:
        now = course.roster()
    except CourseError as error:  # another file is the way on
        problem = str(error)
    ours = {s.id: s.name for s in now.students} if now else {}
    theirs = {s.id: s.name for s in draft.roster.students} if draft and draft.roster else {}
    return render(
        request,
        "roster.html",
        draft=draft,
        roster=now,
        problem=problem,
        kind=roster_file.KINDS[now.kind] if now else "",
        has_key=course.key_file.is_file(),
        zone=course.rules().zone,
        new=[(i, n) for i, n in theirs.items() if i not in ours] if ours else [],
        gone=[(i, n) for i, n in ours.items() if theirs and i not in theirs],
    )


def _drop(course: Course, request: Request, form: FormData) -> Response:
    file = form.get("file")
    if not isinstance(file, UploadFile) or not file.filename:
        raise CourseError("no file was sent; choose the roster and send it again")
    data = file.file.read(roster_file.MOST_BYTES + 1)
    before = course.draft_file.read_bytes() if course.draft_file.is_file() else None
    write_atomic(course.draft_file, data)
    try:
        roster_file.understand(course.draft_file)
    except CourseError as error:
        if before is None:
            course.draft_file.unlink()
        else:
            write_atomic(course.draft_file, before)
        said = str(error).replace(course.draft_file.name, file.filename.rpartition("/")[2], 1)
        raise CourseError(said) from None
    return back("/roster")


def _correct(course: Course, request: Request, form: FormData) -> Response:
    cells, gone = {}, set()
    for name, text in form.multi_items():
        if hit := CELL.fullmatch(name):
            cells[int(hit[1]), int(hit[2])] = str(text)
        elif name == "gone" and str(text).isdigit():
            gone.add(int(str(text)))
    roster_file.correct(course.draft_file, cells, frozenset(gone))
    return back("/roster")


def _columns(course: Course, request: Request, form: FormData) -> Response:
    chosen = [str(form.get(name, "")) for name in ("identifier", "name")]
    if not chosen[0].isdigit():
        raise CourseError("choose the column that holds the identifier")
    name = int(chosen[1]) if chosen[1].isdigit() else None
    roster_file.name_columns(course.draft_file, int(chosen[0]), name)
    return back("/roster")


def _take(course: Course, request: Request, form: FormData) -> Response:
    """Use the draft; one that cannot be read never becomes the roster."""
    found = roster_file.understand(course.draft_file)
    if found.roster is None:
        raise CourseError(f"the file cannot be used yet: {found.problem}")
    roster_file.keep(course.draft_file, course.roster_file)
    return back("/", f"{len(found.roster.students)} students are in the course.")


def _discard(course: Course, request: Request, form: FormData) -> Response:
    course.draft_file.unlink(missing_ok=True)
    return back("/roster", "The file was put away; the roster is as it was.")


ROUTES = [
    Route("/roster", shows(_roster)),
    Route("/roster/drop", acts(_drop), methods=["POST"]),
    Route("/roster/correct", acts(_correct), methods=["POST"]),
    Route("/roster/columns", acts(_columns), methods=["POST"]),
    Route("/roster/take", acts(_take), methods=["POST"]),
    Route("/roster/discard", acts(_discard), methods=["POST"]),
]
