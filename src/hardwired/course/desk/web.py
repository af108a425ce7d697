"""What every page uses: templates, how a page is shown, how a form is taken, where it leads.

A page function gets the course and the request; an action gets the form besides. What goes wrong
is a `CourseError`, which becomes one sentence on the page (or in JSON, where the script asks).
"""

from __future__ import annotations

import io
import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

import jinja2
from markupsafe import Markup
from PIL import Image
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from hardwired.course.desk.course_folder import Course
from hardwired.course.errors import CourseError
from hardwired.course.standing import BrokenOffError
from hardwired.course.webpage import HIDDEN

__all__ = ["Tab", "acts", "back", "course_of", "failed", "picture", "render", "shows", "who"]

Tab: TypeAlias = tuple[str, str]  # what an exercise's page is called, and the end of its address
Shown: TypeAlias = Callable[[Course, Request], Response]
Done: TypeAlias = Callable[[Course, Request, FormData], Response]
MOST_PIXELS = 50_000_000
FOLDER = Path(__file__).parent


def _shown(value: Any) -> Any:
    """Let control characters and changes of direction be seen; escaping is the template's."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return HIDDEN.sub("\N{REPLACEMENT CHARACTER}", value.encode("utf-8", "replace").decode())
    return "" if value is None else value


TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    finalize=_shown,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["points"] = lambda value: "" if value is None else f"{round(value, 2):g}"
_SAID: dict[str, str] = {}
_NUMBERS = itertools.count(1)


def course_of(request: Request) -> Course:
    """Give the course of this desk."""
    course: Course = request.app.state.course
    return course


def who(request: Request, form: FormData | None = None) -> str:
    """Give the name under which this browser's person enters things.

    Raises
    ------
    CourseError
        If the form comes from a page that was shown to somebody else.
    """
    course = course_of(request)
    named = " ".join(unquote(request.cookies.get(course.who_cookie, "")).split())[:80]
    me = named or course.settings.who
    shown = unquote(str(form.get("who", ""))) if form else ""
    if shown and shown != me:
        raise CourseError(
            f"this page was opened by {shown[:80]}, and {me} is at this browser now; nothing was"
            " entered: load the page again, or say above who you are"
        )
    return me


def render(request: Request, template: str, *, code: int = 200, **context: Any) -> Response:
    """Show a template; it knows the course, who is at the desk, and the exercise's tabs."""
    course = course_of(request)
    new = course.is_new
    page = TEMPLATES.get_template(template).render(
        course=course,
        settings=None if new else course.settings,
        who="" if new else who(request),
        tabs=request.app.state.tabs,
        slug=context.pop("slug", request.path_params.get("slug", "")),
        path=request.url.path,
        said=_SAID.pop(request.query_params.get("said", ""), ""),
        **context,
    )
    return HTMLResponse(page, code)


def back(address: str, said: str = "") -> Response:
    """Lead on to a page of the desk, which says a sentence there once."""
    if said:
        number = str(next(_NUMBERS))
        _SAID[number] = said
        for old in list(_SAID)[:-200]:
            _SAID.pop(old, None)
        address += f"{'&' if '?' in address else '?'}said={number}"
    return RedirectResponse(address, 303)


def failed(request: Request, said: str, code: int = 409) -> Response:
    """Show one sentence: what is wrong and what to do; as JSON, if the script asked."""
    said = " ".join(said.split())
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"error": said}, code)
    page = TEMPLATES.get_template("failed.html").render(said=said, path=request.url.path)
    return HTMLResponse(page, code)


def _guarded(run: Callable[[], Response], request: Request) -> Response:
    try:
        return run()
    except CourseError as error:
        return failed(request, str(error))
    except sqlite3.Error as error:
        return failed(
            request, f"the gradebook could not be used ({error}); make room and try again"
        )
    except OSError as error:
        return failed(
            request,
            f"{error.filename or 'a file'}: {error.strerror or error}; mend that and try again",
        )


def _shown_or_way_on(function: Shown, request: Request) -> Response:
    """Show a page; while a grading is not whole, say so and lead on to where it is."""
    course, slug = course_of(request), request.path_params.get("slug", "")
    try:
        return function(course, request)
    except BrokenOffError as error:
        job = request.app.state.jobs.of(slug, "grade")
        running = job is not None and job.running
        return render(request, "broken_off.html", problem=str(error), running=running)


def shows(function: Shown) -> Callable[[Request], Any]:
    """Make a page of a function of the course and the request."""

    async def endpoint(request: Request) -> Response:
        course = course_of(request)
        if course.is_new and request.url.path != "/":
            return back("/")
        return await run_in_threadpool(
            _guarded, lambda: _shown_or_way_on(function, request), request
        )

    return endpoint


def acts(function: Done) -> Callable[[Request], Any]:
    """Make an action of a function of the course, the request and the form sent."""

    async def endpoint(request: Request) -> Response:
        course = course_of(request)
        try:
            async with request.form(max_files=2000, max_fields=5000, max_part_size=1 << 22) as form:
                return await run_in_threadpool(
                    _guarded, lambda: function(course, request, form), request
                )
        except OSError as error:
            return failed(request, f"what was sent could not be kept ({error}); make room")

    return endpoint


def picture(data: bytes) -> Response:
    """Serve a figure of a student, drawn anew: no byte of theirs reaches the browser.

    Raises
    ------
    CourseError
        If it is no picture, or too large a one.
    """
    try:
        with Image.open(io.BytesIO(data), formats=("PNG",)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise CourseError("the figure is too large to be shown; look at it in the notebook")
            drawn = image.convert("RGB" if image.mode != "RGBA" else "RGBA")
            sink = io.BytesIO()  # of the pixels alone: a profile would be written with them
            Image.frombytes(drawn.mode, drawn.size, drawn.tobytes()).save(sink, "PNG")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise CourseError("the figure cannot be read; look at it in the notebook") from None
    return Response(sink.getvalue(), media_type="image/png")
