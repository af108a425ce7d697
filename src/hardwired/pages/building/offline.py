"""Pack the built pages into one zip for a memory stick: the same bytes for the same pages."""

import sys
from pathlib import Path

from hardwired.house.files import pack, source_date, write_atomic

NOT_FOR_READERS = {".buildinfo", ".built", "404.html", "objects.inv"}


def pack_pages(folder: Path, target: Path) -> None:
    """Write every file of a folder into a zip, in order.

    Parameters
    ----------
    folder
        The built pages.
    target
        The zip; replaced only when the new one is complete.
    """
    files = {
        f"hardwired/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if not path.is_dir() and path.name not in NOT_FOR_READERS
    }
    write_atomic(target, pack(files, date=source_date(folder)))


if __name__ == "__main__":
    pack_pages(Path(sys.argv[1]), Path(sys.argv[2]))
