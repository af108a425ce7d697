"""Certificates for tests of TLS, made anew each time: P-256 and X.509 from their definitions.

A key made here protects nothing but the bytes of a test. Points and signatures follow FIPS 186-5,
the encoding X.690 (DER) and RFC 5280.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import secrets
from pathlib import Path

__all__ = ["Authority"]

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)
Point = tuple[int, int] | None
ECDSA_SHA256, EC_KEY, P256 = "2a8648ce3d040302", "2a8648ce3d0201", "2a8648ce3d030107"
COMMON_NAME, BASIC, KEY_USE = "550403", "551d13", "551d0f"


def _add(a: Point, b: Point) -> Point:
    if a is None or b is None:
        return a or b
    if a[0] == b[0]:
        if (a[1] + b[1]) % P == 0:
            return None
        slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, P)
    else:
        slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, P)
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _times(k: int, point: Point = G) -> tuple[int, int]:
    out: Point = None
    while k:
        if k & 1:
            out = _add(out, point)
        point, k = _add(point, point), k >> 1
    assert out is not None
    return out


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    size = len(body)
    if size < 128:
        return bytes([tag, size]) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def _integer(value: int) -> bytes:
    return _der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _name_of(name: str) -> bytes:
    return _der(6, bytes.fromhex(name))


def _subject(name: str) -> bytes:
    return _der(0x30, _der(0x31, _der(0x30, _name_of(COMMON_NAME), _der(0x0C, name.encode()))))


def _bits(data: bytes) -> bytes:
    return _der(3, b"\0", data)


def _pem(kind: str, data: bytes) -> str:
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN {kind}-----\n{text}-----END {kind}-----\n"


class Authority:
    """Somebody who signs certificates.

    Parameters
    ----------
    folder : Path
        Where files are written.
    name : str
        What it is called, and how its files begin.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.key = secrets.randbelow(N - 1) + 1
        self.file = folder / f"{name}.pem"
        self.file.write_text(_pem("CERTIFICATE", self._signed(name, self.key, issues=True)))

    def _sign(self, data: bytes) -> bytes:
        digest = int.from_bytes(hashlib.sha256(data).digest(), "big")
        k = secrets.randbelow(N - 1) + 1
        r = _times(k)[0] % N
        s = pow(k, -1, N) * (digest + r * self.key) % N
        return _der(0x30, _integer(r), _integer(s))

    def _signed(self, name: str, key: int, *, issues: bool) -> bytes:
        now = datetime.datetime.now(tz=datetime.UTC)
        day = datetime.timedelta(days=1)
        dates = [_der(0x17, t.strftime("%y%m%d%H%M%SZ").encode()) for t in (now - day, now + day)]
        x, y = _times(key)
        point = b"\4" + x.to_bytes(32, "big") + y.to_bytes(32, "big")
        said = [(BASIC, _der(0x30, *([_der(1, b"\xff")] if issues else [])))]
        said += [(KEY_USE, _der(3, b"\x01\x06"))] if issues else []
        more = [
            _der(0x30, _name_of(which), _der(1, b"\xff"), _der(4, value)) for which, value in said
        ]
        algorithm = _der(0x30, _name_of(ECDSA_SHA256))
        body = _der(
            0x30,
            _der(0xA0, _integer(2)),
            _integer(secrets.randbits(64) | 1),
            algorithm,
            _subject(self.name),
            _der(0x30, *dates),
            _subject(name),
            _der(0x30, _der(0x30, _name_of(EC_KEY), _name_of(P256)), _bits(point)),
            _der(0xA3, _der(0x30, *more)),
        )
        return _der(0x30, body, algorithm, _bits(self._sign(body)))

    def certificate(self, name: str) -> tuple[Path, Path]:
        """Give a certificate and its key for somebody, as files."""
        key = secrets.randbelow(N - 1) + 1
        certificate = self.folder / f"{self.name}-{name}.pem"
        private = self.folder / f"{self.name}-{name}.key"
        certificate.write_text(_pem("CERTIFICATE", self._signed(name, key, issues=False)))
        inner = _der(
            0x30, _integer(1), _der(4, key.to_bytes(32, "big")), _der(0xA0, _name_of(P256))
        )
        private.write_text(_pem("EC PRIVATE KEY", inner))
        return certificate, private
