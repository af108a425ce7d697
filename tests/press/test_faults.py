"""Bad input: one line that names file and line, exit status 1, the last good PDF left in place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from hardwired.press.handout import HandoutError, typeset_handout
from tests.press.conftest import Build

SmallBook = Callable[..., Build]

GOOD = "# Title\n\nText.\n"

FAULTS = {
    "image is missing": ("![words](nowhere.svg)", 3, "nowhere.svg"),
    "image has no alternative text": ("![](picture.svg)", 3, "has no alternative text"),
    "formula does not typeset": (r"a $\foo{x}$", 3, r"$\foo{x}$"),
    "formula does not convert": (r"a $\begin{nothing}x\end{nothing}$", 3, "does not"),
    "formula has no words": (r"a $\foo$ b", 3, "has no words"),
    "a glyph that no font has": ("a \u6f22 b", 3, "\u6f22"),
    "raw HTML alone": ("```{raw} html\n<video></video>\n```", 3, "raw html stands alone"),
    "table without header": (
        "```{list-table}\n* - a\n  - b\n```", 3, "no header row",
    ),
    "a link to nowhere": ("[a](#nowhere)", 3, "nowhere"),
    "footnote without text": ("```{eval-rst}\na [#n]_\n```", None, "n"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_bad_input_names_its_line(name: str, small_book: SmallBook) -> None:
    """The message names file, line and fault; the PDF of before stays, and the status is 1."""
    text, line, words = FAULTS[name]
    before = small_book(GOOD)
    kept = before.pdf.read_bytes()

    after = small_book(f"# Title\n\n{text}\n", suppress_warnings=["myst.xref_missing"])

    place = f"page.md:{line}: " if line else "page.md"
    told = [row for row in after.said.splitlines() if place in row and words in row]
    assert told != []
    assert after.status == 1
    assert after.pdf.read_bytes() == kept


class Strange(nodes.Element):
    """A node that nobody has told the builder about."""


class StrangeDirective(SphinxDirective):
    """Make one."""

    def run(self) -> list[nodes.Node]:
        """Return the node with its place."""
        node = Strange()
        self.set_source_info(node)
        return [node]


UNKNOWN = """
from tests.press.test_faults import StrangeDirective

def setup(app):
    app.add_directive("strange", StrangeDirective)
"""


def test_unknown_node_is_named(small_book: SmallBook) -> None:
    """A node without a handler is an error that names the node, the file and the line."""
    built = small_book("# Title\n\nText.\n\n```{strange}\n```\n", conf=UNKNOWN)

    assert "page.md:5: ERROR: the PDF does not know the node" in built.said
    assert ".Strange'" in built.said
    assert built.status == 1
    assert not built.pdf.exists()


def test_skipped_heading_level_is_named(small_book: SmallBook) -> None:
    """A heading two levels down is reported where it stands."""
    built = small_book("# Title\n\n### Three\n\nText.\n")

    assert "page.md:3: WARNING: Non-consecutive header level increase; H1 to H3" in built.said


def test_label_twice_is_named(small_book: SmallBook) -> None:
    """A label that stands twice is reported where it stands the second time."""
    built = small_book("# Title\n\n(one)=\n## A\n\ntext\n\n(one)=\n## B\n\ntext\n")

    assert "page.md:8: WARNING: Duplicate" in built.said


def test_unknown_chapter_is_named(small_book: SmallBook) -> None:
    """Asking for a chapter that is not there lists those that are."""
    built = small_book(GOOD)

    with pytest.raises(HandoutError, match="there is no chapter 'pag': choose from page"):
        typeset_handout(built.out, "pag", "a4", built.out)


def test_handout_before_the_book_is_named(tmp_path: Path) -> None:
    """Without the book's files there is no chapter to choose from."""
    with pytest.raises(HandoutError, match="the whole book is not typeset yet"):
        typeset_handout(tmp_path, "page", "a4", tmp_path)


def test_unknown_paper_is_named(small_book: SmallBook) -> None:
    """Asking for a paper that is not there lists those that are."""
    built = small_book(GOOD, typst_paper="a5")

    assert "there is no paper 'a5': choose from a4, letter, book, screen" in built.said
    assert built.status == 1
