"""``{claim} C11``: a claim of the article, weighed, on a card; ``{claims}``: the ledger of all.

A card is an admonition of ordinary nodes with the class ``hw-claim`` and a class
``hw-claim-VERDICT`` for each verdict of its parts, so that every builder sets it: verdict and
certainty first, then the summary of findings, then the works, folded where a format can fold. The
ledger adds a filter of radio buttons that the stylesheet obeys without a script; it stands only in
web pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.domains.std import StandardDomain
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired import evidence
from hardwired.evidence import Claim, ClaimReference, EvidenceError
from hardwired.evidence.claim_ledger import Part
from hardwired.evidence.schema import CHAPTERS, OUTCOMES, VERDICTS
from hardwired.evidence.sources import DATA
from hardwired.house.numbers import true_minus
from hardwired.pages.directives.base import HwDirective
from hardwired.pages.directives.findings import (
    HEADINGS,
    WIDTHS,
    certainty_range,
    certainty_reasons,
    certainty_span,
    finding_rows,
)

ROLE_HEADINGS = {
    "for": "Evidence for it",
    "against": "Evidence against it",
    "qualifies": "Evidence that qualifies it",
}
DIVIDED = "divided"
"""Class and filter of a claim whose parts have different verdicts."""


class _ClaimDirective(HwDirective):
    """What both directives share: the claims, and the making of a card."""

    option_spec: ClassVar[dict[str, Any]] = {"name": directives.unchanged}

    def load(self) -> dict[str, Claim]:
        """Return all claims, and build this page again when their file changes."""
        self.env.note_dependency(str(DATA / "claims.yml"))
        try:
            return evidence.claims()
        except EvidenceError as error:
            raise self.error(str(error)) from error

    def card(self, claim: Claim) -> nodes.admonition:
        """Make the card of one claim."""
        kinds = [*claim.verdicts, *([DIVIDED] if len(claim.verdicts) > 1 else [])]
        card = nodes.admonition(classes=["hw-claim", *(f"hw-claim-{kind}" for kind in kinds)])
        self.set_source_info(card)
        verdicts = "; ".join(VERDICTS[verdict] for verdict in claim.verdicts)
        card += nodes.title(
            "",
            "",
            nodes.inline("", f"Claim {claim.id}", classes=["hw-claim-number"]),
            nodes.Text(" "),
            nodes.inline("", verdicts, classes=["hw-claim-verdict"]),
        )
        card += self.said("The article says:", claim.article_says, "hw-claim-says")
        card += _balance(claim)
        for part in claim.parts:
            card += self._part(part)
        card += self._folded(f"The {len(claim.references)} works", list(self._works(claim)))
        card += self.said("A careful teacher would say:", claim.teacher, "hw-claim-teacher")
        return card

    def _part(self, part: Part) -> list[nodes.Node]:
        """Return verdict, certainty by outcome, reasons and what would change the verdict."""
        head = nodes.paragraph(classes=["hw-claim-part"])
        head += nodes.strong(
            "", f"{part.id}. {part.verdict_words}; certainty {certainty_range(part)}."
        )
        head += nodes.Text(" ")
        head += self.inline(part.statement)
        return [
            head,
            self._findings(part),
            *self._folded(
                f"Why this verdict and this certainty ({part.id})",
                [
                    self.said("Why this verdict:", part.verdict_reasons, "hw-claim-reasons"),
                    self.said("What would change it:", part.would_change, "hw-claim-change"),
                    self._searches(part),
                    self._list(map(certainty_reasons, part.outcomes)),
                ],
            ),
        ]

    def _searches(self, part: Part) -> nodes.paragraph:
        """Return where the searches for a part are told."""
        marks = ", ".join(f"{{ref}}`{name} <search-{name}>`" for name in part.searches)
        return self.said("Searched:", f"{marks}.", "hw-claim-searches")

    def _findings(self, part: Part) -> nodes.container:
        """Return the summary of findings of a part as a table."""
        rows = (
            [*map(self.inline, cells), certainty_span(outcome)]
            for outcome, cells in zip(part.outcomes, finding_rows(part), strict=True)
        )
        table = self.table(HEADINGS, WIDTHS, rows, classes=["hw-findings-table"])
        return nodes.container("", table, classes=["hw-findings"])

    def _works(self, claim: Claim) -> Iterable[nodes.Node]:
        for part in claim.parts:
            for role, heading in ROLE_HEADINGS.items():
                works = [reference for reference in part.references if reference.role == role]
                if works:
                    label = f"{part.id}. {heading}:"
                    yield self.said(label, "", "hw-claim-role", f"hw-claim-{role}")
                    yield self._list(map(_work, works))

    def _folded(self, summary: str, content: list[nodes.Node]) -> list[nodes.Node]:
        """Return content that a web page shows when it is asked for, and print shows at once."""
        opened = f'<details class="hw-unfold"><summary>{summary}</summary>'
        return [
            nodes.raw("", opened, format="html"),
            *content,
            nodes.raw("", "</details>", format="html"),
        ]

    def _list(self, texts: Iterable[str]) -> nodes.bullet_list:
        items = nodes.bullet_list(bullet="-")
        for text in texts:
            paragraph = nodes.paragraph()
            paragraph += self.inline(text)
            items += nodes.list_item("", paragraph)
        return items

    def inline(self, text: str) -> list[nodes.Node]:
        """Parse one line of the page's markup; negative numbers get their sign."""
        return super().inline(true_minus(text))


def _balance(claim: Claim) -> nodes.paragraph:
    """Return how many works stand on each side, in words and as a bar of web pages."""
    roles = Counter(reference.role for reference in claim.references)
    words = (("for", "for it"), ("qualifies", "qualify it"), ("against", "against it"))
    bar = "".join(
        f'<span class="hw-balance-{role}" style="flex-grow:{roles[role]}"></span>'
        for role, _ in words
        if roles[role]
    )
    told = ", ".join(f"{roles[role]} {said}" for role, said in words if roles[role])
    return nodes.paragraph(
        "",
        "",
        nodes.strong("", "Works:"),
        nodes.Text(f" {told}."),
        nodes.raw("", f'<span class="hw-balance" aria-hidden="true">{bar}</span>', format="html"),
        classes=["hw-claim-balance"],
    )


def _work(reference: ClaimReference) -> str:
    kind = reference.outcome
    where = "" if kind == "human" else f" ({OUTCOMES[kind]})"
    return f"{{cite:t}}`{reference.key}`{where}: {reference.why}"


class ClaimCard(_ClaimDirective):
    """One claim on a card."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the card, which other pages can link to as ``claim-c11``."""
        number = self.arguments[0].strip()
        claims = self.load()
        if number not in claims:
            raise self.error(f"unknown claim {number!r}; write one of {', '.join(claims)}")
        card = self.card(claims[number])
        label = f"claim-{number.lower()}"
        if label not in self.state.document.ids:
            card["ids"].append(label)
            card["names"].append(label)
            self.state.document.note_implicit_target(card, card)
            standard = self.env.get_domain("std")
            assert isinstance(standard, StandardDomain)
            standard.anonlabels[label] = (self.env.docname, label)
            standard.labels[label] = (self.env.docname, label, f"claim {number}")
        self.add_name(card)
        return [card]


class chapter_link(nodes.inline):  # noqa: N801 - docutils names its nodes so
    """A place for a link to the chapter that weighs a claim; `claim` is its number."""


class Ledger(_ClaimDirective):
    """All claims, card after card, with a filter by verdict."""

    option_spec: ClassVar[dict[str, Any]] = {
        "name": directives.unchanged,
        "chapter": lambda text: directives.choice(text, CHAPTERS),
        "verdict": lambda text: directives.choice(text, tuple(VERDICTS)),
    }

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-ledger`` with the filter and the cards."""
        claims = [
            claim
            for claim in self.load().values()
            if self.options.get("chapter", claim.chapter) == claim.chapter
            and self.options.get("verdict", claim.verdicts[0]) in claim.verdicts
        ]
        if not claims:
            raise self.error("no claim has this chapter and verdict; change the options")
        ledger = nodes.container(classes=["hw-ledger"])
        self.set_source_info(ledger)
        self.add_name(ledger)
        counts = Counter(verdict for claim in claims for verdict in claim.verdicts)
        divided = sum(len(claim.verdicts) > 1 for claim in claims)
        if len(counts) > 1:
            buttons = _filter(len(claims), counts, divided)
            ledger += nodes.raw("", buttons, format="html", classes=["hw-filter"])
        cards = nodes.container(classes=["hw-ledger-cards"])
        for claim in claims:
            card = self.card(claim)
            card["ids"].append(f"ledger-{claim.id.lower()}")
            link = nodes.paragraph(classes=["hw-claim-link"])
            link += chapter_link("", claim=claim.id)
            card += link
            cards += card
        ledger += cards
        return [ledger]


def _filter(total: int, counts: Counter[str], divided: int) -> str:
    """Return radio buttons, one a verdict that occurs, well formed as XML too."""
    choices = [("all", f"All {total}")]
    choices += [(v, f"{words} ({counts[v]})") for v, words in VERDICTS.items() if counts[v]]
    if divided:
        choices.append((DIVIDED, f"Divided ({divided})"))
    buttons = "".join(
        f'<label><input type="radio" name="hw-verdict" value="{value}"'
        f'{" checked" if value == "all" else ""} autocomplete="off"> {words}</label>'
        for value, words in choices
    )
    return (
        f'<fieldset class="hw-filter"><legend>Show claims by verdict</legend>{buttons}</fieldset>'
    )


class FinishLedger(SphinxPostTransform):
    """Link each card of the ledger to its chapter, and leave the filter to web pages."""

    def run(self, **kwargs: Any) -> None:
        """Replace every :class:`chapter_link`; remove filters from other formats."""
        standard = self.env.get_domain("std")
        assert isinstance(standard, StandardDomain)
        for place in list(self.document.findall(chapter_link)):
            label = f"claim-{place['claim'].lower()}"
            page, anchor = standard.anonlabels.get(label, ("", ""))
            if not page:
                place.parent.parent.remove(place.parent)
                continue
            words = f"Claim {place['claim']} in its chapter"
            link = nodes.reference("", words, internal=True)
            link["refuri"] = f"{self._address(page)}#{anchor}"
            place.replace_self(link)
        if self.app.builder.name not in ("html", "dirhtml", "singlehtml"):
            for raw in list(self.document.findall(nodes.raw)):
                if "hw-filter" in raw["classes"]:
                    raw.parent.remove(raw)

    def _address(self, page: str) -> str:
        return self.app.builder.get_relative_uri(self.env.docname, page)
