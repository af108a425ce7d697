"""``{claim} C11``: a claim of the article, weighed, on a card; ``{claims}``: the ledger of all.

A card is an admonition of ordinary nodes with the classes ``hw-claim hw-claim-VERDICT``, so that
every builder sets it. The ledger adds a filter of radio buttons that the stylesheet obeys without
a script; it stands only in web pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from hardwired import evidence
from hardwired.evidence import Claim, ClaimReference, EvidenceError
from hardwired.evidence.schema import CERTAINTY_REASONS, CHAPTERS, OUTCOMES, VERDICTS
from hardwired.evidence.sources import DATA
from hardwired.pages.text.minus_signs import true_minus

ROLE_HEADINGS = {
    "for": "Evidence for it",
    "against": "Evidence against it",
    "qualifies": "Evidence that qualifies it",
}


class _ClaimDirective(SphinxDirective):
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
        card = nodes.admonition(classes=["hw-claim", f"hw-claim-{claim.verdict}"])
        self.set_source_info(card)
        card += nodes.title(
            "",
            "",
            nodes.inline("", f"Claim {claim.id}", classes=["hw-claim-number"]),
            nodes.Text(" "),
            nodes.inline("", claim.verdict_words, classes=["hw-claim-verdict"]),
        )
        card += self._said("The article says:", claim.article_says, "hw-claim-says")
        card += self._said("Why this verdict:", claim.verdict_reasons, "hw-claim-reasons")
        certainty = f"Certainty of the human evidence: {claim.certainty_words.lower()}."
        card += self._said(certainty, "", "hw-claim-certainty")
        if claim.certainty_reasons:
            card += self._list(
                f"{CERTAINTY_REASONS[reason]}: {text}"
                for reason, text in claim.certainty_reasons.items()
            )
        for role, heading in ROLE_HEADINGS.items():
            works = [reference for reference in claim.references if reference.role == role]
            if works:
                card += self._said(f"{heading}:", "", f"hw-claim-role hw-claim-{role}")
                card += self._list(map(_work, works))
        teacher = self._said("A careful teacher would say:", claim.teacher, "hw-claim-teacher")
        card += teacher
        return card

    def _said(self, label: str, text: str, classes: str) -> nodes.paragraph:
        said = nodes.paragraph(classes=classes.split())
        said += nodes.strong("", label)
        if text:
            said += nodes.Text(" ")
            said += self.inline(text)
        return said

    def _list(self, texts: Iterable[str]) -> nodes.bullet_list:
        items = nodes.bullet_list(bullet="-")
        for text in texts:
            paragraph = nodes.paragraph()
            paragraph += self.inline(text)
            items += nodes.list_item("", paragraph)
        return items

    def inline(self, text: str) -> list[nodes.Node]:
        """Parse one line of the page's markup."""
        found, messages = self.state.inline_text(true_minus(text), self.lineno)
        return [*found, *messages]


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
            and self.options.get("verdict", claim.verdict) == claim.verdict
        ]
        if not claims:
            raise self.error("no claim has this chapter and verdict; change the options")
        ledger = nodes.container(classes=["hw-ledger"])
        self.set_source_info(ledger)
        self.add_name(ledger)
        counts = Counter(claim.verdict for claim in claims)
        if len(counts) > 1:
            ledger += nodes.raw("", _filter(counts), format="html", classes=["hw-filter"])
        cards = nodes.container(classes=["hw-ledger-cards"])
        for claim in claims:
            card = self.card(claim)
            link = nodes.paragraph(classes=["hw-claim-link"])
            link += chapter_link("", claim=claim.id)
            card += link
            cards += card
        ledger += cards
        return [ledger]


def _filter(counts: Counter[str]) -> str:
    """Return radio buttons, one a verdict that occurs, well formed as XML too."""
    choices = [("all", f"All {sum(counts.values())}")]
    choices += [(v, f"{words} ({counts[v]})") for v, words in VERDICTS.items() if counts[v]]
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

    default_priority = 8  # before references are resolved

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


def setup(app: Sphinx) -> dict[str, Any]:
    """Register both directives."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_node(chapter_link)
    app.add_directive("claim", ClaimCard)
    app.add_directive("claims", Ledger)
    app.add_post_transform(FinishLedger)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
