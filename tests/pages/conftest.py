"""A small Sphinx project with our evidence directives, built for a test."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import pytest
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.conftest import ROOT
from tests.sphinx_defaults import source_suffixes_as_sphinx_ships_them  # noqa: F401

CONFIGURATION = {
    "extensions": ["hardwired.pages"],
    "nb_execution_mode": "off",
    "project": "Test",
    "html_theme": "furo",
    "html_static_path": [str(ROOT / "book/_static")],
    "html_css_files": ["hardwired.css"],
    "html_js_files": ["hardwired.js", "quiz.js", "search.js"],
    "templates_path": [str(ROOT / "book/_templates")],
    "html_math_renderer": "mathml",
    "bibtex_bibfiles": [str(ROOT / "references.bib")],
    "bibtex_default_style": "hardwired",
    "bibtex_reference_style": "hardwired",
    "bibtex_tooltips": False,
    "suppress_warnings": ["bibtex.duplicate_citation", "bibtex.duplicate_label"],
    "nitpicky": True,
    "numfig": True,
    "myst_enable_extensions": ["colon_fence", "dollarmath"],
}


@dataclass(frozen=True)
class Built:
    """A project that was built: where, what was warned of, and its pages."""

    folder: Path
    warnings: str
    app: Sphinx

    def page(self, name: str = "index") -> lxml.html.HtmlElement:
        """Return a page as parsed HTML."""
        return lxml.html.parse(str(self.folder / f"{name}.html")).getroot()

    def doctree(self, name: str = "index") -> nodes.document:
        """Return the resolved doctree of a page."""
        return self.app.env.get_and_resolve_doctree(name, self.app.builder)


@pytest.fixture(scope="session")
def build(tmp_path_factory) -> Callable[..., Built]:
    """Return a function that builds pages given as name=text."""

    def make(builder: str = "html", files: dict[str, str] | None = None, **pages: str) -> Built:
        source = tmp_path_factory.mktemp("project")
        written = {f"{name}.md": text for name, text in pages.items()} | (files or {})
        for name, text in written.items():
            path = source / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        warnings = io.StringIO()
        with patch_docutils(), docutils_namespace():
            app = Sphinx(
                srcdir=source,
                confdir=None,
                outdir=source / "_build",
                doctreedir=source / "_doctrees",
                buildername=builder,
                confoverrides=CONFIGURATION | {"exclude_patterns": ["_build", "_doctrees"]},
                status=io.StringIO(),
                warning=warnings,
                freshenv=True,
            )
            app.build()
        return Built(source / "_build", warnings.getvalue(), app)

    return make
