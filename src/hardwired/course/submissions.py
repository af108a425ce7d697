"""What was handed in: folders or zips as Canvas and Moodle make them, or ``student_id/...ipynb``.

Files are read where they lie, never unpacked; the newest of a student counts, all are listed.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from hardwired.course.errors import CourseError
from hardwired.course.loader import MAX_BYTES
from hardwired.course.roster import Roster
from hardwired.course.variants import normalise

__all__ = ["Handed", "collect"]

MOODLE = re.compile(r"^(?P<name>.+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)$")
CANVAS = re.compile(
    r"^(?P<name>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?P<submission>\d+)_(?P<file>.+)$"
)
AGAIN = re.compile(r"-(\d+)(?=\.ipynb$)", re.IGNORECASE)
MAX_FILES = 20_000


@dataclass(frozen=True)
class Handed:
    """One file handed in. ``student`` is the identifier it is handed in under."""

    student: str
    name: str
    known: bool
    aliases: tuple[str, ...]
    file: str
    digest: str
    handed_in: str | None
    late: bool
    order: tuple[int, str]
    read: Callable[[], bytes]
    newest: bool = False


@dataclass(frozen=True)
class _File:
    path: str
    size: int
    when: datetime.datetime | None
    read: Callable[[], bytes]


def collect(path: Path, roster: Roster | None) -> list[Handed]:
    """List what was handed in, by student, the newest marked.

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
    files = _unwrapped(files)
    handed = [_handed(file, roster) for file in sorted(files, key=lambda f: f.path)]
    out: list[Handed] = []
    for student in sorted({h.student for h in handed}):
        mine = [h for h in handed if h.student == student]
        notebooks = [h for h in mine if h.file.casefold().endswith(".ipynb")] or mine
        best = max(notebooks, key=lambda h: h.order)
        for h in sorted(notebooks, key=lambda h: h.order):
            out.append(h if h is not best else _newest(h))
    return out


def _newest(h: Handed) -> Handed:
    return replace(h, newest=True)


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
    for number, path in enumerate(sorted(root.rglob("*"))):
        if number > MAX_FILES:
            raise CourseError(f"{root}: holds more than {MAX_FILES} files; is it the right folder?")
        relative = path.relative_to(root)
        if path.is_symlink() or not path.is_file() or _junk(relative.parts):
            continue
        stat = path.stat()
        when = datetime.datetime.fromtimestamp(int(stat.st_mtime), tz=datetime.UTC)
        yield _File(relative.as_posix(), stat.st_size, when, functools.partial(_bounded, path))


def _bounded(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _zip(path: Path) -> Iterator[_File]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise CourseError(f"{path}: the zip is damaged ({error}); download it again") from None
    if len(infos) > MAX_FILES:
        raise CourseError(f"{path}: holds more than {MAX_FILES} files; is it the right zip?")
    for info in infos:
        if info.is_dir() or _junk(PurePosixPath(info.filename).parts):
            continue
        try:
            when = datetime.datetime(*info.date_time, tzinfo=datetime.UTC)
        except ValueError:
            when = None
        yield _File(
            info.filename, info.file_size, when, functools.partial(_member, path, info.filename)
        )


def _member(path: Path, name: str) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            return file.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, ValueError, EOFError):
        return b""


def _junk(parts: tuple[str, ...]) -> bool:
    return any(
        p in ("__MACOSX", ".ipynb_checkpoints", "..") or p.startswith("._") or p == ".DS_Store"
        for p in parts
    )


def _handed(file: _File, roster: Roster | None) -> Handed:
    parts = PurePosixPath(file.path).parts
    name, keys, late, again = _who(parts)
    found = roster.find(*keys) if roster else None
    student = found.id if found else keys[0]
    stamp = file.when.timestamp() if file.when else 0
    try:
        digest = hashlib.sha256(file.read()).hexdigest()
    except OSError:
        digest = hashlib.sha256(b"").hexdigest()
    aliases = found.keys if found else tuple(normalise(key) for key in keys if key)
    return Handed(
        student=student,
        name=found.name if found else name,
        known=found is not None or roster is None,
        aliases=aliases,
        file=file.path,
        digest=digest,
        handed_in=file.when.isoformat() if file.when else None,
        late=late,
        order=(again * 10**12 + int(stamp), file.path),
        read=file.read,
    )


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
    if len(parts) > 1:
        return parts[0], [parts[0]], False, 0
    stem = PurePosixPath(parts[0]).stem
    return stem, [stem], False, 0
