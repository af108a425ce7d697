"""What the course system handed out: each download kept as it came, and what its files are.

``handed-in/NN-slug/NNN/`` holds one download: the zip, or the loose files under ``files``, never
changed; and ``seen.json``, what was found in it. A loose file has no time: a browser does not send
when it was handed in, so that only its name or the roster can tell it. Files are read by
:func:`hardwired.course.submissions.collect` alone.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from hardwired.course import submissions
from hardwired.course.desk.course_folder import Course
from hardwired.course.errors import CourseError
from hardwired.course.standing import Standing
from hardwired.house.files import write_atomic

__all__ = [
    "Download",
    "Seen",
    "became",
    "downloads",
    "note",
    "safe_name",
    "take",
    "without_times",
]

MOST = 150  # bytes of a file name
HIDDEN = re.compile('[\x00-\x1f\x7f<>:"|?*\u202a-\u202e\u2066-\u2069]')


@dataclass(frozen=True)
class Seen:
    """One file of a download, as it was found."""

    file: str
    student: str
    name: str
    known: bool
    digest: str
    handed_in: str | None
    late: bool
    newest: bool
    problem: str


@dataclass(frozen=True)
class Download:
    """One download: its number, what it was called, where it lies, its files, its last log."""

    number: int
    name: str
    path: Path
    files: tuple[Seen, ...]
    graded: bool
    log: tuple[str, ...]

    @property
    def folder(self) -> Path:
        """Where it is kept."""
        return self.path.parent


def safe_name(name: str) -> str:
    """Give the last part of a file's name, without what a file system or a page would obey."""
    last = re.split(r"[/\\]", name)[-1]
    last = HIDDEN.sub("_", last.encode("utf-8", "replace").decode()).strip(" .")
    stem, dot, end = last.rpartition(".")
    while len(last.encode()) > MOST:
        stem = stem[:-1] if dot else ""
        last = f"{stem}{dot}{end}" if stem else last.encode()[-MOST:].decode("utf-8", "ignore")
    return last or "file"


def take(course: Course, slug: str, files: Iterable[tuple[str, BinaryIO]]) -> list[Download]:
    """Keep what was dropped: a zip is a download of its own, loose files together are one.

    Raises
    ------
    CourseError
        If there is nothing, or a zip is none; then nothing of it is kept.
    """
    course.exercise(slug)
    place = course.handed_in / slug
    place.mkdir(parents=True, exist_ok=True)
    loose: list[tuple[str, BinaryIO]] = []
    out: list[Download] = []
    try:
        for name, stream in files:
            if name.casefold().endswith(".zip"):
                out.append(_kept(course, place, safe_name(name), [(safe_name(name), stream)]))
            else:
                loose.append((safe_name(name), stream))
        if loose:
            title = loose[0][0] if len(loose) == 1 else f"{len(loose)} files"
            out.append(_kept(course, place, title, loose))
    except BaseException:
        for download in out:
            shutil.rmtree(download.folder, ignore_errors=True)
        raise
    if not out:
        raise CourseError("no file was sent; choose the download and send it again")
    return out


def _kept(
    course: Course, place: Path, title: str, files: Sequence[tuple[str, BinaryIO]]
) -> Download:
    """Write it beside its place, look into it, and move it there."""
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=place))
    try:
        whole = len(files) == 1 and files[0][0].casefold().endswith(".zip")
        inside = draft if whole else draft / "files"
        inside.mkdir(exist_ok=True)
        for name, stream in files:
            with open(inside / _free(inside, name), "xb") as sink:
                shutil.copyfileobj(stream, sink)
        if not whole:
            _take_times(inside)
        try:
            handed = submissions.collect(draft / files[0][0] if whole else inside, course.roster())
        except CourseError as error:
            said = str(error).replace(f"{draft}/", "")
            raise CourseError(f"{said}; nothing was kept") from None
        seen = [
            Seen(
                h.file, h.student, h.name, h.known, h.digest, h.handed_in, h.late, h.newest,
                h.problem,
            )
            for h in handed
        ]  # fmt: skip
        _write(draft, title, seen, False, ())
        number = 1 + max((d.number for d in downloads(course, place.name)), default=0)
        draft.rename(place / f"{number:03d}")
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return next(d for d in downloads(course, place.name) if d.number == number)


def _free(folder: Path, name: str) -> str:
    """Give a name that no file of the folder has, and that is not our own."""
    name = f"_{name}" if name == "seen.json" else name
    stem, dot, end = name.rpartition(".")
    number = 1
    free = name
    while (folder / free).exists():
        number += 1
        free = f"{stem}-{number}{dot}{end}" if dot else f"{name}-{number}"
    return free


def _write(
    folder: Path, title: str, seen: Sequence[Seen], graded: bool, log: Sequence[str]
) -> None:
    facts = {"name": title, "graded": graded, "log": list(log), "files": [asdict(s) for s in seen]}
    write_atomic(folder / "seen.json", json.dumps(facts, indent=1).encode())


def downloads(course: Course, slug: str) -> list[Download]:
    """Give the downloads of an exercise, oldest first."""
    out = []
    for folder in sorted((course.handed_in / slug).glob("[0-9]*")):
        try:
            facts = json.loads((folder / "seen.json").read_text(encoding="utf-8"))
            files = tuple(Seen(**row) for row in facts["files"])
            name, graded, log = str(facts["name"]), bool(facts["graded"]), tuple(facts["log"])
            number = int(folder.name)
        except (OSError, ValueError, KeyError, TypeError):
            raise CourseError(
                f"{folder}: is no download that this desk kept; move it out of the folder"
            ) from None
        zips = [p for p in folder.iterdir() if p.suffix.casefold() == ".zip"]
        path = zips[0] if zips else folder / "files"
        out.append(Download(number, name, path, files, graded, log))
    return out


def without_times(download: Download) -> Path:
    """Give the path of a download to grade; loose files have no times, in a copied folder too."""
    if download.path.is_dir():
        _take_times(download.path)
    return download.path


def _take_times(folder: Path) -> None:
    """Take the time off each file: the moment of a drop is not when a student handed it in."""
    for path in folder.iterdir():
        os.utime(path, (0, 0), follow_symlinks=False)


def note(download: Download, graded: bool, log: Sequence[str]) -> None:
    """Note that a download was graded, and what was said of it."""
    _write(download.folder, download.name, download.files, graded or download.graded, log)


def became(seen: Seen, by_student: dict[str, Standing], graded: bool) -> tuple[str, str]:
    """Say what became of a file: how it stands (good, wait, out), and in words."""
    s = by_student.get(seen.student)
    a = s.attempt if s else None
    if not seen.known:
        return "out", "left out: nobody on the roster; add the student to it, and send it again"
    if s and a and a.file_digest == seen.digest:
        if s.excused:
            return "good", "excused"
        if s.final:
            return "good", f"marked: {s.so_far or 0:g} of {s.most:g}"
        if s.waiting:
            return "wait", f"graded; {', '.join(s.waiting)} wait for a person"
        return "wait", f"waits for a person: {s.reason}"
    if seen.problem:
        return "wait", f"waits for a person: {seen.problem}"
    if not seen.newest:
        return "out", "an older copy; the newest counts"
    if graded and a:
        return "out", "another file of this student counts"
    return "wait", "to be graded"
