"""What was handed in, by name: folders and zips as Canvas and Moodle make them.

Runs in a worker. Names are a stranger's: what cannot be made sense of becomes a file with a
problem, and none of them stops the list.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from hardwired.course.border.source import archive
from hardwired.course.border.text import line
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster
from hardwired.course.variants import normalise

__all__ = ["listing"]

MOODLE = re.compile(r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)$")
CANVAS = re.compile(
    r"^(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)$"
)
ENTRY = re.compile(r"^(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)_(?P<kind>text|link)\.html$")
SAME_S = 60  # seconds within which all files of a zip were handed in only if nobody was
AGAIN = re.compile(r"-(\d{1,9})(?=\.ipynb$)", re.IGNORECASE)
MAX_FILES = 20_000
MAX_DEPTH = 40
MAX_NAME = 1000


@dataclass(frozen=True)
class _File:
    """A file: its name as it is, where its bytes lie, and what is wrong with it already."""

    path: str
    at: str | int  # the name below the folder in hexadecimal digits, or the entry of the zip
    when: datetime.datetime | None
    problem: str = ""


def listing(path: Path, roster: Roster | None) -> list[dict[str, Any]]:
    """List what was handed in, as plain values; see `hardwired.course.submissions.Handed`.

    Raises
    ------
    CourseError
        If there is nothing, or the zip is damaged.
    """
    if path.is_dir():
        files = list(_folder(path))
    elif path.is_file() and zipfile.is_zipfile(path):
        files = list(_zip(path))
    elif path.is_file():
        raise CourseError(
            f"{path}: is neither a folder nor a zip; give what the course system handed out"
        )
    else:
        raise CourseError(f"{path}: does not exist; give the folder or zip of submissions")
    if not files:
        raise CourseError(f"{path}: holds no file; give the folder or zip of submissions")
    files = _without_time_of_download(files)
    return [_handed(f, roster) for f in sorted(_unwrapped(files), key=lambda f: f.path)]


def _without_time_of_download(files: list[_File]) -> list[_File]:
    """Take the times off a zip of Canvas in which all are one: it is that of the download."""
    if not all(type(f.at) is int and f.when for f in files):
        return files
    mine = [f for f in files if CANVAS.match(f.path.rpartition("/")[2])]
    times = [f.when for f in mine if f.when]
    if len(times) < 2 or (max(times) - min(times)).total_seconds() > SAME_S:
        return files
    return [replace(f, when=None) for f in files]


def _unwrapped(files: list[_File]) -> list[_File]:
    """Leave out one folder that merely wraps everything."""
    split = [PurePosixPath(file.path).parts for file in files]
    if len({parts[0] for parts in split}) == 1 and all(len(parts) > 2 for parts in split):
        return [
            replace(file, path="/".join(parts[1:]))
            for file, parts in zip(files, split, strict=True)
        ]
    return files


def _folder(root: Path) -> Iterator[_File]:
    """Walk without recursion; a folder that lies too deep is one file with a problem."""
    waiting: list[tuple[bytes, tuple[str, ...]]] = [(os.fsencode(root), ())]
    number = 0
    while waiting:
        folder, parts = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda e: e.name)
        except OSError as error:
            yield _bad(parts, f"its folder cannot be opened ({error.strerror})")
            continue
        for entry in entries:
            number += 1
            if number > MAX_FILES:
                raise CourseError(
                    f"{root}: holds more than {MAX_FILES} files; is it the right folder?"
                )
            here = (*parts, os.fsdecode(entry.name))
            if entry.is_symlink() or _junk(here[-1:]):
                continue
            if entry.is_dir(follow_symlinks=False):
                if len(here) < MAX_DEPTH:
                    waiting.append((entry.path, here))
                else:
                    yield _bad(here, f"it lies more than {MAX_DEPTH} folders deep")
                continue
            try:
                found = entry.stat(follow_symlinks=False)
            except OSError as error:
                yield _bad(here, f"it cannot be opened ({error.strerror})")
                continue
            if stat.S_ISREG(found.st_mode):
                name = "/".join(here)
                yield _File(name, os.fsencode(name).hex(), _time(found.st_mtime))


def _bad(parts: tuple[str, ...], problem: str) -> _File:
    return _File("/".join(parts[:4]) or "?", "", None, problem)


def _time(seconds: float) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromtimestamp(int(seconds), tz=datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _zip(path: Path) -> Iterator[_File]:
    try:
        infos = archive(path).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CourseError(f"{path}: the zip is damaged ({error}); download it again") from None
    if len(infos) > MAX_FILES:
        raise CourseError(f"{path}: holds more than {MAX_FILES} files; is it the right zip?")
    for number, info in enumerate(infos):
        parts = PurePosixPath(info.filename).parts
        if info.is_dir() or not parts or _junk(parts):
            continue
        try:
            when = datetime.datetime(*info.date_time)
        except ValueError:
            when = None
        problem = ""
        if len(parts) > MAX_DEPTH or len(info.filename) > MAX_NAME:
            problem = f"its name is longer than {MAX_NAME} characters or {MAX_DEPTH} folders"
        name = "/".join(parts[:MAX_DEPTH])[:MAX_NAME]
        yield _File(name, number, when, problem)


def _junk(parts: tuple[str, ...]) -> bool:
    return any(
        p in ("__MACOSX", ".ipynb_checkpoints", "..") or p.startswith("._") or p == ".DS_Store"
        for p in parts
    )


def _handed(file: _File, roster: Roster | None) -> dict[str, Any]:
    name, keys, late, again = _who(PurePosixPath(file.path).parts)
    found = roster.find(*keys) if roster else None
    keys = [line(key) for key in keys]
    when = file.when
    stamp = int(when.replace(tzinfo=when.tzinfo or datetime.UTC).timestamp()) if when else 0
    problem = file.problem
    if not problem and ENTRY.match(PurePosixPath(file.path).name):
        problem = "it is a text or a link that was typed into Canvas, and no file"
    return {
        "student": found.id if found else keys[0],
        "name": found.name if found else line(name),
        "known": found is not None or roster is None,
        "aliases": list(found.keys) if found else [normalise(key) for key in keys if key],
        "file": line(file.path, 300),
        "digest": hashlib.sha256(file.path.encode("utf-8", "surrogatepass")).hexdigest(),
        "handed_in": file.when.isoformat() if file.when else None,
        "late": late,
        "order": [again * 10**12 + stamp, file.path.encode("utf-8", "surrogatepass").hex()],
        "at": file.at,
        "problem": problem,
    }


def _who(parts: tuple[str, ...]) -> tuple[str, list[str], bool, int]:
    """Name, keys (best first), whether Canvas calls it late, and which copy it is."""
    for part in parts:
        if hit := MOODLE.match(part):
            return hit["name"], [hit["id"], hit["name"]], False, 0
    if hit := CANVAS.match(parts[-1]):
        copy = AGAIN.search(hit["file"])
        return (
            hit["name"],
            [hit["user"], hit["name"]],
            bool(hit["late"]),
            int(copy[1]) if copy else 0,
        )
    if hit := ENTRY.match(parts[-1]):
        return hit["name"], [hit["user"], hit["name"]], bool(hit["late"]), 0
    if len(parts) > 1:
        return parts[0], [parts[0]], False, 0
    stem = PurePosixPath(parts[0]).stem
    return stem, [stem], False, 0
