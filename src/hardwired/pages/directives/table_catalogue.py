"""``{tables} 05-wounds``: a chapter's data tables, with columns, sources, licence and use.

What is said comes from `datapackage.json`, and for each source from `provenance.csv`.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from docutils import nodes

from hardwired import evidence
from hardwired.evidence import EvidenceError, TableInfo
from hardwired.evidence.schema import CHAPTERS
from hardwired.evidence.sources import DATA
from hardwired.house.units import unit_words
from hardwired.pages.directives.base import HwDirective

LICENCES = {"facts": "facts, re-typed from print; free for every use"}


def seen_at(key: str) -> str:
    """Return in words where and when a work's record was seen.

    >>> seen_at("no such key")
    'no record noted'
    """
    row = evidence.provenance().get(key)
    if row is None:
        return "no record noted"
    addresses = [address.strip() for address in row["address"].split(";")]
    hosts = [urlsplit(a).netloc.removeprefix("www.") for a in addresses if "://" in a]
    where = ", ".join(dict.fromkeys(hosts)) or "record without address"
    checked = row["corrections"]
    later = "" if checked.startswith("none found") else f"; {checked}"
    return f"{where}, {row['date']}{later}"


class TablesDirective(HwDirective):
    """The tables of one chapter."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section ``hw-catalogue-table`` a table."""
        chapter = self.arguments[0].strip()
        if chapter not in CHAPTERS:
            raise self.error(f"no chapter {chapter!r}; write one of {', '.join(CHAPTERS)}")
        for name in ("datapackage.json", "provenance.csv"):
            self.env.note_dependency(str(DATA / name))
        try:
            return [
                self._entry(info) for info in evidence.tables().values() if info.chapter == chapter
            ]
        except EvidenceError as error:
            raise self.error(str(error)) from error

    def _entry(self, info: TableInfo) -> nodes.section:
        name = f"table-{info.name}"
        entry = nodes.section(ids=[name], names=[name], classes=["hw-catalogue-table"])
        self.state.document.note_explicit_target(entry, entry)
        self.set_source_info(entry)
        title = nodes.title("", "", nodes.Text(info.title))
        self.set_source_info(title)
        entry += title
        rows = len(evidence.table(info.name))
        entry += self.said(
            f"{rows} rows." if rows != 1 else "1 row.", f"`{info.name}`. {_plain(info.description)}"
        )
        columns = []
        for column in info.fields:
            unit = "" if column.unit in ("none", "1") else f" ({unit_words(column.unit)})"
            columns.append(f"{_plain(column.title)}{unit}")
        entry += self.said("Columns:", f"{'; '.join(columns)}.")
        works = [f"{{cite:t}}`{key}` (seen at {seen_at(key)})" for key in info.sources]
        entry += self.said("From:", f"{'; '.join(works)}.")
        licence = LICENCES.get(info.licence, info.licence)
        uses = "; ".join(_use(use.strip()) for use in info.used_in.split(";"))
        entry += self.said("Licence:", f"{licence}. Used in: {uses}.")
        return entry


def _plain(text: str) -> str:
    """Return text without signs that MyST would read as markup."""
    for sign in "\\*_`$[]{}<>|~#^":
        text = text.replace(sign, f"\\{sign}")
    return text


def _use(use: str) -> str:
    kind, _, chapter = use.partition(" ")
    return f"{kind} of chapter {int(chapter[:2])}" if chapter[:2].isdigit() else use
