"""The pages of the EPUB in a narrow window, and its contents as readers name them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.conftest import ROOT

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser]

EPUB = ROOT / "book/_build/epub"
PAGES = sorted(
    path.relative_to(EPUB).as_posix()
    for path in EPUB.rglob("*.xhtml")
    if path.name not in {"nav.xhtml", "epub-cover.xhtml"}
)
# Tables and cells that go over the right edge, where a paginated reader cuts them.
WIDE = """() => [...document.querySelectorAll("table, td, th")].filter((node) =>
  node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1
).map((node) => node.className + " " + node.textContent.slice(0, 40))"""


def test_no_table_is_wider_than_a_narrow_page(browser: Any) -> None:
    """On every page, 390 px wide."""
    context = browser.new_context(viewport={"width": 390, "height": 800})
    wide = {}
    try:
        view = context.new_page()
        for page in PAGES:
            view.goto((EPUB / page).as_uri())
            if found := view.evaluate(WIDE):
                wide[page] = found[:3]
    finally:
        context.close()

    assert len(PAGES) > 15
    assert wide == {}


def test_contents_and_text_call_a_chapter_by_the_same_number() -> None:
    """And no two entries of the first level have one name."""
    for name, pattern in (
        ("nav.xhtml", r'<a href="([^"#]+)">([^<]+)</a>'),
        ("toc.ncx", r"<text>([^<]+)</text>\s*</navLabel>\s*<content src=\"([^\"#]+)\""),
    ):
        found = re.findall(pattern, (EPUB / name).read_text(encoding="utf-8"))
        pairs = found if name == "nav.xhtml" else [(page, words) for words, page in found]
        chapters = [words for page, words in pairs if page.startswith("chapters/")]
        titles = [words for _, words in pairs]

        assert [words.split()[0] for words in chapters] == [str(n) for n in range(1, 9)]
        assert len(set(titles)) == len(titles)


def test_questions_of_the_epub_have_the_letters_that_answers_speak_of() -> None:
    """No list of options is numbered."""
    lists = [
        tag
        for page in PAGES
        for tag in re.findall(r"<ol\b[^>]*>", (EPUB / page).read_text(encoding="utf-8"))
        if "hw-quiz-options" in tag
    ]

    assert len(lists) > 50
    assert [tag for tag in lists if 'type="a"' not in tag] == []
