"""How a file loses one student and nobody else: a table, a zip, a record in JSON.

Who is meant, and in which files, says :mod:`hardwired.course.forget`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import zipfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe
from hardwired.course.numbering import typed
from hardwired.course.roster import WORDS
from hardwired.course.variants import normalise, zeroless
from hardwired.house.files import write_atomic

__all__ = ["Whole", "named_in", "without_entries", "without_records", "without_rows"]

# Headings of what names a student, in our files and in those of course systems.
NAMING = (
    *("student", "student_id", "identifier", "id", "id number", "email address", "username"),
    *("sis user id", "sis login id"),
)
MANY = 0xFFFF  # what a zip of the larger form says in place of its numbers


@dataclass(frozen=True)
class Whole:
    """All by which one student, and nobody else, is known.

    ``keys`` are other identifiers, normalised; ``numbers`` those of papers; ``files`` and
    ``digests`` what was handed in.
    """

    student: str
    names: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    numbers: frozenset[int] = frozenset()
    files: frozenset[str] = frozenset()
    digests: frozenset[str] = frozenset()


def without_rows(path: Path, who: Whole) -> int:
    """Take a student's rows out of a table, whatever parts its cells; returns how many."""
    delimiter, rows = csvsafe.table(path)
    header = [normalise(csvsafe.plain(cell)) for cell in rows[0]] if rows else []
    naming = [n for n, cell in enumerate(header) if WORDS.get(cell, cell) in NAMING]
    naming = naming if zeroless(who.student) else []  # a number may be somebody's points
    papers = [n for n, cell in enumerate(header) if cell == "paper"]
    wanted = normalise(who.student)
    keys = {wanted, *(key for key in who.keys if not key.isdecimal())}

    def theirs(row: list[str]) -> bool:
        if any(typed(row[n]) in who.numbers for n in papers if n < len(row)):
            return True
        cells = [row[n] for n in naming if n < len(row)] if naming else row
        said = [normalise(csvsafe.plain(cell)) for cell in cells]
        return any(cell in keys for cell in said) or (
            bool(zeroless(who.student))
            and any(
                zeroless(cell) == zeroless(who.student) or cell.endswith(f" {wanted}")
                for cell in said
            )
        )

    kept = [row for n, row in enumerate(rows) if n == 0 or not theirs(row)]
    if len(kept) < len(rows):
        sink = io.StringIO(newline="")
        csv.writer(sink, delimiter=delimiter).writerows(kept)
        write_atomic(path, sink.getvalue().encode("utf-8-sig"))
    return len(rows) - len(kept)


def without_records(path: Path, who: Whole) -> int:
    """Take a student's records, and lines that name them, out of a file of JSON."""
    gone = 0

    def less(value: Any) -> Any:
        nonlocal gone
        if isinstance(value, dict):
            return {key: less(one) for key, one in value.items()}
        if not isinstance(value, list):
            return value
        kept = [one for one in value if not theirs(one)]
        gone += len(value) - len(kept)
        return [less(one) for one in kept]

    def theirs(value: Any) -> bool:
        if isinstance(value, dict):
            return value.get("student") == who.student or value.get("digest") in who.digests
        return isinstance(value, str) and named_in(value, who)

    made = less(json.loads(path.read_text(encoding="utf-8")))
    if gone:
        write_atomic(path, json.dumps(made, indent=1).encode())
    return gone


def named_in(text: str, who: Whole) -> bool:
    """Whether a text names a student: identifier, a file, or full name, as a word by itself."""
    words = [w for w in (who.student, *who.names, *who.files) if len(w) > 3 and not w.isdecimal()]
    words += [who.student] if who.student.isdecimal() and len(who.student) > 4 else []
    return any(re.search(rf"(?<![\w.@-]){re.escape(word)}(?![\w@-])", text) for word in words)


def without_entries(path: Path, gone: Collection[int], junk: Callable[[str], bool]) -> int:
    """Take entries out of a zip, by their numbers; all others keep their bytes and times.

    ``junk`` says of a name whether what the course system or a computer added goes as well. Nothing
    is unpacked: what strangers packed is copied as it lies.

    Raises
    ------
    ValueError
        If the zip is of a form that cannot be taken apart so.
    """
    data = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        infos, start = archive.infolist(), archive.start_dir
        said = archive.comment
    end = len(data) - 22 - len(said)
    if data[end : end + 4] != b"PK\5\6" or len(infos) >= MANY or len(data) >= 2**32 - 1:
        raise ValueError("a zip of the larger form")
    offsets = sorted({info.header_offset for info in infos})
    if len(offsets) != len(infos):
        raise ValueError("two entries lie in one place")
    ends = dict(zip(offsets, [*offsets[1:], start], strict=True))
    body, index, kept, at = io.BytesIO(), io.BytesIO(), 0, start
    for number, info in enumerate(infos):
        length = 46 + sum(struct.unpack_from("<HHH", data, at + 28))
        record, at = data[at : at + length], at + length
        if record[:4] != b"PK\1\2":
            raise ValueError("its list is damaged")
        if number in gone or junk(info.filename):
            continue
        index.write(record[:42] + struct.pack("<I", body.tell()) + record[46:])
        body.write(data[info.header_offset : ends[info.header_offset]])
        kept += 1
    last = struct.pack(
        *("<IHHHHIIH", 0x06054B50, 0, 0, kept, kept),
        *(len(index.getvalue()), body.tell(), len(said)),
    )
    if kept < len(infos):
        write_atomic(path, body.getvalue() + index.getvalue() + last + said)
    return len(infos) - kept
