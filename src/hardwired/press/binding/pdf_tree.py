"""What a PDF keeps as trees: its structure and its lists of names; and how we write one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Pdf, String

__all__ = ["elements", "kids", "name_tree", "save"]


def kids(element: Object) -> list[Object]:
    """Give what an element of the structure tree holds."""
    if "/K" not in element:
        return []
    return list(element.K) if isinstance(element.K, Array) else [element.K]


def elements(element: Object) -> Iterator[Object]:
    """Walk through the elements below one, in reading order."""
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def name_tree(pdf: Pdf, values: Mapping[str, Object]) -> Object:
    """Make a list of named things, in the order that a reader searches by."""
    names = sorted(values, key=lambda name: bytes(String(name)))
    pairs = [item for name in names for item in (String(name), values[name])]
    return pdf.make_indirect(Dictionary(Names=Array(pairs)))


def save(pdf: Pdf, target: Path | BinaryIO) -> None:
    """Write a PDF, compact and each time with the same bytes."""
    pdf.save(target, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
