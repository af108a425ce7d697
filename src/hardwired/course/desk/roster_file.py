"""A roster as it was dropped: what was understood of it, what is in its way, and corrections.

What is dropped is a draft beside the roster until somebody says that it is right; the roster that
was there before is kept under ``rosters/``. The roster itself is read by
:mod:`hardwired.course.roster` alone.
"""

from __future__ import annotations

import collections
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hardwired.course import csvsafe, roster
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster
from hardwired.course.variants import normalise
from hardwired.house.files import write_atomic

__all__ = ["KINDS", "Understood", "correct", "keep", "name_columns", "understand"]

KINDS = {
    "canvas": "a gradebook of Canvas",
    "moodle-worksheet": "a grading worksheet of Moodle",
    "moodle-participants": "a list of participants of Moodle",
    "plain": "a plain table",
}
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
MOST_ROWS = 5000
MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True)
class Understood:
    """What a file says: how it is written, its rows, and who is in it or what is in the way.

    ``faults`` are rows (by their number in the file, from 1) that must be corrected, each with the
    reason; ``twins`` are names that several students have.
    """

    encoding: str
    separator: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    roster: Roster | None
    problem: str
    faults: Mapping[int, str]
    twins: Mapping[str, tuple[str, ...]]

    @property
    def kind(self) -> str:
        """What kind of file it is, in words."""
        return KINDS[self.roster.kind] if self.roster else ""


def _table(path: Path) -> tuple[str, str, list[list[str]]]:
    """Give encoding, separator and rows of a file.

    Raises
    ------
    CourseError
        If it is no table.
    """
    data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise CourseError(f"{path.name}: is larger than a roster can be; export it again as CSV")
    try:
        text = csvsafe.decoded(data)
    except UnicodeError:
        raise CourseError(
            f"{path.name}: is no text, so no roster; save or export it as CSV"
        ) from None
    if "\0" in text:
        raise CourseError(f"{path.name}: is no text, so no roster; save or export it as CSV")
    encoding = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "UTF-8"
    if encoding == "UTF-8":
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            encoding = "Windows-1252"
    told = re.match(r"sep=(.)\r?\n", text)
    text = text[told.end() :] if told else text
    first = text.split("\n", 1)[0]
    separator = told[1] if told else max(",;\t", key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    except csv.Error as error:
        raise CourseError(
            f"{path.name}: cannot be read as a table ({error}); export it again"
        ) from None
    if len(rows) > MOST_ROWS:
        raise CourseError(f"{path.name}: has more than {MOST_ROWS} rows; is it the roster?")
    return encoding, separator, rows


def understand(path: Path) -> Understood:
    """Read a draft, and say what is in the way of using it."""
    encoding, separator, rows = _table(path)
    problem, found = "", None
    try:
        found = roster.read(path)
    except CourseError as error:
        problem = str(error).replace(f"{path}:1:", "").replace(f"{path}:", "").strip()
    names: dict[str, list[str]] = collections.defaultdict(list)
    for student in found.students if found else ():
        names[student.name].append(student.id)
    return Understood(
        encoding,
        SEPARATORS.get(separator, separator),
        tuple(cell.strip() for cell in rows[0]) if rows else (),
        tuple(tuple(row) for row in rows[1:]),
        found,
        problem,
        {} if found else _faults(path, rows),
        {name: tuple(ids) for name, ids in names.items() if len(ids) > 1},
    )


def _faults(path: Path, rows: list[list[str]]) -> dict[int, str]:
    """Read each row alone: which of them has no identifier, or one that another has."""
    out: dict[int, str] = {}
    first: dict[str, int] = {}
    alone = path.with_name(f".{path.name}.row")
    try:
        for number, row in enumerate(rows[1:], 1):
            if not any(row):
                continue
            alone.write_text(_text([rows[0], row]), encoding="utf-8")
            try:
                (student,) = roster.read(alone).students
            except CourseError as error:
                said = str(error)
                if "no identifier" in said:
                    out[number] = "it has no identifier"
                elif "no column" in said:
                    return {}
                continue
            except ValueError:
                continue
            name = normalise(student.id)
            if name in first:
                out[first[name]] = out[number] = f"several rows have the identifier {student.id}"
            else:
                first[name] = number
    finally:
        alone.unlink(missing_ok=True)
    return out


def _text(rows: list[list[str]]) -> str:
    sink = io.StringIO(newline="")
    csv.writer(sink).writerows(rows)
    return sink.getvalue()


def correct(path: Path, cells: Mapping[tuple[int, int], str], gone: frozenset[int]) -> None:
    """Write a draft anew with other cells, and without the rows that are taken out.

    Parameters
    ----------
    cells : mapping
        What stands in a row (from 1) and column (from 0) now.
    gone : frozenset of int
        Rows to take out.
    """
    _, _, rows = _table(path)
    for (row, column), text in cells.items():
        if 0 < row < len(rows) and 0 <= column < len(rows[0]):
            rows[row] += [""] * (len(rows[0]) - len(rows[row]))
            rows[row][column] = text
    kept = [row for number, row in enumerate(rows) if number not in gone]
    write_atomic(path, _text(kept).encode())


def name_columns(path: Path, identifier: int, name: int | None) -> None:
    """Say which columns hold the identifier and the name, in a file of no known kind.

    Raises
    ------
    CourseError
        If there is no such column, or both are one.
    """
    _, _, rows = _table(path)
    wide = range(len(rows[0])) if rows else range(0)
    if identifier not in wide or (name is not None and name not in wide) or identifier == name:
        raise CourseError("the identifier and the name need a column each; choose two")
    taken = {identifier: "student_id", **({} if name is None else {name: "name"})}
    for column in wide:
        old = rows[0][column].strip()
        rows[0][column] = taken.get(column, f"{old} (file)" if old in taken.values() else old)
    write_atomic(path, _text(rows).encode())


def keep(draft: Path, place: Path) -> None:
    """Let a draft be the roster; the one before stays under ``rosters/``, with a number."""
    if place.exists():
        before = place.parent / "rosters"
        before.mkdir(exist_ok=True)
        number = 1 + len(list(before.glob("*.csv")))
        while (old := before / f"roster-{number}.csv").exists():
            number += 1
        write_atomic(old, place.read_bytes())
    draft.replace(place)
