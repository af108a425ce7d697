"""A page that gathers from the others follows them, although its own source is the same."""

import io

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.pages.conftest import CONFIGURATION

pytestmark = pytest.mark.ring("test")  # builds a sample book

CITED = "# Chapter\n\nTold by {cite:t}`%s`.\n"


def test_bibliography_follows_a_changed_chapter(tmp_path):
    """A work that a chapter newly cites stands in the bibliography after a second build."""
    (tmp_path / "back").mkdir()
    (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\nchapter\nback/list\n```\n")
    (tmp_path / "back/list.md").write_text("# List\n\n```{bibliography}\n:cited:\n```\n")

    for key, found in (("kiecolt1995slowing", False), ("ader1993psychoneuroimmunology", True)):
        (tmp_path / "chapter.md").write_text(CITED % key)
        with patch_docutils(), docutils_namespace():
            Sphinx(
                srcdir=tmp_path,
                confdir=None,
                outdir=tmp_path / "_build",
                doctreedir=tmp_path / "_doctrees",
                buildername="html",
                confoverrides=CONFIGURATION | {"exclude_patterns": ["_build", "_doctrees"]},
                status=io.StringIO(),
                warning=io.StringIO(),
            ).build()
        page = (tmp_path / "_build/back/list.html").read_text(encoding="utf-8")
        assert ("Ader" in page) is found
