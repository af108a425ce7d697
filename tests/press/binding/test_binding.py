"""Gatherings bound into one PDF: its structure, its links, and what cannot be bound."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, NameTree, NumberTree, Object

from hardwired.press.binding import gatherings, workers
from hardwired.press.binding.bind import Printed, bind
from hardwired.press.binding.compile import TypesettingError
from hardwired.press.binding.gatherings import read, typeset_book
from hardwired.press.binding.pdf_tree import elements, kids
from tests.press.conftest import Build
from tests.press.readback import elements as read_elements

SmallBook = Callable[..., Build]


def _pages(element: Object) -> set[tuple[int, int]]:
    """Give the pages that an element has content on."""
    holders = [element, *(kid for kid in kids(element) if isinstance(kid, Dictionary))]
    return {holder.Pg.objgen for holder in holders if "/Pg" in holder}


def strangers(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Find pages and links whose key leads to structure of another page or link."""
    parents = dict(NumberTree(pdf.Root.StructTreeRoot.ParentTree).items())
    keys = []
    for number, page in enumerate(pdf.pages, start=1):
        if "/StructParents" in page.obj:
            keys.append(int(page.obj.StructParents))
            for element in parents[keys[-1]]:
                if element is not None and page.obj.objgen not in _pages(element):
                    yield f"page {number} holds an element of another page"
        for note in page.obj.get("/Annots", ()):
            keys.append(int(note.StructParent))
            holds = [
                k.Obj.objgen
                for k in kids(parents[keys[-1]])
                if isinstance(k, Dictionary) and "/Obj" in k
            ]
            if note.objgen not in holds:
                yield f"a link on page {number} leads to another element"
    if len(set(keys)) < len(keys):
        yield "a key stands twice"


def test_every_page_and_link_finds_its_structure(sink: Build) -> None:
    """A reader that hears a page or a link is at the right place of the structure tree."""
    with pikepdf.open(sink.pdf) as pdf:
        assert list(strangers(pdf)) == []

        last = pdf.pages[-2].obj
        last.StructParents = pdf.pages[4].obj.StructParents
        assert list(strangers(pdf)) != []


def test_names_of_elements_are_unique(sink: Build) -> None:
    """Cells name their headers by names that no other gathering uses."""
    with pikepdf.open(sink.pdf) as pdf:
        names = dict(NameTree(pdf.Root.StructTreeRoot.IDTree).items())
        assert all(str(element.ID) == name for name, element in names.items())
        headers = [
            str(header)
            for element in elements(pdf.Root.StructTreeRoot)
            for attributes in element.get("/A", ())
            for header in attributes.get("/Headers", ())
        ]
    assert len(names) > 10
    assert headers
    assert set(headers) <= set(names)
    assert {name.partition("U")[0] for name in names} >= {"G1", "G2"}


def test_contents_are_tagged_as_such(sink: Build) -> None:
    """Each entry of contents and list of figures stands in a table of contents."""
    with pikepdf.open(sink.pdf) as pdf:
        entries = [e for e in read_elements(pdf) if e.kind == "TOCI"]
    assert len(entries) > 10
    assert all(entry.inside[-1] == "TOC" for entry in entries)


def test_no_link_is_left_as_an_address_of_ours(sink: Build) -> None:
    """Links to other gatherings became links to pages, with words for who hears them."""
    with pikepdf.open(sink.pdf) as pdf:
        notes = [note for page in pdf.pages for note in page.obj.get("/Annots", ())]
        addresses = [str(note.A.URI) for note in notes if "/A" in note]
        inner = [note for note in notes if "/Dest" in note]
        assert [a for a in addresses if a.startswith("hw:")] == []
        assert len(inner) > 20
        named = dict(NameTree(pdf.Root.Names.Dests).items())
        for note in inner:
            target = note.Dest if isinstance(note.Dest, Array) else named[str(note.Dest)]
            assert target[0].objgen in {page.obj.objgen for page in pdf.pages}
        assert all(str(note.Contents) for note in inner)


def test_a_link_to_a_place_that_nobody_tells_of_is_named(sink: Build, tmp_path: Path) -> None:
    """Nothing is bound then, and what stands in its place stays."""
    plan = read(sink.out)
    plan = gatherings.Plan(plan.gatherings[:1], plan.absent, plan.date)
    output = tmp_path / "book.pdf"
    output.write_bytes(b"before")

    with pytest.raises(TypesettingError, match="which is in no gathering"):
        typeset_book(sink.out, plan, output, "a4")
    assert output.read_bytes() == b"before"


def test_a_label_that_is_not_there_is_named(small_book: SmallBook, tmp_path: Path) -> None:
    """A gathering that loses a label which others ask for, on every layout, says which one."""
    built = small_book("# Title\n\nText.\n")
    page = built.out / "page.typ"
    page.write_text(page.read_text(encoding="utf-8").replace('"page#title"', '"page#other"'))

    with pytest.raises(TypesettingError, match="label 'page#title' is not on paper"):
        typeset_book(built.out, read(built.out), tmp_path / "book.pdf", "a4")


def test_pages_that_do_not_come_to_rest_are_said(
    sink: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A book whose numbers still move when all rounds are done is not bound."""
    monkeypatch.setattr(gatherings, "ROUNDS", 1)

    with pytest.raises(TypesettingError, match="do not come to rest"):
        typeset_book(sink.out, read(sink.out), tmp_path / "book.pdf", "a4")


def test_a_typesetter_that_dies_is_said(
    sink: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends without an answer is an error that names its gathering."""
    monkeypatch.setattr(workers.sys, "executable", "/bin/false")

    with pytest.raises(TypesettingError, match="the typesetter stopped") as caught:
        typeset_book(sink.out, read(sink.out), tmp_path / "book.pdf", "a4")
    assert caught.value.file.startswith("gathering-")


def test_a_worker_goes_on_after_a_file_that_killed_its_typesetter(
    sink: Build, tmp_path: Path
) -> None:
    """The process of one file may die; the next file is typeset by the same worker."""
    plan = read(sink.out)
    main = sink.out / plan.gatherings[-1].main
    job = {"main": str(main), "output": None, "date": 0, "inputs": {}, "low": [], "checked": False}
    broken = {key: value for key, value in job.items() if key != "date"}

    with workers.workers(1) as typeset:
        with pytest.raises(TypesettingError, match="the typesetter stopped: exit status 1"):
            typeset(broken)
        assert typeset(job).pages > 0


def test_one_gathering_is_bound_as_it_is(sink: Build, tmp_path: Path) -> None:
    """Binding a single gathering changes no page of it."""
    with pikepdf.open(sink.pdf) as pdf:
        before = len(pdf.pages)
    bind([Printed(sink.pdf, (), roman=False)], tmp_path / "one.pdf")
    with pikepdf.open(tmp_path / "one.pdf") as pdf:
        assert len(pdf.pages) == before
        assert list(strangers(pdf)) == []
