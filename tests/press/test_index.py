"""The index as people sort it."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest

from hardwired.press.binding.compile import typeset
from hardwired.press.index import index_source
from hardwired.press.template.sources import Book, copy_design, gathering_source, index_chapter


def names(*given: str, subs: tuple[str, ...] = ()) -> list[str]:
    """Give the order in which entries or sub-entries come out."""
    below = [(name, [("", "%a#b")]) for name in subs]
    entries = [(name, [[("", "%a#b")], below, None]) for name in given]
    source = index_source([("X", entries)], lambda uri: uri)
    return re.findall(r"\(\[([^\]]*)\]", source)


def test_apostrophes_do_not_sort() -> None:
    """Whatever sign the apostrophe is."""
    assert names("Fisher's test", "Fisher\u2019s exact test") == [
        "Fisher\u2019s exact test",
        "Fisher\\'s test",
    ]


def test_numbers_sort_as_numbers() -> None:
    """Claim 2 before claims 11 to 14, and these before claim 22."""
    assert names("claim 22", "claims 11 to 14", "claims 1 and 2") == [
        "claims 1 and 2",
        "claims 11 to 14",
        "claim 22",
    ]
    assert names("a", subs=("item 10", "item 9")) == ["a", "item 9", "item 10"]


@pytest.mark.ring("test")
def test_an_entry_that_goes_on_in_the_next_column_is_named_there(tmp_path: Path) -> None:
    """Above its parts, once a column; where it begins, it stands with its pages alone."""
    copy_design(tmp_path)
    parts = [(f"part {number}", []) for number in range(150)]
    index = index_source([("B", [("bear", [[], parts, None])])], lambda uri: uri)
    book = Book("Title", "Subtitle", "Author", "1", "Rights.", 0)
    main = tmp_path / "main.typ"
    main.write_text(gathering_source(book, False, [index_chapter(index)]), encoding="utf-8")

    typeset(main, tmp_path / "index.pdf", date=0, inputs={"paper": "a4"})

    document = pypdfium2.PdfDocument(tmp_path / "index.pdf")
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert text.count("bear, continued") == 2
    assert len(re.findall(r"^bear\r?$", text, re.M)) == 1
    assert len(re.findall(r"part \d+", text)) == 150
