"""Which pages of the book are typeset together, and what their files are to tell one another.

Here the gatherings are made up, from pages that are translated already; `gatherings` typesets them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, groupby, pairwise

from hardwired.press.binding.gatherings import Gathering, Plan
from hardwired.press.promise import Promise
from hardwired.press.structure import Entry
from hardwired.press.template.sources import (
    Book,
    answers_source,
    contents_source,
    gathering_source,
    index_chapter,
    pages_source,
    part_label,
    title_source,
)
from hardwired.press.written import Figure, Heading, Written

__all__ = ["Index", "plan_book"]

ROOM = 300_000
"""Characters of markup that a gathering of the back matter holds, about: as many as a chapter."""
_PLACE = re.compile(r"/\*@.*?\*/")
"""Where a block stands in the sources: the folder of the book is no part of its size."""


@dataclass(frozen=True)
class Index:
    """The book's index.

    Attributes
    ----------
    source : str
        Its entries as Typst markup, empty if there are none.
    labels : frozenset of str
        The places that they name.
    """

    source: str
    labels: frozenset[str]


@dataclass
class _Draft:
    """A gathering before it is known what others ask of it."""

    name: str
    roman: bool
    entries: Sequence[Entry] = ()
    before: str = ""
    after: str = ""
    promise: Promise = field(default_factory=Promise)
    labels: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)


def plan_book(
    book: Book,
    order: Sequence[Entry],
    pages: Mapping[str, Written],
    index: Index,
    absent: Sequence[str],
) -> tuple[Plan, dict[str, tuple[str, Promise]]]:
    """Make up the gatherings of a book.

    Parameters
    ----------
    book : Book
        Title, licence and so on.
    order : sequence of Entry
        The pages in reading order.
    pages : mapping of str to Written
        What they have become, by name.
    index : Index
        The index.
    absent : sequence of str
        Labels that links name and that are not printed.

    Returns
    -------
    tuple of (Plan, dict of str to (str, Promise))
        The plan, and the main files that it names with their markup and what they promise.
    """
    with_parts = len({entry.part for entry in order if entry.matter == "main"}) > 1
    headings = list(_headings(order, pages, with_parts, bool(index.source)))
    figures = [figure for entry in order for figure in pages[entry.docname].figures]
    drafts = [
        _front(book, order, headings, figures),
        *_chapters(order, with_parts),
        *_backs([entry for entry in order if entry.matter == "back"], pages),
        _end(index, pages),
    ]
    drafts = [draft for draft in drafts if draft.entries or draft.before or draft.after]
    moved = drafts[-1].labels if drafts[-1].name == "end" else set()
    for draft in drafts:
        for entry in draft.entries:
            draft.labels |= pages[entry.docname].labels - moved
            draft.names |= pages[entry.docname].names
            draft.promise += pages[entry.docname].promise.text
    asked = {label for draft in drafts for label in draft.names - draft.labels}
    formulas = {k: v for draft in drafts for k, v in draft.promise.formulas.items()}
    drafts[0].promise += Promise(named=formulas)  # the contents come first
    plan: list[Gathering] = []
    files: dict[str, tuple[str, Promise]] = {}
    for number, draft in enumerate(drafts):
        main = f"gathering-{number:02d}-{draft.name}.typ"
        inner = [draft.before, pages_source(draft.entries, with_parts), draft.after]
        source = gathering_source(book, draft.roman, [part for part in inner if part])
        files[main] = source, draft.promise
        asks = draft.names - draft.labels - set(absent)
        tells = draft.labels & asked
        plan.append(Gathering(main, draft.roman, tuple(sorted(tells)), tuple(sorted(asks))))
    return Plan(tuple(plan), tuple(absent), book.date), files


def _headings(
    order: Sequence[Entry], pages: Mapping[str, Written], with_parts: bool, with_index: bool
) -> Iterable[Heading]:
    """Give the headings of the whole book for its contents."""
    part = ""
    for entry in order:
        if with_parts and entry.matter == "main" and entry.part != part:
            part = entry.part
            yield 1, "", part_label(part), part
        yield from (heading for heading in pages[entry.docname].headings if heading[2])
    answers = [given.heading for page in pages.values() for given in page.answers]
    if answers:
        yield 1, "", "hw-answers", "Answers to the quizzes"
        yield from answers
    if with_index:
        yield 1, "", "genindex", "Index"


def _front(
    book: Book, order: Sequence[Entry], headings: Sequence[Heading], figures: Sequence[Figure]
) -> _Draft:
    names = {label for *_, label, _ in headings} | {label for _, label, _ in figures}
    opening = f"{title_source(book)}\n{contents_source(headings, figures)}"
    entries = [entry for entry in order if entry.matter == "front"]
    return _Draft("front", roman=True, entries=entries, before=opening, names=names)


def _chapters(order: Sequence[Entry], with_parts: bool) -> Iterable[_Draft]:
    """Give a gathering for each part, or for each chapter if the book has no parts."""
    chapter = 0
    runs: list[tuple[object, Entry]] = []
    for entry in order:
        if entry.matter == "main":
            chapter += not entry.depth
            runs.append((entry.part if with_parts else chapter, entry))
    for _, run in groupby(runs, key=lambda item: item[0]):
        entries = [entry for _, entry in run]
        labels = {part_label(entries[0].part)} if with_parts else set()
        name = entries[0].docname.replace("/", "-")
        yield _Draft(name, roman=False, entries=entries, labels=labels)


def _backs(entries: Sequence[Entry], pages: Mapping[str, Written]) -> Iterable[_Draft]:
    """Give the gatherings of the back matter: as few as each have room, and about alike.

    The largest gathering decides how much memory the typesetter takes.
    """
    if not entries:
        return
    sizes = [len(_PLACE.sub("", pages[entry.docname].markup)) for entry in entries]
    count = min(-(-sum(sizes) // ROOM), len(entries))
    cuts = [(0, *inner, len(entries)) for inner in combinations(range(1, len(entries)), count - 1)]
    best = min(cuts, key=lambda cut: max(sum(sizes[a:b]) for a, b in pairwise(cut)))
    for start, stop in pairwise(best):
        yield _Draft("back", roman=False, entries=entries[start:stop])


def _end(index: Index, pages: Mapping[str, Written]) -> _Draft:
    answers = [given for page in pages.values() for given in page.answers]
    labels = {given.label for given in answers}
    names = set(index.labels)
    parts = []
    promise = Promise()
    if answers:
        labels.add("hw-answers")
        parts.append(answers_source("\n\n".join(given.typst("answer-group") for given in answers)))
        names.update(*(page.names_in_answers for page in pages.values()))
        for page in pages.values():
            promise += page.promise.answers
    if index.source:
        labels.add("genindex")
        parts.append(index_chapter(index.source))
    return _Draft(
        "end", roman=False, after="\n".join(parts), promise=promise, labels=labels, names=names
    )
