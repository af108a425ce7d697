"""The handler of the ledger: on paper a table of all claims; the cards stand in their chapters."""

from __future__ import annotations

from collections.abc import Iterator

from docutils import nodes

from hardwired.press.escape import string
from hardwired.press.registry import writes_class
from hardwired.press.translator import Translator

__all__: list[str] = []

COLUMNS = ("Claim", "The article says", "Verdict, and certainty of the human evidence", "Page")


@writes_class("hw-ledger-cards")
def ledger(t: Translator, node: nodes.Element) -> str:
    """Write a row a claim: its statement, its verdicts with their certainty, its page."""
    header = ", ".join(f"[{name}]" for name in COLUMNS)
    with t.using(in_table=True):
        rows = ",\n  ".join(_row(t, card) for card in node.children)
    return (
        f"\n\n#tab(key: {string(t.key())}, wide: true, rows: {len(node.children)}, "
        "named-rows: true, columns: (auto, 1fr, 1fr, auto), "
        f"header: ({header},),\n  {rows},)\n\n"
    )


def _row(t: Translator, card: nodes.Node) -> str:
    number = next(_of_class(card, "hw-claim-number")).astext().removeprefix("Claim ")
    says = next(_of_class(card, "hw-claim-says"))
    statement = "".join(t.write(child) for child in says.children[1:]).strip()
    verdicts = "; ".join(t.children(it) for it in _of_class(card, "hw-claim-verdict"))
    parts = [_certainty(t, it) for it in _of_class(card, "hw-claim-part", "hw-claim-certainty")]
    judged = " #linebreak() ".join(parts)
    if any(_of_class(card, "hw-claim-certainty")):
        judged = f"{verdicts}. {judged}"
    link = next((it for place in _of_class(card, "hw-claim-link") for it in _links(place)), None)
    page = ""
    if link is not None:
        page = f"#page-link({string(t.link_to(link['refuri'], link))})"
    return f"[{number}], [{statement}], [{judged}], [{page}]"


def _certainty(t: Translator, part: nodes.Element) -> str:
    """Write the line in bold that opens a part: its letter, verdict and certainty."""
    words = t.children(part.children[0]) if isinstance(part.children[0], nodes.Element) else ""
    return words.replace("Certainty of the human evidence", "Certainty")


def _of_class(node: nodes.Node, *names: str) -> Iterator[nodes.Element]:
    for it in node.findall(nodes.Element):
        if set(names) & set(it.get("classes", ())):
            yield it


def _links(node: nodes.Element) -> Iterator[nodes.reference]:
    yield from node.findall(nodes.reference)
