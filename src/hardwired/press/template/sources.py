"""The files round the text: the gatherings of the book, a handout, the cover."""

from __future__ import annotations

import datetime
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from hardwired.house import palette
from hardwired.press.escape import escape, string
from hardwired.press.structure import Entry
from hardwired.press.written import Answers, Figure, Heading

__all__ = [
    "PAPERS",
    "Book",
    "answers_source",
    "contents_source",
    "copy_design",
    "cover_source",
    "gathering_source",
    "handout_source",
    "index_chapter",
    "pages_source",
    "part_label",
    "title_source",
]

# Spelled here, because strftime asks the locale of the machine.
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip
PAPERS = ("a4", "letter", "book", "screen")


@dataclass(frozen=True)
class Book:
    """What stands on the title page and on its back.

    Attributes
    ----------
    title, subtitle, author : str
        As they are printed.
    version : str
        The release.
    rights : str
        The licence, a sentence.
    date : int
        Seconds since 1970.
    """

    title: str
    subtitle: str
    author: str
    version: str
    rights: str
    date: int

    @property
    def day(self) -> datetime.date:
        """The date of the edition (UTC)."""
        return datetime.datetime.fromtimestamp(self.date, datetime.UTC).date()

    @property
    def day_in_words(self) -> str:
        """The same as it is printed: ``1 January 2026``."""
        return f"{self.day.day} {MONTHS[self.day.month - 1]} {self.day.year}"


def copy_design(folder: Path) -> None:
    """Put the page design beside the generated files."""
    for name in ("base.typ", "blocks.typ", "template.typ", "cover.typ", "listing.tmTheme"):
        with resources.as_file(resources.files("hardwired.press.template") / name) as path:
            shutil.copyfile(path, folder / name)
    (folder / "palette.typ").write_text(palette.typst(), encoding="utf-8")


def _call(book: Book, title: str) -> str:
    day = book.day
    return (
        f"#show: book.with(title: {string(title)}, author: {string(book.author)}, "
        f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}), "
        f"description: {string(book.subtitle)})\n"
    )


def _facts(book: Book) -> str:
    return (
        f"title: {string(book.title)}, subtitle: {string(book.subtitle)}, "
        f"author: {string(book.author)}, version: {string(book.version)}, "
        f"rights: [{escape(book.rights)}], day: {string(book.day_in_words)}"
    )


def _file(docname: str) -> str:
    return string(f"/{docname}.typ")


DEPTH = 3
"""How deep the contents go: chapters, their sections and what stands in those."""
OFTEN = 3
"""In how many chapters a section of the same title is one of every chapter."""


def gathering_source(book: Book, roman: bool, pages: Sequence[str]) -> str:
    """Write the main file of a gathering.

    Parameters
    ----------
    book : Book
        Title, licence and so on.
    roman : bool
        Whether its pages are numbered i, ii, iii.
    pages : sequence of str
        What it holds, as Typst markup.
    """
    style = "i" if roman else "1"
    lines = ['#import "/template.typ": *', _call(book, f"{book.title}: {book.subtitle}")]
    lines.append(f"#show: numbered.with({string(style)})")
    return "\n".join([*lines, *pages, "#even-end()"]) + "\n"


def title_source(book: Book) -> str:
    """Write the title pages."""
    return f"#title-pages({_facts(book)})"


def contents_source(headings: Sequence[Heading], figures: Sequence[Figure]) -> str:
    """Write the contents and the list of figures."""
    rows = "".join(
        f"({level}, {string(number)}, {string(label)}, [{title}]), "
        for level, number, label, title in _telling(headings)
    )
    drawn = "".join(
        f"({string(number)}, {string(label)}, [{title}]), " for number, label, title in figures
    )
    return f"#contents(({rows}), ({drawn}))"


def _telling(headings: Sequence[Heading]) -> Iterator[Heading]:
    """Give the headings that tell a reader something.

    A section that every chapter has ("Summary") is named in the small contents of its chapter; here
    it stands only if titles of its own stand in it.
    """
    often = Counter(title for level, _, _, title in headings if level == 2)
    for at, heading in enumerate(headings):
        level, number, _, title = heading
        if level == DEPTH and not number:
            continue  # what has no number is looked up in its own place
        alone = at + 1 == len(headings) or headings[at + 1][0] <= level
        if level <= DEPTH and not (level == 2 and alone and often[title] >= OFTEN):
            yield heading


def part_label(part: str) -> str:
    """Give the label of a part's page."""
    return f"hw-part#{part}"


def pages_source(entries: Sequence[Entry], with_parts: bool) -> str:
    """Write the pages of some entries, each part's page before its first one."""
    lines, part = [], ""
    for entry in entries:
        if with_parts and entry.matter == "main" and entry.part != part:
            part = entry.part
            lines.append(f"#part-page({string(part_label(part))}, [{escape(part)}])")
        lines.append(f"#include {_file(entry.docname)}\n#place.flush()")
    return "\n".join(lines)


def answers_source(answers: str) -> str:
    """Write the answers to the quizzes as a chapter of the back matter."""
    title = '#chapter(1, "", "hw-answers", title: [Answers to the quizzes])'
    return f"{title}\n#looked-up(in-columns[{answers}])"


def index_chapter(index: str) -> str:
    """Write the index as a chapter of the back matter."""
    return f'#chapter(1, "", "genindex", title: [Index])\n#index-note\n{index}'


def handout_source(book: Book, entry: Entry, title: str, answers: Sequence[Answers]) -> str:
    """Write the file that a single chapter is compiled from.

    Parameters
    ----------
    book : Book
        Title, licence and so on.
    entry : Entry
        The chapter.
    title : str
        Its title, as text.
    answers : sequence of Answers
        The answers to its quizzes.
    """
    lines = [
        '#import "/template.typ": *',
        _call(book, f"{title} ({book.title})"),
        '#show: numbered.with("1")',
        f"#handout-strip({_facts(book)})",
        f"#include {_file(entry.docname)}",
    ]
    if answers:
        first, *rest = answers
        set_out = [first.typst("handout-answers"), *(given.typst("answer-group") for given in rest)]
        lines.append("\n\n".join(set_out))
    lines.append("#even-end()")
    return "\n".join(lines) + "\n"


def cover_source(book: Book, pages: int, chapters: Sequence[tuple[str, str]]) -> str:
    """Write the file that a cover is compiled from.

    Parameters
    ----------
    book : Book
        Title, licence and so on.
    pages : int
        How many pages the book has: they make the spine.
    chapters : sequence of (str, str)
        Number and title of each chapter, for the back.
    """
    rows = "".join(f"({string(number)}, [{escape(title)}]), " for number, title in chapters)
    return (
        '#import "/template.typ": *\n#import "/cover.typ": cover\n'
        f"#cover({_facts(book)}, pages: {pages}, chapters: ({rows}))\n"
    )
