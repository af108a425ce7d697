"""Handlers of tables: header rows marked, columns as wide as their text needs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from docutils import nodes

from hardwired.press.escape import content, string
from hardwired.press.handlers.blocks import caption_of
from hardwired.press.registry import writes
from hardwired.press.translator import Translator

__all__ = ["Cell", "column_widths"]

TEXT_WIDTH = 88
"""Characters of table text that fit in a line of the text block, about."""
FULL_WIDTH = 112
"""The same with the reach on both sides."""
BOLD = 1.2
"""How much wider the letters of a head are."""
BROAD = 1.1
"""How much broader a word may be than as many letters of a long text."""
GAP = 3
"""Characters that the space between two columns is wide."""
STEP = 24
"""By how many characters a column grows at most at once."""
HYPHENATED = 14
"""A longer word may be parted."""


@dataclass(frozen=True)
class Cell:
    """How much a cell holds: its characters, and those of its longest word."""

    length: int
    word: int


def column_widths(rows: Sequence[Sequence[Cell]]) -> tuple[list[str], bool]:
    """Choose the widths of a table's columns, so that it has as few lines as can be.

    Parameters
    ----------
    rows : sequence of sequence of Cell
        What each row holds, column by column.

    Returns
    -------
    widths : list of str
        Typst lengths: ``auto`` if all text fits on one line, else fractions.
    wide : bool
        Whether the table needs more than the text block.
    """
    columns = list(zip(*rows, strict=True))
    longest = [max(cell.length for cell in column) for column in columns]
    if sum(longest) + GAP * len(columns) <= TEXT_WIDTH:
        return ["auto"] * len(columns), False
    smallest = [
        min(max(max(min(cell.word, HYPHENATED) for cell in column), 3), longest[number])
        for number, column in enumerate(columns)
    ]
    narrow = _fewest_lines(rows, smallest, TEXT_WIDTH - GAP * len(columns))
    full = _fewest_lines(rows, smallest, FULL_WIDTH - GAP * len(columns))
    wide = _lines(rows, full) < 0.85 * _lines(rows, narrow) or sum(narrow) > TEXT_WIDTH
    widths = full if wide else narrow
    return [f"{width + GAP}fr" for width in widths], wide


def _fewest_lines(rows: Sequence[Sequence[Cell]], smallest: Sequence[int], room: int) -> list[int]:
    """Give away the room, each time to the column that saves most lines by it."""
    lengths = np.array([[cell.length for cell in row] for row in rows])
    widths = np.array(smallest)
    while (spare := min(int(room - widths.sum()), STEP)) > 0:
        lines = -(-lengths // widths)
        more = np.arange(1, spare + 1)
        saved = np.zeros((len(widths), spare))
        for column in range(len(widths)):
            others = np.delete(lines, column, axis=1).max(axis=1, initial=1)
            trial = -(-lengths[:, column] // (widths[column] + more)[:, None])
            fewer = lines.max(axis=1).sum() - np.maximum(trial, others).sum(axis=1)
            saved[column] = (fewer + 0.02 * (lines[:, column].sum() - trial.sum(axis=1))) / more
        best, step = divmod(int(np.argmax(saved)), spare)
        if saved[best, step] <= 0:
            break
        widths[best] += step + 1
    # What saves no more lines makes all columns airy alike.
    widths += max(int(room - widths.sum()), 0) // len(widths)
    return [int(width) for width in widths]


def _lines(rows: Sequence[Sequence[Cell]], widths: Sequence[int]) -> int:
    """Count the lines of all rows: of each as many as its tallest cell has."""
    return sum(
        max(-(-cell.length // width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def _measure(rows: Sequence[nodes.row], count: int) -> list[list[Cell]]:
    """Measure the cells of all rows without spans."""
    measured = []
    for row in rows:
        entries = list(row.children)
        if len(entries) == count and not any(it.get("morecols") for it in entries):
            wider = BOLD if isinstance(row.parent, nodes.thead) else 1
            measured.append([_cell_of(_as_seen(entry).strip(), wider) for entry in entries])
    return measured or [[Cell(1, 1)] * count]


def _cell_of(text: str, wider: float) -> Cell:
    word = max((len(word) for word in re.split(r"[\s/-]+", text)), default=0)
    return Cell(ceil((len(text) + (len(text) > 20) * 2) * wider), ceil(word * wider * BROAD))


def _as_seen(node: nodes.Node) -> str:
    """Give the text of a cell, of a formula about as many letters as it will show."""
    if isinstance(node, nodes.math):
        shown = re.sub(r"\\(?:math|text)[a-z]*|[{}_^$ ]|\\[,;!]", "", node.astext())
        return re.sub(r"\\[A-Za-z]+", "x", shown)
    if isinstance(node, nodes.Text):
        return str(node.astext()).replace("\n", " ")
    separator = " " if isinstance(node, nodes.entry) else ""
    return separator.join(_as_seen(child) for child in node.children)


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
        f"header: ({header},),\n  {rows}{',' if rows else ''})\n\n"
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
