"""What runs inside the page's interpreter: one cell at a time, and what it shows.

The page calls `serve` for each cell. Text goes to the ordinary streams; a figure, a table and an
error go through the one door (``_host.call``), a JSON object each. What is different in a page
(no typing, no threads, no network) is said in a sentence where somebody meets it.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import io
import json
import linecache
import os
import re
import sys
import types
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

__all__ = ["Notebook", "serve", "start"]

MOST_ROWS, MOST_COLUMNS = 24, 14
LONGEST = 20_000
MOST_SHOWN, MOST_SIGNS = 200, 4_000_000
CELL = "cell "
Door = Callable[[bytes], bytes]

NO_TYPING = "A page cannot wait for typing: write the value into the cell instead of input()."
DIFFERENT = (
    (
        re.compile(r"can't start new thread"),
        "Python in the page has one thread; do without threads and pools here.",
    ),
    (
        re.compile(r"(?i)_ssl|urlopen|getaddrinfo|socket|name resolution"),
        "Python in the page has no network; bring data as files.",
    ),
    (
        re.compile(
            r"does not support processes|emscripten|wasi.*process|attribute 'fork|fork_exec"
        ),
        "Python in the page cannot start other programs.",
    ),
    (
        re.compile(r"out of bounds for int32|int too large to convert to C (int|long)\b"),
        "Whole numbers of NumPy have 32 bits in the page; say dtype='int64' or use floats.",
    ),
)
LEFT_OUT = "{} is left out of the page; it is there in Jupyter and when graded."
_MAGIC = re.compile(r"\s*[%!]")


class Finder:
    """Fetches the part in which a module lies when it is first imported."""

    def __init__(self, door: Door, tops: Mapping[str, str]) -> None:
        self.door, self.tops, self.had = door, tops, set[str]()
        self.ordinary: Any = sys.meta_path[-1]

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Fetch, then let the ordinary finder look again; None if there is nothing to fetch."""
        part = self.tops.get(name) or self.tops.get(name.partition(".")[0])
        if part is None or part in self.had:
            return None
        try:
            self._fetch(part)
        except zlib.error:  # a broken copy was kept somewhere on the way
            self._fetch(part, again=True)
        self.had.add(part)
        known: Any
        for known in sys.path_importer_cache.values():  # `importlib` would import half of the rest
            if known is not None:
                known.invalidate_caches()
        return self.ordinary.find_spec(name, path, target)

    def _fetch(self, part: str, **how: bool) -> None:
        packed = self.door(json.dumps({"fetch": part, **how}).encode())
        if packed:
            self.door(b"\0" + part.encode() + b"\0" + zlib.decompress(packed, 31))


class Notebook:
    """The names of a notebook, and how many of its cells have run."""

    def __init__(self, door: Door, starts: int = 1) -> None:
        self.door, self.starts = door, starts
        self.names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        self.names["display"] = self.display
        self.count = self.figures = 0
        self.shown = self.signs = self.left_out = 0

    def tell(self, **what: Any) -> None:
        """Hand one thing to the page."""
        said = json.dumps(what)
        self.signs += len(said)
        self.door(said.encode())

    def _has_room(self) -> bool:
        """Whether the cell may show one more thing; counts it either way."""
        self.shown += 1
        full = self.shown > MOST_SHOWN or self.signs > MOST_SIGNS
        self.left_out += full
        return not full

    def run(self, source: str, name: str) -> bool:
        """Run a cell; whether it went well.

        Parameters
        ----------
        source : str
            The cell.
        name : str
            What an error calls it, for example ``cell 4``.
        """
        self.count += 1
        self.shown = self.signs = self.left_out = 0
        file = f"{CELL}{name}"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            self._execute(source, file)
            self._open_figures()
        except BaseException as problem:
            self._close_figures()
            self.tell(show="error", **said_of(problem))
            return False
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            if self.left_out:
                one = self.left_out == 1
                more = "thing that this cell shows is" if one else "things that this cell shows are"
                self.tell(show="note", text=f"{self.left_out} more {more} left out.")
        return True

    def _execute(self, source: str, file: str) -> None:
        tree, left_out = _parsed(source, file)
        if left_out:
            print("Lines that begin with % or ! are Jupyter's own; they are left out here.")
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        how = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
        self._do(compile(tree, file, "exec", how, dont_inherit=True))
        if isinstance(last, ast.Expr):
            shown = ast.Expression(last.value)
            value = self._do(compile(shown, file, "eval", how, dont_inherit=True))
            if value is not None and not source.rstrip().endswith(";"):
                self.names["_"] = value
                self.display(value)

    def _do(self, code: types.CodeType) -> Any:
        value = eval(code, self.names)
        if not code.co_flags & inspect.CO_COROUTINE:
            return value
        while True:
            try:
                value.send(None)
            except StopIteration as end:
                return end.value

    def display(self, *values: Any) -> None:
        """Show values as a notebook does: figures drawn, tables as tables, the rest as text."""
        sys.stdout.flush()
        for value in values:
            if _is(value, "matplotlib.figure", "Figure"):
                self._figure(value)
            elif _is(value, "pandas", "DataFrame") or _is(value, "pandas", "Series"):
                if self._has_room():
                    self.tell(show="table", **table(value))
            elif self._has_room():
                text = repr(value)
                cut = len(text) - LONGEST
                more = f"\n… {cut} more signs are cut" if cut > 0 else ""
                self.tell(show="text", text=text[:LONGEST] + more)

    def _figure(self, figure: Any) -> None:
        import matplotlib.pyplot as plt

        from hardwired.figures.svg import web_svg

        if not self._has_room():
            plt.close(figure)
            return
        sink = io.StringIO()
        figure.savefig(sink, format="svg", metadata={"Date": None, "Creator": None})
        plt.close(figure)
        self.figures += 1
        # No figure of an earlier Python, which may still be shown, has these identifiers.
        page = web_svg.Page(count=self.starts << 32 | self.figures << 16)
        words = words_of(figure)
        try:
            markup = web_svg.inline(sink.getvalue(), words, page)
        except web_svg.UnsuitableSvgError as problem:
            self.tell(show="text", text=f"This figure cannot stand in the page: {problem}.")
            return
        self.tell(show="figure", markup=markup, words=words, plain=bool(page.strangers))

    def _open_figures(self) -> None:
        for figure in _figures():
            self._figure(figure)

    def _close_figures(self) -> None:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")


def _parsed(source: str, file: str) -> tuple[ast.Module, int]:
    """Parse a cell without the lines that are Jupyter's own, and count these.

    Only a line at which Python finds the fault is one, not a line inside a text.
    """
    lines, left_out = source.splitlines(), 0
    while True:
        try:
            return ast.parse("\n".join(lines) if left_out else source, file), left_out
        except SyntaxError as problem:
            at = (problem.lineno or 0) - 1
            if not (0 <= at < len(lines) and (magic := _MAGIC.match(lines[at]))):
                raise
            lines[at] = f"{magic[0][:-1]}pass"
            left_out += 1


def _is(value: Any, package: str, name: str) -> bool:
    """Whether a value is of a class, asked without importing its package."""
    return any(
        kind.__name__ == name and kind.__module__.startswith(package) for kind in type(value).mro()
    )


def _figures() -> Iterable[Any]:
    plt: Any = sys.modules.get("matplotlib.pyplot")
    return [plt.figure(number) for number in plt.get_fignums()] if plt else []


def words_of(figure: Any) -> str:
    """Say what a figure shows, for those who do not see it, from its own titles and labels."""
    said = []
    title = getattr(figure, "_suptitle", None)
    if title is not None and title.get_text():
        said.append(title.get_text())
    for axes in figure.axes:
        parts = [" ".join(axes.get_title(loc=place).split()) for place in ("left", "center")]
        for axis, label in (("across", axes.get_xlabel()), ("up", axes.get_ylabel())):
            parts.append(f"{axis} {' '.join(label.split())}" if label else "")
        number = len(axes.lines)
        marks = [f"{number} line{'' if number == 1 else 's'}" if number else ""]
        said.append(", ".join(part for part in [*parts, *marks] if part))
    return "Figure of this cell: " + ("; ".join(part for part in said if part) or "no labels")


def table(value: Any) -> dict[str, Any]:
    """Give a data frame or series as rows of text, bounded, with what was cut."""
    import pandas as pd

    frame = value.to_frame() if isinstance(value, pd.Series) else value
    rows, columns = frame.shape
    part = frame.iloc[:MOST_ROWS, :MOST_COLUMNS]

    def text(item: Any) -> str:
        if isinstance(item, float):
            return "" if pd.isna(item) else f"{item:.6g}"
        return str(item)[:200]

    def label(item: Any) -> str:
        return ", ".join(map(text, item)) if isinstance(item, tuple) else text(item)

    lines = [
        [label(name), *(text(part.iat[row, column]) for column in range(part.shape[1]))]
        for row, name in enumerate(part.index)
    ]
    cut = part.shape != frame.shape
    more = f"{rows} rows and {columns} columns in all; {part.shape[0]} and {part.shape[1]} shown"
    head = [label(frame.index.name) if frame.index.name is not None else ""]
    head += [label(name) if name is not None else "" for name in part.columns]
    numbers = [pd.api.types.is_numeric_dtype(part.iloc[:, i]) for i in range(part.shape[1])]
    return {"head": head, "rows": lines, "numbers": numbers, "more": more if cut else ""}


def said_of(problem: BaseException) -> dict[str, Any]:
    """Give an error by its name and words, and the student's own lines that led to it."""
    kind, words = type(problem).__name__, str(problem)
    lines: list[dict[str, Any]] = []
    if isinstance(problem, SyntaxError) and str(problem.filename).startswith(CELL):
        words = problem.msg
        lines.append(_line(str(problem.filename), problem.lineno or 1))
    trace = problem.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith(CELL):
            lines.append(_line(file, trace.tb_lineno))
        trace = trace.tb_next
    more = [sentence for pattern, sentence in DIFFERENT if pattern.search(f"{kind} {words}")]
    if isinstance(problem, ModuleNotFoundError) and _is_left_out(problem.name or ""):
        more.append(LEFT_OUT.format(problem.name))
    if isinstance(problem, MemoryError):
        more.append("The memory of the page is full: press “Start again”, and make less at once.")
    elif isinstance(problem, SystemExit):
        kind, words = "SystemExit", "the cell asked Python to end; in a page it goes on"
    if len(lines) > 12:
        lines = [*lines[:6], *lines[-6:]]
    return {"kind": kind, "words": words[:LONGEST], "lines": lines, "more": more[:1]}


def _is_left_out(module: str) -> bool:
    """Whether a module that is not here is one of Python's own, or of a library of the page."""
    if module.partition(".")[0] in sys.stdlib_module_names:
        return "." not in module
    return any(module == name or module.startswith(f"{name}.") for name in _left_out)


def _line(file: str, number: int) -> dict[str, Any]:
    name, code = file.removeprefix(CELL), linecache.getline(file, number).strip()
    return {"cell": name, "line": number, "code": code[:200]}


def no_typing(*arguments: Any) -> str:
    raise RuntimeError(NO_TYPING)


def _like_ipython(notebook: Notebook) -> None:
    """Put a `display` in the place of IPython, which is not here."""
    top: Any = types.ModuleType("IPython")
    display: Any = types.ModuleType("IPython.display")
    display.display = notebook.display
    top.display, top.get_ipython, top.version_info = display, lambda: None, (9, 0, 0, "")
    sys.modules |= {"IPython": top, "IPython.display": display}


_notebook: Notebook
_left_out: Sequence[str] = ()


def start(door: Door, tops: Mapping[str, str], starts: int, left_out: Sequence[str] = ()) -> None:
    """Make the interpreter fit for a page: folders, streams, parts to fetch; then a notebook.

    ``starts`` counts the interpreters that the page has started, this one among them; ``left_out``
    names the packages that its libraries lack.
    """
    global _notebook, _left_out
    _left_out = left_out
    places = {"HOME": "/home", "MPLCONFIGDIR": "/home/.matplotlib", "TMPDIR": "/tmp"}
    os.environ.update({**places, "MPLBACKEND": "Agg", "XDG_CACHE_HOME": "/home/.cache"})
    os.chdir("/home")
    who: Any = os
    who.getuid = who.geteuid = lambda: 65534  # platformdirs, which Pint wants, asks who it is
    for name in ("dask", "distributed", "psutil", "xarray"):
        sys.modules[name] = None  # type: ignore[assignment]
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    sys.meta_path.append(Finder(door, tops))
    builtins.input = no_typing
    _notebook = Notebook(door, starts)
    _like_ipython(_notebook)


def serve(door: Door) -> None:
    """Run the cell that the page asks for, and say how it went."""
    asked = json.loads(door(b'{"cell": true}'))
    well = _notebook.run(asked["source"], asked["name"])
    _notebook.tell(ended=well)
