"""The printed book itself, read back; that each check finds a fault is shown in ``tests/press``."""

import pdfua
import pikepdf
import pytest

from hardwired.press.binding.net import beside, lost, read
from hardwired.press.binding.pdf_tree import elements
from hardwired.press.promise import Promise
from tests.conftest import ROOT
from tests.press.binding.test_binding import strangers
from tests.press.readback import (
    A4,
    fonts_outside,
    headings,
    outline,
    skipped_levels,
    tables_without_header,
    without_words,
    words_outside,
    wrong_floats,
    wrong_language,
    wrong_pages,
)
from tests.press.sizes import small_formulas

pytestmark = pytest.mark.needs("book")

PDF = ROOT / "book" / "_build" / "pdf" / "hardwired.pdf"
TYPST = ROOT / "book" / "_build" / "typst"


@pytest.fixture(scope="module")
def pdf():
    """Open the book."""
    with pikepdf.open(PDF) as opened:
        yield opened


def test_every_text_of_the_sources_is_on_paper():
    """Each paragraph, caption, cell, listing and work; each formula and figure by its words.

    A text of a few signs has twins all over the book; the build looks for it in its own gathering.
    """
    promise = Promise()
    for main in sorted(TYPST.glob("gathering-*.typ")):
        promise += read(beside(main))
    long = tuple(block for block in promise.blocks if sum(map(len, block.runs)) >= 12)

    assert len(long) > 6000
    assert lost(PDF.read_bytes(), Promise(long, promise.said)) == []


def test_formulas_carry_their_mathml_and_are_said_shortly(pdf):
    """A thousand of them, each with one file, those of the contents too; 400 signs at most."""
    found = [it for it in elements(pdf.Root.StructTreeRoot) if it.S == "/Formula"]

    assert len(found) > 1000
    assert [str(it.Alt) for it in found if len(it.get("/AF", ())) != 1] == []
    assert max(len(str(it.Alt)) for it in found) <= 400


def test_no_word_leaves_its_block():
    """Wide formulas and tables reach out beside the text, but not off the page."""
    assert words_outside(PDF, A4) == []


def test_formulas_are_large_enough_to_be_read():
    """Wide ones are set smaller, but not under 8 points, and no subscript under 5.5."""
    assert small_formulas(PDF) == []


def test_printed_pages_are_where_links_lead():
    """Cross-references, contents, list of figures and index; figures where they float to."""
    assert wrong_pages(PDF) == []
    assert wrong_floats(PDF) == []


def test_a_listener_is_told_everything(pdf):
    """Words for figures and formulas, headings that nest, tables with headers, the language."""
    assert without_words(pdf) == []
    assert skipped_levels(pdf) == []
    assert tables_without_header(pdf) == []
    assert wrong_language(pdf, "en-GB") == []
    assert list(strangers(pdf)) == []


def test_bookmarks_are_the_headings(pdf):
    """What a reader sees beside the page is what a listener hears as headings."""
    assert [level for level, _ in headings(pdf)] == [depth for depth, _ in outline(pdf)]
    assert len(headings(pdf)) > 300


def test_fonts_travel_with_the_file(pdf):
    """No reader needs a font of its own."""
    assert fonts_outside(pdf) == []


def test_every_page_has_its_other_side(pdf):
    """A sheet has two sides."""
    assert len(pdf.pages) % 2 == 0


def test_a_checker_that_is_not_ours_finds_nothing():
    """The rules of PDF/UA-1 that `pdfua` can run: a sixth of them, so this is no validation."""
    report = pdfua.validate(str(PDF))

    assert report.findings == ()
    assert len(report.outcomes) - len(report.skipped) >= 11
