"""Cards for citations and terms: shown by the script on hover and keyboard focus."""

import pytest
from pybtex.database import Entry, Person

from hardwired.pages.web import citation_cards
from tests.waiting import until

PAGE = """# Wounds

Slow {cite:p}`kiecolt1995slowing`, slower {cite:p}`marucha1998mucosal,walburn2009psychological`, and
a {term}`cytokine` that is not on this page, after enough words to make the paragraph run over a few
lines of the column, so that a card beside the first of them could cover the others if it were put
there by somebody who does not read.

As {cite:t}`kiecolt1995slowing` found.

```{references}
```
"""
WORDS = "\n```{glossary}\ncytokine\n  A protein by which cells tell *others* what to do.\n```\n"


@pytest.fixture(scope="module")
def pages(build):
    """Build two pages; the second cites a work that only the first lists, and has a glossary."""
    other = "# Other\n\nAgain {cite:t}`kiecolt1995slowing`.\n" + WORDS
    return build(index=PAGE + "\n```{toctree}\nother\n```\n", other=other)


@pytest.fixture
def visit(pages, browser):
    """Open a page of the project at a size, and close it again."""
    opened = []

    def open_page(name="index", width=1280, height=900):
        opened.append(browser.new_context(viewport={"width": width, "height": height}))
        page = opened[-1].new_page()
        page.goto((pages.folder / f"{name}.html").as_uri())
        return page

    yield open_page
    for context in opened:
        context.close()


def entry(*people, **fields):
    """Return an entry with authors and fields."""
    return Entry("article", fields, persons={"author": [Person(p) for p in people]})


def overlap(one, other):
    """Say whether two boxes share any place."""
    return not (
        one["x"] + one["width"] <= other["x"]
        or other["x"] + other["width"] <= one["x"]
        or one["y"] + one["height"] <= other["y"]
        or other["y"] + other["height"] <= one["y"]
    )


def test_a_work_of_the_page_itself_is_written_once(pages):
    """Its words stand in the list of references, and nowhere else."""
    assert pages.page().xpath("//span[@class='hw-work']") == []


def test_a_citation_of_a_work_listed_elsewhere_carries_its_words(pages):
    """Hidden, also from views without our stylesheet; authors, title and DOI."""
    (words,) = pages.page("other").xpath("//span[@class='hw-work']")

    assert words.get("hidden") == "hidden"
    assert words.getprevious().tag == "a"
    assert " ".join(words.text_content().split()) == (
        "Kiecolt-Glaser, Marucha, Mercado et al. (1995). Slowing of wound healing by "
        "psychological stress. doi:10.1016/s0140-6736(95)92899-5"
    )


def test_no_id_stands_twice(pages):
    """Neither on a page with cards nor on one without."""
    for name in ("index", "other"):
        ids = pages.page(name).xpath("//@id")

        assert sorted(set(ids)) == sorted(ids)


@pytest.mark.browser
def test_a_card_shows_on_hover_and_on_keyboard_focus_and_names_its_link(visit):
    """Only for the link in question; gone when focus leaves."""
    page = visit()
    card, links = page.locator("#hw-card"), page.locator(".bibtex-citation a")
    seen = [card.is_visible()]
    page.keyboard.press("Tab")
    links.nth(0).focus()
    page.wait_for_selector("#hw-card:visible")
    seen.append("Slowing of wound healing" in card.inner_text())
    described = links.nth(0).get_attribute("aria-describedby")
    page.keyboard.press("Tab")
    until(page, "document.getElementById('hw-card').innerText.includes('Mucosal')")
    seen.append(links.nth(0).get_attribute("aria-describedby") is None)
    page.locator("h1").focus()
    page.evaluate("document.activeElement.blur()")
    seen.append(card.is_visible())
    links.nth(3).hover()
    page.wait_for_selector("#hw-card:visible")

    assert seen == [False, True, True, False]
    assert described == "hw-card"
    assert "Slowing of wound healing" in card.inner_text()


@pytest.mark.browser
@pytest.mark.parametrize("name", ["index", "other"])
def test_a_citation_shows_the_work_wherever_it_is_listed(visit, name):
    """From the list of the page, or from the words behind the link."""
    page = visit(name)
    page.locator(".bibtex-citation a").first.hover()
    page.wait_for_selector("#hw-card:visible")

    assert "Slowing of wound healing" in page.locator("#hw-card").inner_text()


@pytest.mark.browser
def test_a_term_shows_its_meaning_from_the_glossary(visit):
    """Fetched as a script when it is first wanted, so that it works from disk."""
    page = visit()
    asked = []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    page.locator("a:has(> .std-term)").hover()
    page.wait_for_selector("#hw-card:visible")

    said = page.locator("#hw-card").inner_text()
    assert said == "cytokine: A protein by which cells tell others what to do."
    assert asked == ["glossary.js"]


@pytest.mark.browser
@pytest.mark.parametrize("by", ["hover", "focus"])
def test_escape_dismisses_a_card_where_the_reader_is(visit, by):
    """WCAG 1.4.13: without moving pointer or focus."""
    page = visit()
    link = page.locator(".bibtex-citation a").first
    page.keyboard.press("Tab")
    getattr(link, by)()
    page.wait_for_selector("#hw-card:visible")
    page.keyboard.press("Escape")

    assert not page.locator("#hw-card").is_visible()
    assert by == "hover" or link.evaluate("link => link === document.activeElement")


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pointer_can_move_onto_the_card(visit, width):
    """WCAG 1.4.13: what appears on hover stays while the pointer is over it."""
    page = visit(width=width)
    link, card = page.locator(".bibtex-citation a").nth(0), page.locator("#hw-card")
    link.hover()
    page.wait_for_selector("#hw-card:visible")
    box = card.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20, steps=8)
    page.wait_for_timeout(800)
    stays = card.is_visible()
    page.mouse.move(5, 5)
    page.wait_for_selector("#hw-card", state="hidden")

    assert stays


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 1000, 390, 320])
def test_a_card_never_covers_what_is_being_read(visit, width):
    """With a margin the whole paragraph stays free, on a phone the line of the link does."""
    page = visit(width=width, height=700)
    for link in page.locator(".bibtex-citation a").all():
        link.hover()
        page.wait_for_selector("#hw-card:visible")
        card = page.locator("#hw-card").bounding_box()

        assert not overlap(card, link.bounding_box())
        if width == 1280:
            paragraph = page.locator("p", has=page.locator(".bibtex-citation")).first
            assert not overlap(card, paragraph.bounding_box())
        page.mouse.move(2, 2)
        page.wait_for_selector("#hw-card", state="hidden")


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        (["Doe, Jane"], "Doe"),
        (["Doe, Jane", "Roe, R."], "Doe and Roe"),
        (["A, A", "B, B", "C, C", "D, D"], "A, B, C and D"),
        (["A, A", "B, B", "C, C", "D, D", "E, E"], "A, B, C et al."),
        (["Doe, Jane", "others"], "Doe et al."),
        (["{World Health Organization}"], "World Health Organization"),
        (["van der Meer, Anna"], "van der Meer"),
    ],
)
def test_authors_fit_a_small_space(people, expected):
    """Up to four families, else three and `et al.`."""
    assert citation_cards.authors(entry(*people)) == expected


def test_a_work_with_unseen_authors_is_cited_with_et_al(build):
    """Where the record showed only the first author, nobody is called `others` in the text."""
    page = "# A\n\n{cite:t}`gouin2008influence` and {cite:p}`pfitzer2005medizinische`.\n"
    built = build(index=page + "\n```{references}\n```\n")
    text = built.page().xpath("//h1/following-sibling::p")[0]

    assert built.warnings == ""
    assert "others" not in text.text_content()
    assert "Gouin et al. (2008)" in text.text_content()


def test_a_card_escapes_what_html_would_read():
    """Titles may hold signs that mean something in HTML."""
    html = citation_cards.card(entry("Doe, J", title="Cells < mice \\& men", year="2001"))

    assert "Cells &lt; mice &amp; men" in html
