"""What the tests of the PDF builder share: builds of small books, compiled and read back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import typst
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from tests.sphinx_defaults import source_suffixes_as_sphinx_ships_them  # noqa: F401

SINK = Path(__file__).parent / "book"
EPOCH = "1767225600"


@dataclass(frozen=True)
class Build:
    """A finished build: where it went and what it said."""

    app: Sphinx
    out: Path
    said: str
    status: int

    @property
    def pdf(self) -> Path:
        """The PDF of the whole book."""
        return self.out.parent / "pdf" / "hardwired.pdf"

    def source(self, page: str) -> str:
        """Give the Typst source of a page without the marks of its places."""
        text = (self.out / f"{page}.typ").read_text(encoding="utf-8")
        return re.sub(r"/\*@.+?\*/", "", text)


def build(source: Path, folder: Path, **settings: object) -> Build:
    """Build a book into a folder with the builder under test."""
    said = io.StringIO()
    out = folder / "_build" / "typst"
    with patch_docutils(str(source)), docutils_namespace():
        app = Sphinx(
            str(source), str(source), str(out), str(folder / "doctrees"), "typst",
            confoverrides=dict(settings), status=None, warning=said,
        )  # fmt: skip
        app.build()
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())
    return Build(app, out, text, app.statuscode)


@pytest.fixture(autouse=True)
def _fixed_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)


@pytest.fixture(scope="session")
def cell_cache(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give the folder in which the outputs of the test book's cells are kept."""
    return str(tmp_path_factory.mktemp("cells"))


@pytest.fixture(scope="session")
def build_sink(cell_cache: str) -> Callable[..., Build]:
    """Give a function that builds the test book into a folder; its cells run once."""

    def make(folder: Path, **settings: object) -> Build:
        return build(SINK, folder, nb_execution_cache_path=cell_cache, **settings)

    return make


@pytest.fixture(scope="session")
def sink(tmp_path_factory: pytest.TempPathFactory, build_sink: Callable[..., Build]) -> Build:
    """Build the test book, once, on all papers; the day is put back for what runs after it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        return build_sink(tmp_path_factory.mktemp("sink"), typst_paper="a4,letter,book,screen")


CONF = """
project = "Small"
extensions = ["myst_nb", "hardwired.press"]
exclude_patterns = ["_build"]
nb_execution_mode = "off"
numfig = True
numfig_secnum_depth = 1
math_numfig = True
numfig_format = {"figure": "Figure %s", "table": "Table %s", "code-block": "Listing %s"}
myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath", "attrs_inline"]
"""

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="#0072B2"/></svg>'
)


@pytest.fixture
def small_book(tmp_path: Path) -> Callable[..., Build]:
    """Give a function that builds a book of one page from its text."""

    def make(text: str, conf: str = "", **settings: object) -> Build:
        source = tmp_path / "source"
        source.mkdir(exist_ok=True)
        (source / "conf.py").write_text(CONF + conf, encoding="utf-8")
        (source / "picture.svg").write_text(PICTURE, encoding="utf-8")
        (source / "page.md").write_text(text, encoding="utf-8")
        index = "# Root\n\n```{toctree}\n:numbered:\n\npage\n```\n"
        (source / "index.md").write_text(index, encoding="utf-8")
        return build(source, tmp_path, **settings)

    return make


def compile_pages(folder: Path, source: str, **options: object) -> bytes:
    """Compile a Typst source inside a build folder, without the gate of PDF/UA unless asked."""
    main = folder / "planted.typ"
    main.write_text(source, encoding="utf-8")
    compiler = typst.Compiler(
        str(main), root=str(folder), ignore_system_fonts=True, sys_inputs={"paper": "a4"}
    )
    return compiler.compile(format="pdf", timestamp=0, **options)
