"""Who gets which data: seeds from an identity, public or under a key that the instructor keeps.

This file needs nothing but the standard library, so that a student's notebook can use it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import unicodedata
from pathlib import Path

from hardwired.course.errors import CourseError

__all__ = ["loose", "make_key", "normalise", "public_seed", "read_key", "secret_seed", "zeroless"]

KEY_BYTES = 32


def normalise(identifier: str) -> str:
    """One spelling for an identifier: compatibility form, no surrounding space, small letters."""
    return unicodedata.normalize("NFKC", identifier).strip().casefold()


def zeroless(identifier: str) -> str:
    """Give a number as a spreadsheet leaves it, without its leading zeros; else nothing."""
    name = normalise(identifier)
    return name.lstrip("0") if name.isdecimal() else ""


def loose(name: str) -> str:
    """Give letters and digits of a name alone, as in file names; nothing if it has no letter."""
    plain = unicodedata.normalize("NFKD", normalise(name))
    kept = "".join(char for char in plain if char.isalnum())
    return "" if kept.isdecimal() else kept


def public_seed(slug: str, identifier: str) -> int:
    """Seed (128 bits) that anybody can compute; such variants only discourage copying."""
    text = f"hardwired\0{slug}\0{normalise(identifier)}".encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:16], "big")


def secret_seed(key: bytes, slug: str, identifier: str) -> int:
    """Seed (128 bits) that only the holder of ``key`` can compute."""
    text = f"hardwired\0{slug}\0{normalise(identifier)}".encode()
    return int.from_bytes(hmac.new(key, text, hashlib.sha256).digest()[:16], "big")


def read_key(path: Path) -> bytes:
    """Read the instructor's key, or say in one line what is wrong with it."""
    try:
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except FileNotFoundError:
        raise CourseError(
            f"{path}: there is no key; `hardwired release --roster` makes it,"
            " keep it and give it to grade"
        ) from None
    except (OSError, ValueError):
        raise CourseError(
            f"{path}: is not a key of hexadecimal digits; restore the released one"
        ) from None
    if len(key) != KEY_BYTES:
        raise CourseError(f"{path}: the key is {len(key)} bytes long, not {KEY_BYTES}; restore it")
    return key


def make_key(path: Path) -> bytes:
    """Read the key at ``path``; make one, readable by its owner alone, if there is none."""
    if path.exists():
        return read_key(path)
    key = secrets.token_bytes(KEY_BYTES)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
    return key
