"""Marking at the desk in Firefox and in WebKit: a token lets in, keys mark, what is said is so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.course.desk.served import served
from tests.course.desk.test_marking_pages import given, made, pile
from tests.engines.view import wait

pytestmark = pytest.mark.ring("all")
ENGINES = [
    pytest.param(name, marks=pytest.mark.needs(name), id=name) for name in ("firefox", "webkit")
]
PATH = """(ending) =>
  location.pathname.endsWith(ending) && document.readyState === "complete" """
SAVED = """(words) => document.readyState === "complete" &&
  document.getElementById("saved").innerText.startsWith(words)"""
WIDE = "() => document.documentElement.scrollWidth - innerWidth"


@pytest.mark.parametrize("engine", ENGINES)
def test_an_answer_is_marked_by_keys_and_is_saved_as_the_page_says(
    started: Callable[..., Any], tmp_path: Path, engine: str
) -> None:
    """Six keys an answer, typed points, a comment and undo; the page is as narrow as a phone."""
    course = made(tmp_path)
    first, second = pile(course)[:2]
    with (
        served(course.folder, course.default_exercises, enter=False) as desk,
        started(engine) as view,
    ):
        view.open(desk.start)
        wait(view, "() => location.pathname === '/'")
        view.open(f"{desk.base}/x/five/marking/words")
        wait(view, PATH, f"/{first.token}")
        view.press(*"21120")
        wait(view, SAVED, "Saved: 5 of 5")
        view.press("n")
        wait(view, PATH, f"/{second.token}")
        view.press("1", ".")
        view.type("0.25")
        view.press("Enter", "c")
        view.type("Say when.")
        view.press("Escape")
        wait(view, SAVED, "Saved: 2 of 5")
        title = view.script("() => document.title")
        view.resize(390, 800)
        too_wide = view.script(WIDE)
        view.press("u")  # takes back the comment
        wait(view, "() => location.search.includes('said=')")
        comment = view.script("() => document.getElementById('comment').value")
    marks = given(course)

    assert [marks[first.student, n] for n in range(5)] == [1.0, 0.5, 0.5, 1.0, 0.0]
    assert {n: p for (s, n), p in marks.items() if s == second.student} == {0: 0.5, 1: 0.25}
    assert title != "ran"
    assert too_wide <= 0
    assert comment == ""
