"""Files that are whole or not there, archives that are always the same bytes, and their date."""

from __future__ import annotations

import io
import os
import subprocess
import time
import zipfile
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import IO

__all__ = ["EPOCH", "pack", "pack_into", "source_date", "write_atomic"]

#: 1 January 2026: the date of what must not change from one commit to the next.
EPOCH = 1767225600
_FIRST = 315532800  # a zip knows no day before 1980


def write_atomic(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file beside its place and move it there, so that nobody reads half of it.

    One that is private can at no moment be read by anybody but its owner.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if private:
            draft.unlink(missing_ok=True)
            draft.touch(mode=0o600, exist_ok=False)
        draft.write_bytes(data)
        os.replace(draft, path)
    except OSError as error:
        error.filename = error.filename or str(path)  # a full disk does not name the file
        raise
    finally:
        draft.unlink(missing_ok=True)


def pack(
    files: Mapping[str, bytes],
    *,
    date: int = EPOCH,
    programs: Collection[str] = (),
    stored: Collection[str] = (),
) -> bytes:
    """Pack files into a zip, in the order given: the same files are the same bytes.

    Parameters
    ----------
    files : mapping of str to bytes
        What each file holds, by its place in the archive.
    date : int
        The date of all of them, in seconds since 1970.
    programs : collection of str
        Files that may be executed.
    stored : collection of str
        Files that are not compressed (the ``mimetype`` of an EPUB).
    """
    sink = io.BytesIO()
    pack_into(sink, files.items(), date=date, programs=programs, stored=stored)
    return sink.getvalue()


def pack_into(
    sink: IO[bytes],
    files: Iterable[tuple[str, bytes]],
    *,
    date: int = EPOCH,
    programs: Collection[str] = (),
    stored: Collection[str] | None = (),
) -> None:
    """Pack files into a zip as `pack` does, one after another into an open file.

    With ``stored`` None nothing is compressed.
    """
    day = time.gmtime(max(date, _FIRST))[:6]
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, day)
            entry.external_attr = (0o755 if name in programs else 0o644) << 16
            whole = stored is None or name in stored
            entry.compress_type = zipfile.ZIP_STORED if whole else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)


def source_date(folder: Path) -> int:
    """Give the date that a build carries, in seconds since 1970.

    ``SOURCE_DATE_EPOCH`` if it is set, else the date of the last commit, else `EPOCH`: never the
    clock, so that the same source gives the same bytes.
    """
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(epoch)
    command = ["git", "-C", str(folder), "log", "-1", "--format=%ct"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return EPOCH
    return int(answer.stdout.strip() or EPOCH)
