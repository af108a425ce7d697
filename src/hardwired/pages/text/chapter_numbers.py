"""Chapters are numbered by their file names: ``05-wounds`` is chapter 5, whatever stands before it.

Sphinx counts the documents of a toctree; while some chapters are still unwritten that count is
not the chapter's number. Figures, tables and equations follow the chapter.
"""

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

CHAPTER = re.compile(r"(?:.*/)?chapters/(\d\d)-[^/]+$")


def chapter_number(docname: str) -> int | None:
    """Return the number in a chapter's file name, or None for another page."""
    match = CHAPTER.fullmatch(docname)
    return int(match.group(1)) if match else None


def _set_number(env: BuildEnvironment, docname: str, number: int) -> None:
    """Put a number first in every section and figure number of a page."""
    env.toc_secnumbers[docname] = {
        anchor: (number, *rest) for anchor, (_, *rest) in env.toc_secnumbers[docname].items()
    }
    env.toc_fignumbers[docname] = {
        kind: {node_id: (number, *rest) for node_id, (_, *rest) in numbers.items()}
        for kind, numbers in env.toc_fignumbers.get(docname, {}).items()
    }
    titled = [*env.tocs[docname].findall(nodes.reference), env.titles[docname]]
    for node in titled:
        if node.get("secnumber"):
            node["secnumber"] = (number, *node["secnumber"][1:])


def count_as_sphinx_does(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Take our numbers back, so that Sphinx sees no change where there is none."""
    for docname, number in getattr(env, "hardwired_sphinx_numbers", {}).items():
        if env.toc_secnumbers.get(docname):
            _set_number(env, docname, number)
    return []


def renumber(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Replace the first component of every number of a chapter; return the pages that changed."""
    before = getattr(env, "hardwired_sphinx_numbers", {})
    counted = {}
    for docname, sections in env.toc_secnumbers.items():
        number = chapter_number(docname)
        if number is not None and sections:
            counted[docname] = next(iter(sections.values()))[0]
            _set_number(env, docname, number)
    env.hardwired_sphinx_numbers = counted  # type: ignore[attr-defined]
    return [docname for docname in counted if docname not in before]


def setup(app: Sphinx) -> dict[str, Any]:
    """Run before and after Sphinx's own toctree collector (priority 500)."""
    app.connect("env-get-updated", count_as_sphinx_does, priority=100)
    app.connect("env-get-updated", renumber, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
