"""``{verdict-strip}``: the verdicts of all claims in one strip, for web pages.

A cell a claim, in the order of the book, divided where its parts are judged differently; each leads
to the claim in its chapter. Below it stands what the colours and signs mean, with their numbers.
"""

from __future__ import annotations

from collections import Counter

from docutils import nodes
from docutils.nodes import Node

from hardwired import evidence
from hardwired.evidence import Claim, EvidenceError
from hardwired.evidence.schema import VERDICTS
from hardwired.evidence.sources import DATA
from hardwired.pages.directives.base import HwDirective

__all__ = ["SIGNS", "VerdictStrip"]

#: A sign for each verdict, so that none is told by its colour alone.
SIGNS = {
    "supported": "\u25cf",
    "supported-with-limits": "\u25d0",
    "oversimplified": "\u25b3",
    "contested": "\u25c7",
    "not-shown": "\u25cb",
    "incorrect": "\u2715",
}


class VerdictStrip(HwDirective):
    """The strip and its legend; both are lists, so that they can be heard."""

    def run(self) -> list[Node]:
        """Return a container ``hw-strip`` that only web pages show."""
        self.env.note_dependency(str(DATA / "claims.yml"))
        try:
            claims = list(evidence.claims().values())
        except EvidenceError as error:
            raise self.error(str(error)) from error
        box = nodes.container(classes=["hw-strip", "hw-web-only"])
        self.set_source_info(box)
        cells = nodes.bullet_list(bullet="-", classes=["hw-strip-cells"])
        cells += map(self._cell, claims)
        box += cells
        counts = Counter(part.verdict for claim in claims for part in claim.parts)
        legend = nodes.bullet_list(bullet="-", classes=["hw-strip-legend"])
        for verdict, words in VERDICTS.items():
            if counts[verdict]:
                said = nodes.Text(f" {words}: {counts[verdict]}")
                legend += nodes.list_item("", nodes.paragraph("", "", _sign(verdict), said))
        box += legend
        return [box]

    def _cell(self, claim: Claim) -> nodes.list_item:
        said = "; ".join(VERDICTS[verdict] for verdict in claim.verdicts)
        link = self.inline(f"{{ref}}`{claim.id}: {said} <claim-{claim.id.lower()}>`")
        signs = nodes.inline("", "", *map(_sign, claim.verdicts), classes=["hw-strip-signs"])
        return nodes.list_item("", nodes.paragraph("", "", signs, *link))


def _sign(verdict: str) -> nodes.inline:
    return nodes.inline("", SIGNS[verdict], classes=["hw-strip-sign", f"hw-strip-{verdict}"])
