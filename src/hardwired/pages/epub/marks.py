"""What a page tells a reading system beside its text: letters of lists, heads of cells, notes.

A browser takes these from a style sheet or does without; a reading system shows lists as their
markup says, may lay a narrow table out by rows, and opens a note beside the place that names it.
Not here: which pages there are, and how they are cut out of what Sphinx wrote.
"""

from __future__ import annotations

import re
from html import escape, unescape

__all__ = ["marked"]

#: A formula of so many letters may be wider than a page, and then it scrolls.
WIDE_FORMULA = 60
#: A table of so many columns is laid out by rows on a narrow page.
MANY_COLUMNS = 4

_LETTERED = re.compile(r'<ol(?= class="[^"]*\bloweralpha\b)(?![^>]* type=)')
_TABLE = re.compile(r'<table class="([^"]*)"(.*?)</table>', re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_CELL = re.compile(r"<(t[hd])\b")
_CITATION = re.compile(r'(<span class="bibtex-citation"[^>]*>.*?</span>)', re.DOTALL)
_OWN_LINK = re.compile(r'<a (?=class="reference internal" href="#)')
_WORKS = re.compile(r'<ul class="hw-reference-list.*?</ul>', re.DOTALL)
_FORMULA = re.compile(r'<div class="math[^"]*"[^>]*>.*?</div>', re.DOTALL)


def marked(body: str) -> str:
    """Mark the text of a page.

    Parameters
    ----------
    body : str
        XHTML of a page as Sphinx wrote it, cut down to its text.

    Returns
    -------
    str
        The same, with the kind of lettered lists, cells of wide tables that say what they are,
        citations that are references to notes, and wide formulas that the keyboard reaches.
    """
    body = _LETTERED.sub('<ol type="a"', body)
    body = _TABLE.sub(_labelled, body)
    body = _CITATION.sub(
        lambda found: _OWN_LINK.sub('<a epub:type="noteref" role="doc-biblioref" ', found[0]), body
    )
    body = _WORKS.sub(
        lambda found: found[0].replace("<li id=", '<li epub:type="endnote" id='), body
    )
    return _FORMULA.sub(_reached, body)


def _words(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", markup)).split())


def _labelled(table: re.Match[str]) -> str:
    """Write the head of its column into each cell of a table with many columns."""
    head, mark, body = table[2].partition("<tbody>")
    heads = [_words(cell) for cell in _HEAD.findall(head)]
    if not mark or len(heads) < MANY_COLUMNS or "span=" in table[2]:
        return table[0]

    def row(found: re.Match[str]) -> str:
        names = iter(heads)
        return _CELL.sub(lambda cell: f'<{cell[1]} data-head="{escape(next(names, ""))}"', found[0])

    rows = _ROW.sub(row, body)
    return f'<table class="hw-many {table[1]}"{head}{mark}{rows}</table>'


def _reached(formula: re.Match[str]) -> str:
    """Let the keyboard reach a formula that may scroll."""
    if len(_words(formula[0])) < WIDE_FORMULA:
        return formula[0]
    return formula[0].replace("<div ", '<div tabindex="0" role="group" aria-label="Formula" ', 1)
