"""What a page is made of besides its own text: files of the library, for its cells and directives.

A cell names modules by its imports, and drawings and models by their names; a directive or role is
a class or function of a module. From each module the imports lead on. Nothing is run. Not here:
what Sphinx is told of a page's files by the directives themselves (``note_dependency``).
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from docutils.parsers.rst import directives as docutils_directives
from sphinx.application import Sphinx

import hardwired

__all__ = ["common", "digest", "files_of"]

PACKAGE = Path(hardwired.__file__).parent
CELL = re.compile(r"^```\{code-cell\}.*?\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r"\{([\w:-]+)\}")
MODEL = re.compile(r"(\w+)-[\w-]+")
DRAWING = re.compile(r"\bfigures\.(\w+)")
DATA_FILE = re.compile(r"(?:.*/)?([\w-]+\.(?:json|npz|csv|yml))")
# Packages whose modules are reached by name: importing the package is not using all of them.
BY_NAME = ("hardwired.figures.chapters", "hardwired.models.catalogue")
# Of the evidence, what no cell reads: where a reference was looked up, who reviewed what.
NOT_READ = {"README.md", "absences.csv", "provenance.csv", "reviews.csv", "searches.csv"}
# What all pages are made with. The directives and what only prints or grades are not among them.
COMMON = ("formulas", "house", "pages/__init__.py", "pages/building", "pages/text", "pages/web")


def _path(module: str) -> Path | None:
    base = PACKAGE.parent.joinpath(*module.split("."))
    return next((p for p in (base.with_suffix(".py"), base / "__init__.py") if p.is_file()), None)


def _texts(tree: ast.Module) -> Iterator[str]:
    """Give the texts in code that are no docstrings."""
    words = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in words:
            yield node.value


def _imported(tree: ast.Module, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: 1 - node.level or None] if node.level else []
            base = ".".join([*parts, *filter(None, [node.module])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def _uses(path: Path) -> frozenset[Path]:
    """Files of the library that a file of it uses directly."""
    module = ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)
    package = module.removesuffix(".__init__")
    if package == module:
        package = module.rpartition(".")[0]
    inside = path.name == "__init__.py" and package in ("hardwired.figures", "hardwired.models")
    return frozenset(_files(path.read_text(encoding="utf-8"), package, by_name=not inside))


def _files(source: str, package: str, *, by_name: bool) -> Iterator[Path]:
    tree = ast.parse(source)
    names = {name for name in _imported(tree, package) if name.startswith("hardwired")}
    if not by_name:
        names = {name for name in names if not name.startswith(BY_NAME)}
    names |= {f"{BY_NAME[0]}.{name}" for name in DRAWING.findall(source)}
    texts = list(_texts(tree))
    if by_name:
        chapters = filter(None, map(MODEL.fullmatch, texts))
        names |= {f"{BY_NAME[1]}.{chapter[1]}" for chapter in chapters}
    yield from filter(None, map(_path, names))
    for found in filter(None, map(DATA_FILE.fullmatch, texts)):
        if found[1] not in NOT_READ:
            yield from PACKAGE.glob(f"*/**/data/**/{found[1]}")


@cache
def _data(path: Path) -> frozenset[Path]:
    return frozenset(_data_of(path))


def _data_of(path: Path) -> Iterator[Path]:
    """Give the data of a module that is found by no name in it."""
    room, *more = path.relative_to(PACKAGE).parts
    if room == "evidence":
        read = (PACKAGE / "evidence/data").rglob("*")
        yield from (file for file in read if file.is_file() and file.name not in NOT_READ)
    elif more[:1] == ["catalogue"] and len(more) > 1:
        yield from (PACKAGE / "models/catalogue/data").glob(f"{more[1].removesuffix('.py')}-*")
    elif room == "figures":
        yield from (file for file in (PACKAGE / "figures/data").rglob("*") if file.is_file())


def _closure(start: Iterable[Path]) -> set[Path]:
    found: set[Path] = set()
    waiting = list(start)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.suffix == ".py":
            waiting += [*_uses(path), *_data(path)]
            if path.name != "__init__.py" and (path.parent / "__init__.py").is_file():
                waiting.append(path.parent / "__init__.py")
    return found


def files_of(app: Sphinx, docname: str) -> tuple[set[Path], set[Path]]:
    """Return the library's files that a page's cells use, and those that its directives use."""
    text = Path(app.env.doc2path(docname)).read_text(encoding="utf-8")
    cells = "\n".join(_without_options(cell) for cell in CELL.findall(text))
    drawn = _closure(_files(cells, "", by_name=True)) if cells else set()
    known = _directives(app)
    used = {known[name] for name in NAMED.findall(text) if name in known}
    shared = {path for room in COMMON for path in _of_room(room)}
    return drawn, _closure(used) - shared


def _without_options(cell: str) -> str:
    """Return a cell without its options and without what only IPython understands."""
    text = re.sub(r"\A---\n.*?^---\n", "", cell, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in text.splitlines() if not line.startswith((":", "%", "!"))]
    try:
        ast.parse("\n".join(lines))
    except SyntaxError:  # reported with its place when the cell is run
        return ""
    return "\n".join(lines)


def _directives(app: Sphinx) -> dict[str, Path]:
    """Files of the directives and roles of this package, by the name that a page gives them."""
    from docutils.parsers.rst import roles

    ours = {**docutils_directives._directives, **roles._roles}
    found = {}
    for name, made in ours.items():
        module = getattr(made, "__module__", "") or type(made).__module__
        module = module if module.startswith("hardwired.") else type(made).__module__
        path = _path(module) if module.startswith("hardwired.") else None
        if path:
            found[name] = path
    return found


def _of_room(room: str) -> list[Path]:
    place = PACKAGE / room
    if place.is_file():
        return [place]
    return sorted(p for p in place.rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def digest(files: Iterable[Path]) -> str:
    """Return a hash over the names and bytes of some files of the library."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.as_posix().removeprefix(PACKAGE.as_posix()).encode())
        total.update(_bytes_digest(path))
    return total.hexdigest()


@cache
def _bytes_digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()


def common() -> int:
    """Return a number for the state of what all pages are made with; Sphinx keeps it."""
    return int(digest(path for room in COMMON for path in _of_room(room))[:12], 16)
