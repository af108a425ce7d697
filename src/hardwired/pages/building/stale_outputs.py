"""What must be made again although its own text is the same, and nothing else.

Three things are kept: with the executed cells, what each page's cells were run with; with Sphinx's
environment, what each page was read with; with what was written, the style and the dates that are
in it. What all pages are made with is the version of the environment (`made_of.common`).
"""

from __future__ import annotations

import json
from pathlib import Path

from jupyter_cache import get_cache
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from hardwired.pages.building import changed, made_of

__all__ = ["cache_folder", "gathered", "outdated"]

MARK = "hardwired-made-of.json"


def cache_folder(app: Sphinx) -> Path:
    """Return where myst-nb keeps the executed notebooks."""
    configured = app.config.nb_execution_cache_path
    return Path(configured) if configured else Path(app.outdir).parent / ".jupyter_cache"


def _kept(path: Path) -> dict[str, str]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _keep(path: Path, what: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(what, indent=1, sort_keys=True), encoding="utf-8")


def outdated(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Forget the outputs of cells whose library changed; return the pages to be read again."""
    folder = cache_folder(app)
    ran, read = _kept(folder / MARK), getattr(env, "hardwired_made_of", {})
    run_now, read_now = {}, {}
    for docname in sorted(env.found_docs):
        cells, directives = made_of.files_of(app, docname)
        if cells:
            run_now[docname] = made_of.digest(cells)
        read_now[docname] = made_of.digest(cells | directives)
    _forget(app, folder, [name for name in run_now if run_now[name] != ran.get(name)])
    _keep(folder / MARK, run_now)
    env.hardwired_made_of = read_now  # type: ignore[attr-defined]
    return [
        name
        for name in read_now
        if name in env.all_docs and (read_now[name] != read.get(name) or _failed(env, name))
    ]


def _failed(env: BuildEnvironment, docname: str) -> bool:
    result = NbMetadataCollector.get_exec_data(env, docname)
    return bool(result) and result["succeeded"] is False


def _forget(app: Sphinx, folder: Path, docnames: list[str]) -> None:
    """Take the executed cells of some pages out of the cache."""
    if not docnames or not (folder / "global.db").is_file():
        return
    cache = get_cache(str(folder))
    gone = {str(app.env.doc2path(name)) for name in docnames}
    for record in cache.list_cache_records():
        if record.uri in gone:
            cache.remove_cache(record.pk)


def gathered(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to be written again: those that gather, and those whose making moved.

    The pages outside the chapters gather: the catalogues print what chapters hold, and a citation
    in the preface leads to the reference list of a chapter. A page that another format's build has
    read again, since what its directives draw with changed, is as new for this format.
    """
    days = {name: day.isoformat() for name, day in changed.dates(Path(app.srcdir)).items()}
    made = env.hardwired_made_of  # type: ignore[attr-defined]
    now = {name: f"{days.get(name, '')} {made[name]}" for name in env.found_docs}
    now["*"] = f"{_style(app)} {made_of.common()}"
    path = Path(app.doctreedir) / f"hardwired-written-{app.builder.name}.json"
    before = _kept(path)
    _keep(path, now)
    if before.get("*", now["*"]) != now["*"]:
        return sorted(env.found_docs)
    moved = {name for name in env.found_docs if before.get(name, now[name]) != now[name]}
    return sorted(moved | {name for name in env.found_docs if not name.startswith("chapters/")})


def _style(app: Sphinx) -> str:
    """Return a digest of what this builder's pages bear: styles and scripts, or the EPUB's own."""
    if app.builder.name == "epub":
        folders = [made_of.PACKAGE / "pages/epub"]
    else:
        folders = [Path(app.confdir or app.srcdir, name) for name in app.config.html_static_path]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return made_of.digest(path for path in files if "__pycache__" not in path.parts)
