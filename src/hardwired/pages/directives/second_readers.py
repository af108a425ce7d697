"""``{second-readers}``: what a second reader found in a hundred sentences of each chapter.

The sheets lie with the tests (``tests/book/second_reader``), which draw the sentences and hold
each verdict; this directive only counts them.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from docutils import nodes

from hardwired.pages.directives.base import Cell, HwDirective

SHEETS = "tests/book/second_reader"
SOUND = ("supported", "not an empirical sentence")


def count(path: Path) -> tuple[Counter[str], int]:
    """Return how often each verdict was given on a sheet, and how many sentences were mended."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["verdict"]]
    return Counter(row["verdict"] for row in rows), sum(row["after"] == "mended" for row in rows)


class SecondReadersDirective(HwDirective):
    """A table of the sheets: a row a chapter."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        folder = Path(self.env.srcdir).parent / SHEETS
        rows: list[Sequence[Cell]] = []
        for path in sorted(folder.glob("[0-9][0-9]-*.csv")):
            self.env.note_dependency(str(path))
            verdicts, mended = count(path)
            if not verdicts:
                continue
            faults = [f"{n} {word}" for word, n in verdicts.most_common() if word not in SOUND]
            chapter = self.inline(f"{{doc}}`/chapters/{path.stem}`")
            sound = sum(verdicts[word] for word in SOUND)
            texts = (str(verdicts.total()), str(sound), ", ".join(faults) or "none", str(mended))
            rows.append((chapter, *texts))
        heads = ("Chapter", "Sentences", "Sound", "Faults found", "Mended")
        return [
            self.table(heads, (32, 14, 14, 26, 14), rows, classes=["hw-model-table", "hw-summary"])
        ]
