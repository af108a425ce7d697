"""The page of one exercise, from the notebook that students get: text to read, cells to run.

Without its script the page shows the exercise and says where to download it; so it does from a
disk, and in a browser that is too old.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from hardwired.formulas.mathml import to_mathml
from hardwired.house import policy

__all__ = ["page"]

WITHOUT = (
    "Python does not run here, for one of three reasons: the page is opened from a disk (type "
    "“make serve” in the book’s folder), the browser is too old (update it), or the page is of an "
    "older edition (load it again). You can also download the notebook."
)


def page(notebook: Mapping[str, Any], *, web: str, chapter: str) -> str:
    """Give the page of an exercise.

    Parameters
    ----------
    notebook : mapping
        The student's notebook, of format 4.5.
    web : str
        The folder with the scripts, as the page names it.
    chapter : str
        The page of the chapter, as the page names it.
    """
    told = notebook["metadata"]["hardwired"]
    slug, version = str(told["slug"]), int(told["version"])
    first = next((c for c in notebook["cells"] if c["cell_type"] == "markdown"), {"source": slug})
    title = _text(first).splitlines()[0].lstrip("# ").strip()
    cells = "\n".join(_cell(cell) for cell in notebook["cells"])
    whole = f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}: exercise</title>
<link rel="icon" href="../_static/favicon.svg">
<link rel="stylesheet" href="../_static/hardwired.css">
<link rel="stylesheet" href="{web}/live.css">
</head>
<body class="hw-exercise-page" data-theme="auto">
<nav aria-label="Book"><a href="../index.html">Hardwired</a> / <a href="{chapter}">the chapter</a> /
<a download href="{slug}.ipynb">download the notebook</a></nav>
<main data-slug="{escape(slug)}" data-version="{version}">
<div class="hw-cells">
{cells}
</div>
<div class="hw-desk">
<p class="hw-status" role="status">{WITHOUT}</p>
<p class="hw-note" role="status"></p>
<div class="hw-bar"></div>
</div>
<p class="hw-more">What you type is kept in this browser and goes nowhere else. Escape and then Tab
leaves an editor; Shift and Enter runs it. <span class="hw-versions"></span>
<a href="../_live/licences.html">Licences of what runs here</a></p>
</main>
<script type="module" src="{web}/notebook.js"></script>
</body>
</html>
"""
    return policy.give(whole, python=True)


def _cell(cell: Mapping[str, Any]) -> str:
    text = _text(cell)
    body = f"<pre>{escape(text)}</pre>" if cell["cell_type"] == "code" else _rendered(text)
    return f'<section class="hw-cell" data-id="{escape(cell["id"])}">\n{body}\n</section>'


def _text(cell: Mapping[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _rendered(text: str) -> str:
    """Give Markdown with formulas as HTML; HTML in it stays text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(reader, renderer=lambda latex, how: _formula(latex, how["display_mode"]))
    return str(reader.render(text))


def _formula(latex: str, display: bool) -> str:
    return to_mathml(latex.strip(), display)
