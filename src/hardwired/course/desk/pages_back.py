"""Handing back: the import file with its column, the pages under the names of the download."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course.desk import feedback, rules
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.pages_release import sent
from hardwired.course.desk.web import acts, back, render, shows
from hardwired.course.errors import CourseError
from hardwired.course.export import NEW, export, new_title
from hardwired.course.marks_file import write_standings
from hardwired.course.report import report
from hardwired.course.standing import Standing, standings
from hardwired.course.totals import totals, write_totals
from hardwired.house.files import write_atomic

__all__ = ["ROUTES", "TABS"]

FORMS = {
    "canvas": "Canvas: a gradebook to import",
    "moodle": "Moodle: a grading worksheet to upload",
    "csv": "A plain table with all reasons",
    "nbgrader": "nbgrader",
}
OF_ROSTER = {"canvas": "canvas", "moodle-worksheet": "moodle", "moodle-participants": "moodle"}


def _back(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise, roster = course.exercise(slug), course.roster()
    rows = course.standings(slug) if slug in course.graded else []
    columns, fits = feedback.columns(roster, exercise) if roster else ((), "")
    column = request.query_params.get("column", fits)
    best = OF_ROSTER.get(roster.kind, "csv") if roster else "csv"
    shown, policy = feedback.held(rows, roster, column), course.rules()
    return render(
        request,
        "back.html",
        exercise=exercise,
        shown=sorted(shown, key=lambda h: h.standing.name.casefold()),
        waiting=[s for s in rows if not s.final],
        forms=FORMS,
        best=best,
        columns=columns,
        column=column if column in columns else "",
        new=NEW,
        new_title=new_title(exercise, roster) if roster else exercise.title,
        several=len(course.graded) > 1,
        opens=policy.opens.get(slug),
        closed=any(s.closed for s in rows),
        held=policy.held_back(slug),
    )


def _import_file(course: Course, request: Request, form: FormData) -> Response:
    """Write marks as a file that the course system imports, and send it."""
    slug, kind = request.path_params["slug"], str(form.get("form", ""))
    exercise, roster = course.exercise(slug), course.roster()
    if kind not in FORMS:
        raise CourseError("choose for which course system the file is")
    column = str(form.get("column", ""))
    known = (NEW, *roster.header) if roster else ()
    if column and column not in known:
        raise CourseError(f"the roster has no column {column[:80]!r}; choose one that it has")
    with course.writing() as book:
        rows = write_standings(course.marks, exercise, book, roster, course.rules())
        (path,) = export(kind, exercise, rows, course.marks / "export", roster, column=column)
    return sent(path, path.name)


def _rows(course: Course, slug: str) -> list[Standing]:
    """Write the reports as they are now; returns how everybody stands."""
    exercise = course.exercise(slug)
    with course.writing() as book:
        rows = standings(exercise, book, course.roster(), course.rules())
        report(exercise, book, course.marks / "reports", course.roster(), course.rules())
    return rows


def _pages(course: Course, request: Request, form: FormData) -> Response:
    """Pack the students' pages under the names of the download."""
    slug = request.path_params["slug"]
    rows = _rows(course, slug)
    data = feedback.packed(
        rows, slug, course.marks / "reports" / "students", waiting=form.get("all") == "yes"
    )
    path = course.marks / "export" / f"{slug}-feedback.zip"
    write_atomic(path, data)
    return sent(path, path.name)


def _told(course: Course, request: Request, form: FormData) -> Response:
    """Write what students are told, and from when."""
    slug = request.path_params["slug"]
    known = [q.name for q in course.exercise(slug).questions]
    held = [name for name in known if name in form.getlist("hold")]
    rules.set_feedback(course.rules_file, slug, str(form.get("from", "")), held)
    return back(f"/x/{slug}/back", "What students are told is kept.")


def _class_page(course: Course, request: Request, form: FormData) -> Response:
    slug = request.path_params["slug"]
    _rows(course, slug)
    return sent(course.marks / "reports" / f"{slug}-class.html", f"{slug}-class.html")


def _course_file(course: Course, request: Request, form: FormData) -> Response:
    """Add up the exercises by their weights."""
    with course.writing() as book:
        exercises = [course.exercise(slug) for slug in book.exercises()]
        rows = totals(exercises, book, course.roster(), course.rules())
    path = course.marks / "export" / "course.csv"
    write_totals(path, exercises, rows)
    return sent(path, "course.csv")


TABS = (("Hand back", "back"),)
ROUTES = [
    Route("/x/{slug}/back", shows(_back)),
    Route("/x/{slug}/back/import", acts(_import_file), methods=["POST"]),
    Route("/x/{slug}/back/pages", acts(_pages), methods=["POST"]),
    Route("/x/{slug}/back/told", acts(_told), methods=["POST"]),
    Route("/x/{slug}/back/class", acts(_class_page), methods=["POST"]),
    Route("/x/{slug}/back/course", acts(_course_file), methods=["POST"]),
]
