"""What a proof-reader holds: British spelling, heading case, abbreviations explained."""

import re

import pytest

from tests.book import prose
from tests.book.reading import Page, read
from tests.conftest import ROOT

pytestmark = pytest.mark.needs("book")

PAGES = prose.pages(ROOT / "book/_build/html")
CHAPTERS = [path for path in PAGES if path.parent.name == "chapters"]

pages = pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
chapters = pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)


def _page(tmp_path, body: str) -> Page:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><article>{body}</article></body></html>", encoding="utf-8")
    return read(path)


@pages
def test_every_word_is_spelt_the_british_way(path):
    """A word stands in the dictionary, in tests/book/words.txt, or is an author's name."""
    text = prose.prose(read(path))

    assert sorted(set(prose.misspelt(text))) == []
    assert sorted(set(prose.american(text))) == []


def test_misspelt_and_american_words_are_found(tmp_path):
    """The gate bites: a slip, an American ending, but no code, name or reference."""
    text = prose.prose(
        _page(tmp_path, "<p>The imune system, randomized by Kiecolt-Glaser.</p><code>xqz</code>")
    )

    assert list(prose.misspelt(text)) == ["imune"]
    assert list(prose.american(text)) == ["randomized"]


@pages
def test_headings_are_written_like_sentences(path):
    """Only the first word of a heading and names begin with a capital."""
    page = read(path)
    for node in page.article.select(".headerlink, .section-number, code, math"):
        node.decompose()
    headings = [" ".join(h.get_text().split()) for h in page.article.select("h1, h2, h3, h4")]

    assert {h: found for h in headings if (found := list(prose.capitals(h)))} == {}


def test_title_case_is_found():
    """The gate bites: title case, but neither names nor abbreviations nor a second sentence."""
    assert list(prose.capitals("What the Studies Show")) == ["Studies", "Show"]
    assert list(prose.capitals("1.2 Ader and Cohen on HIV: A quarrel")) == []


@chapters
def test_abbreviations_are_explained_where_they_first_stand(path):
    """An abbreviation is a glossary link, in brackets, or beside its long form at first."""
    assert list(prose.unexplained(read(path))) == []


def test_unexplained_abbreviation_is_found(tmp_path):
    """The gate bites at the first use only."""
    page = _page(tmp_path, "<p>Then XYZ rose. The axis (XYZ) is old; HPA (an axis) too.</p>")

    assert [re.match(r"\w+", found)[0] for found in prose.unexplained(page)] == ["XYZ"]


def test_own_words_are_sorted_and_needed():
    """The book's own list holds no word twice and none that no page uses."""
    lines = (ROOT / "tests/book/words.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if line and not line.startswith("#")]
    used = {word for path in PAGES for word in prose.WORD.findall(prose.prose(read(path)))}
    used |= {word.lower() for word in used}

    assert words == sorted(set(words), key=str.casefold)
    assert [word for word in words if word.isalpha() and word not in used] == []
