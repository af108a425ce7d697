"""What readers of three browsers tripped over, asked of the built pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.book.test_pages import CHAPTERS, HTML
from tests.conftest import count
from tests.waiting import until

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser]

#: Widths at which a page is looked at: all of them in ``make measure``.
WIDTHS = (390, 768, 1280, *range(320, 1921, 40))
WITH_EXPLORERS = [
    page for page in CHAPTERS if "hw-explorer" in (HTML / page).read_text(encoding="utf-8")
]
#: Pairs of boxes that lie over each other by more than a pixel both ways.
OVERLAPS = """(groups) => groups.flatMap((boxes) => boxes.flatMap((a, i) =>
  boxes.slice(i + 1).filter((b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
  ).map((b) => [a.text, b.text])))"""
EQUATIONS = """() => [...document.querySelectorAll("div.math:has(.eqno)")].map((row) =>
  [row.querySelector("math"), row.querySelector(".eqno")].map((node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    return { left, right, top, bottom, text: node.textContent.slice(0, 40) };
  }))"""
LABELS = """() => [...document.querySelectorAll(".hw-explorer-plot svg")].map((svg) =>
  [...svg.querySelectorAll("text")].filter((node) => node.textContent).map((node) => {
    const { left, right, top, bottom } = node.getBoundingClientRect();
    const air = (bottom - top) / 5;  // a line is higher than its letters
    return { left, right, top: top + air, bottom: bottom - air, text: node.textContent };
  }))"""


@pytest.fixture
def opened(browser: Any) -> Iterator[Callable[..., Any]]:
    """Give a function that opens a page of the book in a fresh browser."""
    contexts = []

    def at(page: str, width: int = 1280, height: int = 800, **settings: Any) -> Any:
        context = browser.new_context(viewport={"width": width, "height": height}, **settings)
        contexts.append(context)
        view = context.new_page()
        view.complaints = []
        view.on("pageerror", lambda error: view.complaints.append(str(error)))
        view.goto((HTML / "index.html").as_uri().replace("index.html", page))
        view.wait_for_load_state("load")
        return view

    yield at
    for context in contexts:
        context.close()


@pytest.mark.sampled
@pytest.mark.parametrize("page", CHAPTERS)
def test_no_equation_number_and_no_label_of_an_explorer_lies_over_another(
    opened: Callable[..., Any], page: str
) -> None:
    """At a phone's width, a tablet's and a laptop's."""
    view = opened(page)
    for width in WIDTHS[: count(len(WIDTHS), 3)]:
        view.set_viewport_size({"width": width, "height": 800})
        view.wait_for_timeout(150)
        for boxes in (EQUATIONS, LABELS):
            found = view.evaluate(f"() => ({OVERLAPS})(({boxes})())")
            assert found == [], f"at {width} px"


def _explorer(view: Any) -> tuple[str, str]:
    """Return the name of a page's first explorer and the symbol of its first slider."""
    source = view.content().partition("hardwired.explore({")[2]
    name = source.partition('"name":"')[2].partition('"')[0]
    symbol = source.partition('"symbol":"')[2].partition('"')[0]
    return name, symbol


@pytest.mark.parametrize("page", WITH_EXPLORERS[-1:])
def test_a_shared_setting_leads_to_its_explorer(opened: Callable[..., Any], page: str) -> None:
    """The link arrives where the slider was set."""
    name, symbol = _explorer(opened(page))
    view = opened(f"{page}#explore={name};{symbol}=0.4")
    view.wait_for_timeout(600)
    box = view.locator(".hw-explorer-plot").first.bounding_box()

    assert 0 <= box["y"] < 800


@pytest.mark.parametrize("page", WITH_EXPLORERS[-1:])
@pytest.mark.parametrize("fragment", ["%E9", "%", "explore=", "explore=none;x=1", "explore=;;=;"])
def test_a_malformed_fragment_stops_nothing(
    opened: Callable[..., Any], page: str, fragment: str
) -> None:
    """The explorers of the page start."""
    view = opened(f"{page}#{fragment}")

    assert view.complaints == []
    assert view.locator(".hw-explorer-plot path.hw-curve").count() > 0


@pytest.mark.sampled
def test_a_card_lies_inside_the_window_at_every_width(opened: Callable[..., Any]) -> None:
    """On hover, wherever its line stands: in text, in a box, in a caption."""
    widths = (700, *WIDTHS)
    view = opened("chapters/05-wounds.html", reduced_motion="reduce")
    for width in widths[: count(len(widths), 4)]:
        view.set_viewport_size({"width": width, "height": 800})
        for place in ("section > p", ".admonition p", "figcaption"):
            view.mouse.move(0, 0)
            view.keyboard.press("Escape")
            view.locator("#hw-card").wait_for(state="hidden")
            view.locator(f"article {place} .bibtex-citation a:visible").first.hover()
            view.locator("#hw-card").wait_for()
            box = view.locator("#hw-card").bounding_box()

            assert box["x"] >= 0, (width, place)
            assert box["x"] + box["width"] <= width, (width, place)
            assert box["y"] >= 0, (width, place)
            assert box["y"] + box["height"] <= 800, (width, place)


REFUSED = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, {
  get() { throw new DOMException("refused", "SecurityError"); } });"""


@pytest.mark.parametrize("page", ["index.html", *WITH_EXPLORERS[-1:]])
def test_a_page_works_where_storage_is_refused(browser: Any, page: str) -> None:
    """Colours are the browser's, nothing is kept, and no script stops."""
    context = browser.new_context(color_scheme="dark")
    context.add_init_script(REFUSED)
    view = context.new_page()
    complaints: list[str] = []
    view.on("pageerror", lambda error: complaints.append(str(error)))
    view.goto((HTML / page).as_uri())
    ground = view.evaluate("getComputedStyle(document.body).backgroundColor")
    view.goto((HTML / "index.html").as_uri())
    context.close()

    assert complaints == []
    assert ground == "rgb(20, 24, 29)"


@pytest.mark.parametrize("page", CHAPTERS[-1:])
def test_a_tap_on_a_citation_shows_its_card_and_the_card_leads_on(
    opened: Callable[..., Any], page: str
) -> None:
    """A finger does not hover."""
    view = opened(page, 390, 844, has_touch=True, is_mobile=True)
    link = view.locator("article section p .bibtex-citation a").first
    link.scroll_into_view_if_needed()
    before = view.evaluate("scrollY")
    link.tap()
    card = view.locator("#hw-card")
    card.wait_for(state="visible")

    assert abs(view.evaluate("scrollY") - before) < 5
    box = card.bounding_box()
    assert box["x"] >= 0
    assert box["y"] + box["height"] <= 844
    card.get_by_role("button").tap()
    until(view, "/^#/.test(location.hash)")


def test_the_list_of_pages_opens_at_the_page_that_is_read(opened: Callable[..., Any]) -> None:
    """On a laptop of little height, too."""
    view = opened("back/colophon.html", 1280, 600)
    box = view.locator(".sidebar-tree .current-page").bounding_box()

    assert 0 <= box["y"] < 580


@pytest.mark.parametrize("page", CHAPTERS[-1:])
def test_what_has_the_focus_is_not_under_the_header(opened: Callable[..., Any], page: str) -> None:
    """Going backwards through a page on a narrow window."""
    view = opened(page, 700, 800)
    view.evaluate("scrollTo({top: document.body.scrollHeight / 2, behavior: 'instant'})")
    view.locator("article a").nth(120).focus()
    hidden = []
    for _ in range(60):
        view.keyboard.press("Shift+Tab")
        found = view.evaluate("""() => {
            const header = document.querySelector(".mobile-header").getBoundingClientRect();
            const focused = document.activeElement.getBoundingClientRect();
            const under = focused.bottom <= header.bottom && focused.top >= 0;
            const read = document.activeElement.closest("article");
            return under && read ? document.activeElement.outerHTML.slice(0, 80) : "";
        }""")
        hidden += [found] if found else []

    assert hidden == []


@pytest.mark.parametrize("page", WITH_EXPLORERS[-1:])
def test_an_enlarged_figure_is_seen_whole_with_its_caption(
    opened: Callable[..., Any], page: str
) -> None:
    """An explorer has its sliders beside it, and all goes back."""
    view = opened(page)
    for figure in (".hw-model figure", "article .cell figure"):
        place = view.locator(figure).first
        place.locator(".hw-enlarge").click()
        stage = view.locator("dialog.hw-large[open] .hw-stage")
        for part in stage.locator("> *").all():
            box = part.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 1281
            assert box["y"] + box["height"] <= 801
        if "model" in figure:
            assert stage.locator("input[type=range]").count() > 0
        view.keyboard.press("Escape")
        place.locator("figcaption").wait_for(state="attached")  # all goes back once it is closed
        assert place.locator("figcaption").count() == 1
    assert view.complaints == []


@pytest.mark.parametrize("page", CHAPTERS[-1:])
def test_the_first_page_leads_back_to_where_a_reader_was(
    opened: Callable[..., Any], page: str
) -> None:
    """Kept in the reader's own browser."""
    view = opened(page)
    heading = view.locator("article h2").nth(3)
    heading.evaluate("node => scrollTo({top: node.getBoundingClientRect().top + scrollY - 50})")
    view.wait_for_timeout(800)
    view.goto((HTML / "index.html").as_uri())
    link = view.locator(".hw-doors a").first

    assert link.get_attribute("href").startswith(f"{page}#")


def test_a_phones_first_page_and_a_laptops_hold_their_picture(opened: Callable[..., Any]) -> None:
    """Above the fold at 1280 by 800, and nothing is wider than the window."""
    view = opened("index.html")
    box = view.locator("article figure svg").first.bounding_box()

    assert box["y"] + box["height"] <= 800
    for width in (320, 390, 768, 1280, 1920):
        view.set_viewport_size({"width": width, "height": 800})
        assert view.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.sampled
def test_no_equation_is_wider_than_its_column_from_768_px_up(opened: Callable[..., Any]) -> None:
    """Long lines are broken when the page is made; a phone scrolls."""
    pages = [*CHAPTERS, "back/models.html"]
    for width in (768, *(1280, 1920)[: count(2, 1)]):
        view = opened(CHAPTERS[0], width=width)
        for page in pages:
            view.goto((HTML / page).as_uri())
            wide = view.evaluate(
                "[...document.querySelectorAll('div.math')].filter((row) => "
                "row.scrollWidth > row.clientWidth + 1).map((row) => row.textContent.slice(0, 60))"
            )

            assert wide == [], f"{page} at {width} px"


def test_play_moves_the_first_slider_from_end_to_end_and_a_press_stops_it(
    opened: Callable[..., Any],
) -> None:
    """The curve follows; whoever wants little motion gets few steps."""
    view = opened("chapters/05-wounds.html", reduced_motion="reduce")
    explorer = view.locator(".hw-explorer").first
    slider = explorer.locator("input[type=range]").first
    curve = view.locator("path.hw-curve").first
    before = curve.get_attribute("d")
    explorer.get_by_role("button", name="Play").click()
    explorer.get_by_role("button", name="Stop").click()
    stopped = explorer.get_by_role("button", name="Play").count()
    explorer.get_by_role("button", name="Play").click()
    until(view, "(({ value, max }) => value === max)(document.querySelector('.hw-explorer input'))")
    explorer.get_by_role("button", name="Play").wait_for()

    assert stopped == 1
    assert slider.input_value() == slider.get_attribute("max")
    assert curve.get_attribute("d") != before
    assert view.complaints == []
