"""The strip of all verdicts."""

import pytest

from hardwired import evidence
from hardwired.evidence.schema import VERDICTS
from hardwired.pages.directives.verdict_strip import SIGNS

pytestmark = pytest.mark.ring("test")  # builds a sample book


@pytest.fixture(scope="module")
def page(build):
    """Build a page with the strip, and a card of each claim for it to lead to."""
    cards = "".join(f":::{{claim}} {number}\n:::\n\n" for number in evidence.claims())
    return build(index=f"# Book\n\n```{{verdict-strip}}\n```\n\n{cards}").page("index")


def test_each_claim_has_a_cell_that_leads_to_its_card_and_says_its_verdicts(page):
    """In the order of the book, divided where parts differ."""
    cells = page.xpath("//ul[contains(@class, 'hw-strip-cells')]/li")
    claims = list(evidence.claims().values())

    assert [cell.xpath(".//a/@href") for cell in cells] == [
        [f"#claim-{claim.id.lower()}"] for claim in claims
    ]
    for cell, claim in zip(cells, claims, strict=True):
        said = cell.xpath(".//a")[0].text_content()
        signs = cell.xpath(".//*[contains(@class, 'hw-strip-sign ')]/text()")
        assert said == f"{claim.id}: {'; '.join(VERDICTS[v] for v in claim.verdicts)}"
        assert signs == [SIGNS[verdict] for verdict in claim.verdicts]


def test_the_legend_counts_the_parts_of_each_verdict(page):
    """All of them, and each once."""
    legend = page.xpath("//ul[contains(@class, 'hw-strip-legend')]/li")
    counted = sum(int(item.text_content().rsplit(" ", 1)[1]) for item in legend)

    assert counted == sum(len(claim.parts) for claim in evidence.claims().values())


def test_no_two_verdicts_share_a_sign():
    """Colour is never the only mark."""
    assert len(set(SIGNS.values())) == len(SIGNS) == len(VERDICTS)
