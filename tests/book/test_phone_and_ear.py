"""A phone's figures and drawers, and what a listener is told, asked of the built pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.book.test_pages import CHAPTERS, HTML
from tests.waiting import until

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser]

LABELS = """() => [...document.querySelectorAll("figure .hw-svg svg")]
  .filter((svg) => svg.checkVisibility()).flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    return [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim())
      .map((text) => [parseFloat(getComputedStyle(text).fontSize) * scale, text.textContent])
      .filter(([size]) => size < 9).map(([size, words]) => `${words}: ${size.toFixed(1)} px`);
  })"""
SCROLLING = """() => [...document.querySelectorAll(
  ".table-wrapper, .math, .hw-svg, .highlight pre")]
  .filter((part) => part.scrollWidth > part.clientWidth + 1 && part.checkVisibility())
  .map((part) => [part.tabIndex, part.getAttribute("role"), part.getAttribute("aria-label")])"""


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Give a function that opens a page of the book in a window of this width."""
    contexts = []

    def at(page: str, width: int = 1280) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": 844}, reduced_motion="reduce"
        )
        contexts.append(context)
        view = context.new_page()
        view.goto((HTML / page).as_uri())
        view.wait_for_load_state("load")
        return view

    yield at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("page", ["index.html", *CHAPTERS])
def test_no_label_of_a_figure_is_under_nine_pixels_on_a_phone(
    opened: Callable[..., Any], page: str
) -> None:
    """What does not fit scrolls inside itself, and the keyboard reaches it under its name."""
    view = opened(page, 390)
    view.wait_for_timeout(200)
    scrolling = view.evaluate(SCROLLING)

    assert view.evaluate(LABELS) == []
    assert view.evaluate("document.documentElement.scrollWidth") <= 390
    assert scrolling
    assert all(
        stop == 0 and role == "group" and name.endswith("scrolls sideways")
        for stop, role, name in scrolling
    )


@pytest.mark.parametrize(("name", "width"), [("Chapters", 390), ("On this page", 1100)])
def test_a_page_under_an_open_drawer_is_out_of_reach(
    opened: Callable[..., Any], name: str, width: int
) -> None:
    """It comes back when the drawer closes, and in a window that needs no drawers."""
    view = opened(CHAPTERS[-1], width)
    inert = "document.querySelector('.content').inert"
    button = view.get_by_role("button", name=name).first
    button.press("Enter")
    opening = view.evaluate(inert)
    view.keyboard.press("Escape")
    closing = view.evaluate(inert)
    button.press("Enter")
    view.set_viewport_size({"width": 1500, "height": 844})
    view.wait_for_timeout(100)

    assert (opening, closing) == (True, False)
    assert view.evaluate(inert) is False


def test_the_contents_are_a_navigation_that_knows_where_it_is(opened: Callable[..., Any]) -> None:
    """The first heading of a page is its title, not a caption of the contents."""
    view = opened(CHAPTERS[-1], 1500)
    book = view.get_by_role("navigation", name="The book")
    first = view.locator("h1, h2, h3, h4, h5, h6, [role=heading]").first

    assert view.get_by_role("navigation", name="This page").count() == 1
    assert view.get_by_role("complementary").count() == 0
    assert book.locator("[aria-current=page]").inner_text().startswith("8")
    assert first.evaluate("node => node.tagName") == "H1"


def test_the_button_of_the_colours_says_which_are_on(opened: Callable[..., Any]) -> None:
    """Before and after each press."""
    view = opened(CHAPTERS[-1])
    button = view.locator(".theme-toggle:visible")
    said = []
    for _ in range(3):
        said.append(button.get_attribute("aria-label"))
        button.click()

    assert said == [f"Colours: {name}. Change them" for name in ("auto", "dark", "light")]


def test_a_copied_citation_says_when_the_page_was_read(opened: Callable[..., Any]) -> None:
    """An address that changes is cited with its day; a file of this machine is no address."""
    view = opened(CHAPTERS[-1])
    view.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; }")
    view.locator(".hw-cite-this .hw-copy").click()
    until(view, "window.copied")
    copied = view.evaluate("copied")
    today = view.evaluate(
        "new Date().toLocaleDateString('en-GB', {day: 'numeric', month: 'long', year: 'numeric'})"
    )

    assert copied.endswith(f" Read on {today}.")
    assert "file:" not in copied


def test_on_paper_text_has_the_width_of_the_page_and_lists_may_break(
    opened: Callable[..., Any],
) -> None:
    """The measure of the screen leaves a third of a sheet white; whole lists leave half pages."""
    view = opened(CHAPTERS[-1])
    view.emulate_media(media="print")
    style = "(node) => [getComputedStyle(node).maxWidth, getComputedStyle(node).breakInside]"

    assert view.locator("article section > p").first.evaluate(style)[0] == "none"
    assert view.locator("article section > ul > li").first.evaluate(style)[1] == "auto"


def test_a_reference_leads_back_to_the_sections_that_cite_it(opened: Callable[..., Any]) -> None:
    """A link a section, to the first citation in it; and the way there is the browser's own."""
    view = opened(CHAPTERS[-1])
    lost = view.evaluate("""() => [...document.querySelectorAll(".hw-cited a")].filter((back) => {
        const place = document.getElementById(back.hash.slice(1));
        const work = back.closest("li").id;
        return !place?.querySelector(`a[href="#${work}"]`) ||
          !place.closest("section").querySelector(".section-number").textContent
            .startsWith(back.textContent);
    }).length""")

    assert view.locator(".hw-cited a").count() > 20
    assert lost == 0


def test_a_line_shows_how_much_of_a_chapter_is_read(opened: Callable[..., Any]) -> None:
    """Nothing at the top, the whole width at the end."""
    view = opened(CHAPTERS[-1])
    width = "document.querySelector('.hw-progress').getBoundingClientRect().width"
    before = view.evaluate(width)
    view.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    until(view, f"{width} > innerWidth - 40")

    assert before == 0
