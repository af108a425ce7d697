"""Handlers of tables: header rows marked, columns as wide as their text needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from docutils import nodes

from hardwired.press.escape import content, string
from hardwired.press.handlers.blocks import caption_of
from hardwired.press.registry import writes
from hardwired.press.translator import Translator

__all__ = ["Column", "column_widths"]

TEXT_WIDTH = 78
"""Characters of table text that fit in a line of the text block, about."""
FULL_WIDTH = 108
"""The same with the note column."""


@dataclass(frozen=True)
class Column:
    """How much a column holds: its longest cell, its longest word, its mean, in characters."""

    longest: int
    word: int
    mean: float


def column_widths(columns: Sequence[Column]) -> tuple[list[str], bool]:
    """Choose the widths of a table's columns.

    Parameters
    ----------
    columns : sequence of Column
        What each column holds.

    Returns
    -------
    widths : list of str
        Typst lengths: ``auto`` where the text fits on one line, fractions for prose.
    wide : bool
        Whether the table needs the note column too.
    """
    gap = 3
    natural = sum(column.longest + gap for column in columns)
    if natural <= TEXT_WIDTH:
        return ["auto"] * len(columns), False
    smallest = sum(max(column.word, 8) + gap for column in columns)
    wide = smallest > TEXT_WIDTH * 0.72 or (len(columns) >= 5 and natural > FULL_WIDTH)
    short = 12
    widths = []
    for column in columns:
        if column.longest <= short:
            widths.append("auto")
        else:
            weight = max(column.word * 1.4, (column.mean * column.longest) ** 0.4)
            widths.append(f"{min(max(weight, 8), 40):.1f}fr")
    return widths, wide


def _measure(rows: Sequence[nodes.row], count: int) -> list[Column]:
    texts: list[list[str]] = [[] for _ in range(count)]
    for row in rows:
        for position, entry in zip(_positions(row, count), row.children, strict=False):
            if not entry.get("morecols") and position < count:
                texts[position].append(_as_seen(entry))
    columns = []
    for cells in texts:
        lengths = [len(cell) for cell in cells] or [0]
        words = [len(word) for cell in cells for word in cell.split()] or [0]
        columns.append(Column(max(lengths), max(words), sum(lengths) / len(lengths)))
    return columns


def _as_seen(node: nodes.Node) -> str:
    """Give the text of a cell, of a formula about as many letters as it will show."""
    if isinstance(node, nodes.math):
        shown = re.sub(r"\\(?:math|text)[a-z]*|[{}_^$ ]|\\[,;!]", "", node.astext())
        return re.sub(r"\\[A-Za-z]+", "x", shown)
    if isinstance(node, nodes.Text):
        return str(node.astext()).replace("\n", " ")
    separator = " " if isinstance(node, nodes.entry) else ""
    return separator.join(_as_seen(child) for child in node.children)


def _positions(row: nodes.row, count: int) -> list[int]:
    """Give the column at which each entry of a row starts (spans over rows are not counted)."""
    positions, at = [], 0
    for entry in row.children:
        positions.append(at)
        at += 1 + entry.get("morecols", 0)
    return positions if at == count else [count] * len(positions)


@writes("table")
def table(t: Translator, node: nodes.table) -> str:
    """Write a table with number and caption."""
    tgroup = next(iter(node.findall(nodes.tgroup)), None)
    if tgroup is None:
        return ""
    thead = next(iter(tgroup.findall(nodes.thead)), None)
    tbody = next(iter(tgroup.findall(nodes.tbody)), None)
    if thead is None or not thead.astext().strip():
        t.problem("a table has no header row: name its columns", node)
        return ""
    columns = [c for c in tgroup.children if isinstance(c, nodes.colspec)]
    head_rows = list(thead.children)
    body_rows = list(tbody.children) if tbody is not None else []
    widths, wide = column_widths(_measure([*head_rows, *body_rows], len(columns)))
    number = t.page.numbers.float("table", node["ids"])
    label = t.own_label(node)
    caption = caption_of(t, node)
    anchors = t.anchors()
    supplement = t.page.numbers.formats.get("table", "Table %s").replace("%s", "").strip()
    with t.using(in_table=True):
        header = ", ".join(_row(t, row, header=True) for row in head_rows)
        rows = ",\n  ".join(_row(t, row) for row in body_rows)
    named = ", named-rows: true" if columns and columns[0].get("stub") else ""
    wide = (wide or "hw-wide" in node["classes"]) and t.depth_in_box == 0
    return (
        f"\n\n#tab(key: {string(t.key())}, number: {string(number)}, label-name: {string(label)}, "
        f"supplement: {string(supplement)}, "
        f"wide: {str(wide).lower()}, caption: {content(anchors + caption)}, "
        f"rows: {len(body_rows)}{named}, columns: ({', '.join(widths)},), "
        f"table.header({header}, table.hline(stroke: hair)),\n  {rows}{',' if rows else ''})\n\n"
    )


_ALIGNED = {
    "text-right": "right",
    "text-align:right": "right",
    "text-center": "center",
    "text-align:center": "center",
}


def _row(t: Translator, row: nodes.row, *, header: bool = False) -> str:
    return ", ".join(_cell(t, entry, header) for entry in row.children)


def _cell(t: Translator, entry: nodes.entry, header: bool) -> str:
    t.wait(entry)
    body = content(t.flow(entry.children))
    arguments = []
    if entry.get("morecols"):
        arguments.append(f"colspan: {entry['morecols'] + 1}")
    if entry.get("morerows"):
        arguments.append(f"rowspan: {entry['morerows'] + 1}")
    for name in entry["classes"]:
        if name in _ALIGNED:
            arguments.append(f"align: {_ALIGNED[name]} + {'bottom' if header else 'top'}")
    if not arguments:
        return body
    return f"table.cell({', '.join(arguments)}){body}"


@writes("row", "entry", "tgroup", "thead", "tbody", "colspec")
def part_of_table(t: Translator, node: nodes.Element) -> str:
    """Write a part of a table outside a table as its content."""
    return t.children(node)
