"""Every image of the book speaks to those who cannot see it: one without words is reported."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from hardwired.pages.text.image_places import place

logger = logging.getLogger(__name__)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report each image without alternative text with its file and line.

    The warning stops the build under ``-W``. A cell's output in several formats is reported once.
    """
    reported = set()
    for image in doctree.findall(nodes.image):
        if image.get("alt", "").strip():
            continue
        bundle = image.parent.parent if _in_bundle(image) else image
        if id(bundle) in reported:
            continue
        reported.add(id(bundle))
        logger.warning(
            "image without alternative text; say what it shows in %s",
            "mystnb: image: alt: of the cell" if _in_cell(image) else "its alt option",
            location=place(image),
            type="hardwired",
            subtype="alternative_text",
        )


def _in_bundle(image: nodes.Element) -> bool:
    parent = image.parent.parent if image.parent is not None else None
    return isinstance(parent, nodes.Element) and parent.get("nb_element") == "mime_bundle"


def _in_cell(image: nodes.Element) -> bool:
    node = image.parent
    while node is not None:
        if node.get("nb_element", "").startswith(("cell", "mime")):
            return True
        node = node.parent
    return False
