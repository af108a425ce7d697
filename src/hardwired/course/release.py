"""What an instructor gives out: notebooks, data, a sheet, and a zip with the wheel."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardwired.course import csvsafe
from hardwired.course.authoring import strip
from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Limits
from hardwired.course.errors import CourseError
from hardwired.course.reference import data_of
from hardwired.course.roster import Roster
from hardwired.course.variants import secret_seed
from hardwired.course.wheel import build_wheel
from hardwired.house.files import pack, write_atomic

__all__ = ["Released", "release"]

README = """{title}

1. Unpack this folder, or upload it whole to a hosted notebook.
2. Install what the notebook needs, once:

       python -m pip install {wheel}

   In a hosted notebook put %pip before the word install, in a cell of its own.
3. Open {notebook}, {first}
4. Fill in the cells that say YOUR CODE HERE; check("q1") tells whether an answer can be read.
5. Hand in {notebook} alone, saved.

About {minutes} minutes, {points:g} points.
"""


@dataclass(frozen=True)
class Released:
    """Files written for students and for the instructor alone."""

    public: tuple[Path, ...]
    private: tuple[Path, ...]
    students: int


def release(
    exercise: Exercise,
    out: Path,
    *,
    roster: Roster | None = None,
    key: bytes | None = None,
    engine: Engine | None = None,
    limits: Limits | None = None,
    nbgrader: bool = False,
    gradescope: bool = False,
) -> Released:
    """Write a release.

    Without a roster there is one zip for all, and everybody's data follow from the identifier they
    type. With a roster (and a key, and an engine in which the data are drawn) each student gets a
    notebook and a data file under ``out/students``, and nobody can compute another's.

    Returns
    -------
    Released
        ``out/public`` may be given to all and tells nothing of anybody, each folder of
        ``out/students`` to its student, ``out/instructor`` to nobody.
    """
    public, private = out / "public", out / "instructor"
    name, wheel = build_wheel()
    written: list[Path] = []
    text = strip.sheet(exercise)
    written.append(_write(public / f"{exercise.slug}-sheet.md", text.encode()))
    written.append(_write(public / f"{exercise.slug}-sheet.html", _page(exercise, text).encode()))
    if roster is None:
        notebook = _dump(strip.student_notebook(exercise, nbgrader=nbgrader))
        first = "write your identifier into its first cell and run it."
        written.append(_write(public / f"{exercise.slug}.ipynb", notebook))
        files = {
            f"{exercise.slug}.ipynb": notebook,
            name: wheel,
            "README.txt": _readme(exercise, name, first),
        }
        written.append(_write(public / f"{exercise.slug}.zip", _zip(exercise.slug, files)))
    else:
        if key is None or engine is None:
            raise CourseError("a release by roster needs a key and an engine to draw the data in")
        written += _per_student(
            exercise,
            out / "students",
            roster,
            key,
            engine,
            limits or Limits(),
            name,
            wheel,
            nbgrader,
        )
    private.mkdir(mode=0o700, parents=True, exist_ok=True)
    kept = [
        _secret(
            private / f"{exercise.slug}-solution.ipynb", _dump(strip.instructor_notebook(exercise))
        )
    ]
    if gradescope:
        from hardwired.course.gradescope import autograder

        path = private / f"{exercise.slug}-gradescope.zip"
        kept.append(_secret(path, autograder(exercise, roster, key)))
    return Released(tuple(written), tuple(kept), len(roster.students) if roster else 0)


def _per_student(
    exercise: Exercise,
    place: Path,
    roster: Roster,
    key: bytes,
    engine: Engine,
    limits: Limits,
    name: str,
    wheel: bytes,
    nbgrader: bool,
) -> list[Path]:
    students = roster.students
    seeds = [secret_seed(key, exercise.slug, s.id) for s in students]
    drawn: list[Any] = []
    for start in range(0, len(seeds), 16):
        drawn += data_of(exercise, seeds[start : start + 16], engine, limits)
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for student, data in zip(students, drawn, strict=True):
        file = strip.data_file(exercise)
        notebook = _dump(
            strip.student_notebook(exercise, student=student.id, data_file=file, nbgrader=nbgrader)
        )
        files: Mapping[str, bytes] = {
            f"{exercise.slug}.ipynb": notebook,
            file: (json.dumps({"student": student.id, "data": data}) + "\n").encode(),
            name: wheel,
            "README.txt": _readme(exercise, name, "and run its first cell; it knows who you are."),
        }
        folder = place / csvsafe.file_name(student.id)
        for part in (f"{exercise.slug}.ipynb", file):
            written.append(_write(folder / part, files[part]))
        written.append(_write(folder / f"{exercise.slug}.zip", _zip(exercise.slug, files)))
    return written


def _write(path: Path, data: bytes) -> Path:
    write_atomic(path, data)
    return path


def _secret(path: Path, data: bytes) -> Path:
    """Write a file with solutions, or with roster and key, for its owner alone."""
    write_atomic(path, data)
    path.chmod(0o600)
    return path


def _dump(notebook: Mapping[str, Any]) -> bytes:
    return (json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _readme(exercise: Exercise, wheel: str, first: str) -> bytes:
    return README.format(
        title=exercise.title,
        wheel=wheel,
        notebook=f"{exercise.slug}.ipynb",
        first=first,
        minutes=exercise.minutes,
        points=exercise.points,
    ).encode()


def _zip(folder: str, files: Mapping[str, bytes]) -> bytes:
    return pack({f"{folder}/{name}": files[name] for name in sorted(files)})


def _page(exercise: Exercise, text: str) -> str:
    """Give the printable sheet as a page that keeps a question and its points together."""
    from html import escape

    from markdown_it import MarkdownIt

    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    return (
        '<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8">'
        f"<title>{escape(exercise.title)}</title>\n"
        "<style>@page{margin:2cm}"
        "body{font:11pt/1.5 Georgia,serif;max-width:42em;margin:auto;padding:1em}"
        "code{font-size:.9em}h1{font-size:1.7em}h2{font-size:1.25em;break-after:avoid}"
        "p:has(>em:only-child){break-before:avoid}p,li{orphans:3;widows:3}"
        "table{font:8pt/1.35 Arial,sans-serif;border-collapse:collapse;break-inside:avoid}"
        "th,td{border-bottom:1px solid #888;padding:.2em .5em;text-align:left;vertical-align:top}"
        "p:has(+table){break-after:avoid}</style></head>\n"
        f"<body><main>\n{body}</main></body>\n</html>\n"
    )
