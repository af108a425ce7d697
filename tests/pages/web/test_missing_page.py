"""The page for an address where nothing stands leads into the book from any depth of any host."""

import io

import lxml.html
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.pages.conftest import CONFIGURATION

ADDRESS = "https://example.org/hardwired/current/"
WRONG = "https://example.org/hardwired/current/chapters/05/no-such.html"


def built(folder, address, builder="html"):
    """Return the folder of a small book that says where it is published."""
    (folder / "index.md").write_text("# Book\n\n```{toctree}\nchapters/one\n```\n")
    (folder / "chapters").mkdir()
    (folder / "chapters/one.md").write_text("# One\n")
    with patch_docutils(), docutils_namespace():
        Sphinx(
            srcdir=folder,
            confdir=None,
            outdir=folder / "_build",
            doctreedir=folder / "_doctrees",
            buildername=builder,
            confoverrides=CONFIGURATION | {"html_baseurl": address},
            status=io.StringIO(),
            warning=io.StringIO(),
        ).build()
    return folder / "_build"


@pytest.mark.parametrize("address", [ADDRESS, ADDRESS.rstrip("/")])
def test_links_start_from_the_address_of_the_book(tmp_path, address):
    """Sent for a wrong address, every link and file it names is one of the book's."""
    out = built(tmp_path, address)
    page = lxml.html.parse(str(out / "404.html"), base_url=WRONG).getroot()
    (base,) = page.xpath("//base/@href")
    before = page.xpath("//base/preceding::*[@href or @src]")
    page.make_links_absolute()
    links = {link.partition("#")[0].partition("?")[0] for _, _, link, _ in page.iterlinks()}
    inside = sorted(link for link in links if "furo" not in link or link.startswith(ADDRESS))

    assert base == ADDRESS
    assert before == []
    assert {ADDRESS + name for name in ("index.html", "search.html", "genindex.html")} <= links
    assert [link for link in inside if not link.startswith(ADDRESS)] == []
    assert [link for link in inside if not (out / link.removeprefix(ADDRESS)).exists()] == []
    skip = page.xpath("//a[contains(@class, 'skip-to-content')]/@href")
    assert skip == [f"{ADDRESS}404.html#furo-main-content"]
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_without_an_address_the_page_is_right_at_its_place(tmp_path):
    """A folder on a disk has no address: links are relative, as in every other page."""
    out = built(tmp_path, "")
    page = lxml.html.parse(str(out / "404.html")).getroot()

    assert page.xpath("//base") == []
    assert page.xpath("//article//a/@href") == ["index.html", "genindex.html", "search.html"]
    assert page.xpath("//a[contains(@class, 'skip-to-content')]/@href") == ["#furo-main-content"]


def test_a_book_that_is_no_web_page_has_none(tmp_path):
    """Nobody asks an EPUB for an address."""
    out = built(tmp_path, ADDRESS, "epub")

    assert list(out.glob("404.*")) == []
