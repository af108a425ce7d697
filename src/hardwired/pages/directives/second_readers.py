"""``{second-readers}``: what a second reader found in a hundred sentences of each chapter.

The sheets lie with the tests (``tests/book/second_reader``), which draw the sentences and hold
each verdict; this directive only counts them.
"""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from hardwired.pages.directives.columns import columns

SHEETS = "tests/book/second_reader"
SOUND = ("supported", "not an empirical sentence")


def count(path: Path) -> tuple[Counter[str], int]:
    """Return how often each verdict was given on a sheet, and how many sentences were mended."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["verdict"]]
    return Counter(row["verdict"] for row in rows), sum(row["after"] == "mended" for row in rows)


class SecondReadersDirective(SphinxDirective):
    """A table of the sheets: a row a chapter."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        folder = Path(self.env.srcdir).parent / SHEETS
        group = nodes.tgroup(cols=5)
        group += columns(32, 14, 14, 26, 14)
        heads = ("Chapter", "Sentences", "Sound", "Faults found", "Mended")
        group += nodes.thead("", self._row([[nodes.Text(head)] for head in heads]))
        body = nodes.tbody()
        for path in sorted(folder.glob("[0-9][0-9]-*.csv")):
            self.env.note_dependency(str(path))
            verdicts, mended = count(path)
            if not verdicts:
                continue
            faults = [f"{n} {word}" for word, n in verdicts.most_common() if word not in SOUND]
            chapter, messages = self.state.inline_text(
                f"{{doc}}`/chapters/{path.stem}`", self.lineno
            )
            sound = sum(verdicts[word] for word in SOUND)
            texts = (str(verdicts.total()), str(sound), ", ".join(faults) or "none", str(mended))
            cells: list[list[nodes.Node]] = [[*chapter, *messages]]
            body += self._row([*cells, *([nodes.Text(text)] for text in texts)])
        group += body
        table = nodes.table("", group, classes=["hw-model-table", "hw-summary"])
        self.set_source_info(table)
        return [table]

    def _row(self, cells: list[list[nodes.Node]]) -> nodes.row:
        return nodes.row("", *(nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("second-readers", SecondReadersDirective)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
