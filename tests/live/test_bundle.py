"""What is bundled is all that the book imports, nothing that is secret, and the pinned bytes."""

from __future__ import annotations

import ast
import json
import re
import sys
from pathlib import Path

import pytest
import wasmtime

from hardwired.house import wasm_python
from hardwired.live import bundle, interpreter, library, parts
from tests.conftest import ROOT

CELL = re.compile(r"^```\{code-cell\}[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXERCISES = sorted((ROOT / "exercises").glob("*/exercise.md"))
TEXTS = [*EXERCISES, *sorted((ROOT / "book").glob("*/*.md")), ROOT / "book/index.md"]


@pytest.fixture(scope="module")
def wheel() -> dict[str, dict[str, bytes]]:
    """Give the wheel's files by part."""
    return parts.of_the_wheel(interpreter.find().libraries)


def imported(source: str) -> set[str]:
    """Give the modules that a source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
    return found


def test_everything_that_the_book_imports_is_bundled(wheel: dict[str, dict[str, bytes]]) -> None:
    """Every module of every code cell, of chapters and of exercises."""
    there = {name.removesuffix(".pyc") for files in wheel.values() for name in files}
    there |= {name.removesuffix(".py") for name in library.sources()}
    wanted = set()
    for path in TEXTS:
        for block in CELL.findall(path.read_text(encoding="utf-8")):
            code = re.sub(r"\A(---\n.*?^---\n|(:[^\n]*\n)+)", "", block, flags=re.M | re.S)
            wanted |= imported(code)
    missing = set()
    for module in wanted:
        place = module.replace(".", "/")
        standard = module.partition(".")[0] in sys.stdlib_module_names
        if not ({place, f"{place}/__init__"} & there or standard):
            missing.add(module)

    assert {"numpy", "pandas", "scipy", "hardwired.evidence"} <= wanted
    assert missing == set()


def test_no_solution_is_bundled() -> None:
    """Exercises, what grades them and what knows their answers stay out."""
    names = set(library.sources())

    assert not [name for name in names if "exercise" in name or "/press/" in name]
    course = {name.split("/")[2] for name in names if name.startswith("hardwired/course/")}
    assert course == {f"{name}.py" for name in library.COURSE}


def test_a_module_is_slimmed_and_still_itself() -> None:
    """Custom sections go, memory is bounded; another engine says what is exported."""
    engine = wasmtime.Engine()
    whole = wasmtime.wat2wasm(
        '(module (memory (export "memory") 1) (func $named (export "answer") (result i32)'
        " i32.const 42))"
    )

    small = interpreter.slim(bytes(whole), memory_mb=1)
    module = wasmtime.Module(engine, small)
    store = wasmtime.Store(engine)
    exports = wasmtime.Instance(store, module, []).exports(store)

    assert len(small) < len(whole)
    assert b"named" not in small
    assert exports["answer"](store) == 42
    assert exports["memory"].type(store).limits.max == 16
    with pytest.raises(interpreter.LiveError, match="no WebAssembly"):
        interpreter.slim(b"PK\3\4")


def test_files_of_a_part_come_back_as_they_were_put_in() -> None:
    """The list first, then the bytes, in the order of their names."""
    files = {"b/c.pyc": b"\0\1", "a.pyc": b"", "é.txt": b"x" * 300}
    packed = parts.join(files)
    size = int.from_bytes(packed[:4], "little")
    listed = json.loads(packed[4 : 4 + size])
    at, back = 4 + size, {}
    for name, length in zip(listed[::2], listed[1::2], strict=True):
        back[name] = packed[at : at + length]
        at += length

    assert back == files
    assert list(back) == sorted(files)
    assert at == len(packed)


def test_what_comes_first_is_what_numpy_needs_and_little_else(
    wheel: dict[str, dict[str, bytes]],
) -> None:
    """The first part keeps the way to the first line short; no library lies in two parts."""
    tops = parts.tops({**wheel, "pint": {}, "hardwired": {"hardwired/x.pyc": b""}})

    assert sum(map(len, wheel[parts.STANDARD].values())) < 4_000_000
    assert (tops["numpy"], tops["numpy.f2py"], tops["email"]) == ("numpy", "scipy", "more")
    assert "sklearn" not in tops
    assert "statsmodels" not in tops


def test_what_is_left_out_of_a_library_is_known_by_its_name() -> None:
    """So that the page can tell it from a slip of the pen; each is there where it is graded."""
    left_out = parts.left_out(interpreter.find().libraries)

    assert {"scipy.signal", "scipy.io", "sympy.physics"} <= set(left_out)
    assert not {"scipy", "scipy.stats", "numpy"} & set(left_out)
    assert not [name for name in left_out if name.startswith("scipy.signal.")]


def test_another_wheel_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pinned bytes, or a sentence with the mend."""
    monkeypatch.setattr(wasm_python, "VERSION", "0.0.1")

    with pytest.raises(interpreter.LiveError, match=r"0\.0\.1 is pinned; install .*\[live\]"):
        interpreter.find()


def test_scripts_of_the_page_are_small() -> None:
    """At most 25 KB gzipped in all, and none asks another host."""
    import gzip

    scripts = [path.read_bytes() for path in sorted(Path(library.HERE, "live/web").iterdir())]

    assert sum(len(gzip.compress(script)) for script in scripts) <= 25 * 1024
    assert not any(re.search(rb"https?://", script) for script in scripts)


def test_a_script_is_served_without_comments_and_indentation(tmp_path: Path) -> None:
    """But for texts over several lines, whose spaces are their own."""
    script = tmp_path / "one.js"
    script.write_text("// why\nif (a) {\n  b(`x\n  // y`, `z`);\n  // so\n}\n", encoding="utf-8")

    assert bundle.small(script) == b"if (a) {\nb(`x\n  // y`, `z`);\n}\n"


def test_an_exercise_that_is_only_read_loads_little() -> None:
    """What its page loads before any cell is run."""
    first = ("notebook.js", "kept.js", "cell.js", "python.js", "live.css")

    assert sum(len(bundle.small(library.HERE / "live/web" / name)) for name in first) < 30_000
