"""The contents of the EPUB as readers name its parts, and its landmarks.

Chapters and sections have the numbers that the text calls them by, and the first page does not
bear the name of the first chapter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

__all__ = ["FRONT", "landmarks", "numbered", "with_landmarks"]

#: What the contents call the page on which the book opens.
FRONT = "Title page"
#: Pages that reading systems lead to: kind, name of the page without suffix, words.
PLACES = (
    ("bodymatter", "chapters/01-hardwired", "Start of the text"),
    ("glossary", "back/glossary", "Glossary"),
    ("bibliography", "back/bibliography", "Bibliography"),
    ("index", "genindex", "Index"),
)


def numbered(
    entry: Mapping[str, Any], numbers: Mapping[str, Iterable[int]], root: str
) -> dict[str, Any]:
    """Return an entry of the contents under the name that readers know.

    Parameters
    ----------
    entry
        Its ``refuri`` and ``text``, as Sphinx lists them.
    numbers
        The numbers of pages and sections, by their address.
    root
        The address of the page on which the book opens.
    """
    if entry["refuri"] == root:
        return {**entry, "text": FRONT}
    number = ".".join(map(str, numbers.get(entry["refuri"], ())))
    return {**entry, "text": f"{number} {entry['text']}" if number else entry["text"]}


def landmarks(pages: Iterable[str], cover: str, suffix: str) -> str:
    """Return the landmarks of the book as XHTML: cover, and the places of its parts."""
    known = set(pages)
    listed = [("cover", cover, "Cover")]
    listed += [
        (kind, name + suffix, words) for kind, name, words in PLACES if name + suffix in known
    ]
    items = "".join(
        f'<li><a epub:type="{kind}" href="{escape(address)}">{words}</a></li>\n'
        for kind, address, words in listed
    )
    return (
        '<nav epub:type="landmarks" aria-label="Landmarks" hidden="hidden">\n'
        f"<h2>Landmarks</h2>\n<ol>\n{items}</ol>\n</nav>\n"
    )


def with_landmarks(page: str, marks: str, style: str) -> str:
    """Return the page of contents with its role, the book's style and the landmarks."""
    page = page.replace('<nav epub:type="toc">', '<nav epub:type="toc" role="doc-toc">', 1)
    page = page.replace("Table of Contents", "Contents")
    link = f'<link rel="stylesheet" type="text/css" href="{style}" />\n  </head>'
    page = page.replace("</head>", link, 1)
    return re.sub(r"(\s*</body>)", lambda end: f"\n{marks}{end[1]}", page, count=1)
