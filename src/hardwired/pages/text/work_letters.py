"""Works of one year by people of one name: 2019a and 2019b, in the text as in the lists.

The letters follow the order of the list of references, which sorts names as people do: without
braces, capitals and accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from pybtex.database import Entry, Person
from pybtex.style.sorting import BaseSortingStyle
from sphinx.application import Sphinx

if TYPE_CHECKING:
    from sphinxcontrib.bibtex.domain import BibtexDomain

__all__ = ["BySurname", "give_letters", "letter"]

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class BySurname(BaseSortingStyle):
    """Sort works by author, year and title."""

    def sorting_key(self, entry: Entry) -> tuple[str, str, str]:
        """Return what a work is sorted by."""
        people = _people(entry)
        who = "   ".join(map(_in_full, people)) or _bare(entry.fields.get("organization", ""))
        return who, entry.fields.get("year", ""), _bare(entry.fields.get("title", ""))


def _people(entry: Entry) -> list[Person]:
    return list(entry.persons.get("author") or entry.persons.get("editor") or [])


def _family(person: Person) -> str:
    return _bare(" ".join(person.prelast_names + person.last_names))


def _in_full(person: Person) -> str:
    return f"{_family(person)}  {_bare(' '.join(person.first_names + person.middle_names))}"


def _bare(text: str) -> str:
    """Give the letters of a name or title that sorting looks at."""
    without = re.sub(r"\\[a-zA-Z]+|[{}\\\"'`^~.-]", "", text)
    letters = unicodedata.normalize("NFKD", without).replace("ß", "ss")
    return "".join(sign for sign in letters if not unicodedata.combining(sign)).casefold()


def letter(entries: Mapping[str, Entry]) -> dict[str, str]:
    """Give a letter to each work that its citation does not tell from another.

    Parameters
    ----------
    entries : mapping of str to Entry
        All works, by key.

    Returns
    -------
    dict of str to str
        ``a``, ``b`` and so on by key, of those works alone that need one.
    """
    alike: dict[tuple[tuple[str, ...], str], list[str]] = defaultdict(list)
    for key, entry in entries.items():
        names = tuple(map(_family, _people(entry)))
        shown = names if len(names) < 3 and "others" not in names else (names[0], "et al.")
        if shown:
            alike[shown, _year(entry)].append(key)
    order = BySurname()
    letters: dict[str, str] = {}
    for keys in alike.values():
        if len(keys) > 1:
            keys.sort(key=lambda key: (order.sorting_key(entries[key]), key))
            letters |= dict(zip(keys, _LETTERS, strict=False))
    return letters


def _year(entry: Entry) -> str:
    return re.sub(r"(?<=\d)[a-z]$", "", str(entry.fields.get("year", "")))


def give_letters(app: Sphinx) -> None:
    """Write the letters into the years of the works that Sphinx has read."""
    domain = cast("BibtexDomain", app.env.get_domain("cite"))
    entries: Mapping[str, Any] = domain.bibdata.data.entries
    letters = letter(entries)
    for key, entry in entries.items():
        if "year" in entry.fields:
            entry.fields["year"] = _year(entry) + letters.get(key, "")
