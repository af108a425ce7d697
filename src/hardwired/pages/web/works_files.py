"""The works of a page to take along: ``.bib`` and ``.ris`` beside every page that lists works.

Reference managers read either; the page links to both below the line by which it is cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from hardwired.evidence.bibliography import plain
from hardwired.pages.web import search

if TYPE_CHECKING:
    from pybtex.database import Entry, Person
    from sphinxcontrib.bibtex.domain import BibtexDomain

__all__ = ["bibtex", "offer", "ris", "write"]

#: RIS's types; what is not named is "generic".
TYPES = {
    "article": "JOUR",
    "book": "BOOK",
    "incollection": "CHAP",
    "inproceedings": "CPAPER",
    "phdthesis": "THES",
}
#: RIS's tags for fields that go over as they are.
TAGS = {
    "title": "TI",
    "journal": "JO",
    "booktitle": "BT",
    "howpublished": "PB",
    "publisher": "PB",
    "school": "PB",
    "address": "CY",
    "year": "PY",
    "volume": "VL",
    "number": "IS",
    "isbn": "SN",
    "doi": "DO",
    "url": "UR",
    "note": "N1",
}


def bibtex(works: Mapping[str, Entry]) -> str:
    """Return works as BibTeX, in the order of their keys, each text as the book has it."""
    return "\n".join(_entry(key, works[key]) for key in sorted(works))


def _entry(key: str, work: Entry) -> str:
    people = {role: " and ".join(map(str, who)) for role, who in work.persons.items()}
    fields = "".join(
        f"  {name} = {{{text}}},\n" for name, text in {**people, **work.fields}.items()
    )
    return f"@{work.type}{{{key},\n{fields}}}\n"


def ris(works: Mapping[str, Entry]) -> str:
    """Return works in the format of reference managers, in the order of their keys."""
    return "".join(f"{line}\n" for key in sorted(works) for line in _record(works[key]))


def _record(work: Entry) -> Iterator[str]:
    yield f"TY  - {TYPES.get(work.type, 'GEN')}"
    for role, tag in (("author", "AU"), ("editor", "A2")):
        for person in work.persons.get(role, ()):
            yield f"{tag}  - {_name(person)}"
    for name, tag in TAGS.items():
        if name in work.fields:
            yield f"{tag}  - {plain(work.fields[name])}"
    first, _, last = plain(work.fields.get("pages", "")).partition("–")
    if first:
        yield f"SP  - {first}"
    if last:
        yield f"EP  - {last}"
    yield "ER  - "
    yield ""


def _name(person: Person) -> str:
    families = " ".join([*person.prelast_names, *person.last_names])
    given = " ".join([*person.first_names, *person.middle_names])
    return plain(f"{families}, {given}" if given else families)


def _listed(env: BuildEnvironment) -> dict[str, dict[str, Entry]]:
    """Return the works that each page lists, by their keys."""
    domain = cast("BibtexDomain", env.get_domain("cite"))
    found: dict[str, dict[str, Entry]] = {}
    entries = domain.bibdata.data.entries
    for citation in domain.citations:
        page = found.setdefault(citation.bibliography_key.docname, {})
        page[citation.key] = entries[citation.key]
    return found


def offer(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Hand the names of a page's two files to the template."""
    if app.builder.name in search.WEB and doctree is not None and pagename in _listed(app.env):
        name = pagename.rpartition("/")[2]
        context["hw_works"] = [(f"{name}.bib", "BibTeX"), (f"{name}.ris", "RIS")]


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the two files of every page that lists works."""
    if exception or app.builder.name not in search.WEB:
        return
    for docname, works in _listed(app.env).items():
        if not works:
            continue
        for suffix, words in ((".bib", bibtex(works)), (".ris", ris(works))):
            target = Path(app.outdir) / f"{docname}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(words, encoding="utf-8")
