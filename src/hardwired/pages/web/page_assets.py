"""What a page loads: a short list of known scripts and styles, and nothing else.

Sphinx, the theme and myst-nb bring more than the book uses. What is not named here is taken off
the page and out of the built folder.
"""

from importlib import metadata
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

SCRIPTS = {"_static/hardwired.js", "_static/scripts/furo.js"}
SEARCH_SCRIPTS = {"_static/search.js"}
QUIZ_SCRIPTS = {"_static/quiz.js"}
# What a script of the theme says of its licence, in the file that it names.
LICENCES = {"_static/scripts/furo.js.LICENSE.txt"}
STYLES = {
    "_static/hardwired.css",
    "_static/first.css",
    "_static/margin.css",
    "_static/pygments.css",
    "_static/styles/furo.css",
}


def _name(asset: Any) -> str:
    """Return the path of an asset without query, for a plain string or a Sphinx asset object."""
    return str(getattr(asset, "filename", asset)).split("?")[0]


def keep_known_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Filter the scripts and styles of one page."""
    scripts = SCRIPTS | SEARCH_SCRIPTS if pagename == "search" else SCRIPTS
    if "hw-quiz-item" in context.get("body", ""):
        scripts = scripts | QUIZ_SCRIPTS
    context["script_files"] = [a for a in context["script_files"] if _name(a) in scripts]
    context["css_files"] = [a for a in context["css_files"] if _name(a) in STYLES]


def remove_unused_files(app: Sphinx, exception: Exception | None) -> None:
    """Delete from the built ``_static`` what no page asks for."""
    if exception or app.builder.name not in {"html", "dirhtml"}:
        return
    out = Path(app.outdir)
    known = SCRIPTS | SEARCH_SCRIPTS | QUIZ_SCRIPTS | STYLES | LICENCES
    own = Path(app.confdir) / "_static"
    ours = {f"_static/{path.relative_to(own)}" for path in own.rglob("*")}
    static = out / "_static"
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.relative_to(out).as_posix() not in known | ours:
            path.unlink()


def ship_licence(app: Sphinx, exception: Exception | None) -> None:
    """Lay the theme's licence beside its style sheet, as that licence asks."""
    styles = Path(app.outdir) / "_static/styles"
    if exception or not styles.is_dir():
        return
    for file in metadata.files("furo") or []:
        if file.name == "LICENSE":
            text = file.read_text(encoding="utf-8")
            (styles / "furo.LICENSE.txt").write_text(text, encoding="utf-8")
