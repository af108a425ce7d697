"""``_static/glossary.js``: what every term means, for the cards that ``hardwired.js`` shows.

A page asks for the file when a reader first points at a term; as a script it also loads from disk.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

__all__ = ["meanings"]

FILE = "_static/glossary.js"


def meanings(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return term and definition by the anchor of each glossary entry."""
    objects = env.get_domain("std").get_objects()
    pages = sorted({entry[3] for entry in objects if entry[2] == "term"})
    found = {}
    for page in pages:
        for glossary in env.get_doctree(page).findall(addnodes.glossary):
            for item in glossary.findall(nodes.definition_list_item):
                words = " ".join(p.astext() for p in item.findall(nodes.paragraph))
                for term in item.findall(nodes.term):
                    for anchor in term["ids"]:
                        name = "".join(t.astext() for t in term.findall(nodes.Text))
                        found[anchor] = [name, " ".join(words.split())]
    return found


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the file of a finished web build."""
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    data = json.dumps(meanings(app.env), ensure_ascii=False, separators=(",", ":"))
    (Path(app.outdir) / FILE).write_text(f"hardwiredSay({data});\n", encoding="utf-8")
