"""`references.bib` read by pybtex's parser, with the line of every entry and field.

pybtex comes with the extra `book`; whoever has only the library has no bibliography to read, so
nothing but `hardwired check` and the pages import this module.
"""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

from pybtex.database.input.bibtex import LowLevelParser, UndefinedMacro
from pybtex.scanner import PrematureEOF, PybtexSyntaxError

from hardwired.evidence.bibliography import Entry
from hardwired.evidence.problems import Problem
from hardwired.evidence.schema import KEY


class _Parser(LowLevelParser):
    """pybtex's parser for one entry, which remembers the line of each field."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.lines: list[int] = []

    def parse_field(self) -> None:
        """Read a field as pybtex does, and note where it begins."""
        self.eat_whitespace()
        line = self.lineno
        super().parse_field()
        if self.current_field_name is not None:
            self.lines.append(line)


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
    # An entry begins with an @ at the start of a line and is read alone, so that one that is not
    # closed cannot swallow the ones after it.
    starts = [match.start() for match in re.finditer(r"^@", text, re.MULTILINE)]
    line = text.count("\n", 0, starts[0]) + 1 if starts else 1
    for start, stop in pairwise([*starts, len(text)]):
        chunk = text[start:stop]
        if not re.match(r"@(comment|preamble|string)\b", chunk, re.IGNORECASE):
            entry, faults = _entry(chunk, line, shown)
            if entry is not None and entry.key in entries:
                what = f"key {entry.key} stands twice (first at line {entries[entry.key].line})"
                faults.append(Problem(shown, line, what, "merge the two or rename one"))
            problems += faults
            if entry is not None and not faults:
                entries[entry.key] = entry
        line += chunk.count("\n")
    return entries, problems


def _entry(chunk: str, line: int, shown: str) -> tuple[Entry | None, list[Problem]]:
    """Read one entry that begins on a line of the file."""
    parser = _Parser(chunk)
    try:
        (kind, (key, parts)) = next(iter(parser))
    except PybtexSyntaxError as error:
        return None, [_problem(error, parser, line, shown)]
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    problems = []
    if not KEY.fullmatch(key):
        what = f"key {key!r}"
        problems.append(Problem(shown, line, what, "write it as firstauthorYEARword"))
    for (name, value), at in zip(parts, parser.lines, strict=True):
        if name.lower() in fields:
            what = f"{key}: the field {name.lower()} stands twice"
            problems.append(Problem(shown, line + at - 1, what, "keep one of them"))
        fields[name.lower()] = " ".join("".join(value).split())
        lines[name.lower()] = line + at - 1
    return Entry(key, kind.lower(), fields, line, lines), problems


def _problem(error: PybtexSyntaxError, parser: _Parser, line: int, shown: str) -> Problem:
    """Say in our words what pybtex could not read, and on which line of the file."""
    key = parser.current_entry_key
    at = line + error.lineno - 1
    if key is None or not KEY.fullmatch(key):
        mend = "begin it with @article{key,"
        return Problem(shown, line, "an entry without type or key", mend)
    if isinstance(error, PrematureEOF):
        return Problem(shown, line, f"{key} is not closed", "close a brace or quote in it")
    if isinstance(error, UndefinedMacro):
        return Problem(shown, at, f"{key}: a value without braces", "write it in braces")
    mend = "write `name = {text},` (is a comma missing at the end of the line above?)"
    return Problem(shown, at, f"{key} cannot be read on", mend)
