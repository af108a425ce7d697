"""The guest: runs the cells of one submission and says which answers it found.

It shares a process with the student's code, so everything it says is a claim; the trusted side
compares values and believes nothing else. It speaks one JSON object a line.

In:  the job, then (once the cells have run) the hidden inputs.
Out: ``{"at": cell}`` before each cell, ``{"ready": true}``, and last ``{"answers": ...}``.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import importlib
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
            code = compile(cell["source"], f"cell {cell['i']}", "exec")
            exec(code, names)
    except CellTimeoutError:
        status, error = "time", f"stopped after {seconds:g} s"
    except BaseException as problem:
        status = "error"
        try:
            error = f"{type(problem).__name__}: {problem}"[:300]
        except BaseException:
            error = "an error that cannot be shown"
    return {"i": cell["i"], "status": status, "error": error}


def serve(channel: Channel, soft: bool = True) -> None:
    """Run one job and send its result."""
    from hardwired.course import codec, student

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
    cells = []
    for cell in job["cells"]:
        channel.write({"at": cell["i"]}, dumps)
        cells.append(_run_cell(cell, names, seconds, soft))
    channel.write({"at": "answers"}, dumps)
    answers = {}
    for ask in job["answers"]:
        if ask["kind"] not in ("function", "figure"):
            answers[ask["name"]] = guarded(
                seconds, soft, functools.partial(claim, ask, names, encode)
            )
    figures = {}
    for ask in [a for a in job["answers"] if a["kind"] == "figure"][: job["max_figures"]]:
        channel.write({"at": f"figure {ask['name']}"}, dumps)
        figures[ask["name"]] = guarded(
            seconds, soft, functools.partial(_picture, names.get(ask["name"]), job)
        )
    channel.write({"ready": True}, dumps)
    inputs = channel.read() or {}
    for ask in job["answers"]:
        if ask["kind"] == "function":
            channel.write({"at": f"function {ask['name']}"}, dumps)
            answers[ask["name"]] = guarded(
                seconds,
                soft,
                functools.partial(
                    tried, names.get(ask["name"]), inputs.get(ask["name"]), encode, decode
                ),
            )
    channel.write({"answers": answers, "cells": cells, "figures": figures}, dumps)


def guarded(seconds: float, soft: bool, work: Callable[[], Any]) -> Any:
    """Do work within the soft limit; what goes wrong becomes a refusal that says so."""
    try:
        with _Alarm(seconds, soft):
            return work()
    except CellTimeoutError:
        return {"t": "refused", "v": f"reading it took more than {seconds:g} s"}
    except BaseException as problem:
        try:
            return {"t": "refused", "v": str(problem)[:200]}
        except BaseException:
            return {"t": "refused", "v": "cannot be read"}


def claim(ask: dict[str, Any], names: dict[str, Any], encode: Callable[[Any], Any]) -> Any:
    """Encode the variable that is asked for, in the unit that is asked for."""
    if ask["name"] not in names:
        return {"t": "missing"}
    value = names[ask["name"]]
    if ask.get("unit") and hasattr(value, "magnitude") and hasattr(value, "to"):
        value = value.to(ask["unit"]).magnitude
    return encode(value)


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


def _picture(value: Any, job: dict[str, Any]) -> Any:
    from matplotlib.figure import Figure

    figure = getattr(value, "figure", value)
    if type(figure) is not Figure:
        return {"t": "missing"}
    width, height = figure.get_size_inches()
    figure.set_size_inches(min(float(width), 12.0), min(float(height), 12.0))
    sink = io.BytesIO()
    figure.savefig(sink, format="png", dpi=job["dpi"])
    return {"t": "png", "v": base64.b64encode(sink.getvalue()).decode()}
