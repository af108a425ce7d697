"""What is typeset together: a back matter of any size in gatherings of about one size."""

from __future__ import annotations

import re

import pytest

from hardwired.press.binding import plan
from hardwired.press.structure import Entry
from hardwired.press.template.sources import Book
from hardwired.press.written import Written

BOOK = Book("Title", "Subtitle", "Author", "1", "Rights.", 0)


def page(markup: str) -> Written:
    """Give a page that says nothing of itself."""
    return Written(markup, frozenset(), {}, frozenset(), frozenset(), (), (), ())


def written(size: int) -> Written:
    """Give a page of so many characters."""
    return page("x" * size)


def shared_out(sizes: list[int]) -> list[list[str]]:
    """Plan a book whose back matter has pages of these sizes; give the pages of each gathering."""
    order = [Entry(f"page{number}", "", "back", 0) for number in range(len(sizes))]
    pages = {it.docname: written(size) for it, size in zip(order, sizes, strict=True)}
    _, files = plan.plan_book(BOOK, order, pages, plan.Index("", frozenset()), [])
    backs = [source for name, (source, _) in files.items() if "-back" in name]
    return [re.findall(r'#include "/(page\d+)\.typ"', source) for source in backs]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([10, 10], [2]),
        ([40, 40, 40], [1, 2]),
        ([8, 272, 50, 76, 59, 322, 6], [2, 3, 2]),
        ([500], [1]),
    ],
)
def test_no_gathering_is_much_larger_than_it_must_be(
    monkeypatch: pytest.MonkeyPatch, sizes: list[int], expected: list[int]
) -> None:
    """As few as have room for all, in the order of the book, the largest as small as can be."""
    monkeypatch.setattr(plan, "ROOM", 100 if max(sizes) < 100 else 300)
    found = shared_out(sizes)

    assert [len(pages) for pages in found] == expected
    assert [it for pages in found for it in pages] == [f"page{it}" for it in range(len(sizes))]


def test_the_folder_of_the_book_shares_nothing_out_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Two clones, one of them deep in the disk, give the same gatherings."""
    monkeypatch.setattr(plan, "ROOM", 100)
    deep = f"/*@/home/somebody/{'deep/' * 40}page.md:3*/"
    monkeypatch.setattr(f"{__name__}.written", lambda size: page("x" * size + deep))

    assert [len(pages) for pages in shared_out([40, 40, 40])] == [1, 2]
