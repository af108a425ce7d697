"""A chapter's number is that of its file: ``05-wounds`` is chapter 5."""

import re

CHAPTER = re.compile(r"(?:.*/)?chapters/(\d\d)-[^/]+$")


def chapter_number(docname: str) -> int | None:
    """Return the number in a chapter's file name, or None for another page."""
    match = CHAPTER.fullmatch(docname)
    return int(match.group(1)) if match else None
