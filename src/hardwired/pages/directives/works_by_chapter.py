"""``{works-by-chapter}``: for each chapter the works that it cites, in a line each.

The works link to the list of the same page; the chapter's own list is one link away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from hardwired.evidence.bibliography import plain
from hardwired.pages.directives.base import HwDirective
from hardwired.pages.text.chapter_numbers import chapter_number
from hardwired.pages.web.citation_cards import family

if TYPE_CHECKING:
    from pybtex.database import Entry
    from sphinxcontrib.bibtex.domain import BibtexDomain


def short(entry: Entry) -> str:
    """Return a work in the fewest words: ``Ader and Cohen 1975``, ``Jin et al. 2024``."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    names = [family(person) for person in people]
    if not names:
        who = plain(entry.fields.get("organization", ""))
    else:
        who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return f"{who} {entry.fields.get('year', '')}"


class works_place(nodes.General, nodes.Element):  # noqa: N801 - docutils names its nodes so
    """A place for the lists, which are known when all pages have been read."""


class WorksByChapter(HwDirective):
    """The works of each chapter."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        return [works_place()]


class FillWorks(SphinxPostTransform):
    """Write a definition list: the chapter, and its works by author and year."""

    def run(self, **kwargs: Any) -> None:
        """Replace every :class:`works_place`."""
        for place in list(self.document.findall(works_place)):
            domain = cast("BibtexDomain", self.env.get_domain("cite"))
            own = {
                citation.key: citation.citation_id
                for citation in domain.citations
                if citation.bibliography_key.docname == self.env.docname
            }
            cited: dict[str, set[str]] = {}
            for reference in domain.citation_refs:
                cited.setdefault(reference.docname, set()).update(t.key for t in reference.targets)
            works = nodes.definition_list(classes=["hw-works"])
            for docname in sorted(cited):
                if chapter_number(docname) is not None:
                    works += self._chapter(domain, docname, cited[docname], own)
            place.replace_self(works)

    def _chapter(
        self, domain: BibtexDomain, docname: str, keys: set[str], own: dict[str, str]
    ) -> nodes.definition_list_item:
        entries = domain.bibdata.data.entries
        known = [key for key in keys if key in entries]
        title = f"{chapter_number(docname)} {self.env.titles[docname].astext()}"
        link = nodes.reference("", f"{title}: {len(known)} works", internal=True)
        link["refuri"] = self.app.builder.get_relative_uri(self.env.docname, docname)
        line = nodes.paragraph()
        said = {key: short(entries[key]) for key in known}
        for key in sorted(known, key=lambda key: (said[key].lower(), key)):
            if len(line):
                line += nodes.Text("; ")
            if key in own:
                line += nodes.reference("", said[key], internal=True, refid=own[key])
            else:
                line += nodes.Text(said[key])
        line += nodes.Text(".")
        return nodes.definition_list_item("", nodes.term("", "", link), nodes.definition("", line))
