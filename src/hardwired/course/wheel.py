"""The wheel that a release zip carries: this very package, as students need it, reproducible.

The package is pure Python, so a wheel is a zip of its files and three small ones besides; it is
made from what is installed, so that a release needs neither network nor build tools.
"""

from __future__ import annotations

import base64
import hashlib
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import hardwired
from hardwired.course.errors import CourseError
from hardwired.house.files import pack

__all__ = ["build_wheel"]

EXTRAS = ("course", "cluster", "wasm")
LEFT_OUT = {"pages", "press"}


def build_wheel() -> tuple[str, bytes]:
    """Return the wheel's file name and its bytes."""
    root = Path(hardwired.__file__).resolve().parent
    version = hardwired.__version__
    info = f"hardwired-{version}.dist-info"
    files: dict[str, bytes] = {}
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if (
            path.is_file()
            and parts[0] not in LEFT_OUT
            and "__pycache__" not in parts
            and path.suffix not in (".pyc", ".md")
        ):
            files["/".join(("hardwired", *parts))] = path.read_bytes()
    files[f"{info}/METADATA"] = _metadata(root, version).encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: hardwired\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    return f"hardwired-{version}-py3-none-any.whl", pack(files)


def _metadata(root: Path, version: str) -> str:
    python, requires = _requirements(root)
    lines = [
        "Metadata-Version: 2.1",
        "Name: hardwired",
        f"Version: {version}",
        f"Requires-Python: {python}",
        *(f"Requires-Dist: {requirement}" for requirement in requires),
        *(f"Provides-Extra: {extra}" for extra in EXTRAS),
    ]
    return "\n".join([*lines, "", ""])


def _requirements(root: Path) -> tuple[str, list[str]]:
    """Python versions and requirements, from the sources' pyproject.toml or what is installed.

    Requirements of the base and of the extras that grading needs.
    """
    source = root.parents[1] / "pyproject.toml"
    if source.is_file():
        project: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))["project"]
        optional = project["optional-dependencies"]
        more = [_of_extra(need, extra) for extra in EXTRAS for need in optional[extra]]
        return project["requires-python"], [*project["dependencies"], *more]
    try:
        found = metadata.metadata("hardwired")
    except metadata.PackageNotFoundError:
        raise CourseError(
            f"{root}: hardwired is neither installed nor beside its pyproject.toml; install it"
        ) from None
    python, requires = found["Requires-Python"], found.get_all("Requires-Dist") or []
    extra = [f"extra == {quote}{name}{quote}" for name in EXTRAS for quote in "'\""]
    kept = [r for r in requires if "extra ==" not in r or any(e in r for e in extra)]
    return str(python), kept


def _of_extra(need: str, extra: str) -> str:
    """Return a requirement that holds for an extra only, besides what it says of machines."""
    what, _, machines = need.partition(";")
    where = f"({machines.strip()}) and " if machines else ""
    return f"{what.strip()}; {where}extra == '{extra}'"


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
