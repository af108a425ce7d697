"""Search: every place of the book is an entry, found from disk and shown in context."""

import json

import pytest

from tests.waiting import until

PAGE = """# Wounds

A round punch took a small disc of skin, and Škoda’s naïve macrophages came later.
They stayed $x^2$ days; the fibroblast did not.

## How it works

```{figure} /picture.svg
:name: fig-repair

Haemostasis comes first. Collagen comes last.
```

The formula is no prose, and neither is code.

```python
unspeakable = 1
```

```{glossary}
cytokine
  A protein by which cells tell others what to do.
```

```{toctree}
other
```
"""
OTHER = """# Sleep

Punches are rare here. Macrophages and fibroblasts meet in sleep {cite:p}`kiecolt1995slowing`.

```{claim} C11
```

```{references}
```
"""


@pytest.fixture(scope="module")
def built(build):
    """Build two pages with a figure and a glossary."""
    return build(index=PAGE, other=OTHER)


@pytest.fixture
def search(built, browser):
    """Search from disk; give the page, with all that it asked for and complained of."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(8000)
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))

    def run(words: str):
        page.goto((built.folder / "index.html").as_uri())
        page.locator("[name=q]").first.fill(words)
        page.keyboard.press("Enter")
        until(page, "/found/.test(document.getElementById('search-status')?.textContent)")
        return page

    yield run
    context.close()


def found(page) -> list[tuple[str, str, str]]:
    """Return each hit: where it leads, what it is called, the line that shows it."""
    return [
        (
            hit.locator("a").get_attribute("href").partition(":~:")[0],
            hit.locator("a").inner_text(),
            hit.locator("p").inner_text(),
        )
        for hit in page.locator("#search-results li").all()
    ]


def test_sections_captions_and_terms_are_entries_each_with_its_own_words(built):
    """Nothing stands in two entries; code and formulas stand in none."""
    text = (built.folder / "_static/search-text.js").read_text(encoding="utf-8")
    pages = json.loads(text.removeprefix("hardwiredSearch(").removesuffix(");\n"))
    entries = {anchor: (kind, words) for anchor, _, kind, words in pages[0][2]}

    assert [page[0] for page in pages] == ["index.html", "other.html"]
    assert {anchor: kind for anchor, (kind, _) in entries.items()} == {
        "wounds": 0,
        "how-it-works": 0,
        "fig-repair": 1,
        "term-cytokine": 2,
    }
    assert entries["fig-repair"][1] == "Haemostasis comes first. Collagen comes last."
    assert entries["term-cytokine"][1] == "A protein by which cells tell others what to do."
    assert entries["how-it-works"][1] == "The formula is no prose, and neither is code."
    assert "x^2" not in text
    assert "unspeakable" not in text


def test_claims_are_entries_and_the_list_of_a_chapter_is_not(built):
    """A card has an anchor of its own; a work is found once, in the bibliography."""
    text = (built.folder / "_static/search-text.js").read_text(encoding="utf-8")
    pages = json.loads(text.removeprefix("hardwiredSearch(").removesuffix(");\n"))
    entries = {anchor: (heading, kind) for anchor, heading, kind, _ in pages[1][2]}
    claim = next(words for anchor, _, _, words in pages[1][2] if anchor == "claim-c11")

    assert entries["claim-c11"][0].startswith("Claim C11, ")
    assert claim.startswith("The article says:")
    assert {kind for name, (_, kind) in entries.items() if name != "claim-c11"} == {0}
    assert not pages[1][2][0][3].count("The article says")


def test_sphinxs_own_index_is_not_written(built):
    """One search is enough."""
    assert not (built.folder / "searchindex.js").exists()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("haemostasis", ("index.html#fig-repair", "Figure 1")),
        ("cytokine", ("index.html#term-cytokine", "cytokine")),
        ("how it works", ("index.html#how-it-works", "How it works")),
        ("sleep", ("other.html#sleep", "Sleep")),
        ("skoda", ("index.html#wounds", "Wounds")),
        ("Škoda's", ("index.html#wounds", "Wounds")),
        ('"small disc"', ("index.html#wounds", "Wounds")),
        ("fibroblasts macrophages punch", ("index.html#wounds", "Wounds")),
    ],
)
def test_words_are_found_where_they_stand(search, words, first):
    """In body, caption, glossary and headings; without accents, in other numbers, as a phrase."""
    assert found(search(words))[0][:2] == first


@pytest.mark.browser
def test_a_hit_is_shown_in_its_context_with_the_word_marked(search):
    """A line of the place itself."""
    page = search("macrophage")
    lines = {href: line for href, _, line in found(page)}
    marked = page.locator("#search-results mark").all_inner_texts()

    assert "Škoda’s naïve macrophages came later" in lines["index.html#wounds"]
    assert marked == ["macrophages", "Macrophages"]


@pytest.mark.browser
@pytest.mark.parametrize("words", ["xyzzy", "x-y", '"disc small"', "<b>", "(xyz", "[/]", "\\"])
def test_nothing_found_is_said_and_no_sign_breaks_the_search(search, words):
    """Signs that mean something to a pattern are only signs."""
    page = search(words)

    assert page.locator("#search-status").inner_text().startswith(f"Nothing found for {words}.")
    assert found(page) == []
    assert page.complaints == []


@pytest.mark.browser
def test_the_words_are_loaded_at_the_first_search_and_only_from_disk(built, browser, search):
    """Opening the page costs nothing; searching asks for one file."""
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((built.folder / "search.html").as_uri())
    before = [url for url in asked if "search-text" in url]
    context.close()
    after = search("skin").asked

    assert before == []
    assert sum("search-text.js" in url for url in after) == 1
    assert all(url.startswith("file:") for url in after)
