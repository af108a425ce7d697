"""Pack the built pages into one zip for a memory stick: the same bytes for the same pages."""

import os
import sys
import time
import zipfile
from pathlib import Path

NOT_FOR_READERS = {".buildinfo", ".built", "404.html", "objects.inv"}


def pack(folder: Path, target: Path) -> None:
    """Write every file of a folder into a zip, in order, dated by ``SOURCE_DATE_EPOCH``.

    Parameters
    ----------
    folder
        The built pages.
    target
        The zip; replaced only when the new one is complete.
    """
    date = time.gmtime(int(os.environ.get("SOURCE_DATE_EPOCH", 1767225600)))[:6]
    part = target.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_dir() or path.name in NOT_FOR_READERS:
                continue
            entry = zipfile.ZipInfo(f"hardwired/{path.relative_to(folder).as_posix()}", date)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    part.replace(target)


if __name__ == "__main__":
    pack(Path(sys.argv[1]), Path(sys.argv[2]))
