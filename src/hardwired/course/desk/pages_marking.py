"""Marking prose and figures: one answer at a time, by keys, blind, each key saved at once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from hardwired.course import entries
from hardwired.course.authoring.exercise import Answer, Exercise, Question
from hardwired.course.desk import agreeing, bank, entering
from hardwired.course.desk import papers as queue
from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.marks_kept import keep
from hardwired.course.desk.papers import Key, Paper, Work
from hardwired.course.desk.web import acts, back, picture, render, shows, who
from hardwired.course.errors import CourseError

__all__ = ["ROUTES", "TABS"]

SOLUTION = re.compile(r"^#{1,3}\s*(BEGIN|END) SOLUTION\s*$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Pile:
    """All that is to be marked of one answer, and what everybody has given of it."""

    exercise: Exercise
    question: Question
    answer: Answer
    papers: list[Paper]
    works: Mapping[tuple[Key, str], Work]

    def of(self, paper: Paper, marker: str) -> Work:
        """Give what a marker has given a paper."""
        return self.works.get((paper.key, marker), Work())

    def states(self, marker: str) -> dict[str, str]:
        """Give how far a marker is with each paper, by its token."""
        criteria = len(self.answer.rubric)
        return {p.token: self.of(p, marker).state(criteria) for p in self.papers}

    @property
    def waiting(self) -> int:
        """Papers that nobody has marked by every criterion."""
        criteria = len(self.answer.rubric)
        done = {key for (key, _), work in self.works.items() if work.state(criteria) == "marked"}
        return sum(paper.key not in done for paper in self.papers)

    @property
    def markers(self) -> list[str]:
        """Who has given points."""
        return sorted({who for (_, who), work in self.works.items() if work.points})

    @property
    def address(self) -> str:
        """Where the papers of this answer are marked."""
        return f"/x/{self.exercise.slug}/marking/{self.answer.name}"


def _papers(course: Course, exercise: Exercise, question: Question, answer: Answer) -> list[Paper]:
    """Give the papers of an answer, read again only after attempts have changed."""
    with course.book() as book:
        stamp = (book.version(exercise.slug), exercise.digest)

        def read() -> dict[str, list[Paper]]:
            attempts = book.attempts(exercise.slug)
            return {a.name: queue.papers(q, a, attempts) for q, a in queue.manual(exercise)}

        return course.kept(f"papers {exercise.slug}", stamp, read)[answer.name]


def _piles(course: Course, exercise: Exercise, name: str = "") -> list[Pile]:
    """Give the piles of an exercise, or the one of an answer."""
    asked = [queue.find(exercise, name)] if name else queue.manual(exercise)
    slug, stamp = exercise.slug, course.stamp
    with course.book() as book:
        given, live = course.kept(
            f"entries {slug}",
            stamp,
            lambda: (entries.criteria(book, slug), entries.live(book, slug)),
        )
    return [
        Pile(exercise, q, a, _papers(course, exercise, q, a), queue.works(a, given, live))
        for q, a in asked
    ]


def _exercise(course: Course, request: Request) -> Exercise:
    exercise = course.exercise(request.path_params["slug"])
    if not course.book_file.is_file():
        raise CourseError(f"nothing of {exercise.slug} is graded yet; grade it first")
    return exercise


def _pile(course: Course, request: Request) -> Pile:
    return _piles(course, _exercise(course, request), request.path_params["answer"])[0]


def _paper(course: Course, request: Request) -> tuple[Exercise, Question, Answer, Paper]:
    """Give the paper that an address names, without reading what was entered."""
    exercise = _exercise(course, request)
    question, answer = queue.find(exercise, request.path_params["answer"])
    for paper in _papers(course, exercise, question, answer):
        if paper.token == request.path_params["token"]:
            return exercise, question, answer, paper
    raise CourseError(
        "this answer is not here any more (a newer file of it was handed in); go back to Marking"
    )


# --- pages


def _overview(course: Course, request: Request) -> Response:
    exercise = course.exercise(request.path_params["slug"])
    piles = _piles(course, exercise) if course.book_file.is_file() else []
    me = who(request)
    rows = []
    for pile in piles:
        criteria = len(pile.answer.rubric)
        mine = Counter(pile.states(me).values())
        rows.append(
            {
                "pile": pile,
                "mine": mine,
                "look": sum(pile.of(paper, me).look for paper in pile.papers),
                "markers": [(name, Counter(pile.states(name).values())) for name in pile.markers],
                "criteria": criteria,
                "pairs": agreeing.pairs_of_markers(pile.works),
            }
        )
    return render(request, "marking.html", exercise=exercise, rows=rows)


def _next(course: Course, request: Request) -> Response:
    """Lead to the next paper that this marker has not marked, or that they want to see again."""
    pile, me = _pile(course, request), who(request)
    order, states = _order(pile, me, request), pile.states(me)
    overview, after = f"/x/{pile.exercise.slug}/marking", request.query_params.get("after", "")
    if not order:
        return back(overview, "There is nothing of that to mark.")
    if _only(request):
        at = next((i for i, paper in enumerate(order) if paper.token == after), -1) + 1
        paper = order[at] if at < len(order) else None
    else:
        paper = queue.next_open(order, states, after) or (None if after else order[0])
    if paper is None:
        seen = "seen all that you flagged" if _only(request) else "marked all answers"
        return back(overview, f"You have {seen} to {pile.question.name}.")
    return back(f"{pile.address}/{paper.token}{_only(request)}")


def _order(pile: Pile, me: str, request: Request) -> list[Paper]:
    order = queue.shuffled(pile.papers, me)
    if request.query_params.get("only") == "look":
        return [paper for paper in order if pile.of(paper, me).look]
    return order


def _only(request: Request) -> str:
    return "?only=look" if request.query_params.get("only") == "look" else ""


def _show(course: Course, request: Request) -> Response:
    pile, me = _pile(course, request), who(request)
    _, question, answer, paper = _paper(course, request)
    order = _order(pile, me, request)
    if paper not in order:
        order = queue.shuffled(pile.papers, me)
    at = order.index(paper)
    states = pile.states(me)
    work = pile.of(paper, me)
    return render(
        request,
        "paper.html",
        pile=pile,
        paper=paper,
        work=work,
        rubric=[(c, queue.levels(c)) for c in answer.rubric],
        prompt=_markdown(question.prompt),
        example=SOLUTION.sub("", pile.exercise.cell_of(question.name).source).strip(),
        words=len(paper.text.split()),
        number=at + 1,
        count=len(order),
        marked=sum(state == "marked" for state in states.values()),
        before=order[at - 1].token if at else "",
        after=order[at + 1].token if at + 1 < len(order) else "",
        only=_only(request),
        named=request.query_params.get("names") == "yes",
        bank=bank.comments(course.folder, pile.exercise.slug, answer.name),
    )


def _markdown(text: str) -> Markup:
    """Render an author's prompt; HTML in it is shown as text."""
    from markdown_it import MarkdownIt

    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))


def _figure(course: Course, request: Request) -> Response:
    _, _, answer, paper = _paper(course, request)
    with course.book() as book:
        png = book.figure(paper.attempt, answer.name)
    if png is None:
        raise CourseError("there is no figure here; the code below may say why")
    return picture(png)


def _compare(course: Course, request: Request) -> Response:
    pile = _pile(course, request)
    pairs = agreeing.pairs_of_markers(pile.works)
    asked = (request.query_params.get("first", ""), request.query_params.get("second", ""))
    pair = asked if asked in pairs else (pairs[0] if pairs else None)
    both, agreed = (
        agreeing.compared(pile.answer, pile.papers, pile.works, pair) if pair else ([], [])
    )
    return render(
        request, "compare.html", pile=pile, pairs=pairs, pair=pair, both=both, agreed=agreed
    )


# --- what is entered


def _points(course: Course, request: Request, form: FormData) -> Response:
    exercise, _, answer, paper = _paper(course, request)
    number, points = _number(form.get("criterion")), str(form.get("points", "")).strip()
    given = None if points == "" else _value(points)
    with course.entering() as book:
        act = entering.give(
            book, exercise.slug, answer, paper, number, given, who=who(request, form)
        )
    return _saved(course, request, exercise, act)


def _comment(course: Course, request: Request, form: FormData) -> Response:
    exercise, _, answer, paper = _paper(course, request)
    text = str(form.get("comment", "")).replace("\r\n", "\n")
    with course.entering() as book:
        act = entering.comment(book, exercise.slug, answer, paper, text, who=who(request, form))
    return _saved(course, request, exercise, act)


def _look(course: Course, request: Request, form: FormData) -> Response:
    exercise, _, answer, paper = _paper(course, request)
    on = form.get("look") == "yes"
    with course.entering() as book:
        act = entering.look(book, exercise.slug, answer, paper, on, who=who(request, form))
    return _saved(course, request, exercise, act)


def _undo(course: Course, request: Request, form: FormData) -> Response:
    exercise, question, answer, paper = _paper(course, request)
    with course.entering() as book:
        act = entering.undo_last(book, exercise.slug, answer, who=who(request, form))
    if act is None:
        raise CourseError("there is nothing left of yours to take back here")
    about = (act.entries[0].student, act.entries[0].file_digest)
    there = [p for p in _papers(course, exercise, question, answer) if p.key == about]
    token = (there or [paper])[0].token
    address = f"/x/{exercise.slug}/marking/{answer.name}/{token}"
    if _asked_by_script(request):
        said = back(address, "Taken back.").headers["location"]
        return JSONResponse({"saved": act.id, "address": said}, background=keep(course, exercise))
    return back(address, "Taken back.")


def _bank(course: Course, request: Request, form: FormData) -> Response:
    exercise = _exercise(course, request)
    _, answer = queue.find(exercise, request.path_params["answer"])
    what, text, old = (str(form.get(name, "")) for name in ("do", "text", "old"))
    folder, slug, name = course.folder, exercise.slug, answer.name
    if what == "add":
        kept = bank.add(folder, slug, name, text)
    elif what == "change":
        kept = bank.change(folder, slug, name, old, text)
    elif what == "remove":
        kept = bank.remove(folder, slug, name, old)
    else:
        raise CourseError("say what to do with the comment: add, change or remove")
    return JSONResponse({"comments": kept})


def _saved(course: Course, request: Request, exercise: Exercise, act: int) -> Response:
    """Answer once it is on the disk; the file of marks follows when the marker pauses."""
    if _asked_by_script(request):
        return JSONResponse({"saved": act}, background=keep(course, exercise))
    answer, token = request.path_params["answer"], request.path_params["token"]
    return back(f"/x/{exercise.slug}/marking/{answer}/{token}", "Saved.")


def _asked_by_script(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _number(value: Any) -> int:
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else -1


def _value(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        raise CourseError(f"{text[:60]!r} is no number of points; correct it") from None


TABS = (("Marking", "marking"),)
PILE = "/x/{slug}/marking/{answer}"
ROUTES = [
    Route("/x/{slug}/marking", shows(_overview)),
    Route(PILE, shows(_next)),
    Route(f"{PILE}/compare", shows(_compare)),
    Route(f"{PILE}/bank", acts(_bank), methods=["POST"]),
    Route(f"{PILE}/{{token}}", shows(_show)),
    Route(f"{PILE}/{{token}}/figure.png", shows(_figure)),
    Route(f"{PILE}/{{token}}/points", acts(_points), methods=["POST"]),
    Route(f"{PILE}/{{token}}/comment", acts(_comment), methods=["POST"]),
    Route(f"{PILE}/{{token}}/look", acts(_look), methods=["POST"]),
    Route(f"{PILE}/{{token}}/undo", acts(_undo), methods=["POST"]),
]
