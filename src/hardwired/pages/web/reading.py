"""What stands above and below a chapter on the web: how long, how old, and how to cite it."""

from __future__ import annotations

from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from hardwired import __version__
from hardwired.pages.building import changed
from hardwired.pages.web import search

__all__ = ["citation", "minutes"]

#: Words a minute of somebody who reads to learn.
PACE = 200
_FOLDER = "chapters/"


def minutes(words: int) -> int:
    """Return how long so many words take, in steps of five minutes."""
    return max(5, 5 * round(words / PACE / 5))


def spelled(day: date) -> str:
    """Return a day as text: 24 November 2026."""
    return f"{day.day} {day:%B %Y}"


def citation(app: Sphinx, docname: str, day: date | None) -> str:
    """Return the line by which a chapter is cited, as plain text."""
    config = app.config
    number = app.env.toc_secnumbers.get(docname, {}).get("", ())
    chapter = f", chapter {number[0]}" if number else ""
    title = app.env.titles[docname].astext()
    year = day.year if day else config.copyright
    subtitle = config.typst_subtitle
    book = f"{config.typst_title}: {subtitle[:1].lower()}{subtitle[1:]}"
    line = f"{config.author} ({year}). {title}. In {book} (version {__version__}{chapter})."
    if base := config.html_baseurl:
        line += f" {base.rstrip('/')}/{app.builder.get_target_uri(docname)}"
    return line


def _words(document: nodes.document, app: Sphinx, docname: str) -> int:
    """Count the words of sections and captions; not tables, code, formulas, works or answers."""
    found = search.entries(document, app.env, docname)
    tables = sum(len(table.astext().split()) for table in document.findall(nodes.tgroup))
    return sum(len(text.split()) for _, _, kind, text in found if kind < 2) - tables


def add_line(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the reading line below the title of a chapter's web page."""
    if app.builder.name not in search.WEB or not docname.startswith(_FOLDER):
        return
    title = next(iter(doctree.findall(nodes.title)))
    parts = [f"About {minutes(_words(doctree, app, docname))} minutes to read."]
    if day := _dates(app).get(docname):
        parts.append(f'Last changed <time datetime="{day.isoformat()}">{spelled(day)}</time>.')
    line = nodes.raw("", f'<p class="hw-reading">{" ".join(parts)}</p>\n', format="html")
    title.parent.insert(title.parent.index(title) + 1, line)


def add_citation(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Hand the line by which a chapter is cited to the template."""
    if app.builder.name in search.WEB and pagename.startswith(_FOLDER) and doctree is not None:
        day = _dates(app).get(pagename)
        context["hw_citation"] = escape(citation(app, pagename, day), quote=False)


def _dates(app: Sphinx) -> dict[str, date]:
    kept = getattr(app, "_hardwired_dates", None)
    if kept is None:
        kept = app._hardwired_dates = changed.dates(Path(app.srcdir))  # type: ignore[attr-defined]
    return kept
