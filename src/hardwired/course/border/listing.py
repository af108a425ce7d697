"""What was handed in, by name: folders and zips as Canvas and Moodle make them.

Runs in a worker. Names are a stranger's: what cannot be made sense of becomes a file with a
problem, and none of them stops the list.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import os
import re
import stat
import zipfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from hardwired.course.border.source import archive
from hardwired.course.border.text import line
from hardwired.course.errors import CourseError
from hardwired.course.roster import Roster, Student
from hardwired.course.variants import normalise

__all__ = ["listing", "name_back", "number_of"]

# How course systems name files (of a download with one folder a student: the folder), each with the
# keys of a student in it, best first. `name` alone is a word for nobody where marking is anonymous.
FORMS = {
    "Moodle": r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)",
    "anonymous": r"anon(?:ymous)?_(?P<late>LATE_)?(?P<user>[A-Za-z0-9]{4,8})_(?P<late2>LATE_)?"
    r"(?:\d+_(?P<file>.+)|(?:text|link)\.html)",
    "Canvas": r"(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)_"
    r"(?:(?P<submission>\d+)_(?P<file>.+)|(?:text|link)\.html)",
    "Blackboard": r".+?_(?P<user>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)",
    "Brightspace": r"\d+-\d+ - (?P<name>.+?) - .*\d{4}.*",
    "Sakai": r"(?P<name>[^()]*[^() ])\((?P<user>[^()]{2,})\)",
    "Gradescope": r"submission_(?P<user>\d+)",
}
SYSTEMS = {name: re.compile(form) for name, form in FORMS.items()}
TYPED = re.compile(r".*_(?:text|link)\.html|.*onlinetext\.html", re.IGNORECASE)
HIDDEN = re.compile(
    r"(?:participante?|partecipante|teilnehmer[\W_]?(?:in)?|deelnemer|deltager|deltaker)[\W_]?\d*"
)
SAME_S = 60  # seconds within which all files of a zip were handed in only if nobody was
AGAIN = re.compile(r"-(\d{1,9})(?=\.ipynb$)", re.IGNORECASE)
MAX_FILES = 20_000
MAX_DEPTH = 40
MAX_NAME = 1000
EMPTY = "its folder holds no file that was handed in"


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
    files, hidden = sorted(_unwrapped(files, roster), key=lambda f: f.path), _hidden(files)
    return [_row(f, roster, hidden) for f in files]


def _without_time_of_download(files: list[_File]) -> list[_File]:
    """Take the times off a course system's zip in which all are one: that of the download."""
    if not all(type(f.at) is int and f.when for f in files):
        return files
    forms = [SYSTEMS[name] for name in ("Moodle", "anonymous", "Canvas")]
    mine = [f for f in files if any(p.match(part) for p in forms for part in f.path.split("/"))]
    times = [f.when for f in mine if f.when]
    if len(times) < 2 or (max(times) - min(times)).total_seconds() > SAME_S:
        return files
    return [replace(f, when=None) for f in files]


def _unwrapped(files: list[_File], roster: Roster | None) -> list[_File]:
    """Leave out one folder that merely wraps everything, and is nobody's."""
    split = [PurePosixPath(file.path).parts for file in files]
    first = split[0][0]
    somebody = (roster and roster.named(first)) or any(f.fullmatch(first) for f in SYSTEMS.values())
    wraps = all(parts[0] == first and len(parts) > 2 for parts in split)
    if wraps and not somebody:
        return [
            replace(file, path="/".join(parts[1:]))
            for file, parts in zip(files, split, strict=True)
        ]
    return files


def _folder(root: Path) -> Iterator[_File]:
    """Walk without recursion; a folder that lies too deep is one file with a problem."""
    waiting: list[tuple[bytes, tuple[str, ...]]] = [(os.fsencode(root), ())]
    number = 0
    folders: list[tuple[str, ...]] = []
    held: set[tuple[str, ...]] = set()
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
            if _junk(here[-1:]):
                continue
            held.add(here[:-1])
            if entry.is_symlink():
                yield _bad(here, "it is a link to somewhere else, and no file")
                continue
            if entry.is_dir(follow_symlinks=False):
                if len(here) < MAX_DEPTH:
                    waiting.append((entry.path, here))
                    folders.append(here)
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
    for here in folders:
        if here not in held:
            yield _bad((*here, "(nothing)"), EMPTY)


def _bad(parts: tuple[str, ...], problem: str) -> _File:
    return _File("/".join([*parts[:3], *parts[3:][-1:]]) or "?", "", None, problem)


def _time(seconds: float) -> datetime.datetime | None:
    """Give the moment of a file; the beginning of 1970, where clocks begin, tells none."""
    if seconds <= 0:
        return None
    try:
        return datetime.datetime.fromtimestamp(int(seconds), tz=datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _date(text: str) -> datetime.datetime | None:
    """Give the moment that a name tells, if there is such a one."""
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d-%H-%M-%S")
    except ValueError:
        return None


def _zip(path: Path) -> Iterator[_File]:
    try:
        infos = archive(path).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise CourseError(f"{path}: the zip is damaged ({error}); download it again") from None
    if len(infos) > MAX_FILES:
        raise CourseError(f"{path}: holds more than {MAX_FILES} files; is it the right zip?")
    named = [info.filename.replace("\\", "/") for info in infos]  # some systems write them so
    held = {above for name in named for above in _above(name)}  # folders with anything in them
    for number, info in enumerate(infos):
        parts = PurePosixPath(named[number]).parts
        if not parts or _junk(parts):
            clean = list(itertools.takewhile(lambda part: not _junk((part,)), parts))
            if clean and clean != list(parts) and "/".join(clean) not in held:
                held.add("/".join(clean))  # it holds what a computer added, and nothing else
                yield _bad((*clean, "(nothing)"), EMPTY)
            continue
        if named[number].endswith("/"):
            if named[number].rstrip("/") not in held:
                yield _bad((*parts, "(nothing)"), EMPTY)
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


def _above(name: str) -> Iterator[str]:
    """Yield the folders that an entry of a zip lies in, but for one that nobody handed in."""
    parts = name[:MAX_NAME].rstrip("/").split("/")[:MAX_DEPTH]
    if not _junk(tuple(parts)):
        yield from ("/".join(parts[:n]) for n in range(1, len(parts)))


def _junk(parts: tuple[str, ...]) -> bool:
    return any(
        p in ("__MACOSX", ".ipynb_checkpoints", "..") or p.startswith("._") or p == ".DS_Store"
        for p in parts
    )


@dataclass(frozen=True)
class _Who:
    """What a name tells: keys (best first), Canvas' late flag, which copy, and when, if it says."""

    name: str
    keys: tuple[str, ...]
    late: bool = False
    again: int = 0
    when: datetime.datetime | None = None
    anonymous: bool = False
    system: str = ""


def _row(file: _File, roster: Roster | None, hidden: Collection[str]) -> dict[str, Any]:
    """Give a file's row; a name that cannot be made sense of is the fault of that file alone."""
    parts = PurePosixPath(file.path).parts
    try:
        return _handed(file, parts, _who(parts, hidden), roster)
    except Exception as error:
        said = f"its name cannot be made sense of ({type(error).__name__})"
        odd = replace(file, when=None, problem=file.problem or said)
        return _handed(odd, parts, _named_by_hand(parts), roster)


def _handed(
    file: _File, parts: tuple[str, ...], who: _Who, roster: Roster | None
) -> dict[str, Any]:
    found, among = _on(roster, who)
    if who.system and found is None and not among and not who.anonymous:
        # A name that only looks like a system's, below a folder or with a piece that is somebody's.
        by_hand = _named_by_hand(parts)
        if person := _on(roster, by_hand)[0]:
            who, found = by_hand, person
    keys = [line(key) for key in who.keys]
    when = who.when or file.when
    if found and who.system == "Moodle" and (told := found.handed_in):
        when = told
    stamp = int(when.replace(tzinfo=when.tzinfo or datetime.UTC).timestamp()) if when else 0
    problem = file.problem
    if not problem and who.system and TYPED.fullmatch(parts[-1]):
        problem = f"it is a text or a link that was typed into {who.system}, and no file"
    return {
        "student": found.id if found else keys[0],
        "name": found.name if found else line(who.name),
        "known": found is not None or roster is None,
        "aliases": list(found.keys) if found else [normalise(key) for key in keys if key],
        "anonymous": who.anonymous and found is None and not among,
        "among": [student.id for student in among],
        "file": line(file.path, 300),
        "digest": hashlib.sha256(file.path.encode("utf-8", "surrogatepass")).hexdigest(),
        "handed_in": when.isoformat() if when else None,
        "late": who.late,
        "order": [who.again * 10**12 + stamp, file.path.encode("utf-8", "surrogatepass").hex()],
        "at": file.at,
        "problem": problem,
    }


def _on(roster: Roster | None, who: _Who) -> tuple[Student | None, tuple[Student, ...]]:
    """Give the student of a roster whom a name means, or those whom it may mean."""
    if roster is None:
        return None, ()
    if who.system:  # a system's own number, which loses no zeros, and name
        own = who.system in ("Canvas", "Moodle")
        named = [roster.named(key, exact=own and key.isdecimal()) for key in who.keys]
        found = next((hits[0] for hits in named if len(hits) == 1), None)
        return found, () if found else next(filter(None, named), ())
    first = roster.named(who.keys[0])
    hits = {s.id: s for key in who.keys for s in roster.named(key)} if len(first) != 1 else {}
    meant = first if len(first) == 1 else tuple(hits.values())
    return (meant[0], ()) if len(meant) == 1 else (None, meant)


def _hidden(files: Iterable[_File]) -> set[str]:
    """Give the words that stand for names in a Moodle download where marking is blind."""
    users: dict[str, set[str]] = {}
    for file in files:
        for part in file.path.split("/"):
            if hit := SYSTEMS["Moodle"].fullmatch(part):
                users.setdefault(hit["name"], set()).add(hit["user"])
    return {n for n, those in users.items() if len(those) > 1 or HIDDEN.fullmatch(n.casefold())}


def _who(parts: tuple[str, ...], hidden: Collection[str]) -> _Who:
    """Tell whose a file is by the form of its name, or of a folder that it lies in."""
    for system, form in SYSTEMS.items():
        for part in (parts[-1], *parts[:-1]) if system not in FOLDERS else parts[:-1]:
            if hit := form.fullmatch(part):
                return _of_system(system, hit.groupdict(), hidden)
    return _named_by_hand(parts)


def _named_by_hand(parts: tuple[str, ...]) -> _Who:
    """Take the folder for the student, else the file's name or a piece of it."""
    if len(parts) > 1:
        return _Who(parts[0], (parts[0], *_pieces(parts[0]), *parts[1:-1]))
    stem = re.sub(r"(\.ipynb)?\.\w{1,5}$", "", parts[0]) or parts[0]
    return _Who(stem, (stem, *_pieces(stem)))


FOLDERS = ("Brightspace", "Sakai", "Gradescope")  # one folder a student


def name_back(file: str) -> str:
    """Give the name by which a course system knows whose page it is, of the file handed in.

    Canvas and Blackboard want the name of the file, Moodle and others the folder that it lay in.
    """
    parts = [part for part in PurePosixPath(file).parts if part not in ("/", "..")]
    page = f"{PurePosixPath(parts[-1]).stem}.html"
    for system, form in SYSTEMS.items():
        for part in parts[:-1] if system in FOLDERS else parts:
            if hit := form.fullmatch(part):
                whole = system not in FOLDERS and (system != "Moodle" or bool(hit["file"]))
                return f"{PurePosixPath(part).stem}.html" if whole else f"{part}/{page}"
    return "/".join([*parts[:-1][:1], page])


def number_of(file: str) -> str:
    """Give the number by which Moodle knows whose a file is, or nothing."""
    hits = (SYSTEMS["Moodle"].fullmatch(part) for part in PurePosixPath(file).parts)
    return next((hit["user"] for hit in hits if hit), "")


def _pieces(name: str) -> list[str]:
    """Give the pieces of a name that may be somebody's, of a file that was named by hand."""
    found = [name.split(separator) for separator in ("_", " - ", " ")]
    return [piece for pieces in found if len(pieces) > 1 for piece in pieces if piece]


def _of_system(system: str, told: dict[str, str | None], hidden: Collection[str]) -> _Who:
    user, name = told.get("user") or "", told.get("name") or told.get("user") or ""
    group = name.split("-")
    names = ["-".join(group[n:]) for n in range(len(group))] if system == "Moodle" else [name]
    again = AGAIN.search(told.get("file") or "") if system == "Canvas" else None
    return _Who(
        name=name,
        keys=tuple(filter(None, (user, *names))),
        late=bool(told.get("late") or told.get("late2")),
        again=int(again[1]) if again else 0,
        when=_date(told.get("when") or ""),
        anonymous=system in ("anonymous", "Gradescope") or name in hidden,
        system={"anonymous": "Canvas"}.get(system, system),
    )
