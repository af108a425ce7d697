"""Untrusted notebook bytes to cells, or a named reason; size first, then JSON, then shape.

Cell ids and metadata of a submission are advice, never trusted: answers are found by name, and the
exercise's own cells (set-up, data) are run from the source, not from the submission.
"""

from __future__ import annotations

import ast
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hardwired.course.border.text import line as one_line

__all__ = [
    *("MAX_BYTES", "MAX_READ", "LoadedCell", "LoadedNotebook", "UnreadableError", "load"),
    *("notebooks_within", "plain_python"),
    "NO_NOTEBOOK",
]

NO_NOTEBOOK = "no notebook (.ipynb) among the files"
MAX_BYTES = 16 << 20
MAX_READ = 64 << 20  # with outputs, which no mark depends on
MAX_WITHIN = 50  # notebooks of a zip that was handed in
MAX_CELLS = 1000
MAX_SOURCE = 1 << 20
NONE: frozenset[str] = frozenset()
MAX_IDENTITY = 300  # characters of what stands behind STUDENT =
MAGIC = re.compile(r"^(\s*)(%|!|\?)")
TAKEN = re.compile(r"^(\s*)([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*)*\s*=)\s*[%!]")
BULK = re.compile(
    rb'"(?:outputs|attachments|widgets)"\s*:\s*(?=[\[{])|"(?:[^"\\]++|\\.)*+"|[\[\]{}]', re.DOTALL
)
# What a file is by how it begins, in words that follow "it is".
KINDS = {
    **{
        b"%PDF": "a PDF",
        b"\xff\xd8\xff": "a picture",
        b"\x89PNG": "a picture",
        b"GIF8": "a picture",
    },
    **{
        b"7z\xbc\xaf": "an archive (7z)",
        b"Rar!": "an archive (RAR)",
        b"\x1f\x8b": "an archive (gzip)",
    },
    **{b"\xd0\xcf\x11\xe0": "an office document", b"{\\rtf": "a text (RTF)"},
}
# An identifier typed without quotes; a number keeps its zeros.
BARE = re.compile(r"\s*(\d[\w.@-]*|[A-Za-z][\w.-]*[\d@][\w.@-]*)\s*(?:#.*)?")
BEGINS = re.compile(r"""^begin\(\s*["']([^"'\n]{1,60})["']""", re.MULTILINE)


class UnreadableError(Exception):
    """The file cannot be read as a notebook; the message is the reason, in a few words."""


@dataclass(frozen=True)
class LoadedCell:
    """One cell of a submission; role, question and prompt are what it says of itself.

    ``count`` is the number in square brackets that Jupyter shows beside a cell that ran; ``image``
    says whether a picture is attached to the cell or stored in its outputs.
    """

    kind: str
    source: str
    role: str | None = None
    question: str | None = None
    prompt: str | None = None
    count: int | None = None
    image: bool = False
    lines: frozenset[str] = frozenset()


@dataclass(frozen=True)
class LoadedNotebook:
    """Cells in order, the identifier in the first cell if there is one, and what was put right.

    ``slug`` and ``version`` are those of the exercise that it says it was made from.
    """

    cells: tuple[LoadedCell, ...]
    student: str | None
    notes: tuple[str, ...] = ()
    slug: str | None = None
    version: int | None = None


def load(data: bytes) -> LoadedNotebook:
    """Read a notebook as far as it can be read.

    Raises
    ------
    UnreadableError
        With a named reason: empty, too large, not text, not JSON, nested too deeply, no notebook.
    """
    if not data.strip():
        raise UnreadableError("the file is empty")
    notes: list[str] = []
    if MAX_BYTES < len(data) <= MAX_READ:
        data = _without_bulk(data)
        notes.append("its outputs were left out, they are large")
    if len(data) > MAX_BYTES:
        raise UnreadableError(
            f"the file is larger than {MAX_BYTES >> 20} MB; clear its outputs and save it again"
        )
    notebook = _parse(_text(data, notes))
    raw = _cells(notebook, notes)
    cells: list[LoadedCell] = []
    total = 0
    for item in raw:
        if len(cells) == MAX_CELLS:
            notes.append(f"only the first {MAX_CELLS} cells were read")
            break
        cell = _cell(item, notes)
        if cell is None:
            continue
        total += len(cell.source)
        if total > MAX_SOURCE:
            notes.append(f"only the first {MAX_SOURCE >> 20} MB of source were read")
            break
        cells.append(cell)
    if not cells:
        raise UnreadableError("the notebook has no cell that can be read")
    slug, version = _made_from(notebook, cells)
    said = tuple(dict.fromkeys(notes))
    return LoadedNotebook(tuple(cells), _student(cells), said, slug, version)


def _without_bulk(data: bytes) -> bytes:
    """Cut outputs, attachments and widgets out of a large notebook; that there are pictures stays.

    Nothing of it is parsed: brackets are counted, those within texts left aside.
    """
    kept: list[bytes] = []
    start = depth = 0
    for token in BULK.finditer(data):
        text = token[0]
        if not depth:
            if text[-1:] not in b'[]{}"':
                kept.append(data[start : token.end()])
                start, depth = token.end(), -1
        elif text in (b"[", b"{"):
            depth = 1 if depth < 0 else depth + 1
        elif text in (b"]", b"}"):
            depth -= 1
            if not depth:
                cut = data[start : token.end()]
                picture = b'{"data": {"image/png": ""}}' if b'"image/' in cut else b""
                kept.append(b"[" + picture + b"]" if cut[:1] == b"[" else picture or b"{}")
                start = token.end()
    return b"".join([*kept, data[start:]])


def notebooks_within(data: bytes) -> list[tuple[int, str]]:
    """Give number and name of the notebooks in a zip that was handed in, small ones first come.

    Raises
    ------
    UnreadableError
        If it is damaged, an office document, or holds no notebook.
    """
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise UnreadableError("it is a zip that is damaged") from None
    names = [(n, info.filename.replace("\\", "/")) for n, info in enumerate(infos)]
    if any(name in ("[Content_Types].xml", "mimetype") for _, name in names):
        raise UnreadableError("it is an office document")
    found = [
        (n, name)
        for n, name in names
        if re.search(r"\.(ipynb|json|txt)$", name, re.IGNORECASE)
        and not re.search(r"(^|/)(\._|\.ipynb_checkpoints/|__MACOSX/)", name)
    ]
    notebooks = [item for item in found if ".ipynb" in item[1].casefold()] or found
    if not notebooks:
        raise UnreadableError("it is a zip without a notebook in it")
    return notebooks[:MAX_WITHIN]


def _made_from(notebook: dict[str, Any], cells: list[LoadedCell]) -> tuple[str | None, int | None]:
    """Give the exercise that a notebook was made from: by its first cell, else its metadata."""
    meta = notebook.get("metadata")
    ours = meta.get("hardwired") if type(meta) is dict else None
    known = ours if type(ours) is dict else {}
    slug, version = known.get("slug"), known.get("version")
    for cell in cells:
        if cell.kind == "code" and (hit := BEGINS.search(cell.source)):
            slug = hit[1]
            break
    return (
        one_line(slug, 60) if type(slug) is str else None,
        version if type(version) is int and 0 <= version < 10**6 else None,
    )


def _text(data: bytes, notes: list[str]) -> str:
    for mark, name in (
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
        (b"\xef\xbb\xbf", "utf-8-sig"),
    ):
        if data.startswith(mark):
            notes.append(f"its encoding is {name}")
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                raise UnreadableError("the file is not text") from None
    for mark, name in {b"PK\x03\x04": "a zip archive or office document", **KINDS}.items():
        if data.startswith(mark):
            raise UnreadableError(f"the file is {name}, not a notebook")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        notes.append("some of its characters are not UTF-8")
        return data.decode("utf-8", "replace")


def _parse(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip().startswith("<"):
            raise UnreadableError("the file is a web page (HTML), not a notebook") from None
        raise UnreadableError(
            f"the file is not valid JSON (line {error.lineno}: {error.msg})"
        ) from None
    except RecursionError:
        raise UnreadableError("the file is nested too deeply") from None
    except ValueError:
        raise UnreadableError("the file holds a number that is too long") from None
    if type(value) is not dict:
        raise UnreadableError("the file is JSON, but not a notebook")
    return value


def _cells(notebook: dict[str, Any], notes: list[str]) -> list[Any]:
    cells = notebook.get("cells")
    if type(cells) is list:
        if notebook.get("nbformat") != 4:
            notes.append(f"its format version is {str(notebook.get('nbformat'))[:12]}, read as 4")
        return cells
    sheets = notebook.get("worksheets")
    if type(sheets) is list:
        notes.append("its format version is 3, read as far as possible")
        found = [s.get("cells") for s in sheets if type(s) is dict]
        return [cell for group in found if type(group) is list for cell in group]
    raise UnreadableError("the file is JSON, but holds no list of cells")


def _cell(item: Any, notes: list[str]) -> LoadedCell | None:
    if type(item) is not dict:
        notes.append("a cell that is no object was left out")
        return None
    kind = item.get("cell_type")
    if kind not in ("code", "markdown", "raw"):
        notes.append("a cell of unknown type was left out")
        return None
    source = item.get("source", item.get("input"))
    if type(source) is list and all(type(part) is str for part in source):
        source = "".join(source)
    if type(source) is not str:
        notes.append("a cell without source was left out")
        return None
    source = source.encode("utf-8", "replace").decode()
    meta = item.get("metadata")
    ours = meta.get("hardwired") if type(meta) is dict else None
    known = ours if type(ours) is dict else {}

    def word(key: str) -> str | None:
        value = known.get(key)
        return value[:60] if type(value) is str else None

    lines = known.get("lines")
    count = item.get("execution_count", item.get("prompt_number"))
    return LoadedCell(
        kind,
        source,
        word("role"),
        word("question"),
        word("prompt"),
        count if type(count) is int and 0 < count < 10**6 else None,
        _pictured(item),
        frozenset(x for x in lines[:MAX_CELLS] if type(x) is str) if type(lines) is list else NONE,
    )


def _pictured(item: dict[str, Any]) -> bool:
    """Whether a picture is attached to a cell, or stored in its outputs."""
    attached = item.get("attachments")
    if type(attached) is dict and attached:
        return True
    outputs = item.get("outputs")
    for output in outputs if type(outputs) is list else ():
        data = output.get("data") if type(output) is dict else None
        if type(data) is dict and any(str(kind).startswith("image/") for kind in data):
            return True
    return False


def _student(cells: list[LoadedCell]) -> str | None:
    """Give the identifier of the first line ``STUDENT = ...``, without running it."""
    for cell in cells:
        if cell.kind != "code" or "STUDENT" not in cell.source:
            continue
        for line in cell.source.split("\n"):
            name, equals, value = line.partition("=")
            if not equals or name.rstrip() != "STUDENT" or value.startswith("="):
                continue
            if len(value) <= MAX_IDENTITY and (bare := BARE.fullmatch(value)):
                return one_line(bare[1])
            try:
                typed = ast.literal_eval(value.strip()) if len(value) <= MAX_IDENTITY else None
                return one_line(str(typed)) if type(typed) in (str, int) else None
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                return None
    return None


def plain_python(source: str) -> str:
    """Turn magics and shell lines into ``pass``, if the source is not Python as it stands."""
    source = source.replace("\x00", "")
    try:
        compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return source
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        pass
    return "\n".join(_lines(source))


def _lines(source: str) -> Iterator[str]:
    for number, line in enumerate(source.splitlines()):
        if number == 0 and line.startswith("%%"):
            if line.split()[0] not in ("%%time", "%%timeit", "%%capture"):
                return
            yield ""
        elif hit := MAGIC.match(line):
            yield f"{hit[1]}pass"
        elif hit := TAKEN.match(line):
            yield f"{hit[1]}{hit[2]} None"
        elif re.match(r"^\s*[\w.]+\?{1,2}\s*$", line):
            yield re.sub(r"\S.*", "pass", line)
        else:
            yield line
