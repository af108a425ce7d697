"""YAML read safely, with the line of every mapping and every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hardwired.evidence.problems import Problem

_BASE: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Lined(dict):
    """A mapping that remembers the line of itself and of each of its keys.

    Attributes
    ----------
    line
        Line on which the mapping begins, counted from 1.
    lines
        Line of each key.
    """

    line: int
    lines: dict[str, int]

    def at(self, key: str) -> int:
        """Return the line of `key`, or that of the mapping when the key is missing."""
        return self.lines.get(key, self.line)


class _DuplicateKeyError(yaml.MarkedYAMLError):
    """A key stands twice in one mapping."""


class _LinedLoader(_BASE):
    """Safe loader that makes :class:`Lined` of mappings and refuses duplicate keys."""


def _construct_mapping(loader: Any, node: yaml.MappingNode) -> Any:
    mapping = Lined()
    mapping.line = node.start_mark.line + 1
    mapping.lines = {}
    yield mapping
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise _DuplicateKeyError(
                problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
            )
        mapping.lines[key] = key_node.start_mark.line + 1
        mapping[key] = loader.construct_object(value_node, deep=True)


_LinedLoader.add_constructor("tag:yaml.org,2002:map", _construct_mapping)


def read(path: Path, shown: str) -> tuple[Any, list[Problem]]:
    """Read a YAML file.

    Parameters
    ----------
    path
        The file.
    shown
        Its name in messages.

    Returns
    -------
    content, problems
        The content with :class:`Lined` mappings, or None and what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None, [Problem(shown, 0, "the file is missing", "restore it or its name")]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return None, [Problem(shown, line, "not UTF-8", "save the file as UTF-8")]
    try:
        return yaml.load(text, Loader=_LinedLoader), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        what = f"broken YAML ({error.problem})"
        return None, [Problem(shown, line, what, "mend the indentation, quotes or colon there")]
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        return None, [Problem(shown, 0, f"broken YAML ({reason})", "remove the odd character")]
