"""The book has one list of works and a table of its claims; a handout has its own list."""

from __future__ import annotations

from collections import namedtuple
from types import SimpleNamespace
from typing import Any

from docutils import nodes
from docutils.utils import new_document

from hardwired.press import handlers  # noqa: F401  (they register themselves)
from hardwired.press.citations import one_list
from hardwired.press.promise import promised
from hardwired.press.translator import Numbers, Page, Translator
from hardwired.press.written import Written

Citation = namedtuple("Citation", "key citation_id bibliography_key")
Key = namedtuple("Key", "docname")
WORKS = {"chapters/one#id7": "back/bibliography#id2"}


def test_the_same_work_in_two_lists_is_one() -> None:
    """By its key: the chapter's label leads to that of the back matter."""
    cited = [
        Citation("ader1975", "id2", Key("back/bibliography")),
        Citation("ader1975", "id7", Key("chapters/one")),
    ]
    env = SimpleNamespace(domaindata={"cite": {"citations": cited}})

    assert one_list(env, {"back/bibliography"}) == WORKS
    assert one_list(env, set()) == {}


def page(
    *children: nodes.Node, one: dict[str, str] | None = None
) -> tuple[Written, nodes.document]:
    """Translate a page of some nodes."""

    def fail(message: str, node: Any) -> None:
        raise AssertionError(message)

    tree = new_document("chapters/one")
    tree += list(children)
    made = Page("chapters/one", numbers=Numbers(), image=lambda _: None, problem=fail)
    made.one_list = WORKS if one is None else one
    return Translator(made, tree).translate(), tree


def chapter() -> list[nodes.Node]:
    """Make a citation and the chapter's own list."""
    citing = nodes.paragraph("", "", nodes.reference("", "Ader, 1975", refid="id7"))
    entry = nodes.list_item("", nodes.paragraph("", "Ader (1975). Taste."), ids=["id7"])
    works = nodes.bullet_list("", entry, classes=["hw-reference-list"])
    return [citing, nodes.container("", works, classes=["hw-references"])]


def test_a_citation_leads_to_both_lists() -> None:
    """The page design chooses: the chapter's own list in a handout, the one list in the book."""
    written, tree = page(*chapter())
    source = written.typst({"chapters/one#id7"})
    told = promised(tree, str, own_list=False)

    assert '#cited("chapters/one#id7", "back/bibliography#id2")[Ader, 1975];' in source
    assert '#own-references("back/bibliography")[#references(' in source
    assert written.names == {"back/bibliography#id2", "back/bibliography"}
    assert [block.runs for block in told.text.blocks] == [("ader1975",)]
    assert [block.runs for block in told.references.blocks] == [("ader1975taste",)]


def test_without_a_list_in_the_back_a_chapter_keeps_its_own() -> None:
    """A book of one chapter, or a reader's own."""
    written, tree = page(*chapter(), one={})

    assert "#references(" in written.typst(set())
    assert "own-references" not in written.typst(set())
    assert len(promised(tree, str).text.blocks) == 2


def card(number: str, says: str, *parts: nodes.Node) -> nodes.admonition:
    """Make a claim card of the ledger."""
    title = nodes.title(
        "",
        "",
        nodes.inline("", f"Claim {number}", classes=["hw-claim-number"]),
        nodes.inline("", "Contested", classes=["hw-claim-verdict"]),
    )
    strong = nodes.strong("", "The article says:")
    said = nodes.paragraph("", "", strong, nodes.Text(f" {says}"), classes=["hw-claim-says"])
    link = nodes.reference("", "in its chapter", refuri="%chapters/two#claim-c1")
    place = nodes.paragraph("", "", link, classes=["hw-claim-link"])
    return nodes.admonition("", title, said, *parts, place, classes=["hw-claim"])


def test_the_ledger_is_a_table() -> None:
    """A row a claim: what the article says, each part with its certainty, the page."""
    strong = nodes.strong("", "a. Contested; certainty low.")
    part = nodes.paragraph("", "", strong, nodes.Text(" Stress."), classes=["hw-claim-part"])
    whole = nodes.paragraph(
        "", "", nodes.strong("", "Certainty of the human evidence: low."),
        classes=["hw-claim-certainty"],
    )  # fmt: skip
    cards = nodes.container("", card("C1", "Nerves.", part), card("C2", "Glands.", whole))
    cards["classes"] = ["hw-ledger-cards"]

    written, tree = page(cards)
    source = written.typst(set())

    assert "[C1], [Nerves.], [a. Contested; certainty low.]," in source
    assert '[#page-link("chapters/two#claim-c1")]' in source
    assert "[Contested. Certainty: low.]" in source
    assert [block.runs for block in promised(tree, str).text.blocks] == [("nerves",), ("glands",)]
