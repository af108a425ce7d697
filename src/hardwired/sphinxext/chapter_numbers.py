"""Chapters are numbered by their file names: ``05-wounds`` is chapter 5, whatever stands before it.

Sphinx counts the documents of a toctree; while some chapters are still unwritten that count is
not the chapter's number. Figures, tables and equations follow the chapter.
"""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

CHAPTER = re.compile(r"(?:.*/)?chapters/(\d\d)-[^/]+$")


def chapter_number(docname: str) -> int | None:
    """Return the number in a chapter's file name, or None for another page."""
    match = CHAPTER.fullmatch(docname)
    return int(match.group(1)) if match else None


def renumber(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Replace the first component of every number of a chapter; return the pages that changed."""
    changed = []
    for docname, sections in env.toc_secnumbers.items():
        number = chapter_number(docname)
        if number is None or not sections:
            continue
        before = next(iter(sections.values()))[0]
        if before == number:
            continue
        changed.append(docname)
        env.toc_secnumbers[docname] = {
            anchor: (number, *rest) for anchor, (_, *rest) in sections.items()
        }
        env.toc_fignumbers[docname] = {
            kind: {node_id: (number, *rest) for node_id, (_, *rest) in numbers.items()}
            for kind, numbers in env.toc_fignumbers.get(docname, {}).items()
        }
        for reference in env.tocs[docname].findall(lambda n: hasattr(n, "attributes")):
            if reference.get("secnumber"):
                reference["secnumber"] = (number, *reference["secnumber"][1:])
        title = env.titles[docname]
        if title.get("secnumber"):
            title["secnumber"] = (number, *title["secnumber"][1:])
    return changed


def setup(app: Sphinx) -> dict[str, Any]:
    """Run after Sphinx's own toctree collector (priority 500)."""
    app.connect("env-get-updated", renumber, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
