"""Which engine this machine can run: asked once at the start, never changed silently."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from hardwired.course.engines.base import Engine, EngineUnavailable, Limits

__all__ = ["NAMES", "make", "probe"]

# In the order of preference; each is (module, class).
ENGINES = {
    "bubblewrap-zygote": ("zygote", "ZygoteEngine"),
    "bubblewrap-fresh": ("fresh", "FreshEngine"),
    "wasm": ("wasm", "WasmEngine"),
}
NAMES = tuple(ENGINES)


def make(name: str, limits: Limits, modules: Sequence[str] = ()) -> Engine:
    """Start one engine of that name.

    Raises
    ------
    EngineUnavailable
        If it cannot run here; the message says what to install.
    """
    module, cls = ENGINES[name]
    kind = getattr(importlib.import_module(f"hardwired.course.engines.{module}"), cls)
    made: Engine = kind(limits, modules=modules)
    return made


def probe(wanted: str, limits: Limits, modules: Sequence[str] = ()) -> tuple[Engine, list[str]]:
    """Start the engine asked for, or with ``auto`` the first that runs here.

    Returns
    -------
    tuple
        The engine, and what was said of those tried before it.

    Raises
    ------
    EngineUnavailable
        If none runs: student code is then not run at all.
    """
    said: list[str] = []
    for name in NAMES if wanted == "auto" else (wanted,):
        try:
            return make(name, limits, modules), said
        except EngineUnavailable as error:
            said.append(f"{name}: {error}")
    raise EngineUnavailable("no sandbox can run here, so nothing is graded; " + " | ".join(said))
