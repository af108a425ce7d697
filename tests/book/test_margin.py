"""In a wide window the margin holds captions and first citations, and text has one edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.book.test_pages import CHAPTERS, HTML
from tests.conftest import count

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser, pytest.mark.ring("all")]

EDGES = """() => {
  const found = {};
  for (const kind of ["section > p", "section > .admonition", ".hw-model > .math-wrapper",
      "figure > .hw-svg", ".hw-explorer-plot", ".hw-explorer"])
    for (const node of document.querySelectorAll(`article ${kind}`)) if (node.offsetWidth)
      found[kind] = Math.max(found[kind] ?? 0, Math.round(node.getBoundingClientRect().right));
  return found;
}"""
# What in the margin lies over something else there, or over what uses the whole width.
OVERLAPS = """() => {
  const boxes = (kind) => [...document.querySelectorAll(kind)].filter((node) => node.offsetWidth)
    .map((node) => [node.getBoundingClientRect(), node.textContent.trim().slice(0, 40)]);
  const margin = boxes(".hw-side-note, article[role=main] figcaption, .hw-margin");
  const wide = boxes("article table, article h2, article h3, section > p, figure > .hw-svg");
  const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return margin.flatMap(([a, said], at) => [...margin.slice(at + 1), ...wide]
    .filter(([b]) => over(a, b)).map(([, other]) => [said, other]));
}"""


@pytest.fixture(params=[1200, 1280, 1400, 1920])
def wide(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Return a page of a window with a margin."""
    view = browser.new_page(viewport={"width": request.param, "height": 800})
    yield view
    view.close()


def opened(view: Any, page: str) -> Any:
    """Open a page, and wait until its margin is filled."""
    view.goto((HTML / page).as_uri())
    view.wait_for_selector(".hw-side-note", state="attached")
    return view


@pytest.mark.sampled
def test_text_boxes_formulas_and_figures_end_at_one_edge_and_nothing_overlaps(wide: Any) -> None:
    """Captions and notes stand right of it, inside the window, clear of each other."""
    for page in CHAPTERS[4 : 4 + count(4, 1)]:
        view = opened(wide, page)
        edges = view.evaluate(EDGES)
        window = view.viewport_size["width"]
        captions = view.evaluate(
            "[...document.querySelectorAll('figcaption')].map((node) => "
            "node.getBoundingClientRect()).map(({ left, right }) => [left, right])"
        )

        assert max(edges.values()) - min(edges.values()) <= 1, edges
        assert min(left for left, _ in captions) > max(edges.values())
        assert max(right for _, right in captions) <= window
        assert view.evaluate(OVERLAPS) == []
        assert view.evaluate("document.documentElement.scrollWidth") <= window


def test_the_margin_says_a_work_once_and_only_to_the_eye(browser: Any) -> None:
    """A narrow window has no notes; a listener has the links and their cards."""
    view = opened(browser.new_page(viewport={"width": 1280, "height": 800}), CHAPTERS[4])
    notes = [note.inner_text() for note in view.locator(".hw-side-note").all()]
    hidden = view.locator(".hw-side-note[aria-hidden=true]").count()
    view.set_viewport_size({"width": 768, "height": 800})
    seen = view.locator(".hw-side-note:visible").count()
    view.close()

    assert len(notes) == len(set(notes)) == hidden
    assert len(notes) >= 30
    assert any("Slowing of wound healing by psychological stress" in note for note in notes)
    assert seen == 0


def test_the_code_of_a_figure_opens_by_the_button_beside_enlarge(browser: Any) -> None:
    """Its name says whose code it is, and whether it is open."""
    view = opened(browser.new_page(viewport={"width": 1280, "height": 800}), CHAPTERS[4])
    button = view.get_by_role("button", name="Code of Figure 5.2")
    fold = view.locator(".cell:has(#fig-wounds-phases) > details")
    states = []
    for _ in range(2):
        states.append((button.get_attribute("aria-expanded"), fold.locator("pre").is_visible()))
        button.click()
    name = button.inner_text()
    view.close()

    assert states == [("false", False), ("true", True)]
    assert name == "Code"
