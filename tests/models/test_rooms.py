"""Which room may import which: arrows point down, and no two files import each other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

SRC = ROOT / "src"
ROOMS = ("evidence", "models", "figures")
RANKS = {
    "errors": 0,
    "declaration": 1,
    "engine": 2,
    "analysis": 3,
    "exports": 3,
    "model": 4,
    "parameters": 4,
    "catalogue": 5,
    "__init__": 6,
}
"""The floors of `models`; what stands on one floor in different rooms knows nothing of it."""


def name_of(path: Path) -> str:
    """Return the dotted name of a module."""
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {
    name_of(path): path for room in ROOMS for path in (SRC / "hardwired" / room).rglob("*.py")
}


def imports(path: Path) -> Iterator[str]:
    """Give the modules that a file imports, wherever in it; a name in a package is its module."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


GRAPH = {name: sorted(set(imports(path))) for name, path in MODULES.items()}


def test_no_two_files_import_each_other() -> None:
    """Not even inside a function or for the type checker alone."""
    both = {(a, b) for a, seen in GRAPH.items() for b in seen if a < b and a in GRAPH.get(b, [])}

    assert both == set()


@pytest.mark.parametrize(
    ("room", "above"),
    [
        ("evidence", ("models", "figures", "pages", "press", "course", "cli")),
        ("models", ("figures", "pages", "press", "course", "cli")),
        ("figures", ("pages", "press", "course", "cli")),
    ],
)
def test_a_room_does_not_know_those_above_it(room: str, above: tuple[str, ...]) -> None:
    """Evidence at the bottom, then models, then figures; none of them knows Sphinx."""
    wrong = {
        (name, seen)
        for name, imported in GRAPH.items()
        if name.split(".")[1] == room
        for seen in imported
        if seen.split(".")[:2] in [["hardwired", a] for a in above]
        or seen.split(".")[0] in ("sphinx", "docutils")
    }

    assert wrong == set()


def floor_of(name: str) -> str:
    """Return on which floor of `models` a module stands."""
    parts = name.split(".")
    return parts[2] if len(parts) > 2 else "__init__"


def test_models_stand_on_what_is_below_them() -> None:
    """From errors and declaration up to the catalogue."""
    wrong = []
    for name, imported in GRAPH.items():
        for seen in imported:
            if name.split(".")[1] == "models" and seen.split(".")[:2] == ["hardwired", "models"]:
                here, there = floor_of(name), floor_of(seen)
                if RANKS[there] > RANKS[here] or (RANKS[there] == RANKS[here] and there != here):
                    wrong.append((name, seen))

    assert wrong == []


def test_no_file_is_over_400_lines() -> None:
    """Of these rooms: Python and JavaScript."""
    files = [p for room in ROOMS for p in (SRC / "hardwired" / room).rglob("*.[pj][ys]")]
    long = {p.name: n for p in files if (n := len(p.read_text().splitlines())) > 400}

    assert long == {}
