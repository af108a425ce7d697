"""The due dates of ``course.yml``, changed from a page; what else stands in it is left alone."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import yaml

from hardwired.course import policy
from hardwired.course.errors import CourseError
from hardwired.house.files import write_atomic

__all__ = ["set_due"]


def set_due(path: Path, slug: str, text: str) -> None:
    """Write (or with an empty text take away) when an exercise is due.

    A file with comments of somebody's own is kept beside the new one as ``course.yml.before``.

    Raises
    ------
    CourseError
        If the text is no date, or the file cannot be used.
    """
    policy.read(path if path.is_file() else None)
    raw: dict[str, Any] = {}
    if path.is_file():
        before = path.read_text(encoding="utf-8")
        raw = yaml.safe_load(before) or {}
        if "#" in before:
            write_atomic(path.with_name("course.yml.before"), before.encode())
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
        policy.read(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
