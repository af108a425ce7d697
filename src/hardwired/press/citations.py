"""Works and the lists that they stand in: on paper a book has one list, a handout its own.

On the web each chapter ends with the works that it cites, and the bibliography has them all again.
In print that would be every reference twice: there links lead to the one list of the back matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from docutils import nodes

__all__ = ["citation_labels", "one_list"]


def citation_labels(trees: Mapping[str, nodes.document]) -> Iterable[str]:
    """Give the labels of all entries of reference lists."""
    for docname, tree in trees.items():
        for node in tree.findall(nodes.Element):
            if isinstance(node, nodes.citation):
                yield from (f"{docname}#{i}" for i in node["ids"])
            elif "hw-reference-list" in node.get("classes", ()):
                for item in node.children:
                    yield from (f"{docname}#{i}" for i in item["ids"])


def one_list(env: Any, back_matter: Collection[str]) -> dict[str, str]:
    """Give the label of each work in the book's one list by its labels in the lists of chapters.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        The environment of the build.
    back_matter : collection of str
        The pages among which the one list stands.

    Returns
    -------
    dict of str to str
        Empty if the book has no list in its back matter.
    """
    citations = env.domaindata.get("cite", {}).get("citations", ())
    whole = {
        it.key: f"{it.bibliography_key.docname}#{it.citation_id}"
        for it in citations
        if it.bibliography_key.docname in back_matter
    }
    return {
        f"{it.bibliography_key.docname}#{it.citation_id}": whole[it.key]
        for it in citations
        if it.key in whole and it.bibliography_key.docname not in back_matter
    }
