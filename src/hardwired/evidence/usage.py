"""Where bibliography keys, claims, studies and tables are used: a scan of the text files.

The scan reads text; it never imports or builds anything, so it takes milliseconds.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hardwired.evidence.schema import KEY
from hardwired.evidence.sources import shown


@dataclass(frozen=True)
class Use:
    """A place that uses a key: the file, the line, and the block of text around it.

    Parameters
    ----------
    key
        The bibliography key.
    file, line
        Where.
    block
        The lines up to the blank lines around it.
    cites
        Whether the place says so for certain (a cite role, a ``source=``); otherwise the word
        merely looks like a key.
    """

    key: str
    file: str
    line: int
    block: str
    cites: bool


_CITE = re.compile(r"\{(?:cite|fullcite|footcite)(?::[a-z]+\*?)?\}\s*`([^`]+)`")
_NAMED = re.compile(
    r"\b(?:references?|sources?|evidence|keys?|cites?)\b[\"']?\s*[=:]\s*(.*)", re.IGNORECASE
)
_WORD = re.compile(rf"(?<![\w./-])({KEY.pattern})(?![\w/-])")
_FOLDERS = (
    ("book", (".md", ".yml", ".yaml")),
    ("exercises", (".md", ".yml", ".yaml", ".py", ".csv")),
    ("src/hardwired/models", (".py", ".yml", ".yaml", ".csv")),
    ("src/hardwired/figures", (".py", ".yml", ".yaml", ".csv")),
    ("src/hardwired/evidence", (".py",)),
)
_SKIPPED = ("_build", "__pycache__", ".jupyter_cache", ".ipynb_checkpoints")


def files(root: Path) -> Iterator[Path]:
    """Yield the text files that may use evidence, in a fixed order."""
    for folder, suffixes in _FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).parts
            if path.suffix in suffixes and path.is_file() and not set(inside) & set(_SKIPPED):
                yield path


def uses(path: Path, root: Path) -> Iterator[Use]:
    """Yield every use of a key in one file.

    Parameters
    ----------
    path
        A text file.
    root
        Top of the repository.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    name = shown(path, root)
    lines = text.splitlines()
    told = _docstring_lines(text) if path.suffix == ".py" else set()
    for number, line in enumerate(lines, 1):
        certain = {
            key.strip()
            for match in _CITE.finditer(line)
            for key in re.sub(r"\{[^}]*\}", "", match.group(1)).split(",")
        }
        if number not in told and (path.suffix != ".md" or line.lstrip().startswith(":")):
            named = _NAMED.search(line)
            if named:
                certain |= {m.group(1) for m in _WORD.finditer(named.group(1))}
        for key in sorted(certain | {m.group(1) for m in _WORD.finditer(line)}):
            if key:
                yield Use(key, name, number, _block(lines, number - 1), key in certain)


def _docstring_lines(text: str) -> set[int]:
    """Return the lines of all docstrings: what they name may be an example."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return set()
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            lines |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return lines


def _block(lines: list[str], index: int) -> str:
    first = last = index
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return "\n".join(lines[first : last + 1])


@dataclass(frozen=True)
class Directive:
    """A directive in the book: its name, argument, file and line."""

    name: str
    argument: str
    file: str
    line: int


_DIRECTIVE = re.compile(
    r"^[ \t]*(?:`{3,}|:{3,})\{(claim|claims|studies)\}[ \t]*(.*)$", re.MULTILINE
)


def directives(path: Path, root: Path) -> Iterator[Directive]:
    """Yield our evidence directives in a page of the book."""
    text = path.read_text(encoding="utf-8", errors="replace")
    for match in _DIRECTIVE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        yield Directive(match.group(1), match.group(2).strip(), shown(path, root), line)


_SEARCHED = re.compile(r"\{searched\}`([^`]*)`")


def searched(root: Path) -> Iterator[Directive]:
    """Yield every role ``{searched}`` in book and exercises: its argument, file and line."""
    for path in files(root):
        if path.suffix not in (".md", ".yml"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for match in _SEARCHED.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            yield Directive("searched", match.group(1).strip(), shown(path, root), line)
