"""What is looked up and not read through: two columns of smaller type, where that fits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from docutils import nodes

from hardwired.press.translator import Translator

__all__ = ["in_columns"]

LONG = 2500
"""Characters from which on columns are worth their while."""
FEW = 3
"""Columns of a table that find room in a column of the page."""
_BROAD = (nodes.figure, nodes.image, nodes.math_block, nodes.literal_block)
_OWN_SETTING = {"hw-ledger-cards", "hw-reference-list"}


def in_columns(t: Translator, blocks: Sequence[nodes.Node]) -> str:
    """Write blocks, long runs of text among them in two columns.

    Parameters
    ----------
    t : Translator
        The translator of a page in the back of the book.
    blocks : sequence of Node
        What stands under the title of the page.
    """
    written = []
    for fits, run in groupby(blocks, key=_fits):
        inside = list(run)
        markup = "".join(t.write(block) for block in inside)
        if fits and sum(len(block.astext()) for block in inside) >= LONG:
            markup = f"\n\n#in-columns[{t.anchors()}{markup}]\n\n"
        written.append(markup)
    return "".join(written)


def _fits(block: nodes.Node) -> bool:
    """Tell whether nothing in a block needs the width of the page."""
    return not any(
        isinstance(it, _BROAD)
        or _OWN_SETTING.intersection(it.get("classes", ()))
        or (isinstance(it, nodes.tgroup) and int(it["cols"]) > FEW)
        for it in block.findall(nodes.Element)
    )
