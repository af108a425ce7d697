"""Where the bytes of a submission lie, and reading them: a file, or an entry of a zip."""

from __future__ import annotations

import contextlib
import io
import os
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hardwired.course.loader import MAX_READ, UnreadableError

__all__ = ["Source", "archive"]


@dataclass(frozen=True)
class Source:
    """A file by its path (bytes: a name need not be text), or the n-th entry of the zip there.

    ``within`` is the number of an entry, where the file is itself a zip that was handed in.
    """

    path: bytes
    entry: int | None = None
    within: int | None = None

    def read(self) -> bytes:
        """Read it, and one byte more than may be.

        Raises
        ------
        UnreadableError
            If it cannot be opened or unpacked; the message is the reason.
        """
        try:
            if self.entry is None:
                with open(self.path, "rb") as file:
                    data = file.read(MAX_READ + 1)
            else:
                data = _entry(archive(Path(os.fsdecode(self.path))), self.entry)
            if self.within is None:
                return data
            return _entry(zipfile.ZipFile(io.BytesIO(data)), self.within)
        except (zipfile.BadZipFile, IndexError, ValueError):
            raise UnreadableError("it is damaged in the zip that was handed in") from None
        except OSError as error:
            raise UnreadableError(f"it cannot be opened ({error.strerror or error})") from None


def _entry(opened: zipfile.ZipFile, number: int) -> bytes:
    info = opened.infolist()[number]
    if info.flag_bits & 1:
        raise UnreadableError("it is encrypted in the zip; ask for it without a password")
    try:
        with opened.open(info) as file:
            return file.read(MAX_READ + 1)
    except NotImplementedError:
        raise UnreadableError("it is packed in the zip in a way that is not known") from None
    except (zipfile.BadZipFile, RuntimeError, ValueError, EOFError, struct.error) as error:
        raise UnreadableError(f"it is damaged in the zip ({type(error).__name__})") from None
    except Exception as error:
        if type(error).__module__ in ("zlib", "_lzma", "lzma", "bz2"):
            raise UnreadableError("it is damaged in the zip") from None
        raise


_opened: dict[tuple[str, int, int], zipfile.ZipFile] = {}


def archive(path: Path) -> zipfile.ZipFile:
    """Open a zip once, also one in which a name that says it is UTF-8 is not."""
    stat = path.stat()
    key = (str(path), stat.st_mtime_ns, stat.st_size)
    if key not in _opened:
        for old in _opened.values():
            old.close()
        _opened.clear()
        try:
            _opened[key] = zipfile.ZipFile(path)
        except UnicodeDecodeError:
            _opened[key] = zipfile.ZipFile(_Mended(path))
    return _opened[key]


class _Mended(io.RawIOBase):
    """A zip whose list says of names that are not UTF-8 that they are; that one bit is cleared."""

    def __init__(self, path: Path) -> None:
        self.file = path.open("rb")
        self.patches = dict(_lies(self.file))
        self.file.seek(0)

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()

    def read(self, size: int = -1) -> bytes:
        start = self.file.tell()
        data = self.file.read(size)
        hit = [place for place in self.patches if start <= place < start + len(data)]
        if hit:
            changed = bytearray(data)
            for place in hit:
                changed[place - start] = self.patches[place]
            data = bytes(changed)
        return data

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.file.close()
        super().close()


def _lies(file: Any) -> list[tuple[int, int]]:
    """Places and values of the bytes to change in a zip's list of entries."""
    file.seek(0, os.SEEK_END)
    size = file.tell()
    file.seek(max(0, size - (1 << 16) - 22))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 20:
        return []
    length = struct.unpack("<L", tail[at + 12 : at + 16])[0]
    start = size - len(tail) + at - length
    if start < 0:
        return []
    file.seek(start)
    listed = file.read(length)
    out: list[tuple[int, int]] = []
    place = 0
    while listed[place : place + 4] == b"PK\x01\x02" and len(listed) - place >= 46:
        name, extra, comment = struct.unpack("<HHH", listed[place + 28 : place + 34])
        text = listed[place + 46 : place + 46 + name]
        if listed[place + 9] & 0x08:
            try:
                text.decode("utf-8")
            except UnicodeDecodeError:
                out.append((start + place + 9, listed[place + 9] & ~0x08))
        place += 46 + name + extra + comment
    return out
