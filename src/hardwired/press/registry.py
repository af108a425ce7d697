"""Which function writes which node: one handler a node type, one a class of ours.

A handler takes the translator and the node and returns Typst markup. Handlers are looked up by
class attribute first (``hw-box``), then by the node's type and the types it derives from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docutils import nodes

__all__ = ["BY_CLASS", "BY_TYPE", "find", "writes", "writes_class"]

#: Takes the translator, which knows this registry and not the other way round, and the node.
Handler = Callable[[Any, Any], str]

BY_TYPE: dict[str, Handler] = {}
BY_CLASS: dict[str, Handler] = {}


def writes(*node_types: str) -> Callable[[Handler], Handler]:
    """Register a handler for node types, named as docutils names their classes."""

    def register(handler: Handler) -> Handler:
        BY_TYPE.update(dict.fromkeys(node_types, handler))
        return handler

    return register


def writes_class(*classes: str) -> Callable[[Handler], Handler]:
    """Register a handler for nodes that carry one of these classes."""

    def register(handler: Handler) -> Handler:
        BY_CLASS.update(dict.fromkeys(classes, handler))
        return handler

    return register


def find(node: nodes.Element) -> Handler | None:
    """Give the handler of a node, or None if nobody knows it."""
    for name in node.get("classes", ()):
        if name in BY_CLASS:
            return BY_CLASS[name]
    for kind in type(node).__mro__:
        if kind in (nodes.Element, nodes.TextElement, nodes.Node, object):
            return None
        if kind.__name__ in BY_TYPE:
            return BY_TYPE[kind.__name__]
    return None
