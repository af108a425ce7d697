"""The index as people sort it."""

from __future__ import annotations

import re

from hardwired.press.index import index_source


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
