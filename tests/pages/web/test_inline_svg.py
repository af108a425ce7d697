"""Figures stand in the page for HTML, stay files for EPUB, and none is without words."""

import re
from io import StringIO

import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from hardwired import figures
from tests.conftest import ROOT

pytestmark = pytest.mark.ring("test")  # builds a sample book

CONF = """
extensions = ["hardwired.pages"]
bibtex_bibfiles = []
html_theme = "furo"
numfig = True
myst_enable_extensions = ["colon_fence"]
nb_execution_mode = "force"
version = "1"
copyright = "x"
"""
CONF += f"templates_path = [{str(ROOT / 'book/_templates')!r}]\n"

PAGE = """---
file_format: mystnb
kernelspec: {name: python3, display_name: Python 3, language: python}
---
# A page

See {numref}`fig-cell`, {numref}`fig-path` and {numref}`fig-file`.

```{code-cell} ipython3
---
mystnb:
  figure:
    name: fig-cell
    caption: |
      A cell. Then *more*.
  image:
    alt: A line that rises.
---
from hardwired import figures
figures.use()
figure, ax = figures.subplots(height=1)
ax.plot([1, 2], [3, 4])
figure
```

:::{pathway} 05-wounds
:name: fig-path
:alt: Stress slows the wound.

Stress *and* company.

More words.
:::

```{figure} small.svg
:name: fig-file
:alt: A small square
:width: 50%
:align: center

A file.
```

![A large square](large.svg)

![A dot](dot.png)
"""

SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">'
    '<path d="M0 0 L9 0 L9 9 z" fill="#1f3b57"/></svg>'
)


def build(folder, page, builder="html", conf=CONF):
    """Build one page and give the application's output folder and its warnings."""
    source = folder / "source"
    source.mkdir(exist_ok=True)
    (source / "conf.py").write_text(conf)
    (source / "index.md").write_text(page)
    (source / "small.svg").write_text(SQUARE)
    (source / "large.svg").write_text(SQUARE.replace("</svg>", " " * 70_000 + "</svg>"))
    (source / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    out, warnings = folder / builder, StringIO()
    with patch_docutils(), docutils_namespace():
        doctrees = folder / "doctrees"
        app = Sphinx(source, source, out, doctrees, builder, status=None, warning=warnings)
        app.build()
    return out, re.sub(r"\x1b\[[0-9;]*m", "", warnings.getvalue())


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build the page once as HTML and once, from the same doctrees, as EPUB."""
    folder = tmp_path_factory.mktemp("book")
    html, warnings = build(folder, PAGE)
    epub, _ = build(folder, PAGE, "epub")
    return html, epub, warnings


@pytest.fixture(scope="module")
def page(built):
    """Give the HTML page."""
    return (built[0] / "index.html").read_text("utf-8")


def test_build_has_no_warning(built):
    """Warnings are errors."""
    assert built[2] == ""


def test_cell_pathway_and_small_file_stand_in_the_page(page):
    """Three SVG elements, each with its words."""
    labels = re.findall(r'<svg class="hw-figure[^"]*" role="img" aria-label="([^"]+)"', page)

    assert labels == ["A line that rises.", "Stress slows the wound.", "A small square"]


def test_large_file_and_bitmap_stay_files(built, page):
    """Sphinx copies only what the page still asks for."""
    sources = re.findall(r'<img [^>]*src="([^"]+)"', page)

    assert sorted(sources) == ["_images/dot.png", "_images/large.svg"]
    assert sorted(path.name for path in (built[0] / "_images").iterdir()) == [
        "dot.png",
        "large.svg",
    ]


def test_figures_keep_caption_and_number(page):
    """The number is Sphinx's, the caption its own nodes, and references find the figure."""
    text = re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL)
    text = re.sub(r"<[^>]+>", "", text)

    assert "See Fig. 1, Fig. 2 and Fig. 3." in text
    assert "Fig. 1 A cell. Then more." in text
    assert "Fig. 2 Stress and company." in text
    assert "Fig. 3 A file." in text
    assert page.count('href="#fig-path"') == 2


def test_width_of_a_figure_is_kept(page):
    """``:width:`` holds as it does for a file."""
    name = re.search(r'class="hw-figure (k\d+)"[^>]*aria-label="A small square"', page)[1]

    assert f":is(#k,.{name}){{width:50%;max-width:100%" in page


def test_no_identifier_stands_twice(page):
    """Neither among figures nor with the page's own."""
    ids = re.findall(r'\sid="([^"]+)"', page)

    assert len(ids) == len(set(ids))


def test_epub_keeps_the_files(built):
    """A reading system gets images; its page holds no inline figure."""
    names = {path.name for path in (built[1] / "_images").iterdir()}

    assert {"pathway-05-wounds.svg", "small.svg"} <= names
    assert "hw-figure" not in (built[1] / "index.xhtml").read_text("utf-8")


def test_pathway_is_drawn_beside_the_doctrees(built):
    """Neither the sources nor a builder's output folder get a file of their own."""
    drawn = built[0].parent / "doctrees" / "hardwired-figures" / "pathway-05-wounds.svg"

    assert drawn.is_file()
    assert sorted(path.name for path in (built[0].parent / "source").iterdir()) == [
        "conf.py",
        "dot.png",
        "index.md",
        "large.svg",
        "small.svg",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# A\n\n![](small.svg)\n", r"index.md:3: WARNING: image without alternative text"),
        ("# A\n\n:::{figure} small.svg\nC.\n:::\n", r"index.md:3: .*without alternative text"),
        ("# A\n\n:::{pathway} 05-wounds\nC.\n:::\n", r"index.md:3: .*needs :alt:"),
        ("# A\n\n:::{pathway} 99-x\n:alt: a\n:::\n", r"index.md:3: .*'99-x' has no file"),
    ],
)
def test_image_without_words_or_source_is_reported_with_file_and_line(tmp_path, text, words):
    """A reader who cannot see must not be left out; ``-W`` turns the warning into a failure."""
    _, warnings = build(tmp_path, text)

    assert re.search(words, warnings), warnings


def test_figure_of_a_cell_without_words_is_reported_once(tmp_path):
    """The line is that of the cell."""
    _, warnings = build(tmp_path, PAGE.replace("    alt: A line that rises.", "    align: left"))

    assert warnings.count("without alternative text") == 1
    assert re.search(r"index.md:9: .*mystnb: image: alt:", warnings), warnings


def test_foreign_colour_is_reported(tmp_path):
    """It would have no twin in dark mode."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "red.svg").write_text(SQUARE.replace("#1f3b57", "#ff0000"))
    _, warnings = build(tmp_path, "# A\n\n![red](red.svg)\n")

    assert "index.md:3: WARNING: figure uses #ff0000, which has no dark twin" in warnings


def test_house_colours_are_css_variables(page):
    """The blue line of the cell follows the stylesheet."""
    assert f"stroke:var(--hw-nerve,{figures.COLOURS['nerve']})" in page
