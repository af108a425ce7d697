"""The map on the first page: a touch on a part opens the place where the part is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from hardwired.figures.body_map import parts
from tests.book.test_pages import HTML

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser]

# Of each link: its address, its name, and whether the words of its part lie inside it.
LINKS = """() => [...document.querySelectorAll(".hw-map-frame a")].map((link) => {
  const box = link.getBoundingClientRect(), name = link.getAttribute("aria-label");
  const word = name.split(":")[0].split(/[ ,]/)[0];
  const label = [...document.querySelectorAll(".hw-map-frame svg text")]
    .find((text) => text.textContent.startsWith(word)).getBoundingClientRect();
  const over = label.left >= box.left - 2 && label.right <= box.right + 2 &&
    label.top >= box.top - 3 && label.bottom <= box.bottom + 3;
  return { href: link.getAttribute("href"), name, over, width: box.width, height: box.height };
})"""


@pytest.fixture(params=[1280, 390])
def first_page(browser: Any, request: pytest.FixtureRequest) -> Iterator[Any]:
    """Open the first page on a laptop and on a phone."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 800}, reduced_motion="reduce"
    )
    view = context.new_page()
    view.goto((HTML / "index.html").as_uri())
    view.wait_for_selector(".hw-map-frame a")
    yield view
    context.close()


def test_every_part_of_the_map_has_a_link_that_lies_on_it(first_page: Any) -> None:
    """Each is as large as its part, and at least as large as a finger needs."""
    links = first_page.evaluate(LINKS)
    names = [link["name"].partition(":")[0] for link in links]

    assert sorted(names) == sorted(parts().values())
    assert [link["name"] for link in links if not link["over"]] == []
    assert min(min(link["width"], link["height"]) for link in links) >= 24


def test_every_link_of_the_map_leads_to_a_place_that_is_there(first_page: Any) -> None:
    """To a part of a chapter, whose number the link says."""
    for link in first_page.evaluate(LINKS):
        page, _, anchor = link["href"].partition("#")
        text = (HTML / page).read_text(encoding="utf-8")

        assert anchor
        assert f'id="{anchor}"' in text
        assert link["name"].endswith(f"(chapter {int(page.split('/')[1][:2])})")


def test_a_touch_on_an_organ_opens_its_place(first_page: Any) -> None:
    """The same with a finger, a mouse and the keyboard."""
    link = first_page.get_by_role("link", name="Thymus:")
    link.focus()
    seen = link.locator("span").is_visible()
    link.click()
    first_page.wait_for_url("**/chapters/*.html#*")

    assert seen
