"""Tables: columns as wide as saves most lines, rows whole, what goes on is named."""

from __future__ import annotations

import itertools
import random

import pypdfium2

from hardwired.press.binding.tagged_text import read
from hardwired.press.escape import NBSP
from hardwired.press.handlers.tables import FULL_WIDTH, GAP, TEXT_WIDTH, Cell, column_widths
from tests.press.conftest import Build, compile_pages

CALL = """#import "template.typ": *
#show: book.with(title: "T")
#chapter(1, "", "t", title: [T])
#tab(
  key: "k", number: "3.1", rows: 60, caption: [C.], columns: (1fr, 1fr),
  header: ([Study], [Found],), ROWS,)
"""


def test_a_table_that_fits_on_lines_has_columns_of_their_own_width() -> None:
    """Nothing is stretched that need not be."""
    assert column_widths([[Cell(10, 5), Cell(60, 9)]]) == (["auto", "auto"], False)


def test_widths_save_as_many_lines_as_can_be() -> None:
    """Three columns, held against every division of the room: at most one line in twenty more."""
    draw = random.Random(2)
    for _ in range(5):
        rows = [
            [Cell(draw.randrange(5, 25), 5), Cell(draw.randrange(30, 200), 9), Cell(90, 9)]
            for _ in range(12)
        ]
        widths, wide = column_widths(rows)
        chosen = [int(width.removesuffix("fr")) - GAP for width in widths]
        room = (FULL_WIDTH if wide else TEXT_WIDTH) - 3 * GAP
        best = min(
            _lines(rows, (first, second, room - first - second))
            for first, second in itertools.product(range(5, room, 2), repeat=2)
            if room - first - second >= 9
        )

        assert sum(chosen) <= room
        assert _lines(rows, chosen) <= best * 1.05


def _lines(rows: list[list[Cell]], widths: tuple[int, ...] | list[int]) -> int:
    return sum(
        max(-(-cell.length // width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )


def test_a_long_table_says_that_it_goes_on(sink: Build) -> None:
    """On its second page stand its name, its head again, and no piece of a row."""
    rows = ", ".join(f"[row {n} begins {'and goes on ' * 12}ends {n}], [b]" for n in range(60))
    call = CALL.replace("ROWS", rows).replace("key:", "wide: true, key:")
    pdf = compile_pages(sink.out, call, pdf_standards=["ua-1"])
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range().replace(NBSP, " ") for page in document]

    assert len(pages) > 1
    assert "continued" not in pages[0]
    for page in pages[1:]:
        assert page.count("Table 3.1, continued") == 1
        assert page.count("Study") == 1
    for page in pages:
        assert page.count("begins") == page.count("ends")


def test_a_row_is_not_printed_twice_for_a_listener(sink: Build) -> None:
    """The name of a table that goes on is for the eye: the tags have it once."""
    rows = ", ".join(f"[{n} {'word ' * 60}], [b]" for n in range(40))
    told = read(compile_pages(sink.out, CALL.replace("ROWS", rows), pdf_standards=["ua-1"]))

    assert "continued" not in told.text
    assert told.text.count("Study") == 1
