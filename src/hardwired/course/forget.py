"""Erasing a student: from the gradebook, and from what grade, report and export wrote."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

from hardwired.course import csvsafe
from hardwired.course.gradebook import Gradebook
from hardwired.house.files import write_atomic

__all__ = ["forget"]


def forget(student: str, book: Gradebook, out: Path) -> int:
    """Erase a student; returns how many attempts, rows and files went.

    The gradebook is written with ``secure_delete`` and compacted, so that nothing stays in its
    pages.
    """
    digests = [
        row[0]
        for row in book.db.execute("SELECT file_digest FROM attempt WHERE student = ?", (student,))
    ]
    exercises = book.exercises()
    gone = book.forget(student)
    for digest in digests:
        for path in out.glob(f"marking/figures/*-{digest[:12]}.png"):
            path.unlink()
            gone += 1
    name = csvsafe.file_name(student)
    for slug in exercises:  # by its whole name: another student's may end alike
        path = out / "reports" / "students" / f"{slug}-{name}.html"
        if path.is_file():
            path.unlink()
            gone += 1
    for path in out.glob("reports/*-class.html"):
        if student in path.read_text(encoding="utf-8"):
            path.unlink()
            gone += 1
    folder = out / "export" / "gradescope" / name
    if folder.is_dir():
        shutil.rmtree(folder)
        gone += 1
    for path in [*out.glob("*.csv"), *out.glob("marking/*.csv"), *out.glob("export/*.csv")]:
        gone += _without(path, student)
    return gone


def _without(path: Path, student: str) -> int:
    delimiter, rows = csvsafe.table(path)
    kept = [row for row in rows if student not in map(csvsafe.plain, row)]
    if len(kept) < len(rows):
        sink = io.StringIO(newline="")
        csv.writer(sink, delimiter=delimiter).writerows(kept)
        write_atomic(path, sink.getvalue().encode("utf-8-sig"))
    return len(rows) - len(kept)
