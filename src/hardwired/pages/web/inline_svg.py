"""Put SVG figures into the HTML page itself: no request a figure, and ink that follows dark mode.

Figures of executed cells and of ``{pathway}`` always go in; any other local SVG does up to
:data:`LARGEST` bytes. PDF and EPUB keep the file. The rewriting is
:func:`hardwired.figures.svg.web_svg.inline`.
"""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from hardwired.figures.svg import web_svg
from hardwired.pages.text.image_places import place

logger = logging.getLogger(__name__)

#: Largest local SVG file, in bytes, that goes into the page.
LARGEST = 60_000

#: Folders whose files are made while the book is built.
_MADE = frozenset({"jupyter_execute", "hardwired-figures"})


def put_in(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Replace the SVG images of one page by their markup, for HTML builders other than EPUB."""
    builder = app.builder
    if builder.format != "html" or builder.name.startswith("epub"):
        return
    page = web_svg.Page()
    for image in list(doctree.findall(nodes.image)):
        file = _file(app, image)
        if file is None:
            continue
        page.strangers.clear()
        try:
            text = file.read_text("utf-8")
            markup = web_svg.inline(text, image.get("alt", ""), page, image.get("width", ""))
        except web_svg.UnsuitableSvgError as error:
            logger.info("%s stays a file: %s", file.name, error, location=place(image))
            continue
        if page.strangers:
            logger.warning(
                "figure uses %s, which has no dark twin; use the colours of hardwired.figures",
                ", ".join(sorted(page.strangers)),
                location=place(image),
                type="hardwired",
                subtype="colour",
            )
        image.replace_self(_markup(image, markup))


def _file(app: Sphinx, image: nodes.image) -> Path | None:
    """Give the file behind an image if it is an SVG that belongs into the page."""
    uri = image.get("uri", "")
    if not uri.endswith(".svg") or "://" in uri or uri.startswith("data:"):
        return None
    file = Path(app.srcdir, uri)
    if not file.is_file():
        return None
    if not _MADE.intersection(file.parts) and file.stat().st_size > LARGEST:
        return None
    return file


def _markup(image: nodes.image, markup: str) -> nodes.Node:
    classes = [*image.get("classes", [])]
    if "align" in image:
        classes.append(f"align-{image['align']}")
    raw = nodes.raw("", markup, format="html")
    raw.source, raw.line = image.source, image.line
    if isinstance(image.parent, nodes.TextElement):
        return raw
    # A block of its own keeps what the image was given: identifiers, classes, alignment.
    block = nodes.container("", raw, classes=["hw-svg", *classes], ids=image.get("ids", []))
    block.source, block.line = image.source, image.line
    return block
