"""Cards behind citations: plain HTML, shown by the stylesheet on hover and keyboard focus."""

import gzip
import re

import pytest
from pybtex.database import Entry, Person

from hardwired.sphinxext import citation_cards

PAGE = """# Wounds

Slow {cite:p}`kiecolt1995slowing`, slower {cite:p}`marucha1998mucosal,walburn2009psychological`.

As {cite:t}`kiecolt1995slowing` found.

```{references}
```
"""


@pytest.fixture(scope="module")
def pages(build):
    """Build two pages; the second cites a work that only the first lists."""
    other = "# Other\n\nAgain {cite:t}`kiecolt1995slowing`.\n"
    return build(index=PAGE + "\n```{toctree}\nother\n```\n", other=other)


def entry(*people, **fields):
    """Return an entry with authors and fields."""
    return Entry("article", fields, persons={"author": [Person(p) for p in people]})


def cards(page):
    """Return the cards of a page as text."""
    found = page.xpath("//span[@class='hw-card']")
    return [" ".join(card.text_content().split()) for card in found]


def test_every_citation_has_a_card_with_authors_title_and_doi(pages):
    """One behind each link, in the order of the text."""
    found = cards(pages.page())

    assert len(found) == 4
    assert found[0] == (
        "Kiecolt-Glaser, Marucha, Mercado et al. (1995). Slowing of wound healing by "
        "psychological stress. doi:10.1016/s0140-6736(95)92899-5"
    )
    assert found[3] == found[0]


def test_a_card_stands_behind_the_link_that_it_explains(pages):
    """In a wrapper of its own, so that focus on the link shows this card and no other."""
    for wrapper in pages.page().xpath("//span[@class='hw-cite']"):
        link, card = wrapper.xpath("./*")
        assert link.tag == "a"
        assert card.get("class") == "hw-card"
        year = re.search(r"\d{4}", link.text_content()).group()
        assert f"({year})" in card.text_content()


def test_a_citation_of_a_work_listed_elsewhere_has_its_card_too(pages):
    """The link leads to the other page."""
    assert cards(pages.page("other"))[0].startswith("Kiecolt-Glaser, Marucha")


def test_cards_are_hidden_from_views_without_our_stylesheet(pages):
    """The hidden attribute keeps reading views and search engines to the text."""
    assert {c.get("hidden") for c in pages.page().xpath("//span[@class='hw-card']")} == {"hidden"}


def test_no_id_stands_twice(pages):
    """Cards carry no ids at all."""
    ids = pages.page().xpath("//@id")

    assert sorted(set(ids)) == sorted(ids)


def test_cards_are_light(pages):
    """At most 150 bytes a citation after compression."""
    text = (pages.folder / "index.html").read_text(encoding="utf-8")
    bare = re.sub(r'<span class="hw-cite">(.*?)<span class="hw-card".*?</span></span>', r"\1", text)
    more = len(gzip.compress(text.encode())) - len(gzip.compress(bare.encode()))

    assert bare != text
    assert more / text.count("hw-card") <= 150


@pytest.mark.browser
def test_cards_show_on_hover_and_on_keyboard_focus(pages, browser):
    """Only the card of the link in question; gone when the pointer or focus leaves."""
    context = browser.new_context()
    page = context.new_page()
    page.goto((pages.folder / "index.html").as_uri())
    first, second = page.locator(".hw-card").nth(0), page.locator(".hw-card").nth(1)
    seen = [first.is_visible()]

    page.locator(".hw-cite a").nth(0).focus()
    seen += [first.is_visible(), second.is_visible()]
    page.keyboard.press("Tab")
    seen += [first.is_visible(), second.is_visible()]
    page.locator("h1").click()
    page.locator(".hw-cite a").nth(0).hover()
    seen.append(first.is_visible())

    assert seen == [False, True, False, False, True, True]
    context.close()


@pytest.mark.browser
def test_the_pointer_can_move_onto_the_card(pages, browser):
    """WCAG 1.4.13: what appears on hover stays while the pointer is over it."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto((pages.folder / "index.html").as_uri())
    link, card = page.locator(".hw-cite a").nth(0), page.locator(".hw-card").nth(0)

    link.hover()
    line, box = link.bounding_box(), card.bounding_box()
    page.mouse.move(line["x"] + 5, line["y"] + line["height"] - 1)
    page.mouse.move(max(line["x"] + 5, box["x"] + 5), box["y"] + 5, steps=8)

    assert card.is_visible()
    context.close()


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
    for card in text.xpath(".//span[@class='hw-card']"):
        card.getparent().remove(card)

    assert built.warnings == ""
    assert "others" not in text.text_content()
    assert "Gouin et al. (2008)" in text.text_content()


def test_a_card_escapes_what_html_would_read():
    """Titles may hold signs that mean something in HTML."""
    html = citation_cards.card(entry("Doe, J", title="Cells < mice \\& men", year="2001"))

    assert "Cells &lt; mice &amp; men" in html
