"""Each page says what it may load and keeps to it, from a disk and a host; links have a picture."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from tests.book.test_links import HTML, PAGES
from tests.house.test_policy import digest, rules
from tests.live.served import Server
from tests.waiting import until

pytestmark = pytest.mark.needs("book")

#: A page of each kind, and what is done on it.
KINDS = {
    "index.html": "",
    "chapters/05-wounds.html": "document.querySelector('.hw-enlarge').click()",
    "chapters/08-balance.html": "document.querySelector('.hw-quiz input').click()",
    "back/claims.html": "",
    "back/models.html": "",
    "back/glossary.html": "",
    "genindex.html": "",
    "404.html": "",
    "search.html?q=cortisol": "",
    "front/instructors.html": "",
}


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_nothing_in_a_page_is_refused_by_its_own_policy(path: Path) -> None:
    """No style attribute, no handler, no foreign address; what stands inside is named."""
    tree = lxml.html.parse(str(path)).getroot()
    said = rules(path.read_text(encoding="utf-8"))
    scripts = tree.xpath("//script[not(@src)]/text()")
    loaded = tree.xpath("//script/@src | //link[@rel='stylesheet']/@href | //img/@src")

    assert tree.xpath("//*[@style]") == []
    assert tree.xpath("//@*[starts-with(name(), 'on')]") == []
    assert [address for address in loaded if "//" in address] == []
    assert set(map(digest, scripts)) <= set(said["script-src"])
    assert set(map(digest, tree.xpath("//style/text()"))) <= set(said["style-src"])
    assert "unsafe" not in str(said)
    assert said["default-src"] == ["'none'"]


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """Serve the built pages as any static host does."""
    server = Server(HTML)
    yield server.address
    server.close()


@pytest.mark.browser
@pytest.mark.ring("all")
@pytest.mark.parametrize("way", ["disk", "host"])
def test_the_console_is_silent_on_a_page_of_each_kind(browser: Any, host: str, way: str) -> None:
    """No violation and no other complaint; what a script makes is there."""
    start = host if way == "host" else HTML.as_uri()
    context = browser.new_context()
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for name, done in KINDS.items():
        page.goto(f"{start}/{name}")
        if done:
            page.evaluate(done)
    until(page, "document.querySelector('article')")
    page.goto(f"{start}/chapters/05-wounds.html")
    sliders = page.locator(".hw-explorer input[type=range]").count()
    page.locator(".sidebar-search").fill("cortisol")
    page.locator(".sidebar-search").press("Enter")
    page.locator("#search-results li").first.wait_for()
    context.close()

    assert sliders > 0
    assert said == []


def test_a_shared_link_shows_a_picture_of_the_size_that_sites_ask_for() -> None:
    """1,200 by 630 pixels, under 100 kB, drawn alike twice; no page loads it."""
    from hardwired.pages.web import preview

    built = (HTML / preview.FILE).read_bytes()
    width, height = (int.from_bytes(built[start : start + 4], "big") for start in (16, 20))

    assert (width, height) == preview.SIZE == (1200, 630)
    assert len(built) < 100_000
    assert preview.draw() == built
