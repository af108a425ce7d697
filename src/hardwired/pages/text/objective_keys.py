"""Keys of objectives (``**o1**``) are for quizzes and exercises; a reader gets the objective."""

from __future__ import annotations

import re

from docutils import nodes
from docutils.transforms import Transform

__all__ = ["WithoutKeys"]

_KEY = re.compile(r"o\d+")


class WithoutKeys(Transform):
    """Number the objectives of a chapter in place of their keys."""

    def apply(self, **kwargs: object) -> None:
        """Turn each list whose items all begin with a key into a numbered list without keys."""
        for bullets in list(self.document.findall(nodes.bullet_list)):
            keys = [_key(item) for item in bullets.children]
            if not all(keys):
                continue
            for key in filter(None, keys):
                _take_out(key)
            numbered = nodes.enumerated_list(
                "", *bullets.children, enumtype="arabic", prefix="", suffix="."
            )
            numbered.source, numbered.line = bullets.source, bullets.line
            bullets.replace_self(numbered)


def _key(item: nodes.Node) -> nodes.strong | None:
    """Return the strong key with which an item of a list begins."""
    texts = [text for text in item.findall(nodes.Text) if text.astext()]
    key = texts[0].parent if texts else None
    return key if isinstance(key, nodes.strong) and _KEY.fullmatch(key.astext()) else None


def _take_out(key: nodes.strong) -> None:
    """Take a key out, with the space that follows it."""
    paragraph = key.parent
    place = paragraph.index(key)
    after = paragraph[place + 1]
    paragraph[place + 1] = nodes.Text(after.astext().lstrip())
    del paragraph[place]
