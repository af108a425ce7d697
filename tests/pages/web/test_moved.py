"""A page that has moved leaves a sign at its old address, under any path of any host."""

import io

import lxml.html
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.conftest import ROOT


def test_old_address_leads_to_the_new_page(tmp_path):
    """Link, refresh and canonical address are relative and lead to the page that is there."""
    (tmp_path / "chapters").mkdir()
    (tmp_path / "index.md").write_text("# Book\n\n```{toctree}\nchapters/new\n```\n")
    (tmp_path / "chapters/new.md").write_text("# New\n")
    with patch_docutils(), docutils_namespace():
        Sphinx(
            srcdir=tmp_path,
            confdir=None,
            outdir=tmp_path / "_build",
            doctreedir=tmp_path / "_doctrees",
            buildername="html",
            confoverrides={
                "extensions": ["myst_parser", "sphinx_reredirects"],
                "redirects": {"chapters/old": "/chapters/new.html"},
                "redirect_html_template_file": str(ROOT / "book/_templates/moved.html"),
            },
            status=io.StringIO(),
            warning=io.StringIO(),
        ).build()

    sign = tmp_path / "_build/chapters/old.html"
    tree = lxml.html.parse(str(sign)).getroot()
    (link,) = tree.xpath("//a/@href")

    assert (sign.parent / link).resolve() == tmp_path / "_build/chapters/new.html"
    assert tree.xpath("//link[@rel='canonical']/@href") == [link]
    assert tree.xpath("//meta[@http-equiv='refresh']/@content") == [f"0; url={link}"]
