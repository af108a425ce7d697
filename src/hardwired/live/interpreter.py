"""The interpreter that the page runs: the pinned WebAssembly build, without what no browser needs.

The names of its functions are left out (a seventh of the file), and its memory is bounded, so that
a cell which fills it gets a ``MemoryError`` and not the reader's whole machine.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hardwired.house.wasm_python import PinError, pinned

__all__ = ["MEMORY_MB", "Found", "LiveError", "find", "slim"]

MEMORY_MB = 1024
"""What the interpreter may take at most."""
_PAGE = 1 << 16
_CUSTOM, _MEMORY = 0, 5
_HEAD = b"\0asm\x01\0\0\0"


class LiveError(Exception):
    """The page's Python cannot be made; the message is one sentence with the mend."""


@dataclass(frozen=True)
class Found:
    """Files of the installed wheel: the module, the libraries as bytecode, the licences."""

    module: Path
    libraries: Path
    licences: Path


def find() -> Found:
    """Give the wheel's files, which must be the pinned ones.

    Raises
    ------
    LiveError
        If the wheel is missing, is another version, or holds other bytes.
    """
    try:
        there = pinned("live")
    except PinError as error:
        raise LiveError(str(error)) from None
    return Found(there.snapshot, there.stdlib_zip, there.snapshot.parent / "LICENSES")


def slim(module: bytes, memory_mb: int = MEMORY_MB) -> bytes:
    """Give a WebAssembly module without custom sections and with bounded memory.

    Parameters
    ----------
    module : bytes
        A module of the binary format 1 with one memory of its own.
    memory_mb : int
        The most that its memory may grow to.

    Raises
    ------
    LiveError
        If it is no such module, or starts with more memory than that.
    """
    if module[:8] != _HEAD:
        raise LiveError("the interpreter is no WebAssembly module of version 1")
    out, at = [_HEAD], 8
    while at < len(module):
        kind = module[at]
        size, start = _number(module, at + 1)
        at = start + size
        if kind == _MEMORY:
            body = _bounded(module[start:at], memory_mb * (1 << 20) // _PAGE)
            out.append(bytes([kind]) + _leb(len(body)) + body)
        elif kind != _CUSTOM:
            out.append(bytes([kind]) + _leb(size) + module[start:at])
    return b"".join(out)


def _bounded(section: bytes, most: int) -> bytes:
    count, at = _number(section, 0)
    flags = section[at]
    least, _ = _number(section, at + 1)
    if count != 1 or flags not in (0, 1) or least > most:
        raise LiveError("the interpreter's memory is not one memory that can be bounded")
    return b"\x01\x01" + _leb(least) + _leb(most)


def _number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def _leb(value: int) -> bytes:
    out = bytearray()
    while True:
        value, byte = value >> 7, value & 127
        out.append(byte | (128 if value else 0))
        if not value:
            return bytes(out)
