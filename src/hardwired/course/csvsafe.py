"""CSV that a spreadsheet cannot mistake for formulas, and names that any file system takes."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from hardwired.house.files import write_atomic

__all__ = ["Error", "decoded", "file_name", "plain", "read", "safe", "table", "text", "write"]

# Where a cell may begin for a spreadsheet that separates otherwise than this file: at the start,
# after any separator or line break, behind blanks, quotes and what cannot be seen.
_BEGIN = "(^|[;\t\r\n|])"
_BLANK = '[ "\x0b\x0c\u00a0\u1680\u2000-\u200d\u2060\u3000\ufeff]*'
_SIGN = "[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b]"
DANGER = re.compile(f"{_BEGIN}(?='*{_BLANK}{_SIGN})")
QUOTED = re.compile(f"{_BEGIN}'(?='*{_BLANK}{_SIGN})")
HIDDEN = dict.fromkeys(
    [
        *(*range(0, 9), 11, 12, *range(14, 32), *range(127, 160), 0x2028, 0x2029),
        *(*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)),
    ]
)
MOST = 80  # characters of a file name
Error = csv.Error
csv.field_size_limit(1 << 24)  # a student's text may be longer than Python expects of a cell


def safe(value: Any) -> Any:
    """Put a quote before what a spreadsheet would take for a formula; drop control characters.

    A quote that stands there already gets another, so that `plain` gives back what was.
    """
    if not isinstance(value, str):
        return "" if value is None else value
    return DANGER.sub(r"\1'", value.translate(HIDDEN))


def plain(value: str) -> str:
    """Invert `safe`."""
    return QUOTED.sub(r"\1", value)


def file_name(identifier: str) -> str:
    """Give a file name for a student, which no other student gets on any file system.

    One that had to be changed or cut, or is not in small letters, gets a digest of the identifier,
    and so does one that looks as if it had one.
    """
    name = re.sub(r"[^A-Za-z0-9._@+-]", "_", identifier).lstrip(".")[:MOST]
    alike = re.search(r"-[0-9a-f]{8}$", name)
    if name and name == identifier == name.casefold() and not alike:
        return name
    digest = hashlib.sha256(identifier.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name}-{digest[:8]}"


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


def table(path: Path) -> tuple[str, list[list[str]]]:
    """Give what separates the cells of a CSV file, and its rows as they stand.

    Spreadsheets of many countries save with semicolons or tabs; what ends the first name tells.
    """
    data = path.read_bytes()
    if data[:4] == b"PK\3\4":
        raise Error("it is a workbook of a spreadsheet program")
    content = decoded(data)
    if content.lstrip()[:1] == "<":
        raise Error("it is a web page")
    if told := re.match(r"sep=(.)\r?\n", content):  # Excel's own way of saying it
        content = content[told.end() :]
        return told[1], list(csv.reader(io.StringIO(content, newline=""), delimiter=told[1]))
    first = re.search("[,;\t]", re.sub(r'"[^"]*"', "", content.split("\n", 1)[0]))
    delimiter = first[0] if first else ","
    return delimiter, list(csv.reader(io.StringIO(content, newline=""), delimiter=delimiter))


def decoded(data: bytes) -> str:
    """Read the encodings in which spreadsheets save: UTF-8, UTF-16 with its mark, or Windows'."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16")
    if data[1:2] == b"\0" or data[:1] == b"\0":  # UTF-16 without its mark
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        if b"\0" in data:
            raise
        return data.decode("cp1252")


def read(path: Path) -> list[Mapping[str, str]]:
    """Rows of a CSV file by its header, with the quotes of `safe` taken away."""
    _, rows = table(path)
    if not rows:
        return []
    header = [plain(name) for name in rows[0]]
    return [
        dict(itertools.zip_longest(header, map(plain, row[: len(header)]), fillvalue=""))
        for row in rows[1:]
        if row
    ]
