"""Citations of works that another page lists carry authors, title and DOI with them.

``book/_static/hardwired.js`` shows on hover and on keyboard focus what a citation stands for. It
takes that from the page's own list of references; where a citation leads to another page, the words
stand hidden behind the link. Without the script the whole reference is one click away.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired.evidence.bibliography import plain

if TYPE_CHECKING:
    from pybtex.database import Entry, Person
    from sphinxcontrib.bibtex.domain import BibtexDomain

MOST_AUTHORS = 4
WEB_PAGES = ("html", "dirhtml", "singlehtml")


def family(person: Person) -> str:
    """Return a person's family name as a reader sees it."""
    return plain(" ".join([*person.prelast_names, *person.last_names]))


def authors(entry: Entry) -> str:
    """Return the authors for a small space: up to four families, else three and ``et al.``."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    families = [family(person) for person in people]
    if not families:
        return plain(entry.fields.get("organization", ""))
    if len(families) > MOST_AUTHORS or families[-1] == "others":
        shown = [name for name in families if name != "others"][: MOST_AUTHORS - 1]
        return f"{', '.join(shown)} et al."
    if len(families) == 1:
        return families[0]
    return f"{', '.join(families[:-1])} and {families[-1]}"


def card(entry: Entry) -> str:
    """Return the card of one work as HTML."""
    fields = entry.fields
    who = escape(authors(entry), quote=False)
    title = escape(plain(fields.get("title", "")), quote=False)
    place = f"doi:{fields['doi']}" if "doi" in fields else plain(fields.get("journal", ""))
    return (
        f'<span class="hw-work" hidden="hidden"><b>{who}</b> ({escape(fields.get("year", ""))}). '
        f"{title}. <i>{escape(place, quote=False)}</i></span>"
    )


class CitationCards(SphinxPostTransform):
    """Put a card behind every citation link of a web page that leads to another page."""

    def run(self, **kwargs: Any) -> None:
        """Put the words of a work behind each link that needs them."""
        if self.app.builder.name not in WEB_PAGES:
            return
        domain = cast("BibtexDomain", self.env.get_domain("cite"))
        works = {
            (citation.bibliography_key.docname, citation.citation_id): citation.key
            for citation in domain.citations
        }
        for citation in self.document.findall(nodes.inline):
            if "bibtex-citation" not in citation["classes"]:
                continue
            for link in list(citation.findall(nodes.reference)):
                key = self._key(link, works)
                if key is None:
                    continue
                words = nodes.raw("", card(domain.bibdata.data.entries[key]), format="html")
                link.parent.insert(link.parent.index(link) + 1, words)

    def _key(self, link: nodes.reference, works: dict[tuple[str, str], str]) -> str | None:
        """Return the bibliography key that a link to another page points to."""
        page, _, anchor = link.get("refuri", "").partition("#")
        if not page:
            return None
        for (docname, citation_id), key in works.items():
            if citation_id == anchor and page == self.app.builder.get_relative_uri(
                self.env.docname, docname
            ):
                return key
        return None
