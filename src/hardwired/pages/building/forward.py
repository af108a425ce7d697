"""Build the pages without Jupyter Book, from the same ``_config.yml``, with the newest Sphinx.

``python -m hardwired.pages.building.forward book OUT`` proves that the book is not tied to
the release of Sphinx that Jupyter Book 1 needs. Warnings are errors, as in the ordinary build.
"""

import sys
from pathlib import Path
from typing import Any

import sphinx
import yaml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils


def settings(book: Path) -> dict[str, Any]:
    """Return the Sphinx settings that Jupyter Book would make of ``_config.yml``.

    Parameters
    ----------
    book
        The folder with ``_config.yml`` and ``_toc.yml``.
    """
    config = yaml.safe_load((book / "_config.yml").read_text(encoding="utf-8"))
    settings = dict(config["sphinx"]["config"])
    settings["extensions"] = [name for name in settings["extensions"] if name != "jupyter_book"]
    own = [path.name for path in (book / "_static").iterdir()]
    return {
        "project": config["title"],
        "author": config["author"],
        "copyright": config["copyright"],
        "exclude_patterns": config["exclude_patterns"],
        "external_toc_path": "_toc.yml",
        "external_toc_exclude_missing": config["only_build_toc_files"],
        "myst_enable_extensions": config["parse"]["myst_enable_extensions"],
        "nb_execution_mode": config["execute"]["execute_notebooks"],
        "nb_execution_timeout": config["execute"]["timeout"],
        "nb_output_stderr": config["execute"]["stderr_output"],
        "html_static_path": ["_static"],
        "html_css_files": sorted(name for name in own if name.endswith(".css")),
        "html_js_files": sorted(name for name in own if name.endswith(".js")),
        **settings,
    }


def build(book: Path, out: Path) -> int:
    """Build the pages and return Sphinx's status; the environment is made anew."""
    with patch_docutils(str(book)), docutils_namespace():
        app = Sphinx(
            srcdir=book,
            confdir=None,
            outdir=out / "html",
            doctreedir=out / ".doctrees",
            buildername="html",
            confoverrides={"nitpicky": True, **settings(book)},
            freshenv=True,
            warningiserror=True,
        )
        app.build()
    print(f"built with Sphinx {sphinx.__version__}: {out / 'html' / 'index.html'}")
    return app.statuscode


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
