"""Terms of the glossary: linked at their first use on a chapter's page.

An author may write ``{term}`` where the link shall stand; a term that the text uses before, or
without, such a mark is linked here, in the plural too. Words that everyday language shares with
the glossary are left to the author.
What a term means is shown on hover and focus by ``book/_static/hardwired.js``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform

from hardwired.pages.text.chapter_numbers import chapter_number

GLOSSARY = "back/glossary"
EVERYDAY = frozenset({"power", "regulation", "reliability"})
"""Terms that are ordinary words as well: only an author knows which one is meant."""
OTHER_SENSES = {"fever": ("hay ", "yellow ")}
"""Words before a term that give it another sense."""
NOT_TEXT = frozenset(
    {"objectives", "key terms", "check yourself", "exercises", "further reading", "references"}
)
"""Sections whose words are not the chapter's main text."""
_ASIDE = {"hw-claim", "hw-model", "hw-quiz", "hw-exercise", "hw-studies", "hw-references"}
_ASIDE_NODES = (nodes.table, nodes.figure, nodes.caption, nodes.legend, nodes.title)
_OPAQUE = (
    nodes.reference, nodes.literal, nodes.math, nodes.image, nodes.raw, nodes.subscript,
    nodes.superscript, addnodes.pending_xref, addnodes.index, nodes.footnote_reference,
)  # fmt: skip
_TERM = re.compile(r"^(?P<term>[^\s`:`{#(].*)\n((?:[^\S\n]+\S.*\n?)+)", re.MULTILINE)


@lru_cache(maxsize=4)
def _read(path: str, changed: int) -> dict[str, str]:
    text = Path(path).read_text(encoding="utf-8")
    return {
        match["term"].strip(): " ".join(match.group(2).split())
        for match in _TERM.finditer(text)
        if not match["term"].startswith("```")
    }


def glossary(folder: Path) -> dict[str, str]:
    """Return the terms of the book in `folder` with their meaning, as written.

    Parameters
    ----------
    folder
        The book's source folder.

    Returns
    -------
    dict
        Meaning by term; empty if the book has no glossary.
    """
    path = folder / f"{GLOSSARY}.md"
    return _read(str(path), path.stat().st_mtime_ns) if path.is_file() else {}


def forms(term: str) -> list[str]:
    """Return a term as text may have it: singular and plural, a capital at a sentence's start.

    >>> forms("lamellar body")
    ['lamellar body', 'lamellar bodies', 'Lamellar body', 'Lamellar bodies']
    """
    if term.endswith("y") and term[-2] not in "aeiou":
        plain = [term, f"{term[:-1]}ies"]
    elif term.endswith(("sis", "xis")):
        plain = [term, f"{term[:-2]}es"]
    elif term.endswith(("x", "ch", "sh")):
        plain = [term, f"{term}es"]
    else:
        plain = [term, f"{term}s"]
    capital = [form[0].upper() + form[1:] for form in plain]
    return list(dict.fromkeys([*plain, *capital]))


@lru_cache(maxsize=4)
def pattern(terms: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return an expression that finds every form, the longest first, and the term of each form."""
    of_form = {form: term for term in sorted(terms) for form in forms(term)}
    longest = sorted(of_form, key=lambda form: (-len(form), form))
    found = "|".join(re.escape(form) for form in longest)
    return re.compile(rf"(?<![\w-])(?:{found})(?![\w-])"), of_form


_INSIDE = re.compile(r"[\w,;’)] $")


@dataclass(frozen=True)
class Use:
    """Where a text uses a term: the node that holds it, and from where to where."""

    term: str
    node: nodes.Node
    start: int = 0
    end: int = 0

    @property
    def linked(self) -> bool:
        """Whether it is a link already."""
        return not isinstance(self.node, nodes.Text)


def heading(section: nodes.Element) -> str:
    """Return the words of a section's heading."""
    title = next((c for c in section.children if isinstance(c, nodes.title)), None)
    return title.astext().strip() if title is not None else ""


def paragraphs(document: nodes.Node) -> Iterator[nodes.paragraph]:
    """Yield the paragraphs of a chapter's main text, boxes included, in their order."""
    for child in document.children:
        if isinstance(child, nodes.paragraph):
            yield child
        elif isinstance(child, nodes.Element) and not isinstance(child, _ASIDE_NODES):
            if _ASIDE & set(child.get("classes", ())) or child.get("nb_element"):
                continue
            if isinstance(child, nodes.section) and heading(child).lower() in NOT_TEXT:
                continue
            yield from paragraphs(child)


def _places(node: nodes.Element) -> Iterator[nodes.Text | addnodes.pending_xref]:
    """Yield what a paragraph says: its plain text, and its links to terms."""
    for child in node.children:
        if isinstance(child, nodes.Text) or (
            isinstance(child, addnodes.pending_xref) and child.get("reftype") == "term"
        ):
            yield child
        elif isinstance(child, nodes.Element) and not isinstance(child, _OPAQUE):
            yield from _places(child)


def uses(found: Iterable[nodes.paragraph], terms: tuple[str, ...]) -> Iterator[Use]:
    """Yield every use of a term in paragraphs, links and plain words alike, in their order."""
    expression, of_form = pattern(terms)
    lower = {term.lower(): term for term in terms}
    for paragraph in found:
        for place in _places(paragraph):
            if isinstance(place, addnodes.pending_xref):
                term = lower.get(str(place["reftarget"]).lower())
                if term:
                    yield Use(term, place)
                continue
            text = place.astext()
            for match in expression.finditer(text):
                term, before = of_form[match.group()], text[: match.start()]
                other = OTHER_SENSES.get(term, ())
                # A capital inside a sentence is part of a name: a Cohort Study is no cohort.
                named = match.group()[0].isupper() and term[0].islower() and _INSIDE.search(before)
                if not named and not before.lower().endswith(other or "\0"):
                    yield Use(term, place, match.start(), match.end())


class FirstUses(SphinxTransform):
    """Link each term where a chapter first uses it."""

    def apply(self, **kwargs: Any) -> None:
        """Replace the first use of each term by a link, unless it is one."""
        if chapter_number(self.env.docname) is None:
            return
        terms = tuple(glossary(Path(self.env.srcdir)))
        if not terms:
            return
        first: dict[str, Use] = {}
        for use in uses(paragraphs(self.document), terms):
            if use.linked or use.term not in EVERYDAY:
                first.setdefault(use.term, use)
        of_text: dict[int, list[Use]] = {}
        for use in first.values():
            if not use.linked:
                of_text.setdefault(id(use.node), []).append(use)
        for together in of_text.values():
            self._link(together)

    def _link(self, together: list[Use]) -> None:
        text = together[0].node
        said, at = text.astext(), 0
        pieces: list[nodes.Node] = []
        for use in sorted(together, key=lambda use: use.start):
            words = said[use.start : use.end]
            link = addnodes.pending_xref(
                words,
                nodes.inline(words, words, classes=["xref", "std", "std-term"]),
                refdomain="std",
                reftype="term",
                reftarget=use.term,
                refexplicit=True,
                refwarn=True,
                refdoc=self.env.docname,
            )
            place = text.parent
            while place is not None and not place.line:
                place = place.parent
            if place is not None:
                link.source, link.line = place.source, place.line
            pieces += [nodes.Text(said[at : use.start]), link] if use.start > at else [link]
            at = use.end
        if at < len(said):
            pieces.append(nodes.Text(said[at:]))
        text.parent.replace(text, pieces)


def read_again(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> list[str]:
    """Name the chapters that use a term which the glossary has gained or lost."""
    terms = set(glossary(Path(env.srcdir)))
    before = getattr(env, "hardwired_terms", terms)
    env.hardwired_terms = terms  # type: ignore[attr-defined]
    if terms == before:
        return []
    expression, _ = pattern(tuple(sorted(terms ^ before)))
    return [
        docname
        for docname in env.found_docs
        if chapter_number(docname) is not None
        and expression.search(Path(env.doc2path(docname)).read_text(encoding="utf-8"))
    ]
