"""The style sheet and the figures share one set of colours."""

import re

import pytest

from hardwired import figures
from hardwired.figures.style import CSS_VARIABLES
from tests.conftest import ROOT

CHAPTERS = sorted((ROOT / "book/_build/html/chapters").glob("*.html"))


@pytest.fixture(scope="module")
def css(root) -> str:
    """Return the book's style sheet."""
    return (root / "book/_static/hardwired.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("variable", CSS_VARIABLES, ids=lambda v: v.name)
def test_every_figure_colour_has_its_light_and_dark_twin(css, variable):
    """A figure put into the page finds its colours there: light once, dark for both dark rules."""
    values = re.findall(rf"{variable.name}: (#[0-9a-f]{{6}});", css)

    assert values == [variable.light, variable.dark, variable.dark]


def test_no_address_stands_in_the_style_sheet(css):
    """No font, picture or style comes from elsewhere."""
    assert "url(" not in css
    assert "@import" not in css


def test_picture_of_the_readme_is_the_map_as_it_is_drawn_now(root, tmp_path):
    """The README shows the map that the book draws, not one of last year."""
    figures.save(figures.body_map(), tmp_path / "map.svg")

    assert (tmp_path / "map.svg").read_bytes() == (root / "book/_static/cover-map.svg").read_bytes()


#: Colours for words: the page's ink and grey, and the deep twin of each colour that has one.
WORDS = {"--hw-ink", "--hw-grey", "--hw-nerve"} | {
    variable.name for variable in CSS_VARIABLES if variable.name.endswith("-deep")
}


@pytest.mark.needs("book")
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_words_of_the_figures_have_colours_that_can_be_read(path):
    """A line may be paler than words may: 3 to 1 against the page, and 4.5 to 1."""
    page = path.read_text(encoding="utf-8")
    sheet = dict(re.findall(r":is\(#k,\.(k\d+)\)\{(.*)\}", page))
    texts = [
        re.sub(r'"(k\d+)"', lambda name: sheet[name[1]], text)
        for text in re.findall(r"<text[^>]*>", page)
    ]
    colours = {re.search(r"fill[:=]\"?var\((--[\w-]+)", text).group(1) for text in texts}

    assert texts
    assert colours <= WORDS
