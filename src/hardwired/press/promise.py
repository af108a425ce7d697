"""What the sources of a page promise to paper: its texts, and the words of its pictures.

Read from the resolved page and not from what the translator makes of it, so that what the
translator or the typesetter drops is missed: `hardwired.press.binding.net` looks for it in the PDF.
What is left out on purpose is named here, by type and by class.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes

from hardwired.formulas import FormulaError
from hardwired.formulas.systems import equations

__all__ = ["HIDDEN_INPUT", "HIDDEN_OUTPUT", "Block", "Promise", "Promised", "promised", "signs"]

HIDDEN_INPUT = frozenset({"tag_hide-input", "tag_remove-input", "tag_hide-cell", "tag_remove-cell"})
"""Classes of a code cell whose source is not printed."""
HIDDEN_OUTPUT = frozenset({"tag_remove-output", "tag_hide-cell", "tag_remove-cell", "tag_web-only"})
"""Classes of a code cell whose outputs are not printed."""
_UNPRINTED = (
    nodes.comment, nodes.substitution_definition, nodes.meta, nodes.pending, nodes.system_message,
    nodes.label, nodes.raw, nodes.docinfo, nodes.footnote, addnodes.index, addnodes.toctree,
    addnodes.tabular_col_spec, addnodes.highlightlang,
)  # fmt: skip
_ELSEWHERE = frozenset({"hw-web-only", "hw-quiz-answer", "hw-references"})


@dataclass(frozen=True)
class Block:
    """A text that stands together: a paragraph, a caption, a cell, a listing.

    Attributes
    ----------
    place : str
        Where it stands in the sources, ``file:line``.
    runs : tuple of str
        Its signs between formulas, notes and links, after which print may add something.
    """

    place: str
    runs: tuple[str, ...]


@dataclass(frozen=True)
class Promise:
    """What is to be found in a PDF.

    Attributes
    ----------
    blocks : tuple of Block
        The texts, in reading order.
    said : tuple of (str, str, str)
        Place and words of each formula and picture, and the LaTeX of formulas.
    named : mapping of str to str
        LaTeX by words of formulas that may stand in it besides: contents name titles of others.
    """

    blocks: tuple[Block, ...] = ()
    said: tuple[tuple[str, str, str], ...] = ()
    named: Mapping[str, str] = field(default_factory=dict)

    @property
    def formulas(self) -> dict[str, str]:
        """The LaTeX of each formula by its words."""
        return {**self.named, **{words: latex for _, words, latex in self.said if latex}}

    def __add__(self, other: Promise) -> Promise:
        """Promise both."""
        named = {**self.named, **other.named}
        return Promise(self.blocks + other.blocks, self.said + other.said, named)


@dataclass(frozen=True)
class Promised:
    """What one page promises, by where it stands.

    Attributes
    ----------
    text : Promise
        In the page's place.
    answers : Promise
        Among the answers, or at the end of a handout.
    references : Promise
        In the chapter's own list of works, which only a handout has.
    """

    text: Promise = Promise()
    answers: Promise = Promise()
    references: Promise = Promise()

    @property
    def alone(self) -> Promise:
        """What a handout of the page promises."""
        return self.text + self.references + self.answers


def signs(text: str) -> str:
    """Give the letters and digits of a text, without case and accents: what a break cannot part."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold())


def promised(
    tree: nodes.document,
    say: Callable[[str], str],
    *,
    show_hidden_input: bool = False,
    own_list: bool = True,
) -> Promised:
    """Give what a page promises.

    Parameters
    ----------
    tree : docutils.nodes.document
        The page, resolved.
    say : callable
        Gives the words of a formula that nothing has given words.
    show_hidden_input : bool
        Whether code that is folded on the web is printed.
    own_list : bool
        Whether the page's own list of works is printed in the book too.
    """
    reader = _Reader(tree, say, show_hidden_input)
    reader.walk(tree)
    text = reader.take()
    for answer in _of_class(tree, "hw-quiz-answer"):
        reader.walk_into(answer)
    answers = reader.take()
    for works in _of_class(tree, "hw-references"):
        reader.walk_into(works)
    references = reader.take()
    return Promised(text + references if own_list else text, answers, references)


def _of_class(tree: nodes.Node, name: str) -> Iterator[nodes.Element]:
    return (it for it in tree.findall(nodes.Element) if name in _classes(it))


def _classes(node: nodes.Node) -> Sequence[str]:
    return node.get("classes", ()) if isinstance(node, nodes.Element) else ()


@dataclass
class _Reader:
    """Gathers blocks and words on a walk through a page."""

    tree: nodes.document
    say: Callable[[str], str]
    show_hidden_input: bool
    blocks: list[Block] = field(default_factory=list)
    said: list[tuple[str, str, str]] = field(default_factory=list)
    _runs: list[str] = field(default_factory=list)
    _noted: set[str] = field(default_factory=set)

    def take(self) -> Promise:
        """Give what was read, and begin anew."""
        taken = Promise(tuple(self.blocks), tuple(self.said))
        self.blocks, self.said = [], []
        return taken

    def walk_into(self, node: nodes.Element) -> None:
        """Read what a node holds."""
        for child in node.children:
            self.walk(child)

    def walk(self, node: nodes.Node) -> None:
        """Read a node that stands among blocks."""
        if self._left_out(node):
            return
        if isinstance(node, nodes.math_block | nodes.math):
            with suppress(FormulaError):  # the translator says so
                words = node.get("alt") or self.say(node.astext())
                for each in equations(node.astext(), words, self.say):
                    self._say(node, each.words, each.latex)
        elif isinstance(node, nodes.image):
            self._say(node, node.get("alt", ""))
        elif isinstance(node, nodes.TextElement | nodes.Text):
            self._block(node)
        elif "hw-ledger-cards" in _classes(node):
            for said in _of_class(node, "hw-claim-says"):
                self.walk(nodes.paragraph("", "", *(it.deepcopy() for it in said.children[1:])))
        else:
            self.walk_into(node)

    def _left_out(self, node: nodes.Node) -> bool:
        classes = _classes(node)
        if isinstance(node, _UNPRINTED) or _ELSEWHERE & set(classes):
            return True
        if isinstance(node, nodes.rubric) and node.astext().strip() == "Footnotes":
            return True
        element = node.get("nb_element") if isinstance(node, nodes.Element) else None
        around = set(_classes(node.parent)) if element else set()
        if element == "cell_code_source":
            return bool(around & HIDDEN_INPUT) and not self.show_hidden_input
        return element == "cell_code_output" and bool(around & HIDDEN_OUTPUT)

    def _say(self, node: nodes.Node, words: str, latex: str = "") -> None:
        self.said.append((_place(node), " ".join(words.split()), latex))

    def _block(self, node: nodes.Node) -> None:
        outer, self._runs = self._runs, [""]
        notes: list[nodes.Element] = []
        for run in self._inline(node, notes):
            self._runs += run
        runs = tuple(filter(None, map(signs, self._runs)))
        self._runs = outer
        if runs:
            self.blocks.append(Block(_place(node), runs))
        for note in notes:
            self.walk_into(note)

    def _inline(self, node: nodes.Node, notes: list[nodes.Element]) -> Iterator[list[str]]:
        """Read text into the runs; give what begins new ones."""
        if isinstance(node, nodes.Text):
            self._runs[-1] += node.astext()
        elif isinstance(node, nodes.math | nodes.image):
            self.walk(node)
            yield [""]
        elif isinstance(node, nodes.footnote_reference):
            yield [""]
            notes += self._note(node["refid"])
        elif not self._left_out(node):
            for child in node.children:
                yield from self._inline(child, notes)
            if isinstance(node, nodes.reference | addnodes.pending_xref):
                yield [""]

    def _note(self, note_id: str) -> list[nodes.Element]:
        """Give a footnote at its first reference."""
        if note_id in self._noted:
            return []
        self._noted.add(note_id)
        return [note for note in self.tree.findall(nodes.footnote) if note_id in note["ids"]]


def _place(node: nodes.Node | None) -> str:
    while node is not None and not (node.source and node.line):
        node = node.parent
    if node is None:
        return ""
    return f"{str(node.source).partition(':<')[0]}:{node.line}"
