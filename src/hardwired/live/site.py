"""A copy of the built pages with Python in them: the pages themselves stay as they were built.

Files are copied, never linked: the build writes some of them anew where they lie, and a page with
Python in it must not change under its reader.
"""

from __future__ import annotations

import filecmp
import json
import re
from pathlib import Path

from hardwired.house import policy
from hardwired.house.files import write_atomic
from hardwired.live import bundle, exercise_page
from hardwired.live.interpreter import LiveError

__all__ = ["make"]

EXERCISES = "exercises"
_DOWNLOAD = re.compile(r'(<a download href="(?:\.\./)*exercises/)([\w-]+)(\.ipynb">[^<]*</a>)\.')
_END = "</body>"
_FOLD = 'class="hide above-input"'


def make(html: Path, out: Path) -> Path:
    """Copy the pages and add what runs in them.

    Parameters
    ----------
    html : Path
        The built pages.
    out : Path
        The folder of the copy; what it held of an older copy is gone afterwards, but for the
        bundle, which is made again only if something of it has changed.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    LiveError
        If the pages are not built, or the bundle cannot be made.
    """
    if not (html / "index.html").is_file():
        raise LiveError(f"{html} holds no built pages; run make html")
    manifest = bundle.make(out / bundle.FOLDER)
    web = f"{bundle.FOLDER}/{manifest['web']}"
    wanted = set()
    for path in sorted(html.rglob("*")):
        if not path.is_file():
            continue
        name = path.relative_to(html)
        wanted.add(name)
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8")
            write_atomic(
                out / name, _with_python(text, "../" * (len(name.parts) - 1), web).encode()
            )
        else:
            _copy(path, out / name)
    for path in sorted((html / EXERCISES).glob("*.ipynb")):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        text = exercise_page.page(
            notebook, web=f"../{web}", chapter=f"../chapters/{path.stem}.html#exercises"
        )
        name = Path(EXERCISES, f"{path.stem}.html")
        wanted.add(name)
        write_atomic(out / name, text.encode())
    _forget(out, wanted)
    return out


def _with_python(text: str, up: str, web: str) -> str:
    """Add to a page its way to the exercise; to folded code its script, and leave to run it."""
    text = _DOWNLOAD.sub(
        rf'\g<1>\g<2>\g<3>, or <a href="{up}exercises/\g<2>.html">do it in the page</a>.', text
    )
    if _FOLD in text:
        script = f'<script defer src="{up}{web}/here.js"></script>'
        head, end, tail = text.rpartition(_END)
        text = policy.give(f"{head}{script}{end}{tail}", python=True)
    return text


def _copy(source: Path, target: Path) -> None:
    if not (target.is_file() and filecmp.cmp(source, target, shallow=False)) or target.samefile(
        source
    ):
        write_atomic(target, source.read_bytes())


def _forget(out: Path, wanted: set[Path]) -> None:
    for path in sorted(out.rglob("*"), reverse=True):
        name = path.relative_to(out)
        if name.parts[0] == bundle.FOLDER:
            continue
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
        elif path.is_file() and name not in wanted:
            path.unlink()
