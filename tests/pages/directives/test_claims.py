"""The claim card and the ledger, in web pages and in the doctree that every builder reads."""

import re

import pytest
from docutils import nodes

from hardwired import evidence
from hardwired.evidence.schema import CHAPTERS, VERDICTS
from hardwired.pages.directives.claims import ROLE_HEADINGS
from tests.conftest import ROOT

pytestmark = pytest.mark.ring("test")  # builds a sample book

ROLES = {"for": "for it", "qualifies": "qualify it", "against": "against it"}
REFERENCES = "\n```{references}\n```\n"


def of_chapter(name):
    """Return a section with the searches of a chapter, to which cards link."""
    return f"## Chapter {name}\n\n:::{{searches}} {name}\n:::\n\n"


@pytest.fixture(scope="module")
def cards(build):
    """Build a chapter with a card and a ledger page."""
    return build(
        index="# Book\n\n```{toctree}\nchapter\nledger\nsearches\n```\n",
        chapter="# Wounds\n\n:::{claim} C11\n:::\n\nSee {ref}`claim-c11`.\n" + REFERENCES,
        ledger="# Ledger\n\n:::{claims}\n:::\n" + REFERENCES,
        searches="# Searches\n\n" + "".join(map(of_chapter, CHAPTERS)) + REFERENCES,
    )


def classed(page, name):
    """Return the elements of a page with a class."""
    return page.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def test_the_build_has_no_warning(cards):
    """Every reference of every claim resolves."""
    assert cards.warnings == ""


def test_a_card_says_all_parts_of_the_claim(cards):
    """Statement, verdict, certainty and reasons, evidence by role, and what a teacher says."""
    claim = evidence.claims()["C11"]
    card = classed(cards.page("chapter"), "hw-claim")[0]
    text = " ".join(card.text_content().split())

    assert card.get("id") == "claim-c11"
    for said in ("Claim C11", claim.article_says, "A careful teacher would say:"):
        assert said in text
    for judged in claim.parts:
        assert f"hw-claim-{judged.verdict}" in card.get("class")
        assert f"{judged.id}. {judged.verdict_words}; certainty" in text
        for role, words in ROLE_HEADINGS.items():
            present = any(reference.role == role for reference in judged.references)
            assert (f"{judged.id}. {words}:" in text) == present


def test_each_reference_of_a_card_is_a_citation_with_its_reason(cards):
    """As many citations as references, and each reason in its place."""
    claim = evidence.claims()["C11"]
    card = next(
        node
        for node in cards.doctree("chapter").findall(nodes.admonition)
        if "hw-claim" in node["classes"]
    )
    cited = [n for n in card.findall(nodes.inline) if "bibtex-citation" in n["classes"]]

    assert [n.rawsource for n in cited] == [
        reference.key
        for part in claim.parts
        for role in ("for", "against", "qualifies")
        for reference in part.references
        if reference.role == role
    ]


def test_works_of_a_card_stand_in_the_references_of_the_page(cards):
    """A card cites like the text does."""
    page = cards.page("chapter")
    listed = " ".join(classed(page, "hw-references")[0].text_content().split())

    assert "10.1016/s0140-6736(95)92899-5" in listed


def test_a_card_can_be_linked_to(cards):
    """By the label claim-c11, with the words `claim C11`."""
    link = cards.page("chapter").xpath("//p/a[@href='#claim-c11']")[0]

    assert link.text_content() == "claim C11"


def test_negative_numbers_carry_a_true_minus(cards):
    """R = -0.42 is set with U+2212."""
    text = classed(cards.page("chapter"), "hw-claim")[0].text_content()

    assert "\u22120.42" in text
    assert "-0.42" not in text


def test_the_ledger_shows_all_claims_in_order(cards):
    """22 cards, C1 to C22."""
    page = cards.page("ledger")
    numbers = [element.text_content() for element in classed(page, "hw-claim-number")]

    assert numbers == [f"Claim {number}" for number in evidence.claims()]


def test_the_ledger_links_to_the_chapter_of_a_claim(cards):
    """Only claims whose card stands in a chapter get a link."""
    links = [a.get("href") for p in classed(cards.page("ledger"), "hw-claim-link") for a in p]

    assert links == ["chapter.html#claim-c11"]


def test_the_ledger_is_filtered_without_a_script(cards):
    """One radio button for all and one a verdict that occurs; the count stands beside it."""
    claims = evidence.claims().values()
    page = cards.page("ledger")
    fieldset = page.xpath("//fieldset[@class='hw-filter']")[0]
    occurring = [v for v in VERDICTS if any(v in claim.verdicts for claim in claims)]
    divided = ["divided"] if any(len(claim.verdicts) > 1 for claim in claims) else []

    assert fieldset.xpath("./legend")[0].text_content() == "Show claims by verdict"
    choices = [box.get("value") for box in fieldset.xpath(".//input")]
    assert choices == ["all", *occurring, *divided]
    assert "All 22" in fieldset.text_content()
    for verdict in occurring:
        count = sum(verdict in claim.verdicts for claim in claims)
        assert f"{VERDICTS[verdict]} ({count})" in fieldset.text_content()


@pytest.mark.browser
def test_choosing_a_verdict_hides_the_other_cards(cards, browser):
    """The stylesheet alone obeys the radio buttons, by pointer and by keyboard."""
    context = browser.new_context(java_script_enabled=True)
    page = context.new_page()
    page.goto((cards.folder / "ledger.html").as_uri())
    contested = sum("contested" in claim.verdicts for claim in evidence.claims().values())

    page.locator("input[value=contested]").check()
    shown = page.locator(".hw-claim:visible").count()
    page.locator("input[value=contested]").press("Home")
    page.locator("input[value=all]").check()

    assert shown == contested
    assert page.locator(".hw-claim:visible").count() == 22
    context.close()


def test_the_filter_stays_out_of_the_electronic_book(build):
    """An EPUB has the cards and no form."""
    page = "# Book\n\n:::{claims}\n:chapter: 05-wounds\n:::\n" + REFERENCES
    book = build("epub", index=page)
    text = (book.folder / "index.xhtml").read_text(encoding="utf-8")

    assert "<fieldset" not in text
    assert "hw-card" not in text
    assert text.count("hw-claim-number") == 4


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("# A\n\n:::{claim} C23\n:::\n", r":3: ERROR: .*unknown claim 'C23'; write one of C1,"),
        ("# A\n\n:::{claim}\n:::\n", r":3: (ERROR|WARNING): .*argument"),
        (
            "# A\n\n:::{claims}\n:chapter: 09-end\n:::\n",
            r":3: (ERROR|WARNING): .*chapter",
        ),
        (
            "# A\n\n:::{claims}\n:chapter: 08-balance\n:verdict: supported\n:::\n",
            r":3: ERROR: .*no claim has this chapter and verdict",
        ),
    ],
)
def test_a_mistake_is_said_with_file_and_line(build, page, expected):
    """With warnings as errors each of them stops the build."""
    assert re.search("index.md" + expected, build(index=page).warnings)


def test_a_ledger_of_one_chapter_holds_its_claims_only(build):
    """`:chapter:` narrows the ledger."""
    book = build(index="# A\n\n:::{claims}\n:chapter: 05-wounds\n:::\n\n```{references}\n```\n")
    numbers = [e.text_content() for e in classed(book.page(), "hw-claim-number")]

    assert numbers == ["Claim C11", "Claim C12", "Claim C13", "Claim C14"]


@pytest.mark.parametrize("verdict", [*VERDICTS, "divided"])
def test_the_style_sheet_knows_every_verdict(verdict):
    """A colour for its edge, and a rule that hides the other cards when it is chosen."""
    sheet = (ROOT / "book/_static/hardwired.css").read_text(encoding="utf-8")
    hides = f'.hw-ledger:has([value="{verdict}"]:checked) .hw-claim:not(.hw-claim-{verdict})'

    assert re.search(rf"\.hw-claim-{verdict}\b[^{{]*{{ --hw-box:", sheet)
    assert hides in sheet


def test_a_card_is_a_heading_one_below_its_section(cards):
    """So that somebody who listens finds it by jumping from heading to heading."""
    title = classed(cards.page("chapter"), "hw-claim")[0].xpath("./p[1]")[0]

    assert (title.get("role"), title.get("aria-level")) == ("heading", "2")


def test_the_balance_of_a_card_counts_the_works_on_each_side(cards):
    """In words; the bar is for the eye alone, and as long as the numbers."""
    claim = evidence.claims()["C11"]
    line = classed(cards.page("chapter"), "hw-claim-balance")[0]
    number = {role: sum(w.role == role for w in claim.references) for role in ROLES}

    for role, words in ROLES.items():
        assert not number[role] or f"{number[role]} {words}" in line.text_content()
    sheet = "".join(line.getroottree().xpath("//head/style/text()"))
    names = [name.split()[-1] for name in line.xpath(".//*[@aria-hidden='true']/span/@class")]
    assert [f":is(#k,.{name}){{flex-grow:{n}}}" in sheet for name, n in zip(
        names, filter(None, number.values()), strict=True)] == [True] * len(names)  # fmt: skip
