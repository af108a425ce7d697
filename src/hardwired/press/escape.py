"""Text as Typst markup and as Typst strings: every special character made harmless."""

from __future__ import annotations

import re

__all__ = ["NBSP", "content", "escape", "string"]

NBSP = "\u00a0"
_SPECIAL = re.compile(r"([\\#$*_`<>@\[\]~=+/'\"-])")
_ENUMERATION = re.compile(r"^(\s*\d+)\.", re.MULTILINE)


_UNITS = (
    "%|°C|°F|K|[mµunkMG]?[gLlsmJNVA]|mol|[mµnpf]mol|[mµnpf]g|[mµnp]l|dl|kg|[mcnµk]m|mm²|mm³|h|min|Hz|kHz|mV|"
    "kDa|kcal|IU|per cent|days?|weeks?|months?|years?|hours?|minutes?|seconds?|people"
)
# What a line's end must not part: a number from its unit, a name from its number, p from its value.
_TOGETHER = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(\d) (?=(?:{_UNITS})(?![A-Za-z]))",
        r"\b(per) (?=cent\b)",
        r"\b([Cc]hapters?|Sections?|Figures?|Tables?|[Ee]quations?|Claims?) (?=C?\d)",
        r"((?:\b\w|^)) (?=[=<>≤≥≈±] )",
        r"([=<>≤≥≈±]) (?=[-−+]?[\d.])",
    )
)


def escape(text: str) -> str:
    """Write running text as markup: what Typst would read as a command stays a character.

    Line ends become spaces, because a line of prose must not start a list or a paragraph.
    """
    text = re.sub(r"\s*\n\s*", " ", text)
    for place in _TOGETHER:
        text = place.sub(rf"\1{NBSP}", text)
    text = _SPECIAL.sub(r"\\\1", text)
    text = _ENUMERATION.sub(r"\1\\.", text)
    return text.replace("..", r"\.\.")


def string(text: str) -> str:
    """Write a Typst string literal."""
    text = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + text.replace("\n", "\\n").replace("\r", "").replace("\t", "\\t") + '"'


def content(markup: str) -> str:
    """Write a content argument, without the blank lines around it."""
    return f"[{markup.strip()}]"
