"""The book without a mouse: one page of each kind is walked through with the keyboard alone."""

import pytest

from tests.book.test_pages import HTML

KINDS = {
    "chapter": "chapters/05-wounds.html",
    "glossary": "back/glossary.html",
    "claims": "back/claims.html",
    "search": "search.html?q=oxytocin",
    "landing": "index.html",
    "index": "genindex.html",
}
pytestmark = pytest.mark.needs("book", "browser")

# Notes each element that takes the focus: its name as a screen reader says it, and how it is seen.
WATCH = """
() => {
  window.stops = [];
  document.addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target), box = target.getBoundingClientRect();
    window.stops.push({
      place: target.tagName + "." + target.className + "#" + target.id,
      name: (target.getAttribute("aria-label") || target.innerText || target.title ||
        [...(target.labels || [])].map((label) => label.innerText).join(" ") ||
        target.placeholder || "").trim(),
      seen: box.width > 0 && box.height > 0 && style.visibility === "visible",
      outlined: style.outlineStyle !== "none",
      onPage: box.right > 0 && box.left < innerWidth,
    });
  });
}
"""


@pytest.fixture
def visit(browser):
    """Open a page at a width and close it again."""
    opened = []

    def open_page(address, width=1280):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.goto((HTML / address.partition("?")[0]).as_uri() + "".join(address.partition("?")[1:]))
        if "?q=" in address:
            page.wait_for_selector("#search-results li")
        return page

    yield open_page
    for context in opened:
        context.close()


def focused(page, what="node => node.className"):
    """Return something about the element that has the focus."""
    return page.evaluate(f"({what})(document.activeElement)")


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("kind", KINDS)
def test_every_stop_of_the_tour_has_a_name_and_is_seen(visit, kind, width):
    """Tab goes from the first control to the last, each named, visible and outlined; no trap."""
    page = visit(KINDS[kind], width)
    page.evaluate(WATCH)
    wanted = page.evaluate(
        """() => [...document.querySelectorAll(
            'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]'
        )].filter((node) => node.checkVisibility({ visibilityProperty: true })).length"""
    )
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
    stops = page.evaluate("stops")
    unnamed = [stop["place"] for stop in stops if not stop["name"]]
    unseen = [stop["place"] for stop in stops if not (stop["seen"] and stop["onPage"])]

    assert len(stops) >= 0.8 * wanted  # of a group of radio buttons, one is a stop
    assert unnamed == []
    assert unseen == []
    assert [stop["place"] for stop in stops if not stop["outlined"]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_stop_skips_to_the_text(visit, kind):
    """And the stop after that is in it."""
    page = visit(KINDS[kind])
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    page.keyboard.press("Tab")
    first = focused(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert "skip-to-content" in first
    assert focused(page, "node => !!node.closest('article, footer')")


@pytest.mark.parametrize("name", ["Chapters", "On this page"])
def test_the_drawers_of_a_phone_open_and_close_with_keys(visit, name):
    """Enter opens and says so, Tab goes in, Escape closes and leads back."""
    page = visit(KINDS["chapter"], 390)
    button = page.get_by_role("button", name=name).first
    button.focus()
    before = button.get_attribute("aria-expanded")
    page.keyboard.press("Enter")
    opened = button.get_attribute("aria-expanded")
    drawer = ".sidebar-drawer" if name == "Chapters" else ".toc-drawer"
    link = page.locator(f"{drawer} a:visible").first
    link.focus()
    inside = link.evaluate("link => link === document.activeElement")
    page.keyboard.press("Escape")

    assert (before, opened, inside) == ("false", "true", True)
    assert button.get_attribute("aria-expanded") == "false"
    assert button.evaluate("button => button === document.activeElement")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_figure_opens_large_and_comes_back(visit, width):
    """Enter opens its own picture in a dialog that has its number; Escape puts all back."""
    page = visit(KINDS["chapter"], width)
    figure = page.locator("article figure").nth(3)
    button = figure.get_by_role("button", name="Enlarge")
    small = figure.locator("svg").bounding_box()["width"]
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Figure 5.4")
    large = dialog.locator("svg").bounding_box()["width"]
    inside = focused(page, "node => !!node.closest('dialog')")
    left = figure.locator("svg").count()
    page.keyboard.press("Escape")

    assert (inside, left) == (True, 0)
    assert large >= max(1.4 * small, 800)
    assert figure.locator("svg").count() == 1
    assert button.evaluate("button => button === document.activeElement")


def test_labels_of_a_figure_can_be_read_on_a_phone(visit):
    """Small in the text, at least 12 px once the figure is large."""
    page = visit(KINDS["chapter"], 390)
    measure = "nodes => Math.min(...nodes.map((node) => node.getBoundingClientRect().height))"
    sizes = []
    for figure in page.locator("article figure:not(.hw-model-figure)").all():
        figure.get_by_role("button", name="Enlarge").press("Enter")
        sizes.append(page.locator("dialog svg text").evaluate_all(measure))
        page.keyboard.press("Escape")

    assert len(sizes) >= 6
    assert min(sizes) >= 12


def test_a_slider_answers_to_the_arrow_keys(visit):
    """The value is said, and the curve follows."""
    page = visit(KINDS["chapter"])
    slider = page.locator("input[type=range]").first
    slider.focus()
    before = slider.get_attribute("aria-valuetext")
    page.keyboard.press("ArrowRight")

    assert slider.get_attribute("aria-valuetext") != before


def test_a_search_is_made_with_keys_alone(visit):
    """From any page: the field at the side, Enter, and the first hit is a link."""
    page = visit(KINDS["landing"])
    page.get_by_role("search").get_by_role("textbox").focus()
    page.keyboard.type("haemostasis")
    page.keyboard.press("Enter")
    hit = page.locator("#search-results a").first
    hit.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/*.html#*")

    assert "search.html" not in page.url
