"""One palette: whoever shows a colour of the book takes it from the house."""

import re

import pytest

from hardwired.course import webpage
from hardwired.house import palette

OWN = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[;\"' )])")


def test_the_page_design_of_the_pdf_has_the_colours_for_words():
    """Words in the PDF are set in the colours for words, ink included."""
    given = dict(re.findall(r'#let ([\w-]+) = rgb\("(#\w+)"\)', palette.typst()))

    assert given == {
        "ink": palette.INK,
        "blue": palette.WORDS["nerve"],
        "vermilion": palette.WORDS["immune"],
        "purple": palette.WORDS["hormone"],
        "green": palette.WORDS["tissue"],
        "cover-ground": palette.COVER_GROUND,
    }


@pytest.mark.parametrize(
    "place",
    [
        "press/template/*.typ",
        "pages/directives/explorer.*",
        "pages/epub/*.css",
        "course/webpage.py",
        "figures/*.py",
        "figures/chapters/*.py",
        "figures/svg/*.py",
    ],
)
def test_no_other_file_spells_a_colour_of_its_own(root, place):
    """White, where a picture needs a ground, is no colour of the palette."""
    for path in (root / "src/hardwired").glob(place):
        found = set(OWN.findall(path.read_text(encoding="utf-8"))) - {"#fff", "#ffffff"}
        assert not found, f"{path.name} spells {sorted(found)}: name it in house/palette.py"


def test_reports_have_the_colours_of_the_book_in_light_and_dark():
    """The sheet of a report is written from the palette."""
    for variable in palette.CSS_VARIABLES:
        for ours in (name for name, book in webpage.COLOURS.items() if book == variable.name):
            light, dark = re.findall(rf"{ours}:(#\w+)", webpage.STYLE)
            assert (light, dark) == (variable.light, variable.dark)


def test_a_name_that_the_book_does_not_have_is_no_colour():
    """A misspelt variable would leave a page in black."""
    with pytest.raises(KeyError):
        palette.css({"--good": "--hw-gren"})


def test_a_line_and_the_words_about_it_are_of_one_hue():
    """`words_in` deepens the five colours and leaves every other as it is."""
    assert palette.words_in(palette.COLOURS["immune"]) == palette.WORDS["immune"]
    assert palette.words_in(palette.GREY) == palette.GREY
