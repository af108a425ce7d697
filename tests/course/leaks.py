"""Look into published files for what they must not hold.

Read are PDF, EPUB, zip, wheel, notebook, page and script.
Archives are opened to any depth (bounded); a PDF is read by its text; entities, JSON escapes and
what typesetting changes are undone.
"""

from __future__ import annotations

import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pypdfium2

from hardwired.course.errors import CourseError

__all__ = ["find_leaks", "texts"]

ARCHIVES = (".zip", ".whl", ".epub")
BINARY = (".png", ".jpg", ".jpeg", ".woff", ".woff2", ".ico", ".gif", ".wasm", ".sqlite")
MAX_DEPTH = 4
CHANGED = re.compile(
    "[\\s\\-'\"`\\\\\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{HYPHEN}\N{NON-BREAKING HYPHEN}"
    "\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}\N{LEFT SINGLE QUOTATION MARK}"
    "\N{RIGHT SINGLE QUOTATION MARK}\N{LEFT DOUBLE QUOTATION MARK}"
    "\N{RIGHT DOUBLE QUOTATION MARK}]+"
)


def find_leaks(paths: Iterable[Path], secrets: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of (place, secret) for every secret line found, spaces and line breaks apart.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; folders are walked.
    secrets : iterable of str
        Lines that must stand nowhere, for example `authoring.strip.solution_lines`.
    """
    wanted = {squeeze(secret): secret for secret in secrets}
    found = []
    for place, text in texts(paths):
        forms = {squeeze(text), squeeze(html.unescape(re.sub(r"<[^>]{0,400}>", "", text)))}
        for tight, secret in wanted.items():
            if any(tight in form for form in forms):
                found.append((place, secret))
    return found


def squeeze(text: str) -> str:
    """Leave out what typesetting changes: spaces, hyphens and dashes, quotes, ligatures."""
    return CHANGED.sub("", unicodedata.normalize("NFKC", text))


def texts(paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Every text in some files, with the place where it stands."""
    for path in paths:
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            yield from _texts(str(file), file.read_bytes(), 0)


def _texts(place: str, data: bytes, depth: int) -> Iterator[tuple[str, str]]:
    suffix = Path(place).suffix.casefold()
    if suffix in ARCHIVES or data.startswith(b"PK\x03\x04"):
        if depth == MAX_DEPTH:
            raise CourseError(
                f"{place}: archives are nested deeper than {MAX_DEPTH}; look at it by hand"
            )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from _texts(f"{place}!{name}", archive.read(name), depth + 1)
    elif suffix == ".pdf" or data.startswith(b"%PDF"):
        yield place, _pdf(place, data)
    elif suffix not in BINARY:
        text = data.decode("utf-8", "replace")
        yield place, text
        if suffix in (".ipynb", ".json"):
            try:
                yield f"{place} (strings)", "\n".join(_strings(json.loads(text)))
            except ValueError:
                return


def _pdf(place: str, data: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise CourseError(f"{place}: its text cannot be read ({error})") from None
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    # PDFium marks a hyphen at the end of a line by a sign that is no character.
    return text.replace("\ufffe", "-")


def _strings(value: Any) -> Iterator[str]:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            stack += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            if item and all(isinstance(part, str) for part in item):
                yield "".join(item)
            stack += item
