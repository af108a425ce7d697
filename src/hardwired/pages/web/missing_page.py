"""The page that a host shows for an address where nothing stands: ``404.html``.

The host sends it for any such address, at any depth, so its links must not start from there. Where
``html_baseurl`` says under which address the book is published, they start from that; without it
the page is right at its own place only.
"""

from collections.abc import Iterator
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

NAME = "404"
WEB = frozenset({"html", "dirhtml"})


def pages(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Add the page to a web build."""
    if app.builder.name in WEB:
        yield NAME, {"title": "No such page"}, f"{NAME}.html"


def start_from_the_book(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Let the links of the page start from the address of the book; keep it out of searches."""
    if pagename != NAME:
        return
    context["metatags"] = context.get("metatags", "") + '<meta name="robots" content="noindex">'
    if app.config.html_baseurl:
        base = escape(app.config.html_baseurl.rstrip("/") + "/")
        context["metatags"] += f'<base href="{base}">'
