"""What a page has become: its markup with the places of its anchors, and what it names and holds.

The translator knows all of this while it writes; nobody asks the markup for it afterwards.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from docutils import nodes

from hardwired.press.escape import string
from hardwired.press.promise import Promised

__all__ = ["Answers", "Figure", "Heading", "Written", "anchor_mark", "with_anchors"]

Heading = tuple[int, str, str, str]
"""Level, number, label and title (Typst markup) of a heading."""
Figure = tuple[str, str, str]
"""Number, label and title (Typst markup) of a figure."""

# Code points that Unicode keeps out of all text: they hold a label until it is known who names it.
_OPEN, _CLOSE = "\ufdd0", "\ufdd1"


def anchor_mark(label: str) -> str:
    """Return what stands in markup for an anchor until `with_anchors` has decided on it."""
    return f"{_OPEN}{label}{_CLOSE}"


def with_anchors(markup: str, wanted: Collection[str] | None = None) -> str:
    """Return markup with its anchors, or with those alone that somebody names."""
    first, *rest = markup.split(_OPEN)
    parts = [first]
    for part in rest:
        label, _, after = part.partition(_CLOSE)
        if wanted is None or label in wanted:
            parts.append(f"#anchor({string(label)});")
        parts.append(after)
    return "".join(parts)


@dataclass(frozen=True)
class Answers:
    """The answers to a quiz, which stand in the back of the book or at the end of a handout.

    Attributes
    ----------
    label, number, title : str
        Of their heading; the title is Typst markup.
    markup : str
        The answers.
    """

    label: str
    number: str
    title: str
    markup: str

    @property
    def heading(self) -> Heading:
        """Their heading, as the contents have it."""
        return 2, self.number, self.label, self.title

    def typst(self, call: str) -> str:
        """Write them under a heading that a function of the page design sets."""
        arguments = f"{string(self.label)}, {string(self.number)}, [{self.title}]"
        return f"#{call}({arguments})\n\n{self.markup}"


@dataclass(frozen=True)
class Written:
    """One page.

    Attributes
    ----------
    markup : str
        Typst markup, its anchors as marks.
    labels : frozenset of str
        Every label that the page sets.
    links : mapping of str to Node
        Every label that it names, answers included, with the node that names it first.
    names, names_in_answers : frozenset of str
        What its text names, and what the answers to its quiz do.
    headings, figures : sequences
        For the contents of the book.
    answers : sequence of Answers
        To its quizzes.
    promise : Promised
        What is to be found on paper.
    """

    markup: str
    labels: frozenset[str]
    links: Mapping[str, nodes.Node]
    names: frozenset[str]
    names_in_answers: frozenset[str]
    headings: Sequence[Heading]
    figures: Sequence[Figure]
    answers: Sequence[Answers]
    promise: Promised = field(default_factory=Promised)

    def typst(self, wanted: Collection[str]) -> str:
        """Write the page without the anchors that nothing leads to: each costs the typesetter."""
        body = with_anchors(self.markup, wanted).strip()
        return f'#import "/template.typ": *\n\n{body}\n'
