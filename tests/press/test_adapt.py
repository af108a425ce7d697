"""What print says otherwise: data in the words of the text, a source once, no hosts."""

from __future__ import annotations

from docutils import nodes
from docutils.utils import new_document

from hardwired.press.adapt import adapt
from hardwired.press.escape import NBSP, escape


def table(heads: list[str], rows: list[list[str]], title: str = "T.") -> nodes.table:
    """Make a table of texts."""

    def row(cells: list[str]) -> nodes.row:
        entries = [nodes.entry("", nodes.paragraph("", cell)) for cell in cells]
        return nodes.row("", *entries)

    group = nodes.tgroup("", nodes.thead("", row(heads)), nodes.tbody("", *map(row, rows)))
    return nodes.table("", nodes.title("", title), group)


def adapted(*children: nodes.Node) -> nodes.document:
    """Adapt a page that holds some nodes."""
    page = new_document("page")
    page += list(children)
    adapt(page)
    return page


def test_data_take_on_the_signs_of_the_text() -> None:
    """Greek letters, micrograms, per cent and small letters; a p value is slanted."""
    said = "5 ug/kg, IL-1 beta, 27 percent, LOWER, I2, p < 0.01"

    page = adapted(table(["Found"], [[said]]), nodes.paragraph("", said))
    cell, text = page.children[0].astext(), page.children[1].astext()

    assert cell.endswith("5 µg/kg, IL-1β, 27 per cent, lower, I², p < 0.01")
    assert [it.astext() for it in page.findall(nodes.emphasis)] == ["p"]
    assert text == said


def test_a_source_of_most_rows_is_said_once() -> None:
    """It moves under the title; the cells of other sources stay."""
    rows = [["a", "Dobreva et al., 2021"]] * 6 + [["b", "assumed"]]

    page = adapted(table(["Symbol", "Source"], rows, title="Parameters."))

    assert page.astext().count("Dobreva et al., 2021") == 1
    title = next(page.findall(nodes.title)).astext()
    assert title == "Parameters. Where no source is named: Dobreva et al., 2021."
    assert "assumed" in page.astext()


def test_hosts_of_records_are_not_printed() -> None:
    """The day on which a record was seen stays."""
    seen = "Cohen et al. (1991) (seen at expydoc.com, 47.251.13.51:8081, 2026-11-24)."

    assert adapted(nodes.paragraph("", seen)).astext() == "Cohen et al. (1991) (seen 2026-11-24)."


def test_a_line_end_parts_no_number_from_what_it_counts() -> None:
    """Units, per cent, chapters, figures, and the sign between p and its value."""
    text = "36.8 °C, 25.0 % and 27 per cent in chapter 5 (Figure 3.1, p = 0.029), 5 mg/kg"

    kept = escape(text).replace(NBSP, "~").replace("\\", "")

    assert kept == "36.8~°C, 25.0~% and 27~per~cent in chapter~5 (Figure~3.1, p~=~0.029), 5~mg/kg"
