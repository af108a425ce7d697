"""Rules of ``course.yml``, changed from a page; what else stands in it is left alone.

A file with comments of somebody's own is kept beside the new one as ``course.yml.before``, the next
such as ``course.yml.before-2``. Keys stand as they were typed, and no other rule changes.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from hardwired.course import policy
from hardwired.course.errors import CourseError
from hardwired.course.policy import Policy
from hardwired.course.variants import normalise
from hardwired.house.files import write_atomic

__all__ = ["set_due", "set_extension", "set_feedback", "set_late"]

Raw = dict[str, Any]


def set_due(path: Path, slug: str, text: str) -> None:
    """Write (or with an empty text take away) when an exercise is due.

    Raises
    ------
    CourseError
        If the text is no date, or the file cannot be used.
    """
    due = _day(text)

    def edit(raw: Raw) -> None:
        rules = _below(_below(raw, "exercises"), slug)
        _put(rules, "due", due)

    def rest(rules: Policy) -> Policy:
        return replace(rules, due=_without(rules.due, slug))

    _change(path, edit, rest, f"the due date of {slug}")


def set_feedback(path: Path, slug: str, text: str, held: Collection[str]) -> None:
    """Write from when feedback on an exercise is given, and on which questions it is not.

    Raises
    ------
    CourseError
        If the text is no date, or the file cannot be used.
    """
    opens = _day(text)

    def edit(raw: Raw) -> None:
        told = _below(_below(_below(raw, "exercises"), slug), "feedback")
        _put(told, "from", opens)
        _put(told, "hold", list(held) or None)

    def rest(rules: Policy) -> Policy:
        return replace(rules, opens=_without(rules.opens, slug), held=_without(rules.held, slug))

    _change(path, edit, rest, f"the feedback of {slug}")


def set_late(path: Path, per_day: str, most: str, grace: str) -> None:
    """Write what lateness costs: per cent of the points a day and at most, and minutes of grace.

    Raises
    ------
    CourseError
        If one is no number or out of its range, or the file cannot be used.
    """
    late = {
        "per_day": _number(per_day, "per cent a day", 100.0, 100.0),
        "most": _number(most, "per cent at most", 100.0, 100.0),
        "grace_minutes": _number(grace, "minutes of grace", 100_000.0, 1.0),
    }

    def edit(raw: Raw) -> None:
        rules = _below(raw, "late")
        for key, value in late.items():
            _put(rules, key, value)

    def rest(rules: Policy) -> Policy:
        return replace(rules, per_day=0.0, most=1.0, grace_minutes=0.0)

    _change(path, edit, rest, "what lateness costs")


def set_extension(
    path: Path, student: str, slug: str, text: str, also: Collection[str] = ()
) -> None:
    """Write (or with an empty text take away) until when a student has for an exercise.

    ``also`` are other names of the student; what stands under one of them is replaced.

    Raises
    ------
    CourseError
        If the text is no date, or the file cannot be used.
    """
    until, names = _day(text), {normalise(name) for name in (student, *also)}

    def edit(raw: Raw) -> None:
        extensions = _below(raw, "extensions")
        for name in [name for name in extensions if normalise(name) in names]:
            _put(_below(extensions, name), slug, None)
        if until:
            _put(_below(extensions, student), slug, until)

    def rest(rules: Policy) -> Policy:
        found = {k: v for k, v in rules.extensions.items() if k[1] != slug or k[0] not in names}
        return replace(rules, extensions=found)

    _change(path, edit, rest, f"the extension of {student}")


def _change(
    path: Path, edit: Callable[[Raw], None], rest: Callable[[Policy], Policy], what: str
) -> None:
    """Change the file by ``edit``, if that leaves the ``rest`` of the rules as it is."""
    old = policy.read(path if path.is_file() else None)
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    raw: Raw = policy.plain(before) or {}
    edit(raw)
    draft = path.with_name(".course.yml.new")
    text = yaml.safe_dump(_filled(raw), sort_keys=False, allow_unicode=True)
    write_atomic(draft, text.encode(), private=True)
    try:
        if replace(rest(policy.read(draft)), path=None) != replace(rest(old), path=None):
            raise CourseError(
                f"{path}: {what} cannot be changed without changing another rule; write it into"
                " the file by hand"
            )
        if "#" in before:
            _keep(path, before.encode())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _without(rules: Any, key: Any) -> dict[Any, Any]:
    return {other: value for other, value in rules.items() if other != key}


def _below(raw: Raw, key: str) -> Raw:
    """Give the part of that name, made if there is none."""
    if not raw.get(key):
        raw[key] = {}
    part: Raw = raw[key]
    return part


def _put(rules: Raw, key: str, value: object) -> None:
    if value is None:
        rules.pop(key, None)
    else:
        rules[key] = value


def _filled(raw: Raw) -> Raw:
    """Give the rules without parts in which nothing stands."""
    out: Raw = {}
    for key, value in raw.items():
        kept = _filled(value) if isinstance(value, dict) else value
        if kept != {}:
            out[key] = kept
    return out


def _day(text: str) -> datetime.datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        raise CourseError(f"{text[:40]!r} is no date; write it as 2027-03-05T18:00") from None


def _number(text: str, what: str, most: float, whole: float) -> float | None:
    """Give a number as a share of ``whole``; None for a blank."""
    if not text.strip():
        return None
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        number = -1.0
    if not 0 <= number <= most:
        raise CourseError(f"{text[:40]!r} is no number of {what}; give 0 to {most:g}")
    return number / whole


def _keep(path: Path, text: bytes) -> None:
    """Lay a text of somebody's own beside the file, over none that was kept before."""
    number = 1
    kept = path.with_name(f"{path.name}.before")
    while kept.exists() and kept.read_bytes() != text:
        number += 1
        kept = path.with_name(f"{path.name}.before-{number}")
    write_atomic(kept, text, private=True)
