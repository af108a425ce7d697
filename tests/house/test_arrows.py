"""The house keeps its plan: arrows point one way, no two files import each other, none is long.

An arrow is an import, or a string that names a module of ours (``python -m``, ``setup_extension``).
Each name below is defined in one place.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

SRC = ROOT / "src"
FILES = sorted((SRC / "hardwired").rglob("*.py"))
LONGEST = 400
#: What a room may use beside itself; `pages` sets up the press, which knows nothing of it.
ARROWS = {
    "house": set(),
    "evidence": {"house"},
    "formulas": {"house"},
    "models": {"house", "evidence", "formulas"},
    "figures": {"house", "evidence", "formulas", "models"},
    "press": {"house", "formulas", "figures", "models", "evidence"},
    "course": {"house", "evidence", "formulas", "models", "figures"},
    "live": {"house", "formulas", "figures"},
    "pages": {"house", "evidence", "formulas", "models", "figures", "press", "course"},
}
_MODULE = re.compile(r"hardwired(?:\.\w+)+")


def name_of(path: Path) -> str:
    """Return the dotted name of a file's module."""
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(path): path for path in FILES}


def _known(name: str) -> str | None:
    """Return the module that a dotted name lies in, if it is one of ours and no package alone."""
    while name and name not in NAMES:
        name = name.rpartition(".")[0]
    return name if name not in ("", "hardwired") else None


def _named(tree: ast.Module) -> Iterator[str]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
            and " " not in node.value.strip()
        ):
            yield from _MODULE.findall(node.value)


@cache
def arrows() -> dict[str, set[str]]:
    """Return for each module of ours those that it names."""
    found = {}
    for name, path in NAMES.items():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {_known(other) for other in _named(tree) if other.startswith("hardwired")}
        found[name] = {other for other in named if other and other != name}
    return found


def circle(start: str) -> list[str]:
    """Return a way along the arrows that leads back to a module, empty if there is none."""
    waiting, seen = [[start]], set()
    while waiting:
        way = waiting.pop()
        for other in arrows()[way[-1]]:
            if other == start:
                return [*way, start]
            if other not in seen:
                seen.add(other)
                waiting.append([*way, other])
    return []


def test_no_files_import_each_other_by_name_or_string():
    """Not two, and not any number round a corner."""
    circles = [" -> ".join(way) for name in NAMES if (way := circle(name))]

    assert circles == []


@pytest.mark.parametrize("room", ARROWS)
def test_a_room_uses_only_those_below_it(room):
    """The plan of the house: what is not allowed here points upward."""
    for name, others in arrows().items():
        if name.startswith(f"hardwired.{room}"):
            used = {other.split(".")[1] for other in others} - {room}
            assert used <= ARROWS[room], f"{name} uses {sorted(used - ARROWS[room])}"


def test_every_room_has_its_place_in_the_plan():
    """A new room says which rooms it may use."""
    rooms = {name.split(".")[1] for name in NAMES if name.count(".") > 1}

    assert rooms <= set(ARROWS)


def test_the_sphinx_rooms_alone_import_sphinx():
    """A student installs no Sphinx; the command line starts without it."""
    for name, path in NAMES.items():
        if name.split(".")[1:2] not in (["pages"], ["press"]):
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"^\s*(from|import) (sphinx|docutils)\b", text, re.MULTILINE), name


@pytest.mark.parametrize("kind", ["py", "js", "css", "typ"])
def test_no_file_is_too_long_to_be_read_in_one_sitting(kind):
    """At most 400 lines, ours in the book included."""
    places = [SRC, ROOT / "book/_static", ROOT / "guide", ROOT / "tests", ROOT / "benchmarks"]
    long = {
        str(path.relative_to(ROOT)): lines
        for place in places[: 3 if kind == "py" else None]
        for path in place.rglob(f"*.{kind}")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    }

    assert long == {}


ONE_DEFINITION = {
    "palette": r"^COLOURS[:\s][^\n]*MappingProxyType",
    "number rule": r"^def number_words\(",
    "units in words": r"^def unit_words\(",
    "MathML": r"\bLatexToMathML\(",
    "version": r"^__version__ = ",
    "zip writer": r"\bzipfile\.ZipFile\([^)\n]*[\"']w[\"']",
    "atomic writer": r"\bos\.replace\(",
    "WebAssembly build": r"\b879bdb628a1a",
    "tableau": r"\b19372\b|\bRK45\.A\b",
}


@pytest.mark.parametrize("what", ONE_DEFINITION)
def test_one_fact_stands_in_one_place(what):
    """What stood in two or three rooms had drifted."""
    expression = re.compile(ONE_DEFINITION[what], re.MULTILINE)
    found = [name for name, path in NAMES.items() if expression.search(path.read_text("utf-8"))]

    assert len(found) == 1, f"{what}: {found}"


def _private_names(path: Path) -> Iterator[str]:
    """Give what a test takes from a module of ours although its name says that it is not to."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    ours: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("hardwired"):
            ours |= {alias.asname or alias.name for alias in node.names}
            yield from (a.name for a in node.names if re.match(r"_[^_]", a.name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and re.match(r"_[^_]", node.attr):
            owner: ast.expr = node.value
            while isinstance(owner, ast.Attribute):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id in ours:
                yield ast.unparse(node)


def test_tests_hold_what_is_public():
    """A private name is free to change; a test that knows it would hold it still."""
    files = sorted((ROOT / "tests").rglob("*.py"))
    found = {str(path.relative_to(ROOT)): list(_private_names(path)) for path in files}

    assert len(files) > 200
    assert {name: names for name, names in found.items() if names} == {}


@pytest.mark.parametrize("text", ["from hardwired.a import _b", "from hardwired import a\na._b(1)"])
def test_a_private_name_is_found(tmp_path, text):
    """By its import and by its owner."""
    path = tmp_path / "test_x.py"
    path.write_text(text, encoding="utf-8")

    assert list(_private_names(path))


EXAMPLES = [name for name, path in NAMES.items() if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_documentation_hold(name):
    """What a docstring shows is what comes out."""
    done = doctest.testmod(importlib.import_module(name))

    assert done.attempted > 0
    assert done.failed == 0
