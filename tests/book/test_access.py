"""What holds for every page: landmarks, headings, language, reflow, motion, deep links."""

import posixpath
from itertools import pairwise

import lxml.html
import pytest

from tests.book.test_pages import CHAPTERS, HTML, PAGES

pytestmark = pytest.mark.needs("book")

ONE_OF_EACH = [
    *CHAPTERS[-1:],
    "index.html",
    "search.html",
    "back/glossary.html",
    "back/claims.html",
]
# Roles that docutils or a theme may leave behind and that mean nothing in their place.
FOREIGN_ROLES = {"doc-biblioentry", "doc-biblioref", "doc-backlink", "doc-noteref", "note"}
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"""


@pytest.fixture(scope="module")
def parsed():
    """Return every page, parsed once."""
    return {page: lxml.html.parse(str(HTML / page)).getroot() for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_headings_begin_with_the_title_and_skip_no_level(parsed, page):
    """One first heading, and below each only the next."""
    article = parsed[page].find(".//article")
    levels = [int(node.tag[1]) for node in article.iter("h1", "h2", "h3", "h4", "h5", "h6")]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


@pytest.mark.parametrize("page", PAGES)
def test_landmarks_are_one_of_each_and_named_where_there_are_two(parsed, page):
    """One main part; sides and navigations say which they are; the language is British English."""
    root = parsed[page]
    found = [node for node in root.iter("aside", "nav") if node.get("role") != "none"]
    sides = [node.get("aria-label") for node in found]

    assert root.get("lang") == "en-GB"
    assert len(root.xpath("//main | //*[@role='main']")) == 1
    assert len(root.xpath("//footer[not(ancestor::article)]")) == 1
    assert all(sides)
    assert len(set(sides)) == len(sides)
    assert root.xpath("//a[contains(@class, 'skip-to-content')]/@href") == ["#furo-main-content"]


@pytest.mark.parametrize("page", PAGES)
def test_lists_of_works_are_lists_and_no_foreign_role_is_left(parsed, page):
    """Docutils gives citations roles that no reader accepts."""
    root = parsed[page]
    roles = {role for value in root.xpath("//article//@role") for role in value.split()}

    assert not roles & FOREIGN_ROLES
    for works in root.xpath("//*[contains(@class, 'hw-reference-list')]"):
        assert works.tag == "ul"
        assert {child.tag for child in works} == {"li"}


@pytest.mark.parametrize("page", CHAPTERS)
def test_headings_figures_tables_and_equations_have_links_to_themselves(parsed, page):
    """Each leads to an id that is there, once."""
    root = parsed[page]
    ids = root.xpath("//@id")
    links = root.xpath("//article//a[@class='headerlink']")
    marked = root.xpath(
        "//article//*[self::h2 or self::h3] | //article//figcaption | "
        "//article//*[@class='eqno'] | //article//table/caption"
    )

    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in links} <= set(ids)
    assert [
        node.text_content()[:60] for node in marked if not node.xpath(".//a[@class='headerlink']")
    ] == []


@pytest.mark.parametrize("page", CHAPTERS)
def test_each_head_of_a_table_says_what_it_names(parsed, page):
    """Column or row; a listener in the middle of a table is told both."""
    heads = parsed[page].xpath("//article//table[contains(@class, 'docutils')]//th")

    assert heads
    assert {head.get("scope") for head in heads if head.xpath("ancestor::thead")} == {"col"}
    assert {head.get("scope") for head in heads if head.xpath("ancestor::tbody")} == {"row"}


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_chapter_says_how_long_how_old_and_how_to_cite_it(parsed, page):
    """Below its title and at its foot."""
    root = parsed[page]
    (line,) = root.xpath("//h1/following-sibling::*[1][@class='hw-reading']")
    (cited,) = root.xpath("//*[@class='hw-cite-line']")
    title = root.xpath("//h1/text()")[0].strip()

    assert line.text_content().startswith("About ")
    assert line.xpath("./time/@datetime")
    assert title in cited.text_content()
    assert "In Hardwired: how the nervous and immune systems talk" in cited.text_content()


def test_previous_and_next_lead_through_all_pages_of_the_contents(parsed):
    """Forwards from the cover to the last page, and the same way back."""

    def follow(kind, page):
        seen = []
        while True:
            seen.append(page)
            found = parsed[page].xpath(f"//a[@class='{kind}-page']/@href")
            if not found:
                return seen
            page = posixpath.normpath(posixpath.join(posixpath.dirname(page), found[0]))

    there = follow("next", "index.html")

    assert set(there) == set(PAGES) - {"404.html", "search.html", "genindex.html"}
    assert follow("prev", there[-1]) == there[::-1]


@pytest.fixture
def open_at(browser):
    """Open a page in a window; close it again."""
    opened = []

    def open_page(page, width, height=900, scale=1.0):
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=scale,
            reduced_motion="reduce",
        )
        opened.append(context)
        view = context.new_page()
        view.goto((HTML / page).as_uri())
        view.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        return view

    yield open_page
    for context in opened:
        context.close()


LOST = """() => [...document.querySelectorAll("article *")].filter((node) => {
  if (!node.checkVisibility()) return false;
  if (node.closest("svg, math, .visually-hidden, [hidden]")) return false;
  const style = getComputedStyle(node), box = node.getBoundingClientRect();
  if (["auto", "scroll"].includes(style.overflowX)) return false;
  for (let up = node.parentElement; up; up = up.parentElement)
    if (["auto", "scroll"].includes(getComputedStyle(up).overflowX)) return false;
  const clipped = style.overflowX !== "visible" && node.scrollWidth > node.clientWidth + 1;
  return clipped || (box.width > 0 && box.right > innerWidth + 1);
}).map((node) => node.tagName + "." + node.className + " " + node.textContent.slice(0, 40))"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 640])
@pytest.mark.parametrize("page", ONE_OF_EACH)
def test_nothing_is_lost_at_320_px_and_at_200_per_cent(open_at, page, width):
    """WCAG 1.4.4 and 1.4.10; 640 px is a window of 1280 at 200 %. Wide things scroll inside."""
    view = open_at(page, width, scale=2.0)

    assert view.evaluate(LOST) == []
    assert view.evaluate("document.documentElement.scrollWidth") <= width


# A reader's own sheet, which no policy of a page forbids.
SET_APART = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets.push(sheet);
}"""


@pytest.mark.browser
@pytest.mark.parametrize("page", ONE_OF_EACH)
def test_wider_spacing_of_text_loses_nothing(open_at, page):
    """WCAG 1.4.12: a reader may set lines, letters and words apart."""
    view = open_at(page, 640)
    view.evaluate(SET_APART, SPACED)

    assert view.evaluate(LOST) == []


@pytest.mark.browser
@pytest.mark.parametrize("page", ONE_OF_EACH)
def test_nothing_moves_for_those_who_asked_for_less_motion(open_at, page):
    """No transition, no animation, no gliding scroll."""
    view = open_at(page, 1280)

    moving = view.evaluate(
        """() => [...document.querySelectorAll("*")].filter((node) => {
          const style = getComputedStyle(node);
          return style.transitionDuration !== "0s" && style.transitionProperty !== "none" ||
            style.animationName !== "none" || style.scrollBehavior !== "auto";
        }).map((node) => node.tagName + "." + node.className)"""
    )
    assert moving == []


@pytest.mark.browser
def test_the_outline_follows_the_scroll(open_at):
    """The part that is being read is marked in the outline of the page."""
    view = open_at(CHAPTERS[-1], 1500)
    heading = view.locator("article h2").nth(3)
    heading.evaluate("node => scrollTo(0, node.getBoundingClientRect().top + scrollY)")
    view.wait_for_timeout(300)
    wanted = heading.locator("xpath=..").get_attribute("id")

    marked = view.locator(".toc-tree .scroll-current > a").last.get_attribute("href")
    assert marked == f"#{wanted}"
