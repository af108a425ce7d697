"""The accessibility tree of a page of each kind is kept: a change in it is seen in review.

What is kept, in ``trees.yml``, is the frame: landmarks, headings, forms and buttons with their
names, one link for a run of links. The text of the book changes every day and is not kept. Where a
change is meant, ``HARDWIRED_RENEW=1 pytest tests/book/test_trees.py`` writes the file anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.book.test_pages import HTML

pytestmark = [pytest.mark.needs("book"), pytest.mark.browser]

TREES = Path(__file__).with_name("trees.yml")
RENEW = bool(os.environ.get("HARDWIRED_RENEW"))
#: Pages and the parts of them that are kept, in a window of this width.
KEPT = {
    "frame of a chapter": ("chapters/05-wounds.html", "body", 1500),
    "frame of a chapter on a phone": ("chapters/05-wounds.html", "body", 390),
    "search": ("search.html", "article", 1280),
    "no such page": ("404.html", "article", 1280),
    "map of the first page": ("index.html", ".hw-map-parts", 1280),
    "explorer": ("chapters/05-wounds.html", ".hw-explorer", 1280),
}
#: Roles whose names are the book's text, or of which one stands for a run.
NAMELESS = {"link", "listitem", "text", "paragraph", "strong", "emphasis", "generic"}


def _lines(tree: Any, depth: int = 0) -> Iterator[str]:
    """Yield the nodes of a tree by depth, role and name; a run of equal lines once."""
    last = None
    for node in tree if isinstance(tree, list) else [tree]:
        parts = node.items() if isinstance(node, dict) else [(str(node), None)]
        for head, inside in parts:
            role = re.match(r"/?\w+", head)
            assert role is not None, head
            if role[0].startswith("/"):
                continue  # the address of a link
            line = "  " * depth + (role[0] if role[0] in NAMELESS else head)
            below = list(_lines(inside, depth + 1)) if isinstance(inside, list) else []
            if [line, *below] != last:
                yield line
                yield from below
            last = [line, *below]


@pytest.mark.parametrize("name", KEPT)
def test_the_tree_of_a_page_is_the_one_that_was_reviewed(browser: Any, name: str) -> None:
    """Roles and names of the frame, in their order."""
    page, part, width = KEPT[name]
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    try:
        view = context.new_page()
        view.goto((HTML / page).as_uri())
        view.wait_for_load_state("load")
        if part == "body":
            view.evaluate(
                "document.querySelectorAll('article, .toc-tree').forEach(n => n.replaceChildren())"
            )
        tree = yaml.safe_load(view.locator(part).first.aria_snapshot())
    finally:
        context.close()
    found = list(_lines(tree))
    kept = yaml.safe_load(TREES.read_text(encoding="utf-8")) if TREES.exists() else {}
    if RENEW:
        kept[name] = found
        TREES.write_text(yaml.safe_dump(kept, allow_unicode=True, width=100), encoding="utf-8")

    assert found
    assert found == kept[name]
