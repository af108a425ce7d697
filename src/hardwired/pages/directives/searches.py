"""``{searches}``: how it was searched, row by row; the role ``{searched}`` leads there.

The rows are those of `searches.csv`, under the chapter that they belong to; each has the anchor
``search-ID``. ``{verdicts}`` is the table of what would change each verdict, and when the last
search for it was made; ``{ledger-data}`` offers all of it as data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.nodes import Node, system_message
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole

from hardwired import evidence
from hardwired.evidence import EvidenceError, ledger_data
from hardwired.evidence.bib_reader import read_bib
from hardwired.evidence.schema import CHAPTERS, CLAIM_CHAPTERS
from hardwired.evidence.search_rows import Search
from hardwired.evidence.sources import DATA
from hardwired.house.numbers import true_minus
from hardwired.pages.directives.base import HwDirective

DATA_FOLDER = "data"
"""Folder of the web pages in which the data package lies."""

MARK = "search"
"""The small word that the role sets, raised, after a sentence."""


def label_of(name: str) -> str:
    """Return the anchor of a search."""
    return f"search-{name}"


def chapter_of(search: Search) -> str:
    """Return the chapter that a search belongs to, by its claim or by its id."""
    if search.claim:
        return CLAIM_CHAPTERS[search.claim]
    number = search.id[2:4] if search.id.startswith("ch0") else ""
    return next((name for name in CHAPTERS if name.startswith(number)), CHAPTERS[0])


def date_words(text: str) -> str:
    """Return an ISO date in words: ``30 November 2026``."""
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B} {day.year}"


class Searched(SphinxRole):
    """A small mark after a sentence; it leads to the search that the sentence rests on."""

    def run(self) -> tuple[list[Node], list[system_message]]:
        """Return the mark, or a message where no row has this id."""
        self.env.note_dependency(str(DATA / "searches.csv"))
        try:
            known = evidence.searches()
        except EvidenceError as error:
            return self._refused(str(error))
        name = self.text.strip()
        if name not in known:
            return self._refused(f"unknown search {name!r}; add its row to searches.csv")
        link = addnodes.pending_xref(
            "",
            nodes.inline("", MARK, classes=["std", "std-ref"]),
            refdomain="std",
            reftype="ref",
            reftarget=label_of(name),
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        mark = nodes.superscript("", "", link, classes=["hw-searched"])
        self.set_source_info(mark)
        return [mark], []

    def _refused(self, what: str) -> tuple[list[Node], list[system_message]]:
        message = self.inliner.reporter.error(what, line=self.lineno)
        return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]


class _Evidence(HwDirective):
    """What both directives share."""

    def inline(self, text: str) -> list[Node]:
        """Parse one line of the page's markup; negative numbers get their sign."""
        return super().inline(true_minus(text))

    def searches(self) -> dict[str, Search]:
        """Return all searches, and build this page again when their file changes."""
        self.env.note_dependency(str(DATA / "searches.csv"))
        try:
            return evidence.searches()
        except EvidenceError as error:
            raise self.error(str(error)) from error


class Searches(_Evidence):
    """All searches of one chapter."""

    required_arguments = 1

    def run(self) -> list[Node]:
        """Return a section ``hw-search`` a row, or a sentence where there is none."""
        chapter = self.arguments[0].strip()
        if chapter not in CHAPTERS:
            raise self.error(f"no chapter {chapter!r}; write one of {', '.join(CHAPTERS)}")
        rows = [row for row in self.searches().values() if chapter_of(row) == chapter]
        if not rows:
            return [nodes.paragraph("", "For this chapter no search has been made.")]
        return [self._entry(row) for row in rows]

    def _entry(self, search: Search) -> nodes.section:
        label = label_of(search.id)
        entry = nodes.section(ids=[label], names=[label], classes=["hw-search"])
        self.state.document.note_explicit_target(entry, entry)
        self.set_source_info(entry)
        title = nodes.title("", "", *self.inline(search.question))
        self.set_source_info(title)
        entry += title
        claim = f", for claim {search.claim}" if search.claim else ""
        asked = "; ".join(f"*{_plain(term)}*" for term in search.terms)
        entry += self.said("Asked", f"on {date_words(search.date)}{claim}: {asked}.")
        entry += self.said("Where:", f"{_plain(search.where)}. Works looked at: {search.seen:,}.")
        works = "; ".join(f"{{cite:t}}`{key}`" for key in search.taken) or "none"
        entry += self.said("Taken:", f"{works}.")
        if search.left_out:
            left = "; ".join(f"{_plain(w.work)}, {_plain(w.reason)}" for w in search.left_out)
            entry += self.said("Left out:", f"{left}.", "hw-left-out")
        if search.remarks:
            entry += self.said("Limits:", _plain(search.remarks))
        return entry


class Verdicts(_Evidence):
    """What would change each verdict, and when the last search for it was made."""

    HEADINGS: ClassVar = ("Part", "Verdict", "What would change it", "Last searched")
    WIDTHS: ClassVar = (30, 14, 40, 16)

    def run(self) -> list[Node]:
        """Return the table of all parts."""
        self.env.note_dependency(str(DATA / "claims.yml"))
        searches = self.searches()
        try:
            claims = evidence.claims()
        except EvidenceError as error:
            raise self.error(str(error)) from error
        rows = []
        for claim in claims.values():
            for part in claim.parts:
                dates = [searches[name].date for name in part.searches if name in searches]
                last = date_words(max(dates)) if dates else "\u2013"
                name = f"{{ref}}`{claim.id}{part.id} <claim-{claim.id.lower()}>`"
                said = f"{name} {part.statement}"
                rows.append((said, part.verdict_words, part.would_change, last))
        return [self._table(rows)]

    def _table(self, rows: Iterable[tuple[str, ...]]) -> nodes.table:
        cells = (list(map(self.inline, row)) for row in rows)
        return self.table(self.HEADINGS, self.WIDTHS, cells, classes=["hw-verdicts"])


class LedgerData(_Evidence):
    """Links to the files of the data package, which :func:`write_data` writes beside the pages."""

    def run(self) -> list[Node]:
        """Return the list of files, for web pages alone."""
        up = "../" * self.env.docname.count("/")
        items = nodes.bullet_list(bullet="-")
        described = {f"{name}.csv": title for name, title in ledger_data.TITLES.items()}
        described["ledger.jsonld"] = "The parts as schema.org ClaimReview, in JSON-LD"
        described["datapackage.json"] = "What stands in which file, as a Frictionless data package"
        for name, title in described.items():
            link = nodes.reference("", name, refuri=f"{up}{DATA_FOLDER}/{name}")
            items += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f": {title}.")))
        self.set_source_info(items)
        return [addnodes.only("", items, expr="builder_html or builder_dirhtml")]


def write_data(app: Sphinx, exception: Exception | None) -> None:
    """Write the data package beside the web pages."""
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    entries, _ = read_bib(Path(app.srcdir).parent / "references.bib", "references.bib")
    dois = {key: entry.doi for key, entry in entries.items() if entry.doi}
    claims = evidence.claims().values()
    for name, text in ledger_data.files(DATA, claims, evidence.searches(), dois):
        target = Path(app.outdir) / DATA_FOLDER / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _plain(text: str) -> str:
    """Return text without signs that MyST would read as markup."""
    for sign in "\\*_`$[]{}<>|~#^":
        text = text.replace(sign, f"\\{sign}")
    return text
