"""Two sets of fonts for a browser, both out of matplotlib's wheel: no machine adds its own."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

__all__ = ["SETS", "written"]

#: Set -> the families that stand for these kinds. The second's serif is far narrower than its sans.
SETS = {
    "dejavu": {
        "serif": "DejaVu Serif",
        "sans-serif": "DejaVu Sans",
        "monospace": "DejaVu Sans Mono",
    },
    "narrow": {
        "serif": "STIXGeneral",
        "sans-serif": "DejaVu Sans",
        "monospace": "DejaVu Sans Mono",
    },
}
CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir>{aliases}</fontconfig>
"""
ALIAS = (
    '<alias binding="same"><family>{kind}</family><prefer><family>{name}</family></prefer></alias>'
)


def written(home: Path, face: str) -> Path:
    """Write fontconfig's file for a set into a browser's home and give its path."""
    kinds = SETS[face] | {"system-ui": SETS[face]["sans-serif"]}
    folder = home / ".fonts"  # the one in a home out of which Firefox lets its pages read
    folder.mkdir()
    found = find_spec("matplotlib")  # to import it would take its time
    assert found
    assert found.origin
    for file in (Path(found.origin).parent / "mpl-data/fonts/ttf").glob("*.ttf"):
        if any(file.stem.startswith(name.replace(" ", "")) for name in kinds.values()):
            shutil.copyfile(file, folder / file.name)
    aliases = "".join(ALIAS.format(kind=kind, name=name) for kind, name in kinds.items())
    text = CONFIG.format(fonts=folder, cache=home / "fontcache", aliases=aliases)
    (home / "fonts.conf").write_text(text, encoding="utf-8")
    return home / "fonts.conf"
