"""Text as Typst markup and as Typst strings: every special character made harmless."""

from __future__ import annotations

import re

__all__ = ["NBSP", "content", "escape", "string"]

NBSP = "\u00a0"
_SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=+/'\"-])")
_ENUMERATION = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


def escape(text: str) -> str:
    """Write running text as markup: what Typst would read as a command stays a character.

    Line ends become spaces, because a line of prose must not start a list or a paragraph.
    """
    text = _SPECIAL.sub(r"\\\1", text)
    text = _ENUMERATION.sub(r"\1\\.", text)
    text = text.replace("..", r"\.\.")
    return re.sub(r"\s*\n\s*", " ", text)


def string(text: str) -> str:
    """Write a Typst string literal."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\r", "").replace("\t", "\\t") + '"'


def content(markup: str) -> str:
    """Write a content argument, without the blank lines around it."""
    return f"[{markup.strip()}]"
