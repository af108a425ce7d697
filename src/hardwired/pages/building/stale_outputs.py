"""What must be made again although its own text is the same.

The notebook cache knows a cell by its text alone; a cell that draws a figure has the same text
before and after the figure's code was mended. And Sphinx knows a page by its own source: the
bibliography, which prints what the chapters cite, would keep what they cited last week.
"""

import hashlib
import shutil
from pathlib import Path

from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

import hardwired

ROOMS = ("evidence", "figures", "models")


def library_digest() -> str:
    """Return a hash over every source and data file that a cell can reach."""
    package = Path(hardwired.__file__).parent
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((package / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(package).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder(app: Sphinx) -> Path:
    """Return where myst-nb keeps the executed notebooks."""
    configured = app.config.nb_execution_cache_path
    return Path(configured) if configured else Path(app.outdir).parent / ".jupyter_cache"


def forget_outputs(app: Sphinx) -> None:
    """Empty the notebook cache when the library has changed since it was filled."""
    folder, digest = cache_folder(app), library_digest()
    mark = folder / "hardwired-library"
    if folder.exists() and (not mark.exists() or mark.read_text() != digest):
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    mark.write_text(digest)


def outdated(app: Sphinx, env: BuildEnvironment, *changes: set[str]) -> list[str]:
    """Return the pages with code cells that were read with another library, or failed."""
    digest = library_digest()
    known = getattr(env, "hardwired_library", None)
    env.hardwired_library = digest  # type: ignore[attr-defined]
    pages = []
    for docname in env.found_docs:
        result = NbMetadataCollector.get_exec_data(env, docname)
        if result and (known != digest or result["succeeded"] is False):
            pages.append(docname)
    return pages


def gathered(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that gather from the chapters, to be written after any change.

    These are all others: the catalogues print what chapters hold, and a citation in the preface
    leads to the reference list of a chapter.
    """
    return [name for name in env.found_docs if not name.startswith("chapters/")]
