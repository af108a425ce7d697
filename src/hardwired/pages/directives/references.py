"""``{references}``: the works that this page cites; every reference list as a plain list.

docutils writes bibliography entries with ARIA roles that no reader accepts and with labels that
an author-year book does not print, so each entry becomes an item of an ordinary list.
"""

from typing import Any, ClassVar

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.directives import BibliographyDirective


class References(BibliographyDirective):
    """A bibliography of the works cited in this very page; citations link to it first."""

    option_spec: ClassVar[dict[str, Any]] = {}  # type: ignore[misc]

    def run(self) -> list[nodes.Node]:
        """Return the list in a container of class ``hw-references``."""
        self.options["filter"] = "docname in docnames"
        return [nodes.container("", *super().run(), classes=["hw-references"])]


class PlainReferenceList(SphinxPostTransform):
    """Turn each run of citation nodes into a list whose items keep the anchors."""

    def run(self, **kwargs: Any) -> None:
        """Replace the citations of every container by a bullet list."""
        parents = {id(c.parent): c.parent for c in self.document.findall(nodes.citation)}
        for parent in parents.values():
            items = nodes.bullet_list(classes=["hw-reference-list"])
            for citation in parent.findall(nodes.citation):
                entry = nodes.list_item(ids=citation["ids"])
                entry += [c for c in citation.children if not isinstance(c, nodes.label)]
                items += entry
            parent.children = []
            parent += items
