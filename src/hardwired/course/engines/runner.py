"""The guest: runs the cells of one submission and says which answers it found.

It shares a process with the student's code, so everything it says is a claim; the trusted side
compares values and believes nothing else. It speaks one JSON object a line.

In:  the job, then (once the cells have run) the hidden inputs.
Out: ``{"at": cell}`` before each cell, ``{"ready": true}``, and last ``{"answers": ...}``.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import functools
import importlib
import inspect
import io
import json
import os
import random
import signal
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

__all__ = [
    "Channel",
    "claim",
    "fresh_names",
    "guarded",
    "hush",
    "import_all",
    "preload",
    "serve",
    "tried",
]

GIVE_UP = 8  # alarms that a cell may swallow before its process ends
EXIT_STUCK = 77
# Pint would load these; they are slow and want /proc.
UNWANTED = ("dask", "distributed", "psutil", "xarray")


class CellTimeoutError(BaseException):
    """The soft limit of a cell; no Exception, lest ``except Exception`` swallow it."""


class Channel:
    """Lines of JSON over two file descriptors."""

    def __init__(self, source: int, sink: int) -> None:
        self.source, self.sink, self.buffer = source, sink, b""

    def read(self) -> Any:
        """Next object; None at the end of the stream."""
        while b"\n" not in self.buffer:
            block = os.read(self.source, 1 << 16)
            if not block:
                return None
            self.buffer += block
        line, _, self.buffer = self.buffer.partition(b"\n")
        return json.loads(line)

    def write(self, value: Any, dumps: Callable[..., str] = json.dumps) -> None:
        """Send one object."""
        data = dumps(value, allow_nan=False).encode() + b"\n"
        while data:
            data = data[os.write(self.sink, data) :]


class _Quiet:
    """What a notebook shows and nobody sees here: takes anything, does nothing."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Quiet()

    def __call__(self, *arguments: Any, **options: Any) -> None:
        pass


def shun() -> None:
    """Keep out what libraries would load without need."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    for name in UNWANTED:
        sys.modules[name] = None  # type: ignore[assignment]


def _notebook() -> None:
    """Put something that shows nothing in the place of IPython, which is not here."""
    top: Any = types.ModuleType("IPython")
    display: Any = types.ModuleType("IPython.display")
    top.__getattr__ = display.__getattr__ = _Quiet().__getattr__
    top.display, top.get_ipython, top.version_info = display, lambda: None, (9, 0, 0, "")
    sys.modules |= {"IPython": top, "IPython.display": display}


def hush() -> None:
    """Drop what is written to standard error from here on, lest a pipe that nobody reads fills."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    os.close(null)


def import_all(modules: Sequence[str]) -> None:
    """Import what an exercise asks for; what is not there is left to the cell that wants it.

    ``package:name`` asks for a model of a catalogue, which is run once: its equations are parsed,
    differentiated and compiled then, and the results thrown away.
    """
    shun()
    for name in modules:
        with contextlib.suppress(Exception):
            package, _, model = name.partition(":")
            module = importlib.import_module(package)
            if model and (found := module.catalog().get(model)) and found.has_equations:
                found.simulate([found.time.first, found.time.last])


def preload(modules: Sequence[str] = ()) -> dict[str, str]:
    """Import what notebooks use, once; say which versions these are."""
    import_all(modules)
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.figure
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd
    import pint
    import scipy
    import scipy.integrate
    import scipy.optimize
    import scipy.stats

    import hardwired.course.codec
    import hardwired.course.pictures
    import hardwired.course.student  # noqa: F401

    units: Any = pint
    registry = units.UnitRegistry()
    registry.Quantity(1.0, "day").to("hour")
    units.set_application_registry(registry)
    figure, axes = plt.subplots(figsize=(2, 2))
    axes.plot([0, 1], [0, 1])
    figure.savefig(io.BytesIO(), format="png", dpi=30)
    plt.close(figure)
    return {
        "python": sys.version.split()[0],
        **{m.__name__: m.__version__ for m in (np, scipy, pd, matplotlib)},
    }


class _Alarm:
    """The soft limit of a cell: an exception raised again and again until the cell gives way.

    It counts processor time, so that marks do not depend on what else the machine does; a cell that
    sleeps is stopped after ``patience`` times as long by the clock.
    """

    patience = 3.0

    def __init__(self, seconds: float, active: bool) -> None:
        self.seconds = seconds
        self.active = active and hasattr(signal, "setitimer")
        self.rung = 0

    def __enter__(self) -> _Alarm:
        if self.active:
            signal.signal(signal.SIGPROF, self.ring)
            signal.signal(signal.SIGALRM, self.ring)
            signal.setitimer(signal.ITIMER_PROF, self.seconds, 0.1)
            signal.setitimer(signal.ITIMER_REAL, self.patience * self.seconds, 0.1)
        return self

    def ring(self, number: int, frame: Any) -> None:
        self.rung += 1
        if self.rung > GIVE_UP:
            os._exit(EXIT_STUCK)
        raise CellTimeoutError

    def __exit__(self, *error: Any) -> None:
        if self.active:
            for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
                signal.setitimer(timer, 0)
            signal.signal(signal.SIGPROF, signal.SIG_IGN)
            signal.signal(signal.SIGALRM, signal.SIG_IGN)


def fresh_names() -> dict[str, Any]:
    """Give the names that a notebook's first cell finds."""
    quiet = {"display": _Quiet(), "get_ipython": _Quiet}
    return {"__name__": "__main__", "__builtins__": __builtins__, **quiet}


def _run_cell(
    cell: dict[str, Any], names: dict[str, Any], seconds: float, soft: bool
) -> dict[str, Any]:
    status, error = "ok", ""
    try:
        with _Alarm(seconds, soft):
            awaiting = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            code = compile(cell["source"], f"cell {cell['i']}", "exec", awaiting)
            if code.co_flags & inspect.CO_COROUTINE:
                _awaited(eval(code, names))
            else:
                exec(code, names)
    except CellTimeoutError:
        status, error = "time", f"its limit of {seconds:g} s of processor time was reached"
    except BaseException as problem:
        status = "error"
        try:
            error = _error(problem)
        except BaseException:
            error = "an error that cannot be shown"
    return {"i": cell["i"], "status": status, "error": error}


def _awaited(work: Any) -> None:
    """Run what a cell awaits, as Jupyter does, without the sockets that a loop of events wants."""
    while True:
        try:
            work.send(None)
        except StopIteration:
            return


def _error(problem: BaseException) -> str:
    kind, said = type(problem).__name__, str(problem)
    if isinstance(problem, SyntaxError) and problem.lineno:
        return f"{kind} in its line {problem.lineno}: {problem.msg}"[:300]
    return f"{kind}: {said}"[:300] if said else kind


def serve(channel: Channel, soft: bool = True) -> None:
    """Run one job and send its result."""
    from hardwired.course import codec, pictures, student

    _notebook()
    dumps, encode, decode = json.dumps, codec.encode, codec.decode
    job = channel.read()
    if job is None:
        return
    random.seed(job.get("entropy", 0))
    import numpy as np

    np.random.seed(job.get("entropy", 0) % 2**32)
    if job["task"] == "reference":
        from hardwired.course.engines.reference_guest import solve

        guest = types.SimpleNamespace(
            claim=claim, fresh_names=fresh_names, guarded=guarded, tried=tried
        )
        channel.write({"answers": [solve(job, seed, soft, guest) for seed in job["seeds"]]}, dumps)
        return
    seconds = job["cell_seconds"]
    names = fresh_names()
    # A cell of the exercise that a student changed gets the same data, whichever way it asks.
    names["data"] = decode(job["data"])
    names["draw"] = lambda rng: decode(job["data"])
    student.load = lambda file, student: decode(job["data"])
    asked = {ask["name"] for ask in job["answers"]}
    before = set(names)
    cells: list[dict[str, Any]] = []
    drawn: dict[int, int] = {}  # number of a figure -> the cell that drew it
    for cell in job["cells"]:
        channel.write({"at": cell["i"]}, dumps)
        cells.append(_run_cell(cell, names, seconds, soft))
        for number in _open_figures():
            drawn.setdefault(number, cell["i"])
    channel.write({"at": "answers"}, dumps)
    answers = {}
    for ask in job["answers"]:
        if ask["kind"] not in ("function", "figure"):
            answers[ask["name"]] = guarded(
                seconds, soft, functools.partial(claim, ask, names, encode)
            )
            if answers[ask["name"]] == {"t": "missing"}:
                near = _near(ask["name"], set(names) - before - asked)
                answers[ask["name"]] |= {"near": near} if near else {}
    figures = {}
    for ask in [a for a in job["answers"] if a["kind"] == "figure"][: job["max_figures"]]:
        channel.write({"at": f"figure {ask['name']}"}, dumps)
        work = functools.partial(pictures.picture, ask, names, asked, drawn, job)
        figures[ask["name"]] = guarded(seconds, soft, work)
    channel.write({"ready": True}, dumps)
    inputs = channel.read() or {}
    for ask in job["answers"]:
        if ask["kind"] == "function":
            channel.write({"at": f"function {ask['name']}"}, dumps)
            answers[ask["name"]] = guarded(
                seconds,
                soft,
                functools.partial(
                    tried,
                    names.get(ask["name"]),
                    inputs.get(ask["name"]),
                    functools.partial(encode, unit=ask.get("unit")),
                    decode,
                ),
            )
    channel.write({"answers": answers, "cells": cells, "figures": figures}, dumps)


def guarded(seconds: float, soft: bool, work: Callable[[], Any]) -> Any:
    """Do work within the soft limit; what goes wrong becomes a refusal that says so."""
    try:
        with _Alarm(seconds, soft):
            return work()
    except CellTimeoutError:
        return {"t": "refused", "v": f"took more than {seconds:g} s to be read"}
    except BaseException as problem:
        try:
            if type(problem).__name__ == "Refused":
                return {"t": "refused", "v": str(problem)[:200]}
            return {"t": "refused", "v": f"cannot be read ({_error(problem)[:160]})"}
        except BaseException:
            return {"t": "refused", "v": "cannot be read"}


def claim(ask: dict[str, Any], names: dict[str, Any], encode: Callable[..., Any]) -> Any:
    """Encode the variable that is asked for, in the unit that is asked for."""
    if ask["name"] not in names:
        return {"t": "missing"}
    value = names[ask["name"]]
    return encode(value, ask.get("unit"))


def tried(
    function: Any, inputs: Any, encode: Callable[[Any], Any], decode: Callable[[Any], Any]
) -> Any:
    """Encode what a function gives for each input, or that it fails there."""
    if function is None or inputs is None:
        return {"t": "missing"}
    out = []
    for arguments in inputs:
        try:
            out.append(encode(function(*decode(arguments))))
        except CellTimeoutError:
            raise
        except BaseException as problem:
            out.append({"t": "refused", "v": type(problem).__name__[:60]})
    return {"t": "tried", "v": out}


def _open_figures() -> list[int]:
    """Give the numbers of the figures that pyplot knows."""
    try:
        return list(sys.modules["matplotlib.pyplot"].get_fignums())
    except BaseException:
        return []


def _near(name: str, names: set[str]) -> list[str]:
    """Give the names that differ from one by a slip of the hand."""
    known = {n.casefold().strip("_"): n for n in sorted(names) if not n.startswith("__")}
    bare = {n.replace("_", ""): n for n in known}
    wanted = name.casefold()
    for found in (known.get(wanted), known.get(bare.get(wanted.replace("_", ""), ""))):
        if found:
            return [found]
    close = difflib.get_close_matches(wanted, known, 1, 0.88) if len(wanted) > 4 else []
    return [known[n] for n in close]
