"""``{studies} 05-wounds``: published results as a numbered table, drawn from `studies.csv`.

The table is an ordinary docutils table in a container ``hw-studies``: its header row is marked,
its first column names the study, and each study is a real citation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import pandas as pd
from docutils import nodes
from docutils.parsers.rst import directives

from hardwired import evidence
from hardwired.evidence import EvidenceError
from hardwired.evidence.csv_rows import Row
from hardwired.evidence.schema import CHAPTERS, SCALES, STUDY_COLUMNS
from hardwired.evidence.sources import DATA
from hardwired.evidence.study_rows import frame
from hardwired.house.numbers import true_minus
from hardwired.house.units import quantity_words
from hardwired.pages.directives.base import HwDirective

HEADINGS = {
    "study": "Study",
    "design": "Design",
    "people": "n",
    "population": "Who",
    "who": "Who, and how many",
    "comparison": "Comparison",
    "outcome": "Outcome",
    "effect": "Effect (95 % interval)",
    "p": "p",
    "certainty": "How sure",
}
"""Columns that a table can show beside the plain ones of `studies.csv`, and their headings."""

WIDTHS = {"study": 16, "design": 9, "people": 7, "who": 18, "effect": 20, "p": 7, "certainty": 26}
DEFAULT = ("study", "design", "people", "comparison", "outcome", "effect", "certainty")
DESIGNS = {
    "rct": "randomised trial",
    "case-series": "case series",
    "cross-sectional": "cross-sectional",
    "systematic-review": "systematic review",
    "meta-analysis": "meta-analysis",
    "case-control": "case-control",
    "quasi-experiment": "quasi-experiment",
}
DIRECTION_WORDS = {
    "higher": "higher (no number printed)",
    "lower": "lower (no number printed)",
    "none": "no clear difference (no number printed)",
    "mixed": "mixed (no number printed)",
}
_RAW = tuple(column.name for column in STUDY_COLUMNS)


def effect_words(row: Row) -> str:
    """Return a row's result in words: ``odds ratio 3.57 (1.58 to 8.07)``."""
    if not row["value"]:
        return DIRECTION_WORDS[row["direction"]]
    text = f"{SCALES[row['scale']]} {quantity_words(row['value'], row['unit'])}"
    if row["low"]:
        limits = f"{true_minus(row['low'])} to {true_minus(row['high'])}"
        level = 100 * float(row["level"])
        text += f" ({limits})" if level == 95 else f" ({level:g} % interval {limits})"
    return text


def people_words(row: Row) -> str:
    """Return how many were analysed: ``26 (13 v 13)``, ``4,060, 56 studies``."""
    a, b, total, k = (
        f"{int(row[name]):,}" if row[name] else "" for name in ("n_a", "n_b", "n_total", "k")
    )
    groups = f"{a} v {b}" if a and b else ""
    if total and groups:
        total = f"{total} ({groups})"
    studies = f"{k} studies" if k else ""
    return ", ".join(part for part in (total or groups, studies) if part) or "\u2013"


def who_words(row: Row) -> str:
    """Return who was studied and, where it is known, how many: ``rats given endotoxin; n = 9``."""
    people = people_words(row)
    return (
        row["population"] if people == "\u2013" else f"{row['population']}; n\u00a0=\u00a0{people}"
    )


def primary_first(rows: list[Row]) -> list[Row]:
    """Return the rows with the primary outcome of each work before its others.

    A work's rows keep the places that they have among those of other works.
    """
    places: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(row["reference"], []).append(place)
    ordered = list(rows)
    for own in places.values():
        by_rank = sorted((rows[place] for place in own), key=lambda row: row["primary"] != "yes")
        for place, row in zip(own, by_rank, strict=True):
            ordered[place] = row
    return ordered


def outcome_words(row: Row) -> str:
    """Return what was measured, and whether it is the trial's primary outcome."""
    return f"{row['outcome']} (primary outcome)" if row["primary"] == "yes" else row["outcome"]


def contrast_words(row: Row, columns: list[str], mixed: bool) -> str:
    """Return what a reader must know of a number that is not a plain difference between groups.

    Parameters
    ----------
    row
        A row of `studies.csv`.
    columns
        Of the table: where the comparison stands beside it, before and after stand there.
    mixed
        Whether the table holds adjusted and crude results.
    """
    words = []
    if row["contrast"] == "within" and "comparison" not in columns:
        words.append("before and after")
    if mixed and row["adjusted"]:
        words.append(row["adjusted"])
    return f", {', '.join(words)}" if words else ""


def p_words(text: str) -> str:
    """Return a p value as a table shows it: ``0.034``, ``< 0.001``."""
    return re.sub(r"^([<>])", "\\1\u00a0", text) or "\u2013"


class Studies(HwDirective):
    """A table of published results."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {
        "columns": directives.unchanged_required,
        "where": directives.unchanged_required,
        "name": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return a container ``hw-studies`` that holds the table."""
        columns = re.split(r"[\s,]+", self.options.get("columns", " ".join(DEFAULT)).strip())
        for name in columns:
            if name not in HEADINGS and name not in _RAW:
                known = ", ".join([*HEADINGS, *(raw for raw in _RAW if raw not in HEADINGS)])
                raise self.error(f"studies have no column {name!r}; use some of {known}")
        table = self._table(columns, self._rows())
        self.add_name(table)
        box = nodes.container("", table, classes=["hw-studies"])
        self.set_source_info(box)
        return [box]

    def _rows(self) -> list[Row]:
        """Return the rows that chapter and query select, in the order of the file."""
        self.env.note_dependency(str(DATA / "studies.csv"))
        try:
            rows = evidence.printed_studies()
        except EvidenceError as error:
            raise self.error(str(error)) from error
        chapter = self.arguments[0].strip() if self.arguments else None
        if chapter is not None and chapter not in CHAPTERS:
            raise self.error(f"unknown chapter {chapter!r}; use one of {', '.join(CHAPTERS)}")
        rows = [row for row in rows if chapter in (None, row["chapter"])]
        where = self.options.get("where")
        if where:
            wanted = self._query(frame(rows), where)
            rows = [row for row in rows if row["id"] in wanted]
        if not rows:
            asked = " ".join(part for part in (chapter, where) if part)
            raise self.error(f"no study answers {asked!r}; loosen the query")
        return primary_first(rows)

    def _query(self, table: pd.DataFrame, where: str) -> set[str]:
        try:
            chosen = table.reset_index().query(where, engine="python")
            return set(chosen["id"])
        except Exception as error:  # pandas raises many kinds, all of them about the query
            reason = str(error).splitlines()[0]
            raise self.error(
                f"the query {where!r} cannot be read ({reason}); "
                'compare columns with values, topic == "delay" and n_total >= 100'
            ) from error

    def _table(self, columns: list[str], rows: list[Row]) -> nodes.table:
        mixed = {"adjusted", "crude"} <= {row["adjusted"] for row in rows}

        def cell(name: str, row: Row) -> list[nodes.Node]:
            more = [nodes.Text(contrast_words(row, columns, mixed))] if name == "effect" else []
            return [*self._cell(name, row), *more]

        words = " ".join(" ".join(self.content).split())
        return self.table(
            [HEADINGS.get(name, name.replace("_", " ")) for name in columns],
            [WIDTHS.get(name, 16) for name in columns],
            ([cell(name, row) for name in columns] for row in rows),
            title=self.inline(words) if words else "",
            classes=["hw-studies-table"],
            names_row=columns.index("study") if "study" in columns else None,
        )

    def _cell(self, name: str, row: Row) -> list[nodes.Node]:
        if name in ("study", "reference"):
            return self.inline(f"{{cite:t}}`{row['reference']}`")
        words: dict[str, Callable[[Row], str]] = {
            "effect": effect_words,
            "people": people_words,
            "who": who_words,
            "p": lambda row: p_words(row["p"]),
            "design": lambda row: DESIGNS.get(row["design"], row["design"]),
        }
        if name in words:
            return [nodes.Text(words[name](row))]
        text = true_minus(outcome_words(row) if name == "outcome" else row[name])
        return self.inline(text) if text else [nodes.Text("\u2013")]
