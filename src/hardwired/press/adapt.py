"""What a page says otherwise on paper, before anything is made of it or promised for it.

Data that the book prints (claim cards, tables) speak as their files do; here they take on the
words and signs of the text. What only the web can do is not offered on paper.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from docutils import nodes

__all__ = ["adapt"]

_SIGNS = (
    (r"\bpercent\b", "per cent"),
    (r"\b(IL-1|IL1) ?beta\b", "IL-1β"),
    (r"\b(TNF|TGF|IFN)-alpha\b", "\\1-α"),
    (r"\b(TGF|IFN)-beta\b", "\\1-β"),
    (r"\bIFN-gamma\b", "IFN-γ"),
    (r"\bug(?=/|\b)", "µg"),
    (r"\bI2\b", "I²"),
    (r"\blog10\b", "log₁₀"),
    (r"(?<![.A-Z] )\b(LOWER|HIGHER|ROSE|FELL|LESS|MORE|FASTER|SLOWER)\b", None),
    (r"\b1 studies\b", "1 study"),
)
_SEEN = re.compile(r" \(seen at [^()]*?,? ?(\d{4}-\d\d-\d\d)\)")
_SEEN_SAID = (
    "“Seen at” names the public record in which a source was seen, and when.",
    "“Seen” is the day on which a source was seen in a public record, which the web page names.",
)
_P_VALUE = re.compile(r"\bp(?=[\s\u00a0]?[=<>≤≥≈])")
REPEATED = 5
"""How often a source stands in a table before it is said once for all."""


def adapt(tree: nodes.document) -> None:
    """Give a resolved page the words of paper."""
    for table in tree.findall(nodes.table):
        _say_source_once(table)
    for node in list(tree.findall(nodes.Text)):
        _as_the_text_says(node)


def _as_the_text_says(node: nodes.Text) -> None:
    text = str(node)
    text = _SEEN.sub(r" (seen \1)", text).replace(*_SEEN_SAID)
    if _is_data(node):
        for pattern, words in _SIGNS:
            if words is None:
                text = re.sub(pattern, lambda match: match[0].lower(), text)
            else:
                text = re.sub(pattern, words, text)
        parts = list(_with_slanted_p(text))
    else:
        parts = [nodes.Text(text)]
    if len(parts) > 1 or text != str(node):
        node.parent.replace(node, parts)


def _with_slanted_p(text: str) -> Iterator[nodes.Node]:
    """Part a text before and after each p of a p value."""
    start = 0
    for match in _P_VALUE.finditer(text):
        if match.start() > start:
            yield nodes.Text(text[start : match.start()])
        yield nodes.emphasis("", "p")
        start = match.end()
    if start < len(text):
        yield nodes.Text(text[start:])


def _is_data(node: nodes.Node) -> bool:
    """Whether a text stands in a table or on a card, and is no code, formula or reference."""
    inside = False
    at = node.parent
    while at is not None:
        if isinstance(at, nodes.literal | nodes.literal_block | nodes.math | nodes.math_block):
            return False
        if isinstance(at, nodes.emphasis | nodes.reference | nodes.raw):
            return False
        classes = at.get("classes", ()) if isinstance(at, nodes.Element) else ()
        inside = inside or isinstance(at, nodes.entry) or "hw-claim" in classes
        at = at.parent
    return inside


def _say_source_once(table: nodes.table) -> None:
    """Take a source that most rows name out of its column and put it under the title."""
    heads = [entry.astext().strip() for entry in _first_row(table)]
    if heads[-1:] != ["Source"] or not isinstance(table.children[0], nodes.title):
        return
    bodies = list(table.findall(nodes.tbody))
    cells: list[nodes.Element] = [row.children[-1] for body in bodies for row in body.children]
    counts = Counter(cell.astext().strip() for cell in cells)
    source, often = counts.most_common(1)[0] if counts else ("", 0)
    if often < REPEATED or len(source) < 8:
        return
    said = None
    for cell in cells:
        if cell.astext().strip() == source and len(cell.children) == 1:
            said = said or cell.children[0]
            cell.children = [nodes.paragraph("", "")]
            cell.children[0].parent = cell
    if said is None:
        return
    title = table.children[0]
    title += nodes.Text(" Where no source is named: ")
    for child in said.children:
        title += _without_ids(child.deepcopy())
    title += nodes.Text(".")


def _without_ids(node: nodes.Node) -> nodes.Node:
    for it in node.findall(nodes.Element):
        it["ids"] = []
    return node


def _first_row(table: nodes.table) -> list[nodes.Node]:
    for head in table.findall(nodes.thead):
        return list(head.children[0].children)
    return []
