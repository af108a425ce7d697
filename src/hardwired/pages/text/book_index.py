"""The index of the book: uses of the glossary's terms, and entries named by hand.

Beside the glossary lies ``back/index/``, with a file a page (``05-wounds.yml`` for the chapter,
``see.yml`` for directions from one entry to another). A file is a mapping from an entry to words
of the paragraph that it leads to, or to a list of them, or to a mapping of sub-entries::

    wounds:
      of the palate: punched twice in the hard palate
      size and time: [has only 25 %, shrank along an exponential]
    Marucha, Phillip: Phillip Marucha signed

An entry thus stands outside the text. A sentence that is rewritten takes it along as long as most
of the words stay in its paragraph; when they go, the build says which entry has lost its place.
In web pages the index gives the number of the section that an entry leads to, in print the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from hardwired.pages.building.notes import notes
from hardwired.pages.text.chapter_numbers import chapter_number
from hardwired.pages.text.glossary_terms import GLOSSARY, glossary, paragraphs, uses

logger = logging.getLogger(__name__)

FOLDER = "back/index"
SEE = "see.yml"
DIRECTIONS = ("see", "see also")
Place = TypeVar("Place")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "−": "-", "–": "-"})


class IndexFileError(ValueError):
    """A file of the index that cannot be read; the message names file, line and mend."""


def plain(text: str) -> str:
    """Return text with one kind of quote, minus and space, for comparing."""
    return " ".join(text.translate(_ALIKE).split())


def entries(path: Path) -> Iterator[tuple[str, str, int]]:
    """Yield the entries of a file: ``wounds; of the palate``, the words to find, the line.

    Raises
    ------
    IndexFileError
        When the file is no mapping from entries to words.
    """
    try:
        root = yaml.compose(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        what = " ".join(str(error).split())
        raise IndexFileError(f"{path.name}: cannot be read ({what}); mend the YAML") from error
    if root is not None:
        yield from _below(path, root, "")


def _below(path: Path, node: yaml.Node, above: str) -> Iterator[tuple[str, str, int]]:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode) and above.count("; ") < 1:
        for key, value in node.value:
            yield from _below(path, value, f"{above}; {key.value}" if above else key.value)
    elif isinstance(node, yaml.SequenceNode) and above:
        for item in node.value:
            yield from _below(path, item, above)
    elif isinstance(node, yaml.ScalarNode) and above and node.value.strip():
        yield above, node.value, line
    else:
        raise IndexFileError(
            f"{path.name}:{line}: {above or 'the file'!r} is no entry; "
            "write `entry: words of its paragraph`, a list of them, or sub-entries"
        )


def directions(path: Path) -> Iterator[tuple[str, str, str, int]]:
    """Yield the directions of ``see.yml``: ``see`` or ``seealso``, from, to, the line."""
    for entry, target, line in entries(path) if path.is_file() else ():
        kind, _, source = entry.partition("; ")
        if kind not in DIRECTIONS or not source:
            raise IndexFileError(f"{path.name}:{line}: {kind!r}; write `see` or `see also`")
        yield kind.replace(" ", ""), source, target, line


MOST = 0.75
"""The share of an entry's words that a paragraph must have if it does not have them as they are."""


def find(words: str, paragraphs: list[tuple[str, Place]]) -> Place | None:
    """Return the paragraph that says these words, or most of them if a sentence was rewritten.

    Parameters
    ----------
    words
        As the entry has them.
    paragraphs
        Each as its text, made :func:`plain`, and itself.

    Returns
    -------
    The first that has the words; else the one with the largest share of them, if that is
    at least :data:`MOST`; else None.
    """
    wanted = plain(words)
    exact = next((paragraph for text, paragraph in paragraphs if wanted in text), None)
    if exact is not None:
        return exact
    parts = set(re.findall(r"\w+", wanted.lower()))
    best, share = None, 0.0
    for text, paragraph in paragraphs:
        has = len(parts & set(re.findall(r"\w+", text.lower()))) / max(len(parts), 1)
        if has > share:
            best, share = paragraph, has
    return best if len(parts) >= 3 and share >= MOST else None


class _Collector:
    """Gathers the entries of one page and gives each paragraph that is named one id."""

    def __init__(self, env: BuildEnvironment, document: nodes.document) -> None:
        self.env = env
        self.document = document
        self.named: dict[int, str] = {}
        self.seen: set[tuple[str, str]] = set()
        self.collected: list[tuple[str, str, str, str, None]] = []
        self.places: dict[str, str] = {}

    def add(self, entry: str, paragraph: nodes.Element) -> None:
        """Let an entry lead to a paragraph."""
        target = self.named.get(id(paragraph))
        if target is None:
            target = f"index-{self.env.new_serialno('index')}"
            self.named[id(paragraph)] = target
            paragraph["ids"].append(target)
            self.document.note_explicit_target(paragraph, paragraph)
            self.places[target] = _section_of(paragraph)
        if (entry, target) not in self.seen:
            self.seen.add((entry, target))
            self.collected.append(("single", entry, target, "", None))


def _section_of(node: nodes.Node | None) -> str:
    while node is not None and not (isinstance(node, nodes.section) and node["ids"]):
        node = node.parent
    if node is None or isinstance(node.parent, nodes.document):
        return ""
    return str(node["ids"][0])


def places(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return the section in which each target of the index lies, by page and target."""
    return notes(env, "index")


class CollectIndex(SphinxTransform):
    """Mark what the index of a page leads to."""

    def apply(self, **kwargs: Any) -> None:
        """Add an index node with all entries of the page."""
        docname = self.env.docname
        found = _Collector(self.env, self.document)
        if chapter_number(docname) is not None:
            self._terms(found)
        folder = Path(self.env.srcdir, FOLDER)
        path = folder / f"{docname.rpartition('/')[2]}.yml"
        try:
            if path.is_file():
                self.env.note_dependency(str(path))
                self._by_hand(found, path)
            if docname == GLOSSARY and (folder / SEE).is_file():
                self.env.note_dependency(str(folder / SEE))
                for kind, source, target, _ in directions(folder / SEE):
                    words = f"{source}; {target}"
                    found.collected.append((kind, words, "", "", None))
        except IndexFileError as error:
            logger.error("%s", error, location=(docname, None))
        places(self.env)[docname] = found.places
        if found.collected:
            self.document.append(addnodes.index(entries=found.collected))

    def _terms(self, found: _Collector) -> None:
        terms = tuple(glossary(Path(self.env.srcdir)))
        if terms:
            for use in uses(paragraphs(self.document), terms):
                if use.linked:
                    found.add(use.term, _paragraph(use.node))

    def _by_hand(self, found: _Collector, path: Path) -> None:
        texts = [(plain(p.astext()), p) for p in _all_paragraphs(self.document)]
        for entry, words, line in entries(path):
            place = find(words, texts)
            if place is None:
                logger.error(
                    "index entry %r has lost its place: no paragraph of %s says %r; "
                    "write words that stand there, or take the entry out",
                    entry, self.env.docname, words, location=f"{path}:{line}",
                )  # fmt: skip
            else:
                found.add(entry, place)


def _all_paragraphs(document: nodes.document) -> Iterator[nodes.paragraph]:
    chapter = list(paragraphs(document))
    yield from chapter
    known = {id(p) for p in chapter}
    for paragraph in document.findall(nodes.paragraph):
        if id(paragraph) not in known and _may_be_target(paragraph):
            yield paragraph


def _may_be_target(paragraph: nodes.Node) -> bool:
    node: nodes.Node | None = paragraph
    while node is not None:
        if isinstance(node, nodes.system_message) or "hw-quiz" in getattr(
            node, "attributes", {}
        ).get("classes", ()):
            return False
        node = node.parent
    return True


def _paragraph(node: nodes.Node) -> nodes.paragraph:
    while not isinstance(node, nodes.paragraph):
        node = node.parent
    return node


def put_into_contents(app: Sphinx, doctree: nodes.document) -> None:
    """Name the index at the end of the contents; a list of files cannot, for it has no file."""
    if app.env.docname == app.config.root_doc:
        trees = list(doctree.findall(addnodes.toctree))
        if trees and ("Index", "genindex") not in trees[-1]["entries"]:
            trees[-1]["entries"].append(("Index", "genindex"))


def locator(env: BuildEnvironment, uri: str) -> str:
    """Return what a web page's index prints for a target: ``5.3``, ``Glossary``.

    Parameters
    ----------
    env
        The environment of the build.
    uri
        Address of the target as the index has it, ``chapters/05-wounds.html#index-3``.
    """
    address, _, anchor = uri.partition("#")
    docname = re.sub(r"(?:\.x?html|/)$", "", address.removeprefix("../"))
    section = places(env).get(docname, {}).get(anchor, "")
    numbers = env.toc_secnumbers.get(docname, {})
    number = numbers.get(f"#{section}" if section else "") or numbers.get("")
    if number:
        return ".".join(map(str, number))
    return env.titles[docname].astext() if docname in env.titles else address


Locators = list[tuple[bool, str, str]]


def for_template(env: BuildEnvironment, links: list[tuple[str, str]]) -> Locators:
    """Return the links of an entry as (main, address, words), one a section."""
    found: dict[str, tuple[bool, str, str]] = {}
    for main, uri in links:
        words = locator(env, uri)
        found.setdefault(words, (main == "main", uri, words))
    return sorted(found.values(), key=lambda row: (row[0], _order(row[2])))


def _order(words: str) -> tuple[int, ...]:
    return tuple(int(part) for part in words.split(".") if part.isdigit()) or (99,)


def give_locators(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any
) -> None:
    """Give the template of the index what it prints."""
    if pagename == "genindex":
        context["hw_locators"] = lambda links: for_template(app.env, links)


def directed(name: str) -> tuple[str, str] | None:
    """Split ``see also cytokine`` into its direction and its target."""
    for words in reversed(DIRECTIONS):
        if name.startswith(f"{words} "):
            return words, name[len(words) + 1 :]
    return None
