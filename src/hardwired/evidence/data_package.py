"""The tables that exercises re-analyse: a Frictionless data package, read and checked.

The `frictionless` package validates the same files in the tests; reading needs pandas only.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from hardwired.evidence.csv_rows import read_raw
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import CHAPTERS, KEY, LICENCES, NUMBER, TABLE_TYPES, USE


@dataclass(frozen=True)
class TableField:
    """A column of a table: name, type, title and unit (``none`` for text, ``1`` without unit)."""

    name: str
    type: str
    title: str
    unit: str
    description: str = ""


@dataclass(frozen=True)
class TableInfo:
    """What the data package says of one table.

    Parameters
    ----------
    name
        ``wounds-correlations``.
    path
        Absolute path of the CSV file.
    title, description
        In words.
    licence
        One of :data:`hardwired.evidence.schema.LICENCES`.
    sources
        Bibliography keys.
    chapter
        ``05-wounds``.
    used_in
        Where it is used.
    fields
        Its columns.
    exceptions
        Estimate, as printed, to why its limits or p do not follow from it.
    """

    name: str
    path: Path
    title: str
    description: str
    licence: str
    sources: tuple[str, ...]
    chapter: str
    used_in: str
    fields: tuple[TableField, ...] = field(default=())
    exceptions: dict[str, str] = field(default_factory=dict, hash=False)


_INFO_PARTS = ("name", "path", "title", "description", "licenses", "sources", "chapter", "used_in")
_PANDAS = {"integer": "Int64", "number": "float64", "boolean": "boolean", "year": "Int64"}


def read_package(path: Path, shown: str) -> tuple[dict[str, TableInfo], list[Problem]]:
    """Read `datapackage.json`.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    tables, problems
        Descriptions without fault by name, and every fault found. The CSV files themselves are
        checked by :func:`check_table`.
    """
    try:
        text = path.read_text(encoding="utf-8")
        package = json.loads(text)
    except FileNotFoundError:
        return {}, [Problem(shown, 0, "the file is missing", "restore it or its name")]
    except json.JSONDecodeError as error:
        what = f"broken JSON ({error.msg})"
        return {}, [Problem(shown, error.lineno, what, "mend the comma, quote or bracket there")]
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list):
        return {}, [Problem(shown, 1, "no list of resources", "add `resources`")]
    tables: dict[str, TableInfo] = {}
    problems: list[Problem] = []
    for number, resource in enumerate(resources, 1):
        name = resource.get("name") if isinstance(resource, dict) else None
        if not isinstance(name, str):
            what = f"resource {number} has no name"
            problems.append(Problem(shown, 1, what, "name it chapter-word"))
            continue
        line = _line_of(text, name)
        faults = [Problem(shown, line, f"{name}: {w}", m) for w, m in _resource_faults(resource)]
        if name in tables:
            faults.append(Problem(shown, line, f"{name} stands twice", "rename one of them"))
        problems += faults
        if not faults:
            tables[name] = _info(resource, path.parent)
    return tables, problems


def _line_of(text: str, name: str) -> int:
    match = re.search(rf'"name"\s*:\s*"{re.escape(name)}"', text)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _resource_faults(resource: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with one resource, each with its mend."""
    missing = [part for part in _INFO_PARTS if not resource.get(part)]
    if missing:
        yield f"no {', '.join(missing)}", "see data/README.md for the parts of a table"
        return
    words = tuple(chapter[3:] for chapter in CHAPTERS)
    if not re.fullmatch(rf"({'|'.join(words)})-[a-z0-9-]+", resource["name"]):
        yield "the name does not begin with its chapter's word", "rename it, wounds-..."
    if resource["path"] != f"tables/{resource['name']}.csv":
        yield f"path {resource['path']!r}", f"store it as tables/{resource['name']}.csv"
    if resource["chapter"] not in CHAPTERS:
        yield f"unknown chapter {resource['chapter']!r}", f"use one of {', '.join(CHAPTERS)}"
    for licence in resource["licenses"]:
        if licence.get("name") not in LICENCES:
            yield (
                f"licence {licence.get('name')!r} is not free for every use",
                f"leave the table out, or use one of {', '.join(LICENCES)}",
            )
    for source in resource["sources"]:
        if not KEY.fullmatch(str(source.get("title", ""))):
            yield f"source {source.get('title')!r} is no bibliography key", "write the key"
    for use in resource["used_in"].split(";"):
        if not USE.fullmatch(use.strip()):
            yield (
                f"used_in {use.strip()!r}",
                "write `exercise 05-wounds`, `figure ...`, `table ...`",
            )
    fields = resource.get("schema", {}).get("fields", [])
    if not fields:
        yield "no schema with fields", "describe each column"
    for entry in fields:
        name = entry.get("name")
        if entry.get("type") not in TABLE_TYPES:
            yield f"field {name!r} has type {entry.get('type')!r}", f"use {', '.join(TABLE_TYPES)}"
        if not entry.get("unit"):
            yield f"field {name!r} has no unit", "write its unit, 1, or none for text"
        if not entry.get("title"):
            yield f"field {name!r} has no title", "say in words what the column holds"


def _info(resource: dict[str, Any], folder: Path) -> TableInfo:
    return TableInfo(
        name=resource["name"],
        path=folder / resource["path"],
        title=resource["title"],
        description=resource["description"],
        licence=resource["licenses"][0]["name"],
        sources=tuple(source["title"] for source in resource["sources"]),
        chapter=resource["chapter"],
        used_in=resource["used_in"],
        exceptions=dict(resource.get("exceptions", {})),
        fields=tuple(
            TableField(
                entry["name"],
                entry["type"],
                entry["title"],
                entry["unit"],
                entry.get("description", ""),
            )
            for entry in resource["schema"]["fields"]
        ),
    )


def check_table(info: TableInfo, shown: str) -> list[Problem]:
    """Hold a CSV file to its description.

    Parameters
    ----------
    info
        The description.
    shown
        Name of the CSV file in messages.

    Returns
    -------
    list of Problem
        Missing or surplus columns, and cells that do not fit their type.
    """
    header, rows, problems = read_raw(info.path, shown)
    if not header:
        return problems
    expected = [column.name for column in info.fields]
    if header != expected:
        what = f"columns {', '.join(header)} where datapackage.json has {', '.join(expected)}"
        return [*problems, Problem(shown, 1, what, "make the two agree, in the same order")]
    for line, cells in rows:
        for column, text in zip(info.fields, cells, strict=True):
            if text and not _fits(text, column.type):
                what = f"{column.name} {text!r} is no {column.type}"
                problems.append(Problem(shown, line, what, "mend the cell or the type"))
            if column.name == "reference" and not KEY.fullmatch(text):
                what = f"reference {text!r} is no bibliography key"
                problems.append(Problem(shown, line, what, "write firstauthorYEARword"))
    if not rows:
        problems.append(Problem(shown, 1, "the table has no rows", "fill it or leave it out"))
    return problems


def _fits(text: str, kind: str) -> bool:
    if kind == "string":
        return text == text.strip()
    if kind == "number":
        return bool(NUMBER.fullmatch(text))
    if kind == "integer":
        return bool(re.fullmatch(r"-?\d+", text))
    if kind == "year":
        return bool(re.fullmatch(r"\d{4}", text))
    if kind == "boolean":
        return text in ("true", "false")
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def load_table(info: TableInfo) -> pd.DataFrame:
    """Load a table with the types of its description.

    Parameters
    ----------
    info
        The description.

    Returns
    -------
    pandas.DataFrame
        Columns in the order of the file; empty cells are missing.
    """
    frame = pd.read_csv(info.path, dtype=str, keep_default_na=False)
    for column in info.fields:
        text = frame[column.name]
        if column.type == "string":
            frame[column.name] = text.astype(object).where(text != "", None)
        elif column.type == "date":
            frame[column.name] = pd.to_datetime(text.where(text != "", None))
        elif column.type == "boolean":
            values = [None if t == "" else t == "true" for t in text]
            frame[column.name] = pd.array(values, dtype="boolean")
        else:
            numbers = pd.to_numeric(text.where(text != "", None))
            frame[column.name] = numbers.astype(_PANDAS[column.type])
    return frame
