"""Gatherings bound into one tagged PDF: pages, structure, outline, page labels, links between them.

What the typesetter has checked in each gathering stays as it is; here only numbers and names that
are unique in a gathering become unique in the book, and a link to a place in another gathering,
which the page design writes as an address ``hw:LABEL``, is led to that place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, NumberTree, Object, Pdf, String

from hardwired.press.binding.compile import Place, TypesettingError
from hardwired.press.binding.pdf_tree import elements, name_tree, save

__all__ = ["Printed", "bind"]

ELSEWHERE = "hw:"
"""How the address of a link to another gathering begins."""


@dataclass(frozen=True)
class Printed:
    """A gathering as it came from the typesetter.

    Attributes
    ----------
    path : pathlib.Path
        Its PDF.
    places : tuple of Place
        The labels in it that other gatherings name.
    roman : bool
        Whether its pages are numbered i, ii, iii.
    """

    path: Path
    places: tuple[Place, ...]
    roman: bool


def bind(gatherings: Sequence[Printed], output: Path) -> None:
    """Bind gatherings in their order and put the PDF in place when it is whole.

    Parameters
    ----------
    gatherings : sequence of Printed
        All of the book, in reading order.
    output : pathlib.Path
        Where the PDF goes.

    Raises
    ------
    TypesettingError
        If a link leads to a label that no gathering has told of, or a page came out another.
    """
    sources = [Pdf.open(gathering.path) for gathering in gatherings]
    drawn = [content for source in sources for content in _drawn(source)]
    book = sources[0]
    places = _places(gatherings, sources)
    _label_pages(book, gatherings, [len(source.pages) for source in sources])
    structure = _Structure(book)
    for number, source in enumerate(sources[1:], start=1):
        at = len(book.pages)
        book.add_pages_from(source)
        structure.add(source, list(book.pages)[at:], f"G{number}")
        _add_destinations(book, source)
    structure.close()
    _lead_links(book, places)
    _rename(book, gatherings)
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = output.with_name(output.name + ".part")
    save(book, draft)
    _hold_against(draft, drawn)
    draft.replace(output)


def _hold_against(draft: Path, drawn: Sequence[bytes]) -> None:
    """Stop unless each page is as it was when `net` looked at it."""
    with Pdf.open(draft) as pdf:
        if _drawn(pdf) != drawn:
            raise TypesettingError("a page was lost when the gatherings were bound")


def _drawn(pdf: Pdf) -> list[bytes]:
    return [page.obj.Contents.read_raw_bytes() for page in pdf.pages]


def _places(gatherings: Sequence[Printed], sources: Sequence[Pdf]) -> dict[str, tuple[int, Place]]:
    """Give each place with the number of its page in the book, from 0."""
    found, before = {}, 0
    for gathering, source in zip(gatherings, sources, strict=True):
        for place in gathering.places:
            found[place.name] = (before + place.page - 1, place)
        before += len(source.pages)
    return found


def _brought(book: Pdf, source: Pdf, thing: Object) -> Object:
    """Bring a thing of a gathering into the book, with all that hangs on it."""
    return book.copy_foreign(thing if thing.is_indirect else source.make_indirect(thing))


# -- structure ------------------------------------------------------------------------------


class _Structure:
    """The structure tree of the book, to which those of the gatherings are added."""

    def __init__(self, book: Pdf) -> None:
        self.book = book
        self.root = book.Root.StructTreeRoot
        self.document = _document(self.root)
        self.kids = list(self.document.K)
        self.parents = dict(NumberTree(self.root.ParentTree).items())
        self.names = dict(NameTree(self.root.IDTree).items()) if "/IDTree" in self.root else {}
        self.next = int(self.root.ParentTreeNextKey)

    def add(self, source: Pdf, pages: Sequence[pikepdf.Page], prefix: str) -> None:
        """Add the tree of a gathering whose pages are in the book already."""
        root = _brought(self.book, source, source.Root.StructTreeRoot)
        for kid in _document(root).K:
            kid.P = self.document
            self.kids.append(kid)
        for page in pages:
            for holder, name in _keys(page):
                holder[name] = int(holder[name]) + self.next
        for key, parent in NumberTree(root.ParentTree).items():
            self.parents[key + self.next] = parent
        if "/IDTree" in root:
            for name, element in NameTree(root.IDTree).items():
                self.names[prefix + name] = element
                element.ID = String(prefix + name)
        for element in elements(_document(root)):
            for attributes in element.get("/A", ()):
                if "/Headers" in attributes:
                    names = [String(prefix + str(name)) for name in attributes.Headers]
                    attributes.Headers = Array(names)
        self.root.RoleMap = Dictionary({**dict(root.RoleMap), **dict(self.root.RoleMap)})
        self.next += int(root.ParentTreeNextKey)

    def close(self) -> None:
        """Write the lists that were gathered."""
        self.document.K = Array(self._with_tables_of_contents())
        self.root.ParentTree = _numbers(self.book, self.parents)
        self.root.ParentTreeNextKey = self.next
        if self.names:
            self.root.IDTree = name_tree(self.book, self.names)

    def _with_tables_of_contents(self) -> list[Object]:
        """Wrap each run of entries of a contents in one element.

        The typesetter does so only for what it has listed itself.
        """
        wrapped: list[Object] = []
        for is_entry, run in groupby(self.kids, key=lambda kid: kid.get("/S") == Name.TOCI):
            entries = list(run)
            if is_entry:
                table = self.book.make_indirect(
                    Dictionary(Type=Name.StructElem, S=Name.TOC, P=self.document, K=Array(entries))
                )
                for entry in entries:
                    entry.P = table
                entries = [table]
            wrapped += entries
        return wrapped


def _document(root: Object) -> Object:
    kids = root.K
    return kids[0] if isinstance(kids, Array) else kids


def _keys(page: pikepdf.Page) -> Iterator[tuple[Object, str]]:
    """Give what on a page carries a key into the tree of parents: the page itself, its links."""
    if "/StructParents" in page.obj:
        yield page.obj, "/StructParents"
    for note in page.obj.get("/Annots", ()):
        if "/StructParent" in note:
            yield note, "/StructParent"


def _numbers(book: Pdf, values: Mapping[int, Object]) -> Object:
    pairs = [item for key in sorted(values) for item in (key, values[key])]
    return book.make_indirect(Dictionary(Nums=Array(pairs)))


# -- navigation -----------------------------------------------------------------------------


def _label_pages(book: Pdf, gatherings: Sequence[Printed], counts: Sequence[int]) -> None:
    """Give the pages their numbers: i, ii, iii before 1, 2, 3."""
    labels, before, was_roman = [], 0, None
    for gathering, count in zip(gatherings, counts, strict=True):
        if gathering.roman is not was_roman:
            labels += [
                before,
                Dictionary(Type=Name.PageLabel, S=Name("/r" if gathering.roman else "/D")),
            ]
        before, was_roman = before + count, gathering.roman
    book.Root.PageLabels = Dictionary(Nums=Array(labels))


def _add_destinations(book: Pdf, source: Pdf) -> None:
    """Add the named places of a gathering."""
    here = dict(NameTree(book.Root.Names.Dests).items()) if "/Names" in book.Root else {}
    if "/Names" in source.Root:
        here |= dict(NameTree(_brought(book, source, source.Root.Names).Dests).items())
    if here:
        book.Root.Names = Dictionary(Dests=name_tree(book, here))


def _lead_links(book: Pdf, places: Mapping[str, tuple[int, Place]]) -> None:
    """Lead the links to other gatherings to their places."""
    pages = list(book.pages)
    names = [page.label for page in pages]
    for page in pages:
        for note in page.obj.get("/Annots", ()):
            address = str(note.A.get("/URI", "")) if "/A" in note else ""
            if not address.startswith(ELSEWHERE):
                continue
            label = address.removeprefix(ELSEWHERE)
            if label not in places:
                raise TypesettingError(f"a link leads to '{label}', which is in no gathering")
            number, place = places[label]
            target = pages[number].obj
            height = float(target.MediaBox[3])
            note.Dest = Array([target, Name.XYZ, round(place.x, 3), round(height - place.y, 3), 0])
            note.Contents = String(f"page {names[number]}")
            del note.A


def _rename(book: Pdf, gatherings: Sequence[Printed]) -> None:
    """Give the book's metadata its page count and identifiers of its own."""
    written = b"".join(gathering.path.read_bytes() for gathering in gatherings)
    digest = hashlib.sha256(written).hexdigest()[:32]
    words = book.Root.Metadata.read_bytes().decode()
    pages = f"<xmpTPg:NPages>{len(book.pages)}</xmpTPg:NPages>"
    words = re.sub(r"<xmpTPg:NPages>\d+</xmpTPg:NPages>", pages, words)
    for name in ("InstanceID", "DocumentID"):
        words = re.sub(rf"(<xmpMM:{name}>).*?<", rf"\g<1>{digest}<", words)
    book.Root.Metadata.write(words.encode())
