"""The walk of a reader, in Chromium, Firefox and WebKit, with two sets of fonts.

From the first page into a chapter, through its quiz, its sliders, its cards and its figures, by
search and by a link that somebody sent, in the other colours, to the printer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.book.test_pages import HTML
from tests.book.test_reading import EQUATIONS, OVERLAPS
from tests.conftest import count
from tests.engines import View
from tests.engines.view import wait
from tests.live.served import Server

pytestmark = [pytest.mark.ring("all"), pytest.mark.needs("book"), pytest.mark.sampled]

ENGINES = [
    pytest.param(0, id="chromium", marks=pytest.mark.needs("browser")),
    pytest.param(1, id="firefox", marks=pytest.mark.needs("firefox")),
    pytest.param(2, id="webkit", marks=pytest.mark.needs("webkit")),
]
NAMES = ("chromium", "firefox", "webkit")
FACES, SCHEMES, WIDTHS = ("dejavu", "narrow"), ("light", "dark"), (1280, 768, 390)
CHAPTER = "chapters/05-wounds.html"
WIDE = "() => document.documentElement.scrollWidth - innerWidth"
#: Brightness of the page's ground, from 0 to 255.
GROUND = """() => Math.max(...getComputedStyle(document.body).backgroundColor
  .match(/[\\d.]+/g).slice(0, 3).map(Number))"""
#: What of an element's box lies outside the window, in pixels.
OUTSIDE = """(css) => {
  const { left, top, right, bottom } = document.querySelector(css).getBoundingClientRect();
  return Math.max(0, -left, -top, right - innerWidth, bottom - innerHeight);
}"""
#: Makes the rules for paper hold on the screen: what a browser does before it prints.
PRINT = """() => {
  const change = (rules) => [...rules].forEach((rule) => {
    if (rule.media?.mediaText.includes("print"))
      rule.media.mediaText = rule.media.mediaText.includes("not print") ? "not all" : "all";
    if (rule.cssRules) change(rule.cssRules);
  });
  for (const sheet of document.styleSheets) {
    if (sheet.media.mediaText.includes("print")) sheet.media.mediaText = "all";
    change(sheet.cssRules);
  }
}"""
SEEN = """(css) => [...document.querySelectorAll(css)]
  .filter((node) => node.checkVisibility()).map((node) => node.className)"""


def cases(engine: int) -> list[tuple[str, str, int]]:
    """Give fonts, scheme and width of an engine's walks: each pair of anything is in the first 3.

    The first three of the three engines are nine rows of a Latin square (an engine and a width
    give a row), whose third and fourth columns give scheme and fonts.
    """
    square = [
        (FACES[(engine + w) % 3 % 2], SCHEMES[(engine + 2 * w) % 3 % 2], WIDTHS[w])
        for w in range(3)
    ]
    every = [(face, scheme, width) for face in FACES for scheme in SCHEMES for width in WIDTHS]
    return square + [case for case in every if case not in square]


def test_the_sample_of_walks_holds_each_pair() -> None:
    """Of engine, fonts, scheme and width; and the whole holds each case once."""
    sample = {(NAMES[e], *case) for e in range(3) for case in cases(e)[:3]}
    whole = {(NAMES[e], *case) for e in range(3) for case in cases(e)}
    for a in range(4):
        for b in range(a):
            pairs = {(case[a], case[b]) for case in whole}

            assert {(case[a], case[b]) for case in sample} == pairs
    assert len(whole) == 3 * 2 * 2 * 3


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Give the address of the book on a static server."""
    running = Server(HTML)
    yield running.address
    running.close()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_reader_walks_through_the_book(
    started: Callable[..., Any], address: str, engine: int
) -> None:
    """Each step is taken with pointer and keys, and what it promises is seen."""
    for face, scheme, width in cases(engine)[: count(12, 3)]:
        print(f"fonts {face}, {scheme}, {width} px")
        begun = time.monotonic()
        with started(NAMES[engine], face=face, scheme=scheme, width=width) as view:
            view.open(f"{address}/index.html")
            _lands(view, dark=scheme == "dark")
            _reads(view)
            _answers(view)
            link = _moves_a_slider(view)
            _opens_a_card(view)
            _enlarges(view)
            _follows(view, address, link)
            _changes_colours(view, address, dark=scheme == "dark")
            _prints(view)
            _searches(view, address)
        print(f"walked in {time.monotonic() - begun:.1f} s")


def _lands(view: View, *, dark: bool) -> None:
    """Hold the first page to its title, a picture, the system's colours and the window's width."""
    assert view.script("() => document.querySelector('article h1').innerText").startswith(
        "Hardwired"
    )
    assert view.script(SEEN, "article figure svg")
    assert view.script(WIDE) <= 0
    assert (view.script(GROUND) < 80) is dark
    view.click('.hw-doors a[href*="05-wounds"]')
    wait(
        view,
        "(page) => location.pathname.endsWith(page) && !!document.querySelector('h1')",
        CHAPTER,
    )
    wait(view, "() => document.readyState === 'complete'")


def _reads(view: View) -> None:
    """Hold the chapter to the window's width, and each formula to its place beside its number."""
    assert view.script(WIDE) <= 0
    assert view.script(f"() => ({OVERLAPS})(({EQUATIONS})())") == []


def _answers(view: View) -> None:
    """Answer a number wrongly, then rightly, as people write it: each is told."""
    fold = '.hw-quiz-item:has([data-kind="numeric"])'
    key = view.script(f"() => document.querySelector('{fold} details').dataset.answer")
    for typed, result in (("0", "wrong"), (key.replace(".", ","), "right")):
        view.click(f"{fold} input")
        view.script(f"() => document.querySelector('{fold} input').select()")
        view.type(typed)
        view.press("Enter")
        wait(view, f"() => document.querySelector('{fold} .hw-quiz-{result}')?.innerText")


def _moves_a_slider(view: View) -> str:
    """Move a slider: the curve follows, the value is said, the link to the setting is given."""
    curve = "() => document.querySelector('.hw-explorer-plot path.hw-curve').getAttribute('d')"
    value = "() => document.querySelector('.hw-explorer input').getAttribute('aria-valuetext')"
    before = view.script(curve), view.script(value)
    view.script("() => document.querySelector('.hw-explorer input').focus()")
    view.press(*["ArrowRight"] * 5)
    wait(
        view,
        "(old) => document.querySelector('path.hw-curve').getAttribute('d') !== old",
        before[0],
    )
    assert view.script(value) != before[1]
    view.click(".hw-explorer button", "Copy link")
    wait(view, "() => document.querySelector('.hw-explorer-said').innerText.includes('copied')")
    link = str(view.script("() => location.href"))
    assert "#explore=" in link
    return link


def _opens_a_card(view: View) -> None:
    """Point at a citation: what it stands for is shown inside the window."""
    view.hover("article section p .bibtex-citation a")
    wait(view, "() => document.querySelector('#hw-card').innerText")
    assert view.script(OUTSIDE, "#hw-card") == 0


def _enlarges(view: View) -> None:
    """Open a figure: it stands inside the window, and goes back."""
    view.click("article .cell figure .hw-enlarge")
    wait(view, "() => document.querySelector('dialog[open] .hw-stage svg')?.clientWidth > 250")
    assert view.script(OUTSIDE, "dialog[open]") < 1
    view.press("Escape")
    wait(view, "() => !document.querySelector('dialog[open]')")


def _follows(view: View, address: str, link: str) -> None:
    """Paste the link and open it: it leads to the explorer, as it was set."""
    said = "() => document.querySelector('.hw-explorer input').getAttribute('aria-valuetext')"
    set_to = view.script(said)
    view.open(f"{address}/search.html")
    view.click("#hw-query")
    view.press("Control+v")
    pasted = wait(view, "() => document.getElementById('hw-query').value")
    assert pasted == link
    view.open(pasted)
    assert view.script(said) == set_to
    wait(view, f"() => ({OUTSIDE})('.hw-explorer-plot') < innerHeight / 2")


def _searches(view: View, address: str) -> None:
    """Search a word in its other spelling: the first hit leads to its place."""
    view.open(f"{address}/search.html")
    view.click("#hw-query")
    view.type("hemostasis")
    view.press("Enter")
    wait(view, "() => document.querySelectorAll('#search-results li').length > 0")
    view.click("#search-results a")
    wait(view, "() => !location.pathname.includes('search') && document.readyState === 'complete'")
    wait(
        view,
        """() => {
      const id = decodeURIComponent(location.hash.slice(1)).split(":~:")[0];
      const box = document.getElementById(id)?.getBoundingClientRect();
      return box && box.bottom > 0 && box.top < innerHeight;
    }""",
    )


def _changes_colours(view: View, address: str, *, dark: bool) -> None:
    """Ask for the other colours: they come, and the next page keeps them."""
    view.open(f"{address}/index.html")
    view.click(".theme-toggle")
    wait(view, f"(dark) => (({GROUND})() < 80) !== dark", dark)
    view.open(f"{address}/{CHAPTER}")
    assert (view.script(GROUND) < 80) is not dark


def _prints(view: View) -> None:
    """Look at what is printed: dark on white, and nothing is left to press."""
    view.script(PRINT)
    assert view.script(GROUND) > 240
    ink = view.script(
        GROUND.replace("document.body", "document.querySelector('article')").replace(
            "backgroundColor", "color"
        )
    )
    assert ink < 80
    left = ".sidebar-drawer, .mobile-header, .theme-toggle, .hw-enlarge, .hw-copy, .back-to-top"
    assert view.script(SEEN, left) == []


#: What lies over its left neighbour: a parenthesis over the script before it.
FENCES = """() => [...document.querySelectorAll("math mo")]
  .filter((node) => node.textContent === "(" && node.previousElementSibling)
  .map((node) => {
    const [before, own] = [node.previousElementSibling, node].map((n) => n.getBoundingClientRect());
    const level = before.bottom > own.top && before.top < own.bottom;
    return [node.parentElement.textContent.slice(0, 40), level ? before.right - own.left : 0];
  })
  .filter(([, over]) => over > 1)"""
#: Formulas that are wider than their column and cannot be scrolled.
CUT = """() => [...document.querySelectorAll("div.math")]
  .filter((node) => node.scrollWidth > node.clientWidth + 1)
  .filter((node) => !/auto|scroll/.test(getComputedStyle(node).overflowX))
  .map((node) => node.textContent.slice(0, 60))"""


#: Formulas that fit but for a hair, and get a scroll bar for it.
HAIR = """() => [...document.querySelectorAll("div.math")]
  .map((node) => [node.scrollWidth - node.clientWidth, node.textContent.slice(0, 60)])
  .filter(([over]) => over > 0 && over < 10)"""
#: How the links of terms and of works are underlined: with dots, in every engine.
DOTTED = """() => ["a:has(> .std-term)", ".bibtex-citation a"].map((kind) => {
  const style = getComputedStyle(document.querySelector(`article p ${kind}`));
  return [style.textDecorationLine, style.textDecorationStyle];
})"""


@pytest.mark.parametrize("engine", ENGINES)
def test_formulas_stand_in_their_columns_and_links_look_like_links(
    started: Callable[..., Any], address: str, engine: int
) -> None:
    """No fence lies over a script, no long formula is cut, with fonts that know no mathematics."""
    chapters = sorted((HTML / "chapters").glob("*.html"), key=lambda page: page.name[1] != "2")
    with started(NAMES[engine], face="narrow", width=768) as view:
        for page in chapters[: count(8, 2)]:
            view.open(f"{address}/chapters/{page.name}")

            assert view.script(FENCES) == []
            assert view.script(CUT) == []
            assert view.script(HAIR) == []
            assert view.script(DOTTED) == [["underline", "dotted"]] * 2
            assert view.script(f"() => ({OVERLAPS})(({EQUATIONS})())") == []
