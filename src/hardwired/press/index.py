"""The index of the book: what Sphinx collected, as data for the page design."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any

from hardwired.press.escape import escape, string

__all__ = ["index_source"]

Links = list[tuple[str, str]]


def index_source(groups: Iterable[Any], link: Callable[[str], str]) -> str:
    """Write the groups of Sphinx's index as one Typst call; empty if there is no entry.

    Parameters
    ----------
    groups : iterable
        What `sphinx.environment.adapters.indexentries.IndexEntries.create_index` gives.
    link : callable
        Turns an address of the index into a label.
    """
    written = []
    for letter, entries in groups:
        ordered = sorted(entries, key=lambda entry: _as_people_sort(entry[0]))
        rows = [_entry(name, targets, subs, link) for name, (targets, subs, _) in ordered]
        written.append(f"({string(letter)}, ({', '.join(rows)},))")
    return f"#index-list(({', '.join(written)},))" if written else ""


def _as_people_sort(name: str) -> list[tuple[int, int, str]]:
    """Sort by letters alone, whatever the apostrophe; claim 2 before claims 11 to 14."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\d+|[^\W\d_]+", re.sub(r"['’]", "", letters))
    return [(0, int(word), "") if word.isdigit() else (1, 0, word.rstrip("s")) for word in words]


def _entry(name: str, targets: Links, subs: Any, link: Callable[[str], str]) -> str:
    see = "none"
    below = []
    for sub_name, sub_targets in sorted(subs, key=lambda sub: _as_people_sort(sub[0])):
        directed = _directed(sub_name) if not sub_targets else None
        if directed:
            see = directed
        else:
            below.append(f"([{escape(sub_name)}], {_pages(sub_targets, link)}, none)")
    return (
        f"([{escape(name)}], {_pages(targets, link)}, {see}, ({''.join(b + ', ' for b in below)}))"
    )


def _directed(name: str) -> str | None:
    for words in ("see also", "see"):
        if name.startswith(words + " "):
            return f"([{words}], [{escape(name[len(words) + 1 :])}])"
    return None


def _pages(targets: Links, link: Callable[[str], str]) -> str:
    pages = "".join(
        f"({string(link(uri))}, {str(main == 'main').lower()}), " for main, uri in targets
    )
    return f"({pages})"
