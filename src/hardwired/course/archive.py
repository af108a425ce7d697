"""Zips that are the same byte for byte every time they are made."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

__all__ = ["pack"]

EPOCH = (2026, 1, 1, 0, 0, 0)


def pack(files: Mapping[str, bytes], programs: Collection[str] = ()) -> bytes:
    """Pack files in the order given; ``programs`` may be executed."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.external_attr = (0o755 if name in programs else 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return sink.getvalue()
