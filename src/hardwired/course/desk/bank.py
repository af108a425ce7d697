"""The bank of comments: sentences that a course's markers use again, kept in the course's folder.

One JSON file, readable and editable by hand: for each answer (``exercise/answer``) its comments in
order. What was already said to students is not changed when a sentence here is.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path

from hardwired.course.errors import CourseError
from hardwired.house.files import write_atomic

__all__ = ["FILE", "add", "change", "comments", "remove"]

FILE = "comments.json"
MOST = 200  # comments of an answer
LONGEST = 2_000  # characters of one


_one = threading.Lock()  # two markers may keep a comment at the same moment


def _read(folder: Path) -> dict[str, list[str]]:
    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CourseError(
            f"{path}: the comments cannot be read ({' '.join(str(error).split())[:100]}); mend the"
            " JSON, or move the file away"
        ) from None
    if not isinstance(raw, dict) or not all(
        isinstance(texts, list) and all(isinstance(text, str) for text in texts)
        for texts in raw.values()
    ):
        raise CourseError(f"{path}: is no list of comments by answer; mend it, or move it away")
    return raw


def comments(folder: Path, slug: str, answer: str) -> list[str]:
    """Give the comments kept for an answer.

    Raises
    ------
    CourseError
        If the file cannot be read.
    """
    return [_plain(text) for text in _read(folder).get(f"{slug}/{answer}", [])]


def add(folder: Path, slug: str, answer: str, text: str) -> list[str]:
    """Keep a comment; one that is there already is not kept twice. Returns all of the answer.

    Raises
    ------
    CourseError
        If it is empty or too long, or there are too many.
    """
    text = _clean(text)
    with _one:
        mine = comments(folder, slug, answer)
        if text in mine:
            return mine
        if len(mine) >= MOST:
            raise CourseError(f"{answer} has {MOST} comments already; take one out first")
        return _write(folder, slug, answer, [*mine, text])


def change(folder: Path, slug: str, answer: str, old: str, text: str) -> list[str]:
    """Put another wording in the place of a comment. Returns all of the answer.

    Raises
    ------
    CourseError
        If the old one is not there any more.
    """
    old, text = _plain(old), _clean(text)
    with _one:
        mine = _with(old, comments(folder, slug, answer))
        new = dict.fromkeys(text if one == old else one for one in mine)
        return _write(folder, slug, answer, list(new))


def remove(folder: Path, slug: str, answer: str, old: str) -> list[str]:
    """Take a comment out. Returns those that are left.

    Raises
    ------
    CourseError
        If it is not there any more.
    """
    old = _plain(old)
    with _one:
        mine = _with(old, comments(folder, slug, answer))
        return _write(folder, slug, answer, [one for one in mine if one != old])


def _plain(text: str) -> str:
    """End lines as a page does; a form that is sent ends them with two characters."""
    return text.replace("\r\n", "\n")


def _with(old: str, mine: list[str]) -> list[str]:
    if old not in mine:
        raise CourseError("this comment is not in the bank any more; load the page again")
    return mine


def _clean(text: str) -> str:
    text = _plain(text).strip()
    if not text:
        raise CourseError("the comment is empty; write it first")
    if len(text) > LONGEST:
        raise CourseError(f"the comment has {len(text)} characters, {LONGEST} are the most; cut it")
    return text


def _write(folder: Path, slug: str, answer: str, mine: list[str]) -> list[str]:
    kept: Mapping[str, list[str]] = {**_read(folder), f"{slug}/{answer}": mine}
    text = json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True)
    write_atomic(folder / FILE, f"{text}\n".encode("utf-8", "replace"))
    return mine
