"""The wheel that a release zip carries: this very package, as students need it, reproducible.

The package is pure Python, so a wheel is a zip of its files and three small ones besides; it is
made from what is installed, so that a release needs neither network nor build tools.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib import metadata
from pathlib import Path

import hardwired

__all__ = ["build_wheel"]

EPOCH = (2026, 1, 1, 0, 0, 0)
REQUIRES = (
    "matplotlib>=3.9",
    "numpy>=2",
    "pandas>=2.2",
    "pint>=0.24",
    "pyyaml>=6",
    "scipy>=1.14",
    "sympy>=1.13",
)
PYTHON = ">=3.11,<3.14"
LEFT_OUT = {"sphinxext", "typst"}


def build_wheel() -> tuple[str, bytes]:
    """Return the wheel's file name and its bytes."""
    root = Path(hardwired.__file__).resolve().parent
    version = _version()
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
    files[f"{info}/METADATA"] = _metadata(version).encode()
    files[f"{info}/WHEEL"] = (
        b"Wheel-Version: 1.0\nGenerator: hardwired\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    )
    record = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            item = zipfile.ZipInfo(name, EPOCH)
            item.external_attr = 0o644 << 16
            item.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(item, data)
    return f"hardwired-{version}-py3-none-any.whl", sink.getvalue()


def _version() -> str:
    found = getattr(hardwired, "__version__", None)
    if found:
        return str(found)
    try:
        return metadata.version("hardwired")
    except metadata.PackageNotFoundError:
        return "0.1.0"


def _metadata(version: str) -> str:
    lines = [
        "Metadata-Version: 2.1",
        "Name: hardwired",
        f"Version: {version}",
        f"Requires-Python: {PYTHON}",
    ]
    return "\n".join([*lines, *(f"Requires-Dist: {name}" for name in REQUIRES), "", ""])


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
