"""The author's guide shows every directive, in every format, and each becomes what it became.

A snippet of ``guide/snippets`` is the documentation of its directive and its regression test: the
blocks that it becomes are those in ``skeletons.yml``, whatever its data say today. Where a change
is meant, ``HARDWIRED_RENEW=1 pytest tests/pages/test_guide.py`` writes the file anew.
"""

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from hardwired import pages
from tests.conftest import ROOT

pytestmark = pytest.mark.ring("test")  # builds a sample book

GUIDE = ROOT / "guide"
SNIPPETS = sorted(path.stem for path in (GUIDE / "snippets").glob("*.md"))
SKELETONS = Path(__file__).with_name("skeletons.yml")
RENEW = bool(os.environ.get("HARDWIRED_RENEW"))


def build(folder: Path, builder: str) -> tuple[Sphinx, str]:
    """Build the guide into a folder; return the application and what it warned of."""
    warnings = io.StringIO()
    with patch_docutils(str(GUIDE)), docutils_namespace():
        app = Sphinx(
            GUIDE, GUIDE, folder / builder, folder / "trees", builder,
            status=None, warning=warnings,
        )  # fmt: skip
        app.build()
    return app, re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Return a folder for all builds of the guide."""
    return tmp_path_factory.mktemp("guide")


@pytest.fixture(scope="module")
def shown(folder) -> dict[str, nodes.Element]:
    """Build the web pages; return what each snippet has become."""
    app, warnings = build(folder, "html")
    assert warnings == ""
    tree = app.env.get_and_resolve_doctree("directives", app.builder)
    found = {}
    for container in tree.findall(nodes.container):
        for name in container["classes"]:
            if name.startswith("guide-"):
                found[name.removeprefix("guide-")] = container
    return found


def blocks(node: nodes.Node, above: str = "") -> Iterator[str]:
    """Yield the way to each block below a node, by kind and class; not what stands in a line."""
    for child in node.children:
        if not isinstance(child, nodes.Element) or isinstance(child, nodes.Inline):
            continue
        place = ".".join([child.tagname, *child.get("classes", ())])
        way = f"{above} > {place}" if above else place
        yield way
        if not isinstance(child, nodes.TextElement):
            yield from blocks(child, way)


def test_every_directive_and_role_has_a_snippet_that_the_guide_shows():
    """Who adds a directive writes a snippet for it; who takes one out takes its snippet out."""
    text = (GUIDE / "directives.md").read_text(encoding="utf-8")

    assert sorted({*pages.DIRECTIVES, *pages.ROLES}) == SNIPPETS
    assert sorted(re.findall(r"^```\{snippet\} (\S+)$", text, re.MULTILINE)) == SNIPPETS


@pytest.mark.parametrize("name", SNIPPETS)
def test_a_snippet_becomes_the_blocks_that_it_became(shown, name):
    """Kinds and classes of blocks are what style sheets, the EPUB and the press rely on."""
    kept = yaml.safe_load(SKELETONS.read_text(encoding="utf-8")) if SKELETONS.exists() else {}
    found = list(dict.fromkeys(blocks(shown[name])))
    if RENEW:
        kept[name] = found
        SKELETONS.write_text(yaml.safe_dump(kept, allow_unicode=True, width=100), encoding="utf-8")

    assert found == kept[name]


@pytest.mark.parametrize("builder", ["epub", "typst"])
def test_the_guide_is_an_epub_and_a_pdf_too(shown, folder, builder):
    """No format refuses what a directive makes."""
    app, warnings = build(folder, builder)

    assert warnings == ""
    assert app.statuscode == 0


def test_reading_in_two_processes_gives_the_same_pages(tmp_path):
    """What is noted of a page comes home from the process that read it."""
    (tmp_path / "one/chapters").mkdir(parents=True)
    for number in range(8):
        text = f"# Page {number}\n\n```{{model}} wounds-margin\n:name: fig-{number}\n```\n"
        (tmp_path / f"one/chapters/0{number}-page.md").write_text(text, encoding="utf-8")
    index = "# Book\n\n```{toctree}\n:glob:\n\nchapters/*\n```\n"
    (tmp_path / "one/index.md").write_text(index, encoding="utf-8")
    written = []
    for jobs in (1, 2):
        out = tmp_path / str(jobs)
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                tmp_path / "one", None, out, tmp_path / f"trees{jobs}", "html",
                {"extensions": ["hardwired.pages"], "nb_execution_mode": "off", "numfig": True,
                 "bibtex_bibfiles": [str(ROOT / "references.bib")], "html_theme": "furo",
                 "templates_path": [str(ROOT / "book/_templates")],
                 "bibtex_default_style": "hardwired", "bibtex_reference_style": "hardwired"},
                status=None, warning=None, parallel=jobs,
            )  # fmt: skip
            app.build()
        notes = app.env.hardwired_notes["models"]
        page = (out / "chapters/07-page.html").read_text(encoding="utf-8")
        written.append((notes, re.sub(r"hw-explorer-\d+", "", page)))

    assert len(written[0][0]) == 9
    assert written[0] == written[1]
