"""A PNG really looked at: its size, its parts and their sums, and how much is packed in it."""

from __future__ import annotations

import struct
import zlib

__all__ = ["picture"]

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEPT = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
DEPTHS = (1, 2, 4, 8, 16)


def picture(data: bytes, side: int) -> bytes:
    """Give the picture without what is no part of it, such as texts and whatever follows its end.

    Parameters
    ----------
    data : bytes
        What is said to be a PNG.
    side : int
        The most pixels that it may be wide or high.

    Raises
    ------
    ValueError
        If it is none, is larger, or holds another amount of data than its size says.
    """
    if not data.startswith(SIGNATURE):
        raise ValueError("it is no PNG")
    out, packed = [SIGNATURE], []
    at, end, wanted = len(SIGNATURE), False, 0
    while not end:
        length, kind = _head(data, at)
        body = data[at + 8 : at + 8 + length]
        if data[at + 8 + length : at + 12 + length] != struct.pack("!L", zlib.crc32(kind + body)):
            raise ValueError("it is damaged")
        if (kind == b"IHDR") != (at == len(SIGNATURE)):
            raise ValueError("its parts are in disorder")
        if kind == b"IHDR":
            wanted = _size(body, side)
        elif kind == b"IDAT":
            packed.append(body)
        elif kind not in KEPT and not kind[0] & 0x20:
            raise ValueError("it has a part that is not known")
        end = kind == b"IEND"
        if kind in KEPT:
            out.append(data[at : at + 12 + length])
        at += 12 + length
    try:
        unpack = zlib.decompressobj()
        size = len(unpack.decompress(b"".join(packed), wanted + 1))
    except zlib.error:
        raise ValueError("it is damaged") from None
    if size != wanted:
        raise ValueError("it holds another amount of data than its size says")
    return b"".join(out)


def _head(data: bytes, at: int) -> tuple[int, bytes]:
    if len(data) < at + 12:
        raise ValueError("it has no end")
    length, kind = struct.unpack("!L4s", data[at : at + 8])
    if len(data) < at + 12 + length:
        raise ValueError("it has no end")
    return length, kind


def _size(body: bytes, side: int) -> int:
    """Bytes of the picture unpacked: a row of pixels and one byte before each."""
    if len(body) != 13:
        raise ValueError("it does not say how large it is")
    numbers: tuple[int, ...] = struct.unpack("!LLBBBBB", body)
    width, height, depth, colour, method, sieve, interlaced = numbers
    if not 0 < width <= side or not 0 < height <= side:
        raise ValueError(f"it has {width} times {height} pixels; {side} either way may be")
    if depth not in DEPTHS or colour not in CHANNELS or method or sieve or interlaced:
        raise ValueError("it is of a kind that is not drawn here")
    return height * (1 + (width * depth * CHANNELS[colour] + 7) // 8)
