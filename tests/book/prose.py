"""Read the words of the built pages as a proof-reader does."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.book.reading import NOT_MAIN_TEXT, Page, read
from tests.conftest import ROOT
from tests.sources import dictionary

# What no proof-reader reads: code, formulas, scripts, the lists that print works' own titles,
# queries as they were typed, and works that are named but are not in the bibliography.
NOT_PROSE = (
    "code, pre, .math, math, script, style, .hw-reference-list, .hw-card, .bibtex-citation, "
    ".headerlink, .cell_input, .hw-search em, .hw-left-out"
)
WORD = re.compile(r"[^\W\d_]+(?:[’'][^\W\d_]+)*")
_NOT_WORDS = re.compile(
    r"https?://\S+|\S+@\S+|\b10\.\d{4,9}/\S+|\b(?:NCT|PMC)\d+|[²³]"
    r"|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|\b[\w./-]+\.(?:yml|csv|md|py|bib|html|txt|ipynb|toml|zip)\b"
)


@cache
def own_words() -> frozenset[str]:
    """Give the terms and names of the book that no dictionary has."""
    lines = (ROOT / "tests/book/words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def names() -> frozenset[str]:
    """Give every part of a name of an author in references.bib."""
    text = (ROOT / "references.bib").read_text(encoding="utf-8")
    fields = re.findall(r"author\s*=\s*[{\"](.*?)[}\"],\n", text, re.DOTALL)
    return frozenset(word for field in fields for word in WORD.findall(field))


@cache
def is_spelt(word: str) -> bool:
    """Whether a word stands in the British dictionary, the book's own list or a reference."""
    word = re.sub(r"'s?$", "", word.replace("’", "'"))
    known = word in own_words() or word.lower() in own_words() or word in names()
    return len(word) < 3 or word.isupper() or known or bool(dictionary().lookup(word))


def prose(page: Page) -> str:
    """Give the words of a page, figures' labels, captions and cards included."""
    copy = read(page.path)
    for node in copy.article.select(NOT_PROSE):
        if not node.decomposed:
            node.decompose()
    return _NOT_WORDS.sub(" ", copy.article.get_text(" "))


def misspelt(text: str) -> Iterator[str]:
    """Give the words of a text that nobody knows."""
    for word in WORD.findall(text):
        if not is_spelt(word):
            yield word


def american(text: str) -> Iterator[str]:
    """Give the words that end in -ize, where this house writes -ise."""
    for word in WORD.findall(text):
        ending = re.search(r"(?<!s)(?<!pr)(?<!se)iz(?:e[sd]?|ing|ations?|ers?)$", word.lower())
        if ending and word not in own_words():
            yield word


def capitals(heading: str) -> Iterator[str]:
    """Give the words inside a heading that begin with a capital and are no names."""
    for sentence in re.split(r"[:,?.“] ?|^\d+(?:\.\d+)* ", heading):
        for word in WORD.findall(sentence)[1:]:
            common = word[0].isupper() and not word.isupper() and word not in names()
            if common and word not in own_words() and dictionary().lookup(word.lower()):
                yield word


_ABBREVIATION = re.compile(r"(?<![\w-])[A-Z][A-Z0-9]+(?:-[A-Z0-9α-ω]+)*(?=s?(?![\w-]))")
EVERYBODY_KNOWS = frozenset(
    re.findall(r"\w+", "AIDS CI CSV DNA DOI EPUB HIV HTML II III IV MIT MJ PDF RNA SARS UK US USA")
)


def unexplained(page: Page) -> Iterator[str]:
    """Give the abbreviations that the main text uses before it explains them.

    Explained is one that is a link to the glossary, stands in brackets or before them, or beside
    the term that it shortens.
    """
    copy = read(page.path)
    skip = f"{NOT_MAIN_TEXT}, .bibtex-citation, code, h1, h2, h3, h4, .hw-reference-list, aside"
    for node in copy.article.select(skip):
        if not node.decomposed:
            node.decompose()
    for term in copy.article.select(".std-term"):
        term.insert_before("⟦")
        term.insert_after("⟧")
    text = _NOT_WORDS.sub(" ", re.sub(r"\s+", " ", copy.article.get_text("")))
    met: set[str] = set()
    for match in _ABBREVIATION.finditer(text):
        word = match[0]
        family = word.partition("-")[0].rstrip("0123456789")
        if family in met or {word, family} & (EVERYBODY_KNOWS | own_words()):
            continue
        met.add(family)
        before, after = text[: match.start()], text[match.end() :]
        linked = before.rfind("⟦") > before.rfind("⟧")
        beside = before.endswith(("(", "⟧, ", "⟧ (")) or re.match(r"⟧? ?\(|,? (?:or|for) ", after)
        if not linked and not beside:
            yield f"{word} in “…{before[-40:]}{word}{after[:30]}…”"


def pages(folder: Path) -> list[Path]:
    """Give the pages that hold prose."""
    found = sorted(folder.rglob("*.html"))
    return [path for path in found if path.name not in {"genindex.html", "search.html"}]
