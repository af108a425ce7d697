"""What is noted of each page while it is read, by kind and page, kept with the environment.

The one place where such notes are forgotten when a page is read anew, and brought together when
pages were read in several processes: that is what lets reading run in parallel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

__all__ = ["forget", "merge", "notes"]

_NAME = "hardwired_notes"


def notes(env: BuildEnvironment, kind: str) -> dict[str, Any]:
    """Return the notes of one kind, by page; what is put in is kept."""
    kept: dict[str, dict[str, Any]] = env.__dict__.setdefault(_NAME, {})
    return kept.setdefault(kind, {})


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget what was noted of a page, before it is read again."""
    for pages in env.__dict__.get(_NAME, {}).values():
        pages.pop(docname, None)


def merge(
    app: Sphinx, env: BuildEnvironment, docnames: Iterable[str], other: BuildEnvironment
) -> None:
    """Take over what another process noted of the pages that it read."""
    read = set(docnames)
    for kind, pages in other.__dict__.get(_NAME, {}).items():
        notes(env, kind).update({name: note for name, note in pages.items() if name in read})
