"""The order of the book: parts, chapters, front and back matter, from the root's contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sphinx import addnodes

__all__ = ["Entry", "book_order"]


@dataclass(frozen=True)
class Entry:
    """A page of the book and where it stands.

    Attributes
    ----------
    docname : str
        Sphinx's name of the page.
    part : str
        Caption of the part it belongs to, empty if none.
    matter : str
        ``front``, ``main`` or ``back``.
    depth : int
        0 for a page named by the root, 1 for a page below that, and so on.
    """

    docname: str
    part: str
    matter: str
    depth: int


def book_order(env: Any, root: str) -> list[Entry]:
    """List the pages of the book in reading order.

    Pages before the first numbered part are front matter, pages in numbered parts are the main
    matter, pages after the last numbered one are back matter. The root page itself is a page of
    the web and not of the book.

    Parameters
    ----------
    env : sphinx.environment.BuildEnvironment
        The environment of the build.
    root : str
        Name of the root page.
    """
    trees = list(env.get_doctree(root).findall(addnodes.toctree))
    numbered = [i for i, tree in enumerate(trees) if tree.get("numbered")]
    first, last = (numbered[0], numbered[-1]) if numbered else (0, len(trees) - 1)
    entries: list[Entry] = []
    seen = {root}
    for position, tree in enumerate(trees):
        matter = "front" if position < first else "back" if position > last else "main"
        for docname in _documents(tree):
            _walk(env, docname, tree.get("caption") or "", matter, 0, seen, entries)
    return entries


def _documents(tree: addnodes.toctree) -> list[str]:
    return [docname for _, docname in tree["entries"] if docname and "://" not in docname]


def _walk(
    env: Any, docname: str, part: str, matter: str, depth: int, seen: set[str], out: list[Entry]
) -> None:
    if docname in seen or docname not in env.found_docs:
        return
    seen.add(docname)
    out.append(Entry(docname, part, matter, depth))
    for tree in env.get_doctree(docname).findall(addnodes.toctree):
        for below in _documents(tree):
            _walk(env, below, part, matter, depth + 1, seen, out)
