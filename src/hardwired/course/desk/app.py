"""The application of one course: its pages, collected from their modules."""

from __future__ import annotations

from importlib import import_module

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from hardwired.course.desk.course_folder import Course
from hardwired.course.desk.jobs import Jobs
from hardwired.course.desk.safety import NO_TOKEN, Gate, Guard
from hardwired.course.desk.web import FOLDER, failed
from hardwired.house.palette import CSS_VARIABLES, css

__all__ = ["PAGES", "make_app"]

PAGES = (
    "pages_start",
    "pages_roster",
    "pages_rules",
    "pages_release",
    "pages_files",
    "pages_marking",
    "pages_settling",
    "pages_class",
    "pages_seeing",
    "pages_trial",
    "pages_back",
)
"""Modules of pages, in the order in which their tabs stand."""
STARTED = (
    '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>The desk</title>'
    '<link rel="icon" href="/static/desk.svg">'
    '<meta http-equiv="refresh" content="0; url=/"></head>'
    '<body><main><h1>The desk</h1><p><a href="/">Go on to your course</a></p></main></body></html>'
)


def make_app(course: Course, gate: Gate) -> Starlette:
    """Make the application for a course, behind its gate."""
    modules = [import_module(f"hardwired.course.desk.{name}") for name in PAGES]
    routes: list[BaseRoute] = [
        Route("/start", _start),
        Route("/static/palette.css", _palette),
        Mount("/static", StaticFiles(directory=FOLDER / "static")),
    ]
    for module in modules:
        routes += module.ROUTES
    app = Starlette(
        routes=routes,
        middleware=[Middleware(Guard, gate=gate)],
        exception_handlers={HTTPException: _no_page},
    )
    app.state.course = course
    app.state.gate = gate
    app.state.jobs = Jobs()
    app.state.tabs = [tab for module in modules for tab in getattr(module, "TABS", ())]
    return app


def _start(request: Request) -> Response:
    """Give the browser that brings the start's token its cookie; the page then goes on by itself.

    A redirect would still count as the work of whatever opened the browser, and a strict cookie
    would not be sent along.
    """
    gate: Gate = request.app.state.gate
    held = gate.start(request.query_params.get("token", ""))
    if held is None:
        return failed(request, NO_TOKEN, 403)
    response = HTMLResponse(STARTED)
    response.set_cookie(gate.cookie, held, httponly=True, samesite="strict", path="/")
    return response


def _palette(request: Request) -> Response:
    return Response(css({v.name: v.name for v in CSS_VARIABLES}), media_type="text/css")


def _no_page(request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 500
    if code in (404, 405):
        return failed(request, "There is no such page here; go back to the start page.", code)
    return failed(request, "What was sent could not be read; go back and send it again.", code)
