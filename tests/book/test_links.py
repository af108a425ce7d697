"""Every link inside the book leads somewhere, every DOI is one, and nothing drawn lies unused."""

import inspect
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from lxml import html as lxml_html

from tests.conftest import ROOT

pytestmark = pytest.mark.needs("book")

HTML = ROOT / "book/_build/html"
PAGES = sorted(path for path in HTML.rglob("*.html") if "_static" not in path.parts)
SOURCES = sorted((ROOT / "book").glob("*/*.md"))
DOI = re.compile(r"https://doi\.org/10\.\d{4,9}/\S+")


@cache
def _tree(path: Path) -> lxml_html.HtmlElement:
    return lxml_html.parse(str(path)).getroot()


@cache
def _ids(path: Path) -> frozenset[str]:
    return frozenset(_tree(path).xpath("//@id | //a/@name"))


def broken(path: Path) -> Iterator[str]:
    """Give the addresses in a page that lead to no file or to no place in it."""
    for address in sorted(set(_tree(path).xpath("//@href | //@src"))):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.exists():
            yield f"{address}: no such file"
        elif parts.fragment and target.suffix == ".html":
            place = unquote(parts.fragment)
            if place not in _ids(target) and place != "":
                yield f"{address}: no such place"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_link_leads_somewhere(path):
    """Files and anchors exist."""
    assert list(broken(path)) == []


def test_broken_links_are_found(tmp_path):
    """The gate bites: a missing file, a missing place, a missing picture."""
    page = tmp_path / "page.html"
    page.write_text(
        '<p id="here"><a href="#here">a</a><a href="#there">b</a><a href="no.html">c</a>'
        '<img src="no.svg"><a href="https://example.org/x">d</a></p>',
        encoding="utf-8",
    )

    assert list(broken(page)) == [
        "#there: no such place",
        "no.html: no such file",
        "no.svg: no such file",
    ]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.stem)
def test_every_doi_has_the_form_of_one(path):
    """A link to doi.org goes to a DOI over HTTPS."""
    links = [a for a in _tree(path).xpath("//a/@href") if "doi.org" in a]

    assert [link for link in links if not DOI.fullmatch(link)] == []


def _drawings() -> Iterator[tuple[str, str]]:
    """Give every public figure function of the chapters' modules."""
    text = "".join(path.read_text(encoding="utf-8") for path in [*SOURCES, ROOT / "book/index.md"])
    for path in sorted((ROOT / "src/hardwired/figures/chapters").glob("[a-z]*.py")):
        module = import_module(f"hardwired.figures.chapters.{path.stem}")
        for name, thing in inspect.getmembers(module, inspect.isfunction):
            draws = "Figure" in str(thing.__annotations__.get("return"))
            if thing.__module__ == module.__name__ and draws and not name.startswith("_"):
                yield f"{path.stem}.{name}", text


@pytest.mark.parametrize(
    ("name", "text"), list(_drawings()), ids=lambda v: v if len(v) < 80 else ""
)
def test_every_figure_is_shown(name, text):
    """A figure that no page draws goes."""
    assert re.search(rf"\b{re.escape(name.partition('.')[2])}\(", text)
