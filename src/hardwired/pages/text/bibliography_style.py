"""How the book writes a reference and a citation: author, year, title, journal, DOI.

Both styles are called ``hardwired``: ``bibtex_default_style`` writes the list and
``bibtex_reference_style`` the citation in the text.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pybtex.plugin
from pybtex.database import Entry
from pybtex.richtext import BaseText, Symbol, Text
from pybtex.style import FormattedEntry, template
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.unsrt import Style as UnsrtStyle
from pybtex.style.formatting.unsrt import dashify
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.template import (
    Node,
    first_of,
    href,
    join,
    names,
    optional,
    optional_field,
    sentence,
    tag,
    words,
)
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from hardwired.pages.text.work_letters import BySurname

# Each citation looks these up, and each look-up reads the entry points of all that is installed;
# what is registered is found at once (a page of 150 citations: 4 seconds).
LOOKED_UP_OFTEN = (
    ("pybtex.backends", "plaintext"),
    ("pybtex.style.names", "last"),
    ("pybtex.style.names", "lastfirst"),
)


class KeyLabels(BaseLabelStyle):
    """Label every entry by its key: unique in the whole book, and never printed."""

    def format_labels(self, sorted_entries: list[Entry]) -> Iterator[str]:
        """Yield the key of each entry."""
        for entry in sorted_entries:
            yield entry.key


class ReferenceListStyle(UnsrtStyle):
    """Author (year). Title. *Journal* volume(number):pages. doi."""

    default_sorting_style = "hardwired"
    default_name_style = "lastfirst"
    default_label_style = "hardwired"

    # A work stands in the list of a chapter and in that of the book, and is formatted once.
    _formatted: ClassVar[dict[int, tuple[Entry, BaseText]]] = {}

    def format_entry(self, label: str, entry: Entry, bib_data: Any = None) -> FormattedEntry:
        """Format an entry; each time after the first only its label is new."""
        kept = self._formatted.get(id(entry))
        if kept is None or kept[0] is not entry:
            kept = entry, super().format_entry(label, entry, bib_data).text
            self._formatted[id(entry)] = kept
        return FormattedEntry(entry.key, kept[1], label)

    def _who_when(self) -> Node:
        who = first_of[
            optional[names("author", sep=", ", sep2=" and ", last_sep=" and ")],
            optional[names("editor", sep=", ", sep2=" and ", last_sep=" and ")],
            optional_field("organization"),
        ]
        return words[who, join["(", template.field("year"), ")."]]

    def _pages(self) -> Node:
        return template.field("pages", apply_func=dashify)

    def _closing(self, entry: Entry) -> list[Node]:
        return [sentence[optional_field("note")], self._address(entry)]

    def _address(self, entry: Entry) -> Node:
        if "doi" in entry.fields:
            doi = template.field("doi", raw=True)
            return href(join["https://doi.org/", doi])[join["doi:", doi]]
        if "url" in entry.fields:
            url = template.field("url", raw=True)
            return href(url)[url]
        return join[()]

    def get_article_template(self, entry: Entry) -> Node:
        """Write a journal article."""
        place = first_of[
            optional[
                join[
                    template.field("volume"),
                    optional["(", template.field("number"), ")"],
                    optional[":", self._pages()],
                ]
            ],
            optional[self._pages()],
        ]
        return toplevel[
            self._who_when(),
            sentence[template.field("title")],
            sentence(sep=" ")[tag("em")[template.field("journal")], place],
            *self._closing(entry),
        ]

    def get_book_template(self, entry: Entry) -> Node:
        """Write a book."""
        return toplevel[
            self._who_when(),
            sentence[
                tag("em")[template.field("title")], optional[template.field("edition"), " edition"]
            ],
            sentence[optional_field("publisher")],
            *self._closing(entry),
        ]

    def get_incollection_template(self, entry: Entry) -> Node:
        """Write a chapter of an edited book or proceedings."""
        return toplevel[
            self._who_when(),
            sentence[template.field("title")],
            sentence(sep=", ")[
                words["In", tag("em")[template.field("booktitle")]],
                optional_field("publisher"),
                optional[join["pages", Symbol("nbsp"), self._pages()]],
            ],
            *self._closing(entry),
        ]

    def get_misc_template(self, entry: Entry) -> Node:
        """Write anything else: a web page, a registration, a report, a thesis."""
        return toplevel[
            self._who_when(),
            sentence[template.field("title")],
            sentence[
                first_of[
                    optional_field("howpublished"),
                    optional_field("publisher"),
                    optional_field("school"),
                    optional_field("institution"),
                ]
            ],
            *self._closing(entry),
        ]

    get_inbook_template = get_incollection_template
    get_inproceedings_template = get_incollection_template
    get_online_template = get_misc_template
    get_phdthesis_template = get_misc_template
    get_techreport_template = get_misc_template


def _round() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep="; ", sep2="; ", last_sep="; ")


def _textual() -> BracketStyle:
    return BracketStyle(left="(", right=")", sep=", ", sep2=" and ", last_sep=" and ")


OTHERS = " and others"
ET_AL = " et al."


@template.node
def et_al(children: list[Node], data: dict[str, Any]) -> BaseText:
    """Write ``Gouin et al.`` where only the first author was seen (``Gouin and others``)."""
    names_text = join[children].format_data(data)
    if names_text.endswith(OTHERS):
        return Text(names_text[: -len(OTHERS)], ET_AL)
    return names_text


class CitedPersons(PersonStyle):
    """Family names; ``et al.`` after the first of three or more, or where others were not seen."""

    def author_or_editor_or_title(self, full: bool) -> Node:
        """Return the names of a citation in the text."""
        return et_al[super().author_or_editor_or_title(full)]


def _persons() -> PersonStyle:
    return CitedPersons(
        style="last", abbreviate=False, sep=", ", sep2=" and ", last_sep=" and ", other=ET_AL
    )


@dataclass
class CitationStyle(AuthorYearReferenceStyle):
    """(Kiecolt-Glaser et al., 1995) and Kiecolt-Glaser et al. (1995)."""

    bracket_parenthetical: BracketStyle = field(default_factory=_round)
    bracket_textual: BracketStyle = field(default_factory=_textual)
    bracket_author: BracketStyle = field(default_factory=_round)
    bracket_label: BracketStyle = field(default_factory=_round)
    bracket_year: BracketStyle = field(default_factory=_round)
    person: PersonStyle = field(default_factory=_persons)


def register() -> None:
    """Register both styles under the name ``hardwired``."""
    pybtex.plugin.register_plugin("pybtex.style.labels", "hardwired", KeyLabels)
    pybtex.plugin.register_plugin("pybtex.style.sorting", "hardwired", BySurname)
    pybtex.plugin.register_plugin("pybtex.style.formatting", "hardwired", ReferenceListStyle)
    for group, name in LOOKED_UP_OFTEN:
        found = pybtex.plugin.find_plugin(group, name)
        pybtex.plugin.register_plugin(group, name, found, force=True)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "hardwired", CitationStyle)
