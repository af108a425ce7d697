"""What a page says of itself where it is not open yet: description, and what a link shows."""

from __future__ import annotations

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from hardwired.house.name import full_title
from hardwired.pages.web import preview, search

__all__ = ["description", "tell"]

LONGEST = 200
_SECOND_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*/>\s*')


def description(document: nodes.document) -> str:
    """Return the first prose of a page, cut after a sentence or a word.

    Parameters
    ----------
    document : docutils.nodes.document
        A page that has been resolved.

    Returns
    -------
    str
        At most 200 characters; empty for a page without a paragraph in a section.
    """
    for paragraph in document.findall(nodes.paragraph):
        words = " ".join(paragraph.astext().split())
        if isinstance(paragraph.parent, nodes.section) and len(words) > 40:
            return _cut(words)
    return ""


def _cut(words: str) -> str:
    if len(words) <= LONGEST:
        return words
    sentence = re.match(rf".{{40,{LONGEST - 1}}}[.?!](?= )", words)
    return sentence[0] if sentence else words[: LONGEST - 1].rsplit(" ", 1)[0] + "…"


def tell(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Put the description, and what a shared link shows, into the head of one page.

    Addresses of page and picture can only be named in full, so they need ``html_baseurl``; the
    canonical link is the theme's.
    """
    if app.builder.name not in search.WEB:
        return
    facts = {"og:type": "book" if pagename == app.config.root_doc else "article"}
    facts["og:site_name"] = app.config.typst_title
    facts["og:title"] = str(context.get("title") or app.config.typst_title)
    words = description(doctree) if doctree is not None else app.config.typst_subtitle
    if words:
        facts["og:description"] = words
    if base := app.config.html_baseurl:
        whole = f"{base.rstrip('/')}/"
        facts["og:url"] = f"{whole}{app.builder.get_target_uri(pagename)}"
        facts["og:image"] = f"{whole}{preview.FILE}"
        facts["og:image:width"], facts["og:image:height"] = map(str, preview.SIZE)
        facts["og:image:alt"] = f"{full_title()}, beside a map of both systems in the body"
    lines = [f'<meta name="description" content="{escape(words)}">'] if words else []
    lines += [
        f'<meta property="{name}" content="{escape(re.sub("<[^>]*>", "", text))}">'
        for name, text in facts.items()
    ]
    # Docutils says the viewport, and so does the theme.
    told = _SECOND_VIEWPORT.sub("", context.get("metatags", ""))
    context["metatags"] = told + "\n".join(lines)
