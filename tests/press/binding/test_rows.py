"""Tables whose first cells name their rows: what a listener hears beside each cell."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Object

from hardwired.press.binding.pdf_tree import elements, kids
from hardwired.press.binding.rows import add_row_headers
from tests.press.conftest import Build

SmallBook = Callable[..., Build]

TABLES = """# Title

```{list-table}
:header-rows: 1

* - A
  - B
* - one
  - two
```

```{list-table}
:header-rows: 1
:stub-columns: 1

* - Study
  - People
* - First
  - 12
* - Second
  - 34
```
"""


def _rows(pdf: pikepdf.Pdf) -> list[list[tuple[str, str, list[str]]]]:
    """Give kind, name and headers of each cell in the bodies of all tables."""
    root = pdf.Root.StructTreeRoot
    bodies = [element for element in elements(root) if str(element.S) == "/TBody"]
    return [[_cell(cell) for cell in kids(row)] for body in bodies for row in kids(body)]


def _cell(cell: Object) -> tuple[str, str, list[str]]:
    table = [a for a in cell.A if str(a.O) == "/Table"]
    headers = [str(h) for a in table for h in a.get("/Headers", ())]
    return str(cell.S), str(cell.get("/ID", "")), headers


def test_first_cells_name_their_rows_where_the_source_says_so(small_book: SmallBook) -> None:
    """They are headers that the other cells of their row name; other tables stay as they are."""
    with pikepdf.open(small_book(TABLES).pdf) as pdf:
        plain, first, second = _rows(pdf)

    assert [kind for kind, _, _ in plain] == ["/TD", "/TD"]
    for row in (first, second):
        (kind, name, _), (other, _, headers) = row
        assert (kind, other) == ("/TH", "/TD")
        assert headers[-1] == name
    assert first[0][1] != second[0][1]


def test_a_table_that_nobody_told_of_is_an_error(small_book: SmallBook) -> None:
    """Row headers never go to the wrong table."""
    path = small_book(TABLES).pdf

    with pikepdf.open(path) as pdf, pytest.raises(ValueError, match="shorter"):
        add_row_headers(pdf, [True])
