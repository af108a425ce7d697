"""What is made again when a file changes, and nothing else: a table."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

CELL = """```{code-cell} ipython3
%s
open(%r, "a").write("%s ")
```
"""
KERNEL = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---
"""
PAGES = ("index", "chapters/drawn", "chapters/modelled", "chapters/boxed", "back/readers")
# file touched -> (pages read again, pages written again, cells that ran again)
GATHER = {"index", "back/readers"}  # these follow the others, and are written in each build
TABLE = {
    "nothing": (set(), GATHER, set()),
    "book/_static/hardwired.css": (set(), set(PAGES), set()),
    "book/_templates/page.html": (set(), set(PAGES), set()),
    "book/changed.yml": (set(), GATHER | {"chapters/boxed"}, set()),
    "src/hardwired/pages/directives/boxes.py": (
        {"chapters/boxed"}, GATHER | {"chapters/boxed"}, set(),
    ),
    "src/hardwired/house/numbers.py": (set(PAGES), set(PAGES), set()),
    "src/hardwired/figures/chapters/skin.py": (
        {"chapters/drawn"}, GATHER | {"chapters/drawn"}, {"drawn"},
    ),
    "src/hardwired/models/catalogue/data/wounds-margin.csv": (
        {"chapters/modelled"}, GATHER | {"chapters/modelled"}, {"modelled"},
    ),
    # The models read the evidence too.
    "src/hardwired/evidence/data/studies.csv": (
        {"chapters/drawn", "chapters/modelled"},
        GATHER | {"chapters/drawn", "chapters/modelled"},
        {"drawn", "modelled"},
    ),
    "src/hardwired/evidence/data/provenance.csv": (set(), GATHER, set()),
    "src/hardwired/press/translator.py": (set(), GATHER, set()),
    "tests/book/second_reader/05-wounds.csv": ({"back/readers"}, GATHER, set()),
}  # fmt: skip

BUILD = """
import io, json, sys
from pathlib import Path
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

top, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
seen, said = {"read": [], "written": [], "packed": []}, io.StringIO()
for builder, written in (("html", "written"), ("epub", "packed")):
    with patch_docutils(), docutils_namespace():
        app = Sphinx(top / "book", None, top / builder, top / "doctrees", builder, settings,
                     status=None, warning=said)
        app.connect("source-read", lambda app, name, text: seen["read"].append(name))
        app.connect("html-page-context", lambda app, name, *more: seen[written].append(name))
        app.build()
print(json.dumps(seen | {"said": said.getvalue()}))
"""
SETTINGS = {
    "extensions": ["hardwired.pages"],
    "bibtex_bibfiles": [],
    "html_theme": "furo",
    "html_static_path": ["_static"],
    "templates_path": ["_templates"],
    "nb_execution_mode": "cache",
    "myst_enable_extensions": ["colon_fence"],
}


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out a small book beside a copy of the library."""
    top = tmp_path_factory.mktemp("made again")
    pycache = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src", top / "src", ignore=pycache)
    shutil.copytree(ROOT / "tests/book/second_reader", top / "tests/book/second_reader")
    shutil.copytree(ROOT / "book/_templates", top / "book/_templates")
    log = str(top / "ran")
    drawn = CELL % ("from hardwired import evidence, figures\nfigures.skin", log, "drawn")
    modelled = CELL % ("from hardwired import models\nm = 'wounds-margin'", log, "modelled")
    files = {
        "index.md": "# Book\n\n```{toctree}\n" + "\n".join(PAGES[1:]) + "\n```\n",
        "chapters/drawn.md": f"{KERNEL}\n# Drawn\n\n{drawn}",
        "chapters/modelled.md": f"{KERNEL}\n# Modelled\n\n{modelled}",
        "chapters/boxed.md": "# Boxed\n\n:::{box} method\n:title: A box\n\nText.\n:::\n",
        "back/readers.md": "# Readers\n\n```{second-readers}\n```\n",
        "changed.yml": "chapters/boxed: 2026-11-30\n",
        "_static/hardwired.css": "p { margin: 0 }\n",
    }
    for name, text in files.items():
        path = top / "book" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return top


@pytest.fixture(scope="module")
def build(top: Path) -> Callable[[], dict[str, set[str]]]:
    """Give a function that builds the small book with the copy, and tells what it did."""

    def make() -> dict[str, set[str]]:
        (top / "ran").write_text("")
        done = subprocess.run(
            [sys.executable, "-c", BUILD, str(top), json.dumps(SETTINGS)],
            env={"PYTHONPATH": str(top / "src"), "PATH": "/usr/bin:/bin", "HOME": str(top)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        seen = json.loads(done.stdout.splitlines()[-1])
        ran = set((top / "ran").read_text().split())
        known = {name: set(seen[name]) & set(PAGES) for name in ("read", "written", "packed")}
        return known | {"ran": ran, "said": seen["said"]}

    first = make()
    assert (first["read"], first["ran"]) == (set(PAGES), {"drawn", "modelled"}), first["said"]
    return make


@pytest.mark.ring("all")
@pytest.mark.parametrize("touched", TABLE)
def test_a_touched_file_makes_again_what_depends_on_it(
    touched: str, top: Path, build: Callable[[], dict[str, set[str]]]
) -> None:
    """Pages that are read and written again, cells that run again: what the table says."""
    path = top / touched
    if touched == "book/changed.yml":
        path.write_text("chapters/boxed: 2026-12-01\n", encoding="utf-8")
    elif touched != "nothing":
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")
    made = build()

    read, written, ran = TABLE[touched]
    assert (made["read"], made["written"], made["ran"]) == (read, written, ran)
    packed = GATHER if touched.startswith("book/_static") else written
    assert made["packed"] == packed, "of the EPUB"
