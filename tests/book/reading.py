"""Read a built page as a reader does: parts, words, figures, citations."""

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from tests.conftest import ROOT

# EDITORIAL counts the main text only: no code, tables, captions, equations, cards or controls.
NOT_MAIN_TEXT = (
    ".cell, table, figure, figcaption, .math, .hw-model, .hw-quiz, .hw-exercise, .headerlink, "
    ".hw-studies, .hw-claim, .hw-work, .hw-reading, svg, script, style"
)
AFTER_PART_NINE = {
    "check yourself",
    "exercises",
    "exercise",
    "references",
    "further reading",
    "key terms",
}


@dataclass(frozen=True)
class Page:
    """One built page."""

    path: Path
    soup: BeautifulSoup

    @property
    def article(self) -> Tag:
        """Return the part that is the page's own text."""
        article = self.soup.find("article")
        assert isinstance(article, Tag)
        return article

    def sections(self) -> dict[str, Tag]:
        """Return the sections of the first level by their heading in lower case, no number."""
        found = {}
        for section in self.article.select("section > section"):
            if len(section.find_parents("section")) != 1:
                continue
            heading = section.find("h2")
            assert heading is not None
            for part in heading.select(".section-number, .headerlink"):
                part.decompose()
            found[heading.get_text().strip().lower()] = section
        return found


def read(path: Path) -> Page:
    """Parse a built page."""
    return Page(path, BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser"))


def main_text(page: Page) -> str:
    """Return the words of parts 1 to 9 of the chapter contract as a reader sees them."""
    copy = read(page.path)
    for title, section in copy.sections().items():
        if title in AFTER_PART_NINE or title.startswith("summary"):
            section.decompose()
    for node in copy.article.select(NOT_MAIN_TEXT):
        if not node.decomposed:
            node.decompose()
    return copy.article.get_text(" ")


def gzipped(path: Path) -> int:
    """Return the size of a file in bytes after gzip."""
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def prose_of(slug: str, *, hyphen_for_minus: bool = False) -> str:
    """Return a chapter's source in one line: terms are words, blanks are plain, no emphasis.

    With `hyphen_for_minus` its numbers are written as Python writes them.
    """
    text = (ROOT / f"book/chapters/{slug}.md").read_text(encoding="utf-8")
    text = re.sub(r"\{term\}`([^`<]+?)(?: <[^`]*>)?`", r"\1", text)
    text = text.replace("*", "").replace("\N{NO-BREAK SPACE}", " ")
    if hyphen_for_minus:
        text = text.replace("\N{MINUS SIGN}", "-")
    return re.sub(r"\s+", " ", text)
