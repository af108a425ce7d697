"""Read a PDF back: its structure, links, fonts and the place of every word.

Each check returns findings as text; an empty list means that the rule holds.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import pikepdf
import pypdfium2

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Element:
    """An element of the structure tree, in reading order."""

    kind: str
    title: str
    alt: str
    inside: tuple[str, ...]
    has: frozenset[str]


@dataclass(frozen=True)
class Word:
    """A word on a page with its box in points from the upper left corner."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Link:
    """A link inside the book: where it stands and where it leads, pages from 0.

    One that is parted at a line's end is not `whole`: its box covers words that are none of it.
    """

    page: int
    target: int
    left: float
    top: float
    right: float
    bottom: float
    whole: bool = True


def elements(pdf: pikepdf.Pdf) -> list[Element]:
    """List the structure tree in its order."""
    found: list[Element] = []

    def kinds(node: pikepdf.Object) -> Iterator[str]:
        for child in children(node):
            yield str(child.get("/S", ""))[1:]
            yield from kinds(child)

    def walk(node: pikepdf.Object, inside: tuple[str, ...]) -> None:
        for child in children(node):
            kind = str(child.get("/S", ""))[1:]
            if kind:
                has = frozenset(kinds(child)) if kind == "Table" else frozenset()
                alt, title = str(child.get("/Alt", "")), str(child.get("/T", ""))
                found.append(Element(kind, title, alt, inside, has))
            walk(child, (*inside, kind))

    def children(node: pikepdf.Object) -> list[pikepdf.Object]:
        kids = node.get("/K")
        if kids is None:
            return []
        listed = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        return [kid for kid in listed if isinstance(kid, pikepdf.Dictionary)]

    walk(pdf.Root.StructTreeRoot, ())
    return found


def without_words(pdf: pikepdf.Pdf) -> list[str]:
    """Find figures and formulas that say nothing to a listener."""
    return [
        f"{element.kind} without words"
        for element in elements(pdf)
        if element.kind in ("Figure", "Formula") and not element.alt.strip()
    ]


def headings(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """List the headings with their levels."""
    return [
        (int(element.kind[1:]), element.title)
        for element in elements(pdf)
        if re.fullmatch(r"H\d", element.kind)
    ]


def skipped_levels(pdf: pikepdf.Pdf) -> list[str]:
    """Find headings that lie more than one level below the one before."""
    findings, before = [], 0
    for level, title in headings(pdf):
        if level > before + 1:
            findings.append(f"'{title}' is of level {level} after level {before}")
        before = level
    return findings


def tables_without_header(pdf: pikepdf.Pdf) -> list[str]:
    """Find tables of which no cell is a header."""
    return [
        "table without header"
        for element in elements(pdf)
        if element.kind == "Table" and "TH" not in element.has
    ]


def alternatives(pdf: pikepdf.Pdf) -> list[str]:
    """List the words of figures and formulas in reading order."""
    return [e.alt for e in elements(pdf) if e.kind in ("Figure", "Formula")]


def wrong_language(pdf: pikepdf.Pdf, language: str) -> list[str]:
    """Find a document whose language is not the one asked for."""
    found = str(pdf.Root.get("/Lang", ""))
    return [] if found == language else [f"language is '{found}'"]


def fonts_outside(pdf: pikepdf.Pdf) -> list[str]:
    """Find fonts that are not embedded."""
    findings = set()
    for page in pdf.pages:
        fonts = page.get("/Resources", {}).get("/Font", {})
        for font in fonts.values():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            descriptor = inner.get("/FontDescriptor", {})
            if not any(f"/FontFile{n}" in descriptor for n in ("", "2", "3")):
                findings.add(f"font {font.get('/BaseFont')} is not embedded")
    return sorted(findings)


def outline(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """List the bookmarks: depth from 1, title."""
    found = []

    def walk(items: Sequence[pikepdf.OutlineItem], depth: int) -> None:
        for item in items:
            found.append((depth, item.title))
            walk(item.children, depth + 1)

    with pdf.open_outline() as bookmarks:
        walk(bookmarks.root, 1)
    return found


def words(path: Path) -> list[Word]:
    """Read every word with its box."""
    found = []
    document = pypdfium2.PdfDocument(path)
    for number, page in enumerate(document):
        height, text = page.get_height(), page.get_textpage()
        signs = text.get_text_range()
        # PDFium counts in halves of UTF-16: a sign of mathematics beyond 16 bits is two of them.
        places = list(accumulate((1 + (ord(sign) > 0xFFFF) for sign in signs), initial=0))
        assert places[-1] == text.count_chars()
        for match in re.finditer(r"\S+", signs):
            boxes = [text.get_charbox(places[n], loose=True) for n in range(*match.span())]
            left, bottom = min(b[0] for b in boxes), min(b[1] for b in boxes)
            right, top = max(b[2] for b in boxes), max(b[3] for b in boxes)
            found.append(Word(number, match[0], left, height - top, right, height - bottom))
    document.close()
    return found


@dataclass(frozen=True)
class Frame:
    """Where words may stand on a page, in millimetres, as the page design sets it."""

    width: float
    height: float
    text: float
    reach: float
    top: float
    bottom: float

    @property
    def left(self) -> float:
        """Where the text begins, in points: it stands in the middle of the sheet."""
        return (self.width - self.text) / 2 * POINTS_PER_MM

    @property
    def right(self) -> float:
        """Where the text ends, in points."""
        return (self.width + self.text) / 2 * POINTS_PER_MM


A4 = Frame(210, 297, 146, 14, 20, 19)
BOOK = Frame(189, 246, 124, 17, 20, 21)


def words_outside(path: Path, frame: Frame, slack: float = 3.0) -> list[str]:
    """Find words that leave the text block and its reach by more than `slack` points.

    The box of a slanted letter, as PDFium gives it, is some two points wider than the letter.

    Running heads and page numbers stand above and below the block, between the same margins.
    """
    findings = []
    reach = frame.reach * POINTS_PER_MM + slack
    for word in words(path):
        if word.left < frame.left - reach or word.right > frame.right + reach:
            findings.append(f"'{word.text}' on page {word.page + 1} leaves its column")
        lowest = (frame.height - frame.bottom) * POINTS_PER_MM
        foot = lowest + frame.bottom * POINTS_PER_MM * 0.6
        if word.top < frame.top * POINTS_PER_MM * 0.3 or word.bottom > foot:
            findings.append(f"'{word.text}' on page {word.page + 1} leaves its block")
    return findings


def words_between(path: Path, frame: Frame, slack: float = 2.0) -> list[str]:
    """Find words that stand across the right edge of the text.

    Looked at are the words of the running text, by their size: what is set smaller (wide tables,
    listings, heads) may reach out, as `words_outside` allows.
    """
    found = words(path)
    sizes = Counter(round(word.bottom - word.top) for word in found)
    size = max(height for height, count in sizes.items() if count > len(found) / 10)
    return [
        f"'{word.text}' on page {word.page + 1} stands across the edge"
        for word in found
        if round(word.bottom - word.top) >= size
        and word.left < frame.right - slack
        and word.right > frame.right + slack
    ]


def page_labels(pdf: pikepdf.Pdf) -> list[str]:
    """Give the label of each page, as a reader shows it."""
    return [page.label for page in pdf.pages]


def links(pdf: pikepdf.Pdf) -> list[Link]:
    """List the links inside the book."""
    numbers = {page.objgen: index for index, page in enumerate(pdf.pages)}
    named = {}
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        named = dict(pikepdf.NameTree(pdf.Root.Names.Dests).items())
    found = []
    for index, page in enumerate(pdf.pages):
        height = float(page.mediabox[3])
        for note in page.get("/Annots", []):
            target = note.get("/Dest") or note.get("/A", {}).get("/D")
            if target is None:
                continue
            if isinstance(target, pikepdf.String | pikepdf.Name):
                target = named.get(str(target))
                target = target.get("/D") if isinstance(target, pikepdf.Dictionary) else target
            if target is None or target[0].objgen not in numbers:
                continue
            left, low, right, high = (float(v) for v in note.Rect)
            box = left, height - high, right, height - low
            whole = len(note.get("/QuadPoints", ())) <= 8
            found.append(Link(index, numbers[target[0].objgen], *box, whole))
    return found


_FOLIO = re.compile(r"\d+|[ivxlc]+")


def wrong_pages(path: Path) -> list[str]:
    """Find links beside which another page is printed than the one that they lead to.

    Looked at are cross-references followed by "(p. 12)" and links that end in a page number:
    contents, list of figures, index.
    """
    findings = []
    with pikepdf.open(path) as pdf:
        labels = page_labels(pdf)
        all_links = [link for link in links(pdf) if link.whole]
    by_page: dict[int, list[Word]] = {}
    for word in words(path):
        by_page.setdefault(word.page, []).append(word)
    for link in all_links:
        on_page = by_page.get(link.page, [])
        inside = [
            i
            for i, w in enumerate(on_page)
            if w.left < link.right - 0.5
            and w.right > link.left + 0.5
            # A word that is parted at the end of a line has a box as wide as both lines.
            and w.bottom - w.top < 1.8 * (link.bottom - link.top)
            and link.top - 1 < (w.top + w.bottom) / 2 < link.bottom + 1
        ]
        if not inside:
            continue
        if len(inside) == 1 and link.target == link.page:
            continue  # the mark of a footnote
        last = on_page[inside[-1]]
        following = on_page[inside[-1] + 1 : inside[-1] + 2]
        if last.right > link.right + 3 or any(it.top > last.bottom for it in following):
            continue  # a word goes on that is none of the link, or its page is on the next line
        printed = _printed_page(on_page, inside)
        if printed and printed != labels[link.target]:
            findings.append(
                f"page {labels[link.page]} prints {printed}, its link leads to "
                f"{labels[link.target]}"
            )
    return findings


def _printed_page(on_page: Sequence[Word], inside: Sequence[int]) -> str:
    after = " ".join(w.text for w in on_page[inside[-1] : inside[-1] + 4]).replace("\u00a0", " ")
    match = re.match(r"\S+? ?\(p\. ?(\w+)\)", after)
    if match:
        return match[1]
    last = on_page[inside[-1]].text.strip(",.")
    shown = [on_page[i].text for i in inside]
    alone = len(shown) == 1 or (len(shown) > 1 and _gap_before_last(on_page, inside) > 12)
    return last if alone and _FOLIO.fullmatch(last) else ""


def _gap_before_last(on_page: Sequence[Word], inside: Sequence[int]) -> float:
    return on_page[inside[-1]].left - on_page[inside[-2]].right


def wrong_floats(path: Path) -> list[str]:
    """Find links that name a figure or a table and lead to a page that it does not stand on."""
    with pikepdf.open(path) as pdf:
        labels = page_labels(pdf)
        all_links = [link for link in links(pdf) if link.whole]
    by_page: dict[int, list[Word]] = {}
    for word in words(path):
        by_page.setdefault(word.page, []).append(word)
    named: dict[tuple[int, float, float], str] = {}
    captions: dict[int, set[str]] = {}
    for page, on_page in by_page.items():
        here = [link for link in all_links if link.page == page]
        for first, second in pairwise(on_page):
            name = f"{first.text} {second.text}".rstrip(".,;:)")
            if not re.fullmatch(r"(Figure|Table) \d+\.\d+", name):
                continue
            # A link over two lines covers more than its words: only one that begins here counts.
            begins = [link for link in here if abs(link.left - first.left) < 2]
            inside = [link for link in begins if _holds(link, second)]
            if not inside:
                captions.setdefault(page, set()).add(name)
            for link in inside:
                named[page, link.left, link.top] = name
    findings = []
    for link in all_links:
        name = named.get((link.page, link.left, link.top), "")
        if name and name not in captions.get(link.target, ()):
            findings.append(
                f"page {labels[link.page]} leads to {name} on {labels[link.target]}, "
                "where it does not stand"
            )
    return findings


def _holds(link: Link, word: Word) -> bool:
    middle = (word.left + word.right) / 2, (word.top + word.bottom) / 2
    return link.left < middle[0] < link.right and link.top < middle[1] < link.bottom
