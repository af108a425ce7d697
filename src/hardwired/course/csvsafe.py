"""CSV that a spreadsheet cannot mistake for formulas, and names that any file system takes."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hardwired.house.files import write_atomic

__all__ = ["file_name", "plain", "read", "safe", "text", "write"]

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
HIDDEN = dict.fromkeys(
    [*range(0, 9), 11, 12, *range(14, 32), 127, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
)


def safe(value: Any) -> Any:
    """Put a quote before what a spreadsheet would take for a formula; drop control characters."""
    if not isinstance(value, str):
        return "" if value is None else value
    value = value.translate(HIDDEN)
    return "'" + value if value.startswith(DANGEROUS) else value


def plain(value: str) -> str:
    """Invert `safe`."""
    return value[1:] if value.startswith("'") and value[1:].startswith(DANGEROUS) else value


def file_name(identifier: str) -> str:
    """Give a file name for a student; one that had to be changed gets a digest, to be unique."""
    name = re.sub(r"[^A-Za-z0-9._@+-]", "_", identifier).lstrip(".")
    if name == identifier:
        return name
    return f"{name}-{hashlib.sha256(identifier.encode()).hexdigest()[:8]}"


def text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """CSV text with a header, quoted where needed, lines ended as RFC 4180 says."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink)
    writer.writerow([safe(name) for name in header])
    for row in rows:
        writer.writerow([safe(value) for value in row])
    return sink.getvalue()


def write(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], *, mark: bool = False
) -> None:
    """Write a CSV file, whole or not at all; with a mark by which spreadsheets know its encoding.

    Course systems do not want the mark; a file that people open and save again does.
    """
    write_atomic(path, text(header, rows).encode("utf-8-sig" if mark else "utf-8"))


def read(path: Path) -> list[Mapping[str, str]]:
    """Rows of a CSV file, with the quotes of `safe` taken away.

    Spreadsheets of many countries save with semicolons or tabs; what ends the first name tells.
    """
    content = path.read_bytes().decode("utf-8-sig")
    first = re.search("[,;\t]", re.sub(r'"[^"]*"', "", content))
    delimiter = first[0] if first else ","
    return [
        {plain(k): plain(v or "") for k, v in row.items() if k is not None}
        for row in csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter)
    ]
