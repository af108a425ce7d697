"""A self-contained page: its frame, its style, text made safe, and tables.

No script ever stands in it; the text of students is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from hardwired.house.palette import INK, css

__all__ = ["clean", "page", "table"]

COLOURS = {
    "--ink": "--hw-ink",
    "--paper": "--hw-paper",
    "--line": "--hw-rule",
    "--good": "--hw-tissue-deep",
    "--part": "--hw-immune-deep",
}
"""What the colours of a page are called in it, and in the book."""
STYLE = (
    f"{css(COLOURS)}\n"
    + """:root{color-scheme:light dark}
body{font:17px/1.55 Georgia,serif;color:var(--ink);background:var(--paper);max-width:46rem;
margin:0 auto;padding:1rem;overflow-wrap:anywhere}
main{overflow-x:clip}
th{min-width:2.5rem}
blockquote,pre{overflow:clip}
h1{font-size:1.6rem}
h2{font-size:1.2rem;margin-top:2rem;border-top:1px solid var(--line);padding-top:1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;
border-bottom:1px solid var(--line)}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.9rem;margin:0}
img{max-width:100%;background:#fff}
.right{color:var(--good)}.part{color:var(--part)}
blockquote{border-left:3px solid var(--line);margin:0;padding-left:1rem;white-space:pre-wrap}
td.text{white-space:pre-wrap;width:50%}
"""
    + f"@media print{{body{{max-width:none;font-size:11pt;color:{INK};background:#fff}}\n"
    + """h2{break-after:avoid}tr,img{break-inside:avoid}a{text-decoration:none}}
"""
)
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)  # controls, ends of lines that not all see, and marks of direction


def clean(text: str) -> str:
    """Escape a student's text; control characters and direction overrides become visible."""
    return escape(HIDDEN.sub("\N{REPLACEMENT CHARACTER}", text.encode("utf-8", "replace").decode()))


def page(title: str, body: str) -> str:
    """Give a page with a title and a body, both HTML."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="'
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def table(head: Sequence[str], rows: Iterable[str]) -> str:
    """Give a table; a name with a star heads a column of numbers."""
    cells = ""
    for name in head:
        number = ' class="n"' if name.startswith("*") else ""
        cells += f'<th scope="col"{number}>{name.strip("*")}</th>'
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
