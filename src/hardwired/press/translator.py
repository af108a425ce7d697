"""One resolved page (doctree) to one Typst file.

Here lives what every handler needs: labels, numbers, problems with their place. The handlers
themselves stand in `inline`, `blocks`, `tables`, `cells` and `house`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from docutils import nodes

from hardwired.formulas.typst import FormulaChecker
from hardwired.formulas.words import words
from hardwired.press import registry
from hardwired.press.escape import content, escape
from hardwired.press.promise import promised
from hardwired.press.written import Answers, Figure, Heading, Written, anchor_mark, with_anchors

__all__ = ["Numbers", "Page", "Translator"]

_MARKED = (
    nodes.section, nodes.paragraph, nodes.figure, nodes.table, nodes.math_block, nodes.admonition,
    nodes.literal_block, nodes.list_item, nodes.definition_list_item, nodes.container,
)  # fmt: skip


@dataclass(frozen=True)
class Numbers:
    """The numbers that Sphinx gave to one page.

    Attributes
    ----------
    sections : dict
        Number by anchor; the anchor of the page itself is ``""``, of a section ``"#id"``.
    floats : dict
        Number by kind (``figure``, ``table``, ``code-block``, ``displaymath``) and node id.
    formats : dict
        ``"Figure %s"`` and the like, by kind.
    """

    sections: dict[str, tuple[int, ...]] = field(default_factory=dict)
    floats: dict[str, dict[str, tuple[int, ...]]] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)

    def section(self, anchor: str) -> str:
        """Give the number of a section as text, empty if it has none."""
        return ".".join(map(str, self.sections.get(anchor) or ()))

    def float(self, kind: str, ids: list[str]) -> str:
        """Give the number of a figure, table, listing or equation, empty if it has none."""
        for node_id in ids:
            number = self.floats.get(kind, {}).get(node_id)
            if number:
                return ".".join(map(str, number))
        return ""


@dataclass
class Page:
    """What a page is and what its translator may ask for.

    Attributes
    ----------
    docname : str
        Sphinx's name of the page.
    numbers : Numbers
        Its numbers.
    image : callable
        Gives the path of an image inside the Typst root, or None if it is missing.
    problem : callable
        Takes a message and the node that it is about.
    formulas : FormulaChecker
        Converts formulas; shared by all pages.
    say : callable
        Gives the words of a formula that nothing has given words yet.
    level : int
        Heading level of the page's title.
    show_hidden_input : bool
        Whether code that is folded on the web is printed.
    question : str
        The chapter's question, for its opening page.
    citations : set of str
        Labels that are entries of a reference list: links to them show no page.
    one_list : dict of str to str
        Label of a work in the book's one list by that in the list of a chapter.
    looked_up : bool
        Whether it stands in the back of the book, where readers look things up.
    """

    docname: str
    numbers: Numbers
    image: Callable[[nodes.image], str | None]
    problem: Callable[[str, Any], None]
    formulas: FormulaChecker = field(default_factory=FormulaChecker)
    say: Callable[[str], str] = words
    level: int = 1
    show_hidden_input: bool = False
    question: str = ""
    citations: frozenset[str] = frozenset()
    one_list: Mapping[str, str] = field(default_factory=dict)
    looked_up: bool = False


class Translator:
    """Write one page; see `translate`."""

    def __init__(self, page: Page, doctree: nodes.document) -> None:
        self.page = page
        self.doctree = doctree
        self.level = page.level - 1
        self.plain = False
        self.in_table = False
        self.in_note = False
        self.depth_in_box = 0
        self.in_model = False
        self.footnotes = {
            node_id: node for node in doctree.findall(nodes.footnote) for node_id in node["ids"]
        }
        self._by_id = {
            node_id: node
            for node in doctree.findall(nodes.Element)
            for node_id in node.get("ids", ())
        }
        self.footnotes_done: set[str] = set()
        self.headings: list[Heading] = []
        self.figures: list[Figure] = []
        self.answered: list[Answers] = []
        self.answers: list[str] = []
        self.names: set[str] = set()
        self.names_in_answers: set[str] = set()
        self.question_number = ""
        self._waiting: list[str] = []
        self._keys = 0
        self._labels: dict[str, nodes.Node] = {}
        self.links: dict[str, nodes.Node] = {}

    # -- entry -----------------------------------------------------------------------------

    def translate(self) -> Written:
        """Write the page."""
        markup = self.children(self.doctree) + self.anchors()
        promise = promised(
            self.doctree,
            self.page.say,
            show_hidden_input=self.page.show_hidden_input,
            own_list=not self.page.one_list,
        )
        return Written(
            markup=markup,
            labels=frozenset(self._labels),
            links=self.links,
            names=frozenset(self.names),
            names_in_answers=frozenset(self.names_in_answers),
            headings=tuple((*h[:3], with_anchors(h[3])) for h in self.headings),
            figures=tuple((*f[:2], with_anchors(f[2])) for f in self.figures),
            answers=tuple(self.answered),
            promise=promise,
        )

    def write(self, node: nodes.Node) -> str:
        """Write one node with all that it holds."""
        if isinstance(node, nodes.Text):
            return escape(node.astext())
        assert isinstance(node, nodes.Element)
        handler = registry.find(node)
        if handler is None:
            kind = f"{type(node).__module__}.{type(node).__name__}"
            self.problem(f"the PDF does not know the node '{kind}': give it a handler", node)
            return ""
        return self._place(node) + handler(self, node)

    def _place(self, node: nodes.Element) -> str:
        """Write where a block comes from, so that the typesetter's words can be traced back."""
        if not isinstance(node, _MARKED) or self.plain or not node.source or not node.line:
            return ""
        source = node.source.partition(":<")[0]
        return "" if "*/" in source else f"/*@{source}:{node.line}*/"

    def children(self, node: nodes.Element) -> str:
        """Write all that a node holds."""
        return "".join(self.write(child) for child in node.children)

    def flow(self, children: Sequence[nodes.Node]) -> str:
        """Write blocks that stand in a cell or a note: a single paragraph as a line of its own."""
        if len(children) == 1 and isinstance(children[0], nodes.paragraph):
            self.wait(children[0])
            return self.anchors() + self.children(children[0]).strip()
        written = "".join(self.write(child) for child in children).strip()
        return re.sub(r"^(/\*@[^*]*\*/)\s+", r"\1", written) + self.anchors()

    def body(self, node: nodes.Element) -> str:
        """Write a block's content as an argument, its own anchors inside."""
        self.wait(node)
        return content(self.flow(node.children))

    def problem(self, message: str, node: nodes.Node | None) -> None:
        """Report what is wrong with a node."""
        place: Any = node
        while (
            isinstance(place, nodes.Element) and place.parent and not (place.source and place.line)
        ):
            place = place.parent
        if not isinstance(place, nodes.Element) or not place.line:
            place = (self.page.docname, None)
        self.page.problem(message, place)

    @contextmanager
    def using(self, **state: Any) -> Iterator[None]:
        """Change some of the translator's state for a while."""
        before = {name: getattr(self, name) for name in state}
        for name, value in state.items():
            setattr(self, name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                setattr(self, name, value)

    # -- labels ----------------------------------------------------------------------------

    def label(self, node_id: str) -> str:
        """Give the label of an id of this page."""
        return f"{self.page.docname}#{node_id}" if node_id else self.page.docname

    def claim(self, label: str, node: nodes.Node | None) -> bool:
        """Take a label for an element; a second taker is a problem."""
        if label in self._labels:
            if self._labels[label] is not node:
                self.problem(f"label '{label.partition('#')[2]}' stands twice on this page", node)
            return False
        self._labels[label] = node if node is not None else self.doctree
        return True

    def wait(self, node: nodes.Element) -> None:
        """Let the ids of a node wait for the next text, so that they share its page."""
        for node_id in node.get("ids", ()):
            label = self.label(node_id)
            if not self.plain and self.claim(label, node):
                self._waiting.append(label)

    def anchors(self) -> str:
        """Write the anchors that wait."""
        waiting, self._waiting = self._waiting, []
        return "".join(map(anchor_mark, waiting))

    def own_label(self, node: nodes.Element) -> str:
        """Take a node's first id as the label of its element; the others wait."""
        ids = [i for i in node.get("ids", ()) if self.claim(self.label(i), node)]
        self._waiting.extend(self.label(i) for i in ids[1:])
        return self.label(ids[0]) if ids else ""

    def key(self) -> str:
        """Give a name to something that the page design keeps track of."""
        self._keys += 1
        return f"{self.page.docname}:{self._keys}"

    def section_of(self, node: nodes.Node) -> nodes.Element:
        """Give the innermost section around a node, or the page."""
        while not isinstance(node, nodes.section | nodes.document):
            node = node.parent
        return node

    def section_at(self, label: str) -> nodes.Element | None:
        """Give the innermost section around what carries a label; none if it is on another page."""
        docname, _, node_id = label.partition("#")
        if docname != self.page.docname:
            return None
        return self.section_of(self._by_id.get(node_id, self.doctree))

    def link_to(self, target: str, node: nodes.Node) -> str:
        """Note a link into the book and give its label."""
        label = target.removeprefix("%")
        self.links.setdefault(label, node)
        self.names.add(label)
        return label
