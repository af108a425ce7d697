"""What a careless author writes stops the build, each fault with one line: file, line, what."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.ring("test")

PAGE = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3}
---

# A careless page

An unknown work {cite:p}`nobody1900nothing`.

See {numref}`fig-that-is-not-there`.

:::{claim} C99
:::

:::{box} gossip Said the fox
Nothing.
:::

![](picture.svg)

```{code-cell} ipython3
scale = 1
print(scale / 0)
```
"""

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9"/></svg>'

BIB = """@article{known2000work,
  author = {Known, A.},
  title = {A known work},
  journal = {Journal},
  year = {2000},
}
"""


@pytest.fixture(scope="module")
def careless(tmp_path_factory, root) -> subprocess.CompletedProcess[str]:
    """Build a small book full of faults with the real configuration; return what was printed."""
    folder = tmp_path_factory.mktemp("careless")
    book = folder / "book"
    book.mkdir()
    shutil.copy(root / "book/_config.yml", book)
    (book / "_templates").symlink_to(root / "book/_templates")
    (folder / "references.bib").write_text(BIB)
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: index\nchapters:\n- file: chapters/01-careless\n"
    )
    (book / "index.md").write_text("# Book\n\n{cite:t}`known2000work`\n\n```{bibliography}\n```\n")
    (book / "chapters").mkdir()
    (book / "chapters/01-careless.md").write_text(PAGE)
    (book / "chapters/02-forgotten.md").write_text("# Forgotten\n")
    (book / "chapters/picture.svg").write_text(PICTURE)
    return subprocess.run(
        [Path(sys.executable).with_name("jupyter-book"), "build", book, "-W", "-n", "--keep-going"],
        capture_output=True,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "PYTHONWARNINGS": "ignore"},
        check=False,
    )


def line_of(text: str) -> int:
    """Return the line of the careless page on which a text stands."""
    return PAGE[: PAGE.index(text)].count("\n") + 1


def test_build_fails(careless):
    """Warnings are errors."""
    assert careless.returncode != 0


@pytest.mark.parametrize(
    ("what", "line", "message"),
    [
        ("unknown citation", "nobody1900", 'could not find bibtex key "nobody1900nothing"'),
        ("broken reference", "fig-that", "fig-that-is-not-there"),
        ("unknown claim", ":::{claim}", "C99"),
        ("unknown box", ":::{box}", "box 'gossip' is of no known kind"),
        ("no alternative text", "![](", "alternative text"),
        ("failing cell", "scale = 1", "code cell 'scale = 1' failed: ZeroDivisionError"),
    ],
)
def test_fault_is_named_with_file_and_line(careless, what, line, message):
    """One line of the output has the page, the line and what is wrong."""
    output = re.sub(r"\x1b\[[0-9;]*m", "", careless.stdout + careless.stderr)
    wanted = f"01-careless.md:{line_of(line)}:"

    assert [row for row in output.splitlines() if wanted in row and message in row], output


def test_chapter_missing_from_the_contents_is_named(careless):
    """A page that no contents list names is an error that names it."""
    rows = [r for r in (careless.stdout + careless.stderr).splitlines() if "02-forgotten" in r]

    assert any("isn't included in any toctree" in row for row in rows)
