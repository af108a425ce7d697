"""An exercise done in the page in Firefox and in WebKit, graded as in the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from hardwired.course.authoring.exercise import find, read
from hardwired.course.engines.base import Limits, Said
from hardwired.course.grade import judge, mark_notebook
from hardwired.course.reference import modules_of, references
from hardwired.course.variants import public_seed
from tests.conftest import ROOT
from tests.engines import View
from tests.engines.view import fill, wait
from tests.live.served import Server, solved_cells
from tests.live.test_page import claims_cell

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("book")]
ENGINES = [
    pytest.param(name, marks=pytest.mark.needs(name), id=name) for name in ("firefox", "webkit")
]
LONG = 120.0
SLUG, STUDENT = "05-wounds", "s1"
COMPLAINTS = """() => [...document.querySelectorAll(".hw-error, .hw-warned")]
  .map((node) => node.innerText)"""
#: Keeps the text of the file that the page gives for saving.
KEEP = """() => {
  const made = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    blob.text().then((text) => (window.saved = text));
    return made.call(URL, blob);
  };
}"""


def _type(view: View, cells: dict[int, str]) -> None:
    for number, source in cells.items():
        fill(view, f'section[aria-label="Cell {number}"] textarea', source)


def _press(view: View, name: str) -> None:
    """Press a button that runs cells, and wait until they have run."""
    runs = view.script("() => +(document.querySelector('main').dataset.runs ?? 0)")
    view.click("button", name)
    wait(
        view,
        "(runs) => +document.querySelector('main').dataset.runs === runs",
        runs + 1,
        seconds=LONG,
    )


@pytest.mark.needs("namespaces")
@pytest.mark.parametrize("engine", ENGINES)
def test_an_exercise_done_in_the_page_gets_the_marks_of_the_sandbox(
    started: Callable[..., Any], server: Server, engine: str
) -> None:
    """The answers that the page computed, and the notebook that it gives back."""
    from hardwired.course.engines.zygote import ZygoteEngine

    limits, exercise = Limits(), read(find(SLUG, ROOT / "exercises"))
    typed = solved_cells(exercise, STUDENT)
    last = max(typed) + 1  # the check behind the last answer
    with ZygoteEngine(limits, modules=modules_of(exercise)) as sandbox:
        (solved,) = references(exercise, [public_seed(SLUG, STUDENT)], sandbox, limits)
        with started(engine) as view:
            view.open(f"{server.address}/exercises/{SLUG}.html")
            wait(view, "() => document.querySelector('section[aria-label=\"Cell 1\"]')")
            view.script(KEEP)
            _type(view, typed)
            _press(view, "Run all")
            complaints = view.script(COMPLAINTS)
            view.click("button", "Save for handing in")
            handed = wait(view, "() => window.saved").encode()
            _type(view, {last: claims_cell(exercise, solved)})
            _press(view, f"Run cell {last}")
            line = view.script(
                "(name) => document.querySelector(name).innerText",
                f'section[aria-label="Cell {last}"] .hw-output',
            )
        returned = mark_notebook(exercise, handed, solved, sandbox, limits)
    in_page = judge(exercise, Said(line.strip().encode(), "done"), solved, limits)

    assert complaints == []
    marks = {name: mark.points for name, mark in returned.marks.items()}
    assert {name: mark.points for name, mark in in_page.marks.items()} == marks
    assert sum(marks.values()) > 10
