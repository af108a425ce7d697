"""The due dates of ``course.yml``, changed from a page; what else stands in it is left alone."""

from __future__ import annotations

import datetime
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml

from hardwired.course import policy
from hardwired.course.errors import CourseError
from hardwired.course.policy import Policy
from hardwired.house.files import write_atomic

__all__ = ["set_due"]


def set_due(path: Path, slug: str, text: str) -> None:
    """Write (or with an empty text take away) when an exercise is due.

    A file with comments of somebody's own is kept beside the new one as ``course.yml.before``,
    the next such as ``course.yml.before-2``. Keys stand as they were typed, and no other rule
    changes.

    Raises
    ------
    CourseError
        If the text is no date, or the file cannot be used.
    """
    old = policy.read(path if path.is_file() else None)
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    raw: dict[str, Any] = policy.plain(before) or {}
    rules = raw.setdefault("exercises", {}).setdefault(slug, {})
    if text:
        try:
            rules["due"] = datetime.datetime.fromisoformat(text)
        except ValueError:
            raise CourseError(f"{text[:40]!r} is no date; write it as 2027-03-05T18:00") from None
    else:
        rules.pop("due", None)
    if not rules:
        del raw["exercises"][slug]
    draft = path.with_name(".course.yml.new")
    write_atomic(draft, yaml.safe_dump(raw, sort_keys=False, allow_unicode=True).encode())
    try:
        if _but(policy.read(draft), slug) != _but(old, slug):
            raise CourseError(
                f"{path}: the due date of {slug} cannot be changed without changing another rule;"
                " write it into the file by hand"
            )
        if "#" in before:
            _keep(path, before.encode())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _but(rules: Policy, slug: str) -> Policy:
    """Give the rules without one due date, so that two files can be compared in the rest."""
    due = {other: date for other, date in rules.due.items() if other != slug}
    return replace(rules, due=due, path=None)


def _keep(path: Path, text: bytes) -> None:
    """Lay a text of somebody's own beside the file, over none that was kept before."""
    number = 1
    kept = path.with_name(f"{path.name}.before")
    while kept.exists() and kept.read_bytes() != text:
        number += 1
        kept = path.with_name(f"{path.name}.before-{number}")
    write_atomic(kept, text)
