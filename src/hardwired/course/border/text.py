"""Text of a stranger made clean, once: no lone surrogate, no hidden character, bounded."""

from __future__ import annotations

import codecs
import hashlib
import re
from typing import Any

__all__ = ["cut", "line", "prose", "tree"]

LONGEST_NAME = 200
LONGEST_PROSE = 30_000  # a cell of a spreadsheet holds 32,767
# Controls, marks of direction, what ends a line for some programs and not for others, and letters
# that nobody sees, by which one name would look like another.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
HIDDEN_IN_PROSE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _shown(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def line(text: str, most: int = LONGEST_NAME) -> str:
    """Give a name or a reason on one line; what is hidden is shown by its number.

    One that is longer than ``most`` is cut and keeps a digest of the whole, so that two of them
    stay two.
    """
    shown = HIDDEN.sub(_shown, text[: most + 1])
    if len(text) <= most and len(shown) <= most:
        return shown
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    tail = HIDDEN.sub(_shown, text[-20:])[-20:]
    return f"{shown[: most - 34]}...{digest}...{tail}"


def cut(text: str, most: int) -> str:
    """Give one line of at most so many characters."""
    return HIDDEN.sub(_shown, text[:most])[:most]


def prose(text: str) -> str:
    """Give a text of several lines; a very long one is cut, and says so."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    size = len(text)
    text = HIDDEN_IN_PROSE.sub(_shown, text[:LONGEST_PROSE])[:LONGEST_PROSE]
    if size > LONGEST_PROSE:
        text += f"\n[cut here; {size} characters were handed in]"
    return text


def tree(value: Any) -> Any:
    """Give a JSON value in which no text holds a lone surrogate."""
    if type(value) is str:
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if type(value) is list:
        return [tree(item) for item in value]
    if type(value) is dict:
        return {tree(key): tree(item) for key, item in value.items()}
    return value


def _replace(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    bad = error.object[error.start : error.end]
    return "".join(f"\\\\u{ord(char):04x}" for char in bad), error.end


# How a worker's answer is encoded: a surrogate that was overlooked becomes its number in JSON.
codecs.register_error("hardwired-border", _replace)
