"""The real chapters on pages of other heights: wherever pages end, no line of the text is lost.

The first edition lost one at 293 mm, without a sign of it: the typesetter shifted a paragraph
between two pages, and its first line went to a page that was printed already. Every edit of the
text is another throw of that die, and so is every page height: many stand for many editions.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from hardwired.press.binding import net
from hardwired.press.binding.compile import typeset
from hardwired.press.binding.gatherings import Gathering, read
from tests.conftest import ROOT, count
from tests.press.readback import A4, POINTS_PER_MM, Frame

pytestmark = pytest.mark.needs("book")

SOURCES = ROOT / "book/_build/typst"
CHAPTERS = sorted(path.stem for path in (ROOT / "book/chapters").glob("*.md"))
HEIGHTS = range(277, 318, 2)
"""Millimetres: A4's 297 less and more 20."""
FIXED = (293, 279)
"""CI's: that of the first edition's loss, and the one nearest to American paper."""
CONTINUED = re.compile(r"Table(\W[A-Z\d][\d.]*)?, continued")
A4_HEIGHT = "a4: (width: 210mm, height: 297mm,"
ELSEWHERE = (0, 188, "1")
"""What stands for a page in another gathering: of three digits, as all pages here."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the Typst files that the book is made of."""
    return shutil.copytree(SOURCES, tmp_path_factory.mktemp("heights") / "typst")


def gathering_of(folder: Path, chapter: str) -> Gathering:
    """Give what is typeset together with a chapter."""
    return next(it for it in read(folder).gatherings if it.main.endswith(f"{chapter}.typ"))


def typeset_at(folder: Path, chapter: str, height: int) -> list[str]:
    """Typeset a chapter on pages of another height, with all its labels; return its lines."""
    design = (SOURCES / "base.typ").read_text(encoding="utf-8")
    assert design.count(A4_HEIGHT) == 1
    changed = design.replace(A4_HEIGHT, A4_HEIGHT.replace("297", str(height)))
    (folder / "base.typ").write_text(changed, encoding="utf-8")
    plan, gathering = read(folder), gathering_of(folder, chapter)
    inputs = {
        "paper": "a4",
        "absent": json.dumps(plan.absent),
        "before": "100",
        "folio": "101",
        "places": json.dumps({name: ELSEWHERE for name in gathering.asks}),
        "tells": json.dumps(gathering.tells),
    }
    output = folder / "chapter.pdf"
    main = folder / gathering.main
    promise = net.read(net.beside(main))
    done = typeset(main, output, date=plan.date, inputs=inputs, promise=promise)

    missing = set(gathering.tells) - {place.name for place in done.places}
    assert missing == set(), f"{chapter} at {height} mm lacks labels"
    return lines_of(output, replace(A4, height=height))


def lines_of(pdf: Path, frame: Frame) -> list[str]:
    """Read the lines of a PDF in the order in which they were set, without heads and feet.

    The line over the rest of a table that breaks is a head too: whether there is one, and on which
    page, hangs on the height.
    """
    lowest = frame.bottom * POINTS_PER_MM - 3
    highest = (frame.height - frame.top) * POINTS_PER_MM + 8
    lines: list[str] = []
    document = pypdfium2.PdfDocument(pdf)
    for page in document:
        width, height = page.get_size()
        assert round(height / POINTS_PER_MM) == frame.height
        lines += page.get_textpage().get_text_bounded(0, lowest, width, highest).splitlines()
    document.close()
    return [line for line in lines if not CONTINUED.fullmatch(line.strip())]


def letters(line: str) -> str:
    """Give the letters of a line: numbers of pages and hyphens at its end may be others."""
    return re.sub(r"[\W\d_\ufffe]+", "", line)


def lost(lines: Sequence[str], others: Sequence[str]) -> list[str]:
    """Name the lines of which the others have no trace, whole or in a few pieces.

    A line that meets the end of a page, a figure that floats, or a repeated head of a table is
    found in two pieces, a long one in a few more; a lost one would need many.
    """
    text = "".join(map(letters, others))
    missing = [line for line in lines if letters(line) not in text]
    return [line for line in missing if _pieces(letters(line), text) > 2 + len(letters(line)) // 30]


def _pieces(line: str, text: str) -> int:
    """Count the longest pieces of a line, one after the other, that a text holds."""
    pieces = start = 0
    while start < len(line):
        end = start + 1
        while end <= len(line) and line[start:end] in text:
            end += 1
        start = max(end - 1, start + 1)
        pieces += 1
    return pieces


@pytest.mark.sampled
@pytest.mark.ring("all")
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_no_line_is_lost_on_pages_of_other_heights(folder: Path, chapter: str) -> None:
    """Each text of the sources, each label, each line of the A4 page is there; tags close."""
    rest = [height for height in HEIGHTS if height not in FIXED]
    heights = [*FIXED, *rest][: count(len(HEIGHTS), len(FIXED))]
    whole = typeset_at(folder, chapter, 297)

    assert len(whole) > 500
    for height in heights:
        assert lost(whole, typeset_at(folder, chapter, height)) == [], f"{height} mm"


@pytest.mark.ring("all")
def test_a_line_that_is_lost_is_named(folder: Path) -> None:
    """The chapter that lost one in the first edition, without each of its ten longest lines."""
    whole = typeset_at(folder, "05-wounds", 297)
    for line in sorted(whole, key=lambda line: -len(letters(line)))[:10]:
        at = whole.index(line)

        assert lost(whole, whole[:at] + whole[at + 1 :]) == [line]
