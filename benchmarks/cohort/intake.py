"""A large class: one zip of many files, and the memory of grading it all."""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from cohort import variants

from hardwired.course import session, submissions
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.gradebook import Gradebook

__all__ = ["graded", "listed"]

WHEN = (2027, 3, 5, 17, 30, 0)


def _packed(path: Path, number: int) -> Path:
    """Pack so many notebooks, a folder a student."""
    made = json.dumps(dict(variants.notebook(variants.bench(), "whoever", {})))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for n in range(number):
            student = f"s{n:05d}"
            info = zipfile.ZipInfo(f"{student}/bench.ipynb", WHEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, made.replace("whoever", student))
    return path


def listed(folder: Path, number: int) -> tuple[int, float]:
    """Read a zip of so many files; gives how many were found, and the seconds."""
    path = _packed(folder / "listed.zip", number)
    started = time.monotonic()
    found = submissions.collect(path, None)
    return len({h.student for h in found if not h.problem}), time.monotonic() - started


def graded(
    folder: Path,
    number: int,
    engine: Engine,
    limits: Limits,
    *,
    jobs: int,
    peak: Callable[[], float],
) -> tuple[int, float, float]:
    """Grade a zip of so many submissions; gives how many, the seconds, and the highest memory."""
    path = _packed(folder / "graded.zip", number)
    exercise = variants.bench()
    started = time.monotonic()
    with Gradebook(folder / "g.sqlite") as book:
        summary = session.grade_all(
            exercise, submissions.collect(path, None), book, engine, limits, jobs=jobs
        )
    return summary.graded, time.monotonic() - started, peak()
