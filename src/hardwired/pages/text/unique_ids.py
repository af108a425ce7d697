"""No id stands twice on a page: furo's wrappers around tables and formulas give theirs back.

Furo puts each table and formula into a container that scrolls, and copies the ids to it.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

WRAPPERS = {"table-wrapper", "math-wrapper"}


class UniqueIds(SphinxPostTransform):
    """Take the ids off a wrapper whose content has them."""

    formats = ("html",)

    def run(self, **kwargs: Any) -> None:
        """Clear the ids of every wrapper."""
        for wrapper in self.document.findall(nodes.container):
            if WRAPPERS & set(wrapper["classes"]):
                inside = {name for child in wrapper.children for name in child.get("ids", [])}
                wrapper["ids"] = [name for name in wrapper["ids"] if name not in inside]
