"""The mark ``{searched}``, the page it leads to, cards in parts, and the ledger as data."""

import csv
import io
import json
import re

import pytest
from frictionless import Package

from hardwired import evidence
from hardwired.evidence.claim_ledger import (
    Claim,
    ClaimReference,
    Effect,
    Move,
    Numbers,
    Outcome,
    Part,
)
from hardwired.evidence.search_rows import LeftOut, Search

SEARCH = Search(
    id="c11-slow-wounds",
    date="2026-11-30",
    claim="C11",
    question="In adults, does distress slow healing?",
    terms=("stress wound healing", "distress biopsy"),
    where="an index of stored public pages",
    seen=14,
    taken=("walburn2009psychological",),
    left_out=(LeftOut("Poe 1999", "in mice"),),
    remarks="Abstracts only.",
)
OUTCOME = Outcome(
    outcome="days to heal",
    kind="human",
    population="adults with a small standard wound",
    comparison="distressed v not",
    studies=11,
    people=1234,
    effect=Effect("r", -0.42, -0.51, -0.32),
    finding="",
    starts="low",
    lowers=(Move("risk-of-bias", 1, "Nobody could assign distress."),),
    raises=(),
    certainty="very-low",
    certainty_why="",
    numbers=Numbers(),
    references=("walburn2009psychological",),
)
WORKS = (
    ClaimReference("walburn2009psychological", "for", "It pools eleven studies.", "human"),
    ClaimReference("kiecolt1995slowing", "qualifies", "It has 26 people in it.", "human"),
)
TEACHER = "A careful teacher says little."


def part(letter, verdict, outcome=OUTCOME):
    """Return a part with one outcome."""
    return Part(
        id=letter,
        statement=f"Statement {letter}.",
        question="Does it?",
        verdict=verdict,
        verdict_reasons=f"Reasons {letter}.",
        would_change=f"A trial {letter}.",
        searches=("c11-slow-wounds",),
        outcomes=(outcome,),
        references=WORKS,
    )


CLAIM = Claim(
    id="C11",
    chapter="05-wounds",
    article_says="Hurt people heal slowly.",
    parts=(part("a", "supported-with-limits"), part("b", "not-shown")),
    teacher=TEACHER,
)
PAGES = {
    "index": "# Book\n\n```{toctree}\nchapter\nsearches\n```\n",
    "chapter": (
        "# Wounds\n\nNobody has.{searched}`c11-slow-wounds`\n\n:::{claim} C11\n:::\n\n"
        "```{references}\n```\n"
    ),
    "searches": (
        "# How\n\n:::{verdicts}\n:::\n\n:::{ledger-data}\n:::\n\n## Five\n\n"
        ":::{searches} 05-wounds\n:::\n\n## One\n\n:::{searches} 01-hardwired\n:::\n\n"
        "## Ledger\n\n:::{claims}\n:::\n\n```{references}\n```\n"
    ),
}


@pytest.fixture(scope="module")
def patched():
    """Put one claim in two parts and one search in the place of the book's own."""
    patch = pytest.MonkeyPatch()
    patch.setattr(evidence, "claims", lambda: {"C11": CLAIM})
    patch.setattr(evidence, "searches", lambda: {SEARCH.id: SEARCH})
    yield patch
    patch.undo()


@pytest.fixture(scope="module")
def book(patched, build):
    """Build a chapter with a mark and a card, and the page of searches."""
    return build(**PAGES)


def classed(page, name):
    """Return the elements of a page with a class."""
    return page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def words(element):
    """Return the text of an element with single blanks."""
    return " ".join(element.text_content().split())


def test_the_build_has_no_warning(book):
    """Mark, card and table resolve."""
    assert book.warnings == ""


def test_the_mark_leads_to_the_row(book):
    """A raised word after the sentence, linked to the search's anchor on its page."""
    mark = classed(book.page("chapter"), "hw-searched")[0]

    assert mark.tag == "sup"
    assert words(mark) == "search"
    assert mark.xpath(".//a/@href") == ["searches.html#search-c11-slow-wounds"]
    assert book.page("searches").xpath("//section[@id='search-c11-slow-wounds']")


def test_a_row_says_all_that_was_done(book):
    """Question, day, terms, place, number seen, taken, left out, limits."""
    row = words(book.page("searches").xpath("//section[@id='search-c11-slow-wounds']")[0])

    for said in (
        "In adults, does distress slow healing?",
        "on 30 November 2026, for claim C11: stress wound healing; distress biopsy.",
        "an index of stored public pages. Works looked at: 14.",
        "Poe 1999, in mice.",
        "Abstracts only.",
    ):
        assert said in row
    assert re.search(r"Taken: Walburn et al\.? \(2009\)", row)


def test_a_chapter_without_search_says_so(book):
    """Silence would look like a fault of the page."""
    assert "For this chapter no search has been made." in words(book.page("searches"))


def test_verdicts_stand_with_what_would_change_them_and_the_last_search(book):
    """One row a part."""
    table = classed(book.page("searches"), "hw-verdicts")[0]
    rows = [words(row) for row in table.xpath(".//tbody/tr")]

    assert rows == [
        "C11a Statement a. Supported, with limits A trial a. 30 November 2026",
        "C11b Statement b. Not shown A trial b. 30 November 2026",
    ]


def test_a_divided_claim_bears_every_verdict_and_stands_under_each_filter(book):
    """The classes are what the stylesheet's filter goes by."""
    card = classed(book.page("chapter"), "hw-claim")[0]
    choices = book.page("searches").xpath("//fieldset[@class='hw-filter']//input/@value")

    for name in ("supported-with-limits", "not-shown", "divided"):
        assert f"hw-claim-{name}" in card.get("class").split()
    assert choices == ["all", "supported-with-limits", "not-shown", "divided"]
    assert words(classed(book.page("chapter"), "hw-claim-verdict")[0]) == (
        "Supported, with limits; Not shown"
    )


def test_a_card_shows_the_summary_of_findings_of_each_part(book):
    """Outcome, who, how many, effect with interval, certainty, and the computed one beside."""
    tables = book.page("chapter").xpath("//table[contains(@class, 'hw-findings-table')]")
    heads = [words(cell) for cell in tables[0].xpath(".//thead//th")]
    cells = [words(cell) for cell in tables[0].xpath(".//tbody/tr/*")]

    assert len(tables) == 2
    assert heads == ["Outcome", "In whom, and what was compared", "Found", "Certainty"]
    assert cells == [
        "days to heal",
        "adults with a small standard wound: distressed v not; 11 studies, 1,234 people",
        "r \u22120.42 (\u22120.51 to \u22120.32).",
        "\u25cf\u25cb\u25cb\u25cb Very low",
    ]


def test_each_part_begins_with_its_verdict_and_certainty(book):
    """Before the reasons, in one line."""
    heads = [words(p) for p in classed(book.page("chapter"), "hw-claim-part")]

    assert heads == [
        "a. Supported, with limits; certainty very low. Statement a.",
        "b. Not shown; certainty very low. Statement b.",
    ]


def test_verdict_and_findings_stand_before_the_folded_works(book):
    """What a reader wants first is not behind a fold; the works are."""
    card = classed(book.page("chapter"), "hw-claim")[0]
    folded = [words(summary) for summary in card.xpath(".//details/summary")]

    assert folded == [
        "Why this verdict and this certainty (a)",
        "Why this verdict and this certainty (b)",
        "The 4 works",
    ]
    assert not card.xpath(".//details//table")
    assert "Risk of bias (\u22121): Nobody could assign distress." in words(card)
    assert "the numbers alone suggest very low" in words(card)


def test_the_ledger_is_written_as_data(book):
    """Tables that read back, and JSON-LD with verdict, works and the day of the last search."""
    folder = book.folder / "data"
    outcomes = list(csv.DictReader(io.StringIO((folder / "outcomes.csv").read_text("utf-8"))))
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    graph = json.loads((folder / "ledger.jsonld").read_text("utf-8"))["@graph"]

    assert outcomes[0]["certainty"] == "very-low"
    assert (outcomes[0]["value"], outcomes[0]["low"]) == ("-0.42", "-0.51")
    for resource in package["resources"]:
        assert (folder / resource["path"]).is_file(), resource["path"]
    assert [item["@id"] for item in graph] == ["#C11a", "#C11b"]
    assert graph[1]["reviewRating"]["alternateName"] == "Not shown"
    assert graph[0]["datePublished"] == "2026-11-30"


def test_the_data_package_is_valid_for_frictionless(book):
    """The reference implementation of the standard reads every table."""
    report = Package(str(book.folder / "data/datapackage.json")).validate()

    assert report.flatten(["rowNumber", "fieldNumber", "message"]) == []


def test_links_to_the_data_lead_to_files(book):
    """Each name in the list is a file beside the pages."""
    links = [a for a in book.page("searches").xpath("//a/@href") if a.startswith("data/")]

    assert len(links) == 8
    assert all((book.folder / link).is_file() for link in links)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("No.{searched}`c11-none`\n", "unknown search 'c11-none'; add its row to searches.csv"),
        (":::{searches} 09-end\n:::\n", "no chapter '09-end'; write one of"),
    ],
)
def test_a_mistake_is_said_with_file_and_line(patched, build, text, expected):
    """A role that names no search and a chapter that does not exist."""
    warnings = build(index=f"# A\n\n{text}").warnings

    assert re.search(r"index\.md:3: .*" + re.escape(expected), warnings), warnings


def test_the_electronic_book_has_marks_rows_and_tables(patched, build):
    """An EPUB shows the same, without the links to files."""
    book = build("epub", **PAGES)
    page = (book.folder / "searches.xhtml").read_text(encoding="utf-8")

    assert "search-c11-slow-wounds" in (book.folder / "chapter.xhtml").read_text(encoding="utf-8")
    assert "30 November 2026" in page
    assert "ledger.jsonld" not in page
