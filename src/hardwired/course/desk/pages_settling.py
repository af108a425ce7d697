"""Settling by hand: all that waits for a person, the ways to settle it, and who settled what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from hardwired.course import entries, settle
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.desk import runs
from hardwired.course.desk.asking import letter
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.marks_kept import keep
from hardwired.course.desk.web import acts, back, render, shows, who
from hardwired.course.entries import Act
from hardwired.course.errors import CourseError
from hardwired.course.gradebook import Copy, Gradebook
from hardwired.course.settle import Case
from hardwired.course.standing import Standing

__all__ = ["ROUTES", "TABS"]

NEWEST = 100  # entries of the log that a page shows
RUN_AGAIN = ("accept", "choose")


@dataclass(frozen=True)
class Open:
    """A case as a page shows it: what may be given, which copies there are, what to write."""

    case: Case
    standing: Standing
    most: float
    copies: Sequence[Copy]
    ask: str


def _queue(course: Course, request: Request) -> Response:
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    rows = course.standings(slug) if slug in course.graded else []
    by_student = {s.student: s for s in rows}
    wanted = request.query_params.get("student", "")
    if wanted:
        wanted = settle.find(rows, wanted).student
    cases, log, copies = [], [], []
    if rows:
        with course.book() as book:
            cases = settle.queue(book, exercise, rows)
            log, copies = entries.history(book, slug), book.copies(slug)
    plain = Counter(c.question for c in cases if _plain(c, by_student[c.student]))
    shown = [c for c in cases if not _plain(c, by_student[c.student])]
    if wanted:
        shown = [c for c in cases if c.student == wanted]
    opened = [_opened(exercise, c, by_student[c.student], copies, who(request)) for c in shown]
    return render(
        request,
        "settling.html",
        exercise=exercise,
        rows=rows,
        cases=opened,
        students=len({c.student for c in shown}),
        alike=[] if wanted else _alike(shown),
        plain=sorted(plain.items()),
        student=by_student.get(wanted),
        answers=[(q, a) for q in exercise.questions for a in q.answers],
        log=_log(log, by_student, wanted),
        pending=_pending(log, by_student),
        seconds=runs.asked(course, slug, FormData()).cell_s,
    )


def _plain(case: Case, s: Standing) -> bool:
    """Whether a case is no more than prose or a figure that waits to be marked."""
    found = s.attempt.audit.get("found", {}) if s.attempt else {}
    return "criteria" in case.ways and case.answer not in found


def _alike(cases: Sequence[Case]) -> list[tuple[str, int]]:
    """Give the reasons for which several files wait that may be accepted, and how many."""
    found = Counter(c.reason for c in cases if "accept" in c.ways)
    return [(reason, number) for reason, number in found.most_common() if number > 1]


def _opened(exercise: Exercise, case: Case, s: Standing, copies: Sequence[Copy], who: str) -> Open:
    most = next((line.most for line in s.lines if line.answer == case.answer), exercise.points)
    mine = [copy for copy in copies if copy.student == case.student]
    return Open(case, s, most, mine, letter(case, exercise, s, who))


def _log(log: Sequence[Act], rows: dict[str, Standing], wanted: str) -> list[dict[str, Any]]:
    """Give what was settled, the newest first; points by criterion belong to marking."""
    about = {a.id for a in log if wanted and any(e.student == wanted for e in a.entries)}
    settled = {a.id for a in log if a.kind not in ("criteria", "look", "undo")}
    out = []
    for act in reversed(log):
        if wanted and act.id not in about and act.undoes not in about:
            continue
        if not wanted and act.id not in settled and act.undoes not in settled:
            continue
        names = list(dict.fromkeys(e.student for e in act.entries))
        named = [rows[n].name if n in rows else n for n in names[:3]]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        out.append({"act": act, "whose": ", ".join(named) + more, "words": settle.words(act)})
    return out[:NEWEST]


def _pending(log: Sequence[Act], rows: dict[str, Standing]) -> list[str]:
    """Give the names of those whose accepted or chosen file has not been run yet."""
    live = [act for act in log if act.holds]
    accepted, chosen = entries.accepted(live), entries.chosen(live)
    out = []
    for s in rows.values():
        if (a := s.attempt) is None:
            continue
        passed = (s.student, a.file_digest) in accepted and a.status in settle.RUNNABLE
        if passed or chosen.get(s.student, a.file_digest) != a.file_digest:
            out.append(s.name)
    return out


def _settle(course: Course, request: Request, form: FormData) -> Response:
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    student, way = str(form.get("student", "")), str(form.get("way", ""))
    with course.entering() as book:
        if "digest" in form:
            _same_file(book, slug, student, str(form["digest"]))
        number = _enter(book, exercise, way, form, who(request, form))
        (act,) = [a for a in entries.history(book, slug) if a.id == number]
    said = f"Entered as {number}: {settle.words(act)}."
    if way in RUN_AGAIN:
        said += " The file is run when you grade again."
    where = f"/x/{slug}/settling"
    if form.get("stay") == "yes":
        where += f"?student={quote(student)}"
    response = back(where, said)
    response.background = keep(course, exercise)
    return response


def _accept_all(course: Course, request: Request, form: FormData) -> Response:
    """Accept every file that waits for one reason, if they are as many as the page said."""
    slug = request.path_params["slug"]
    exercise = course.exercise(slug)
    reason, shown = (str(form.get(name, "")) for name in ("reason", "number"))
    with course.entering() as book:
        rows, name = course.standings(slug), who(request, form)
        waits = dict(_alike(settle.queue(book, exercise, rows)))
        if str(waits.get(reason, 0)) != shown:
            raise CourseError(
                f"{waits.get(reason, 0)} files wait for this reason now, and this page was opened"
                f" with {shown[:9]}; nothing was entered: load the page again and look first"
            )
        number, _ = settle.accept_all(
            book, exercise, rows, reason, who=name, why=str(form.get("why", ""))
        )
    said = f"Entered as {number}: {shown} files accepted. They are run when you grade again."
    response = back(f"/x/{slug}/settling", said)
    response.background = keep(course, exercise)
    return response


def _same_file(book: Gradebook, slug: str, student: str, shown: str) -> None:
    """Refuse what was decided on a file that does not count any more."""
    counts = next((a for a in book.attempts(slug) if a.student == student), None)
    if (counts.file_digest if counts else "") != shown:
        said = f"{counts.file} counts now" if counts else "no file counts now"
        raise CourseError(
            f"{student!r}: {said}, and this page was opened with another; nothing was entered:"
            " load the page again and look at the file first"
        )


def _enter(book: Gradebook, exercise: Exercise, way: str, form: FormData, name: str) -> int:
    student, answer, why = (str(form.get(k, "")) for k in ("student", "answer", "why"))
    if way == "mark":
        points = _number(str(form.get("points", "")))
        return settle.mark(book, exercise, student, points, answer=answer, who=name, why=why)
    if way == "accept":
        return settle.accept(book, exercise, student, who=name, why=why)
    if way == "choose":
        file = str(form.get("file", ""))
        return settle.choose(book, exercise, student, file, who=name, why=why)
    if way == "excuse":
        return settle.excuse(book, exercise, student, answer=answer, who=name, why=why)
    if way == "adjust":
        points = _number(str(form.get("points", "")))
        return settle.adjust(book, exercise, student, points, who=name, why=why)
    raise CourseError("choose what to do: a mark, accept, another copy, excuse or points")


def _number(text: str) -> float:
    try:
        return float(text.strip().replace(",", ".").replace("\u2212", "-"))
    except ValueError:
        raise CourseError(f"{text[:60]!r} is no number of points; correct it") from None


def _undo(course: Course, request: Request, form: FormData) -> Response:
    slug = request.path_params["slug"]
    exercise, text = course.exercise(slug), str(form.get("number", ""))
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise CourseError(f"{text[:60]!r} is no number of an entry; use the button in the log")
    with course.entering() as book:
        act = entries.undo(book, slug, int(text), who=who(request, form), why="at the desk")
    response = back(f"/x/{slug}/settling", f"Taken back: {settle.words(act)}.")
    response.background = keep(course, exercise)
    return response


TABS = (("Settling", "settling"),)
ROUTES = [
    Route("/x/{slug}/settling", shows(_queue)),
    Route("/x/{slug}/settling", acts(_settle), methods=["POST"]),
    Route("/x/{slug}/settling/all", acts(_accept_all), methods=["POST"]),
    Route("/x/{slug}/settling/undo", acts(_undo), methods=["POST"]),
]
