"""Every built page in a headless Chromium: light, private, quiet, accessible."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.conftest import ROOT

pytestmark = pytest.mark.needs("book")

HTML = ROOT / "book/_build/html"
PAGES = sorted(
    p.relative_to(HTML).as_posix() for p in HTML.rglob("*.html") if "_static" not in p.parts
)
CHAPTERS = [page for page in PAGES if page.startswith("chapters/")]
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}


def _path(url: str) -> Path:
    """Give the file of an address on disk."""
    return Path(url2pathname(urlsplit(url).path))


class Visit:
    """One page, opened from disk, with all that it asked for and complained of."""

    def __init__(self, browser, page: str, scheme: str = "light", width: int = 1280):
        self.context = browser.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}, reduced_motion="reduce"
        )
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on(
            "requestfailed", lambda request: self.complaints.append(f"failed: {request.url}")
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda message: (
                message.type in {"error", "warning"} and self.complaints.append(message.text)
            ),
        )
        self.page.goto((HTML / page).as_uri())

    def read_to_the_end(self) -> None:
        """Open every fold, start every explorer, scroll to the end."""
        self.page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        for slider in self.page.locator("input[type=range]").all():
            slider.scroll_into_view_if_needed()
            slider.press("ArrowRight")
        self.page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        self.page.wait_for_load_state("networkidle")

    def close(self) -> None:
        """Close the page and forget what it stored."""
        self.context.close()


@pytest.fixture
def visit(browser):
    """Open pages and close them again."""
    opened = []

    def open_page(*args, **kwargs) -> Visit:
        opened.append(Visit(browser, *args, **kwargs))
        return opened[-1]

    yield open_page
    for each in opened:
        each.close()


def test_there_are_pages_to_visit(html):
    """The list of pages below is not empty by mistake."""
    assert "index.html" in PAGES
    assert CHAPTERS


@dataclass(frozen=True)
class Answers:
    """What a page answered to all questions, in one visit."""

    sideways: int
    requests: tuple[str, ...]
    complaints: tuple[str, ...]
    violations: tuple[str, ...]

    @property
    def files(self) -> set[Path]:
        """The files that it asked for."""
        return {_path(url) for url in self.requests if url.startswith("file:")}


@pytest.fixture(scope="module")
def asked(browser):
    """Give the answers of a page in a scheme and a width; each is visited once."""
    kept: dict[tuple[str, str, int], Answers] = {}

    def ask(page: str, scheme: str = "light", width: int = 1280) -> Answers:
        if (page, scheme, width) not in kept:
            seen = Visit(browser, page, scheme, width)
            sideways = seen.page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            violations: list[str] = []
            if width == 1280:
                seen.read_to_the_end()
            requests, complaints = tuple(seen.requests), tuple(seen.complaints)
            if width == 1280:
                result = Axe().run(seen.page, options=AXE_OPTIONS)
                violations = [
                    f"{violation['id']}: {node['target']} {node['failureSummary']}"
                    for violation in result.response["violations"]
                    for node in violation["nodes"]
                ]
            kept[page, scheme, width] = Answers(sideways, requests, complaints, tuple(violations))
            seen.close()
        return kept[page, scheme, width]

    return ask


@pytest.mark.browser
@pytest.mark.parametrize("page", PAGES)
def test_page_asks_no_other_host_and_logs_no_error(asked, page):
    """A page opened from disk loads only files beside it, and its console stays empty."""
    seen = asked(page)

    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    assert seen.complaints == ()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page", PAGES)
def test_page_has_no_axe_violation(asked, page, scheme):
    """WCAG 2.2 A and AA, as far as axe-core can tell, in light and in dark, folds open."""
    assert asked(page, scheme).violations == ()


@pytest.mark.browser
@pytest.mark.parametrize("page", CHAPTERS)
def test_chapter_is_light(asked, page):
    """At most 150 KB gzipped and 25 requests, folds opened, sliders moved, read to the end."""
    files = asked(page).files
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)

    print(f"{page}: {weight / 1024:.1f} KB gzipped, {len(files)} requests")
    assert weight <= 150 * 1024
    assert len(files) <= 25


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("page", PAGES)
def test_page_does_not_scroll_sideways(asked, page, width):
    """Wide things scroll inside themselves; the page never does."""
    assert asked(page, width=width).sideways <= 0


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("biopsy", "chapters/05-wounds.html#"),
        ("interleukin", "back/glossary.html#term-"),
        ("examinations ratio", "chapters/05-wounds.html#fig-wounds-delays"),
        ("Kiecolt-Glaser Lancet", "back/bibliography.html#"),
    ],
)
def test_search_works_from_disk(visit, words, place):
    """Body, glossary, caption and reference are found with no server, each in its context."""
    seen = visit("search.html")
    seen.page.goto((HTML / "search.html").as_uri() + f"?q={words}")
    seen.page.wait_for_selector("#search-results li a")

    places = [link.get_attribute("href") for link in seen.page.locator("#search-results a").all()]
    shown = seen.page.locator("#search-results li").first.inner_text().lower()
    assert any(found.startswith(place) for found in places)
    assert words.split()[0].lower() in shown
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.browser
def test_search_page_is_light(visit):
    """At most 450 KB gzipped with all that a search loads: every word of the book, once."""
    seen = visit("search.html")
    seen.page.goto((HTML / "search.html").as_uri() + "?q=stress")
    seen.page.wait_for_selector("#search-results li a")

    files = {_path(url) for url in seen.requests}
    weight = sum(len(gzip.compress(path.read_bytes(), 6)) for path in files)
    print(f"search: {weight / 1024:.1f} KB gzipped, {len(files)} requests")
    assert weight <= 450 * 1024


def test_what_others_wrote_bears_its_licence(html):
    """The theme's licence lies beside its styles; a script that names a licence file has it."""
    theme = (html / "_static/styles/furo.LICENSE.txt").read_text(encoding="utf-8")
    named = {
        (script, match)
        for script in html.rglob("*.js")
        for match in re.findall(r"see (\S+LICENSE\S*)", script.read_text(encoding="utf-8"))
    }

    assert "Pradyun Gedam" in theme
    assert named
    assert [name for script, name in named if not (script.parent / name).is_file()] == []
