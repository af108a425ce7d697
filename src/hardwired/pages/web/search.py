"""Search that works from disk and shows its hits in context.

Sphinx's own search fetches each page it found in order to show a line of it, which a browser
forbids on a folder opened from disk, and it knows words of pages, not of captions or terms. Here
every section, caption, claim, glossary entry and work of the bibliography is one entry with its
words; they are written as a script, ``_static/search-text.js``, which the search page loads at the
first search. The searching is in ``book/_static/search.js``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from hardwired.pages.web.citation_cards import authors

if TYPE_CHECKING:
    from sphinxcontrib.bibtex.domain import BibtexDomain

__all__ = ["Entry", "entries"]

FILE = "_static/search-text.js"
FOLDER = "hardwired-search"
WEB = frozenset({"html", "dirhtml"})
#: One place that can be found: anchor, heading, kind (a number into `KINDS`), words.
Entry = tuple[str, str, int, str]
KINDS = ("section", "caption", "glossary", "reference", "claim")
#: What is not prose: code, formulas, markup of other formats, and the answers to a quiz.
_SILENT = (nodes.raw, nodes.literal_block, nodes.math, nodes.math_block, nodes.comment, nodes.image)
_SILENT_CLASSES = frozenset({"hw-quiz-answer", "cell_input", "hw-web-only", "hw-explorer"})
_BLOCKS = (nodes.TextElement, nodes.list_item, nodes.entry, nodes.definition)


def entries(document: nodes.document, env: BuildEnvironment, docname: str) -> list[Entry]:
    """Return the places of one resolved page.

    Parameters
    ----------
    document
        The page with its references resolved.
    env, docname
        For the numbers of figures and tables.
    """
    found: list[Entry] = []
    for node in document.findall(nodes.section):
        heading = node.next_node(nodes.title)
        title = _words(heading) if heading is not None else ""
        # Of a search for evidence the question is enough: its works and terms stand elsewhere.
        asked = "hw-search" in node["classes"]
        found.append((node["ids"][0], title, 0, "" if asked else _words(node, inside=False)))
    numbers = {**env.toc_fignumbers.get(docname, {})}
    for kind, word in (("figure", "Figure"), ("table", "Table")):
        marked = nodes.figure if kind == "figure" else nodes.table
        for node in document.findall(marked):
            number = numbers.get(kind, {}).get(node["ids"][0]) if node["ids"] else None
            caption = next(iter(node.findall(_is_caption)), None)
            if number and caption is not None:
                label = f"{word} {'.'.join(map(str, number))}"
                found.append((node["ids"][0], label, 1, _words(caption)))
    for card in document.findall(nodes.Admonition):
        # A card of the ledger stands in its chapter too, and there it is found.
        if "hw-claim" in card.get("classes", ()) and "".join(card["ids"]).startswith("claim-"):
            heading = card.next_node(nodes.title)
            parts = heading.children if heading is not None else []
            title = ", ".join(part.astext().strip() for part in parts if part.astext().strip())
            found.append((card["ids"][0], title, 4, _words(card, inside=False)))
    for item in document.findall(nodes.definition_list_item):
        term = item.next_node(nodes.term)
        if term is not None and term["ids"] and isinstance(item.parent.parent, addnodes.glossary):
            meaning = " ".join(_words(part) for part in item.findall(nodes.definition))
            found.append((term["ids"][0], _words(term), 2, meaning))
    called = _called(env, docname)
    for work in document.findall(nodes.list_item):
        if work["ids"] and "hw-reference-list" in work.parent.get("classes", ()):
            if _within(work, "hw-references"):
                continue  # a chapter's own list; the bibliography has all of them
            anchor = work["ids"][0]
            found.append((anchor, called.get(anchor, ""), 3, _words(work)))
    return found


def _called(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """Return the works of a page as texts call them, ``Cohen et al. (1991)``, by their anchor."""
    domain = cast("BibtexDomain", env.get_domain("cite"))
    found = {}
    for citation in domain.citations:
        if citation.bibliography_key.docname == docname:
            work = domain.bibdata.data.entries[citation.key]
            found[citation.citation_id] = f"{authors(work)} ({work.fields.get('year', '')})"
    return found


def _within(node: nodes.Node, name: str) -> bool:
    while (node := node.parent) is not None:
        if name in node.get("classes", ()):
            return True
    return False


def _is_caption(node: nodes.Node) -> bool:
    return isinstance(node, nodes.caption | nodes.title)


def _words(node: nodes.Node, inside: bool = True) -> str:
    """Return the prose of a node; of a section (not ``inside``) only what no other entry has."""
    return " ".join("".join(_texts(node, inside)).split())


def _texts(node: nodes.Node, inside: bool) -> Iterator[str]:
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child.astext()
        elif isinstance(child, _SILENT) or _SILENT_CLASSES & set(child.get("classes", ())):
            yield " "
        elif not inside and _elsewhere(child):
            continue
        else:
            yield from _texts(child, inside)
            if isinstance(child, _BLOCKS) and not isinstance(child, nodes.Inline):
                yield " "


def _elsewhere(node: nodes.Node) -> bool:
    if isinstance(node, nodes.section | nodes.title | nodes.caption | addnodes.glossary):
        return True
    classes = getattr(node, "attributes", {}).get("classes", ())
    return "hw-reference-list" in classes or ("hw-claim" in classes and bool(node["ids"]))


def _place(app: Sphinx, docname: str) -> Path:
    return Path(app.doctreedir) / FOLDER / f"{docname}.json"


def note(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Keep the entries of a page that is being written."""
    if app.builder.name not in WEB:
        return
    place = _place(app, docname)
    place.parent.mkdir(parents=True, exist_ok=True)
    found = entries(document, app.env, docname)
    place.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def _title(env: BuildEnvironment, docname: str) -> str:
    number = env.toc_secnumbers.get(docname, {}).get("")
    name = env.titles[docname].astext()
    return f"{'.'.join(map(str, number))}. {name}" if number else name


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the words of all pages, in the order of the table of contents."""
    if exception or app.builder.name not in WEB:
        return
    env = app.env
    pages = []
    for docname in sorted(env.found_docs):
        place = _place(app, docname)
        if not place.is_file():  # the page was written before this module was there
            note(app, env.get_and_resolve_doctree(docname, app.builder), docname)
        found = json.loads(place.read_text(encoding="utf-8"))
        pages.append([app.builder.get_target_uri(docname), _title(env, docname), found])
    (Path(app.outdir) / "searchindex.js").unlink(missing_ok=True)  # of a build without this module
    data = json.dumps(pages, ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / FILE).write_text(f"hardwiredSearch({data});\n", encoding="utf-8")


def replace(app: Sphinx) -> None:
    """Switch off Sphinx's own search of a web build."""
    if app.builder.name in WEB:
        app.builder.search = False  # type: ignore[attr-defined]


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add the page that searches."""
    if app.builder.name in WEB:
        yield "search", {"title": "Search"}, "search.html"
