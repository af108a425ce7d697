"""`references.bib` read with line numbers, and the normalised forms in which titles are compared.

A small reader of our own: the base install needs no BibTeX package, and every fault gets a line.
The tests hold it against pybtex, which sets the references of the book.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import KEY


@dataclass(frozen=True)
class Entry:
    """One work of the bibliography.

    Parameters
    ----------
    key
        ``kiecolt1995slowing``.
    kind
        ``article``, ``book``, ...
    fields
        Field name (lower case) to its text, outer braces or quotes removed.
    line
        Line of the ``@``.
    lines
        Line of each field.
    """

    key: str
    kind: str
    fields: dict[str, str] = field(hash=False)
    line: int = field(default=0, compare=False)
    lines: dict[str, int] = field(default_factory=dict, compare=False, repr=False, hash=False)

    @property
    def authors(self) -> tuple[str, ...]:
        """The persons (or editors) as written, split at ``and`` outside braces."""
        text = self.fields.get("author") or self.fields.get("editor") or ""
        return tuple(name.strip() for name in _split_names(text))

    @property
    def doi(self) -> str:
        """The bare DOI, or an empty text."""
        return self.fields.get("doi", "")

    @property
    def title(self) -> str:
        """The title as plain text."""
        return plain(self.fields.get("title", ""))

    @property
    def year(self) -> str:
        """The year as written."""
        return self.fields.get("year", "")

    @property
    def retracted(self) -> bool:
        """Whether the note says that the work was retracted."""
        return self.fields.get("note", "").lower().startswith("retracted")

    def at(self, name: str) -> int:
        """Return the line of a field, or that of the entry when it has no such field."""
        return self.lines.get(name, self.line)


class _BibError(Exception):
    """The reader cannot go on within an entry."""

    def __init__(self, position: int, what: str, mend: str) -> None:
        super().__init__(what)
        self.position, self.what, self.mend = position, what, mend


def read_bib(path: Path, shown: str) -> tuple[dict[str, Entry], list[Problem]]:
    """Read a BibTeX file.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    entries, problems
        Entries without fault by key in the order of the file, and every fault found.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}, [Problem(shown, 0, "the file is missing", "restore it or its name")]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return {}, [Problem(shown, line, "not UTF-8", "save the file as UTF-8")]
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    # An entry begins with an @ at the start of a line, so that one that is not closed cannot
    # swallow the ones after it.
    starts = [match.start() for match in re.finditer(r"^@", text, re.MULTILINE)]
    for start, stop in zip(starts, [*starts[1:], len(text)], strict=True):
        if re.match(r"@(comment|preamble|string)\b", text[start:stop], re.IGNORECASE):
            continue
        line = text.count("\n", 0, start) + 1
        try:
            entry = _entry(text[:stop], start, line)
        except _BibError as fault:
            where = text.count("\n", 0, fault.position) + 1
            problems.append(Problem(shown, where, fault.what, fault.mend))
            continue
        if entry.key in entries:
            what = f"key {entry.key} stands twice (first at line {entries[entry.key].line})"
            problems.append(Problem(shown, line, what, "merge the two or rename one"))
        elif not KEY.fullmatch(entry.key):
            what = f"key {entry.key!r}"
            problems.append(Problem(shown, line, what, "write it as firstauthorYEARword"))
        else:
            entries[entry.key] = entry
    return entries, problems


def _entry(text: str, start: int, line: int) -> Entry:
    head = re.compile(r"@(\w+)\s*\{\s*([^\s,{}=\"]+)\s*,").match(text, start)
    if not head:
        raise _BibError(start, "an entry without type or key", "begin it with @article{key,")
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    position = head.end()
    key = head.group(2)
    while True:
        position = _skip(text, position)
        if position >= len(text):
            raise _BibError(start, f"{key} is not closed", "close a brace or quote in it")
        if text[position] == "}":
            break
        name = re.compile(r"([A-Za-z][\w-]*)\s*=\s*").match(text, position)
        if not name:
            odd = text[position : position + 20].split("\n")[0]
            what = f"{key}: no field begins at {odd!r}"
            raise _BibError(position, what, "write `name = {text},` (is a comma missing?)")
        field_name = name.group(1).lower()
        if field_name in fields:
            what = f"{key}: the field {field_name} stands twice"
            raise _BibError(position, what, "keep one of them")
        value, after = _value(text, name.end(), key, start)
        fields[field_name] = " ".join(value.split())
        lines[field_name] = text.count("\n", 0, position) + 1
        position = _skip(text, after)
        if position < len(text) and text[position] == ",":
            position += 1
        elif position < len(text) and text[position] != "}":
            what = f"{key}: no comma after {field_name}"
            raise _BibError(after, what, "end the field with a comma")
    return Entry(key, head.group(1).lower(), fields, line, lines)


def _skip(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _value(text: str, position: int, key: str, start: int) -> tuple[str, int]:
    """Return a field's text and the position after it."""
    number = re.compile(r"\d+|[A-Za-z]{3}\b").match(text, position)
    if number:
        return number.group(), number.end()
    opener = text[position : position + 1]
    if opener not in ("{", '"'):
        what = f"{key}: a value without braces"
        raise _BibError(position, what, "write it in braces")
    depth = 0
    begin = position + 1
    for place in range(begin, len(text)):
        sign = text[place]
        if text[place - 1] == "\\":
            continue
        if sign == "{":
            depth += 1
        elif sign == "}" and depth:
            depth -= 1
        elif (sign == "}" and opener == "{") or (sign == '"' and opener == '"' and not depth):
            return text[begin:place], place + 1
    raise _BibError(start, f"{key} is not closed", "close a brace or quote in it")


def _split_names(text: str) -> list[str]:
    names, depth, begin = [], 0, 0
    for match in re.finditer(r"[{}]|\sand\s", text):
        sign = match.group()
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
        elif depth == 0:
            names.append(text[begin : match.start()])
            begin = match.end()
    return [*names, text[begin:]] if text else []


_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
}
_LETTERS = {
    "ss": "ß",
    "o": "ø",
    "O": "Ø",
    "l": "ł",
    "L": "Ł",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "aa": "å",
    "AA": "Å",
    "i": "ı",
}
_GREEK = {
    "α": "alpha",
    "β": "beta",
    "γ": "gamma",
    "δ": "delta",
    "ε": "epsilon",
    "κ": "kappa",
    "λ": "lambda",
    "μ": "mu",
    "µ": "mu",
    "τ": "tau",
    "ω": "omega",
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "å": "a",
    "ł": "l",
    "đ": "d",
    "ı": "i",
}


def plain(text: str) -> str:
    """Return a BibTeX text as a reader sees it: accents composed, braces and commands gone."""

    def accent(match: re.Match[str]) -> str:
        letter = match.group(2) or match.group(3)
        letter = {"\\i": "i", "\\j": "j"}.get(letter, letter)
        return unicodedata.normalize("NFC", letter + _ACCENTS[match.group(1)])

    marks = "".join(re.escape(mark) for mark in _ACCENTS if not mark.isalpha())
    text = re.sub(rf"\\([{marks}])\s*(?:\{{(\\?[A-Za-z])\}}|(\\?[A-Za-z]))", accent, text)
    text = re.sub(r"\\([urHvdck])(?:\{(\\?[A-Za-z])\}|\s+([A-Za-z])(?![A-Za-z]))", accent, text)
    letters = "|".join(sorted(_LETTERS, key=len, reverse=True))
    text = re.sub(rf"\\({letters})(?![A-Za-z])(?:\{{\}}|\s)?", lambda m: _LETTERS[m.group(1)], text)
    text = re.sub(r"\\([&%$#_{}])", r"\1", text)
    text = re.sub(r"\$?\\(alpha|beta|gamma|delta|kappa|mu|tau|omega)\b\$?", r"\1", text)
    text = re.sub(r"\\[A-Za-z]+\s*", "", text)
    text = re.sub(r"[{}]", "", text)
    text = text.replace("---", "—").replace("--", "–").replace("~", "\u00a0")
    return " ".join(text.split())


def normalised(text: str) -> str:
    """Return a text in the form in which titles and names are compared.

    LaTeX, accents, case, punctuation, blanks and Greek letters no longer differ:
    ``"Tumour necrosis factor-α"`` and ``"tumour necrosis factor alpha"`` are the same.
    """
    text = unicodedata.normalize("NFKD", plain(text)).lower()
    for letter, word in _GREEK.items():
        text = text.replace(letter, word)
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())


def surname(name: str) -> str:
    """Return the family name of one author as written in BibTeX.

    ``"Kiecolt-Glaser, Janice K."`` and ``"Janice K. Kiecolt-Glaser"`` both give
    ``"Kiecolt-Glaser"``; a name in braces (a body) is returned whole; particles stay
    (``"van der Meer, A."``).
    """
    name = name.strip()
    if name.startswith("{") and name.endswith("}"):
        return plain(name)
    if "," in name:
        return plain(name.split(",")[0])
    words = plain(name).split()
    for place, word in enumerate(words[:-1]):
        if word.islower():
            return " ".join(words[place:])
    return words[-1] if words else ""


def short_authors(entry: Entry, most: int = 3) -> str:
    """Return surnames for a small space: ``A``, ``A and B``, ``A, B and C``, ``A et al.``."""
    names = [surname(name) for name in entry.authors]
    if not names:
        return plain(entry.fields.get("institution") or entry.fields.get("publisher") or "")
    if len(names) > most or names[-1] == "others":
        return f"{names[0]} et al."
    if len(names) == 1:
        return names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}"
