"""The palette keeps its contrast, and the same figure always gives the same bytes."""

import io
import re

import matplotlib
import matplotlib.pyplot as plt
import pytest

from hardwired import figures
from hardwired.figures import style
from hardwired.figures.body_map import LINES as ON_BODY
from hardwired.figures.body_map import PALE
from hardwired.figures.labels import note


def luminance(colour):
    """Relative luminance of WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    """Contrast ratio of WCAG 2.2."""
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


VARIABLES = {variable.name: variable for variable in figures.CSS_VARIABLES}
PAGE = VARIABLES["--hw-paper"]
LINES = ("--hw-nerve", "--hw-hormone", "--hw-immune", "--hw-tissue", "--hw-rule")
TINTS = tuple(name for name in VARIABLES if name.endswith("-tint"))


def test_contrast_measure_agrees_with_its_definition():
    """Black on white is 21 to 1."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_page_colours_are_those_of_the_stylesheet():
    """Contrast is measured on these two pages."""
    assert (PAGE.light, PAGE.dark) == ("#fffdf8", "#14181d")


@pytest.mark.parametrize(
    ("name", "ground"),
    [
        *(("--hw-ink", ground) for ground in ("--hw-paper", *TINTS)),
        ("--hw-grey", "--hw-paper"),
        ("--hw-grey", "--hw-grey-tint"),
    ],
)
def test_text_colours_have_contrast_of_4_5_on_page_and_tints(name, ground):
    """WCAG 2.2, 1.4.3, in light and in dark."""
    text, below = VARIABLES[name], VARIABLES[ground]

    assert contrast(text.light, below.light) >= 4.5
    assert contrast(text.dark, below.dark) >= 4.5


@pytest.mark.parametrize("name", list(figures.WORDS))
def test_words_in_colour_have_contrast_of_4_5_on_the_page(name):
    """WCAG 2.2, 1.4.3: the palette's own colours are for lines, and too pale for words."""
    deep = next(v for v in figures.CSS_VARIABLES if v.light == figures.WORDS[name])

    assert contrast(deep.light, PAGE.light) >= 4.5
    assert contrast(deep.dark, PAGE.dark) >= 4.5


def test_a_note_in_the_colour_of_a_line_is_deepened():
    """Whoever writes a note names the colour of the line; the words get its readable twin."""
    _, ax = figures.subplots()
    note(ax, "fever", (0.5, 0.5), colour=figures.COLOURS["immune"])
    note(ax, "baseline", (0.5, 0.2), colour=figures.GREY)

    assert [text.get_color() for text in ax.texts] == [figures.WORDS["immune"], figures.GREY]


@pytest.mark.parametrize("name", LINES)
def test_line_colours_have_contrast_of_3_on_the_page(name):
    """WCAG 2.2, 1.4.11, in light and in dark."""
    line = VARIABLES[name]

    assert contrast(line.light, PAGE.light) >= 3
    assert contrast(line.dark, PAGE.dark) >= 3


def test_lines_of_the_map_have_contrast_of_3_on_the_silhouette():
    """The ground of the map is darker than the page."""
    twins = {variable.light: variable for variable in VARIABLES.values()}
    ground = VARIABLES["--hw-grey-tint"]
    for colour in (*ON_BODY.values(), PALE):
        line = twins[colour]

        assert contrast(line.light, ground.light) >= 3
        assert contrast(line.dark, ground.dark) >= 3


def test_palette_is_that_of_the_editorial_guide():
    """EDITORIAL, section Figures."""
    assert dict(figures.COLOURS) == {
        "nerve": "#0072b2",
        "hormone": "#cc79a7",
        "immune": "#d55e00",
        "tissue": "#009e73",
        "mind": "#1f3b57",
    }


def test_every_house_colour_has_exactly_one_variable():
    """A colour without a variable would have no dark twin; two would be a matter of chance."""
    house = {*figures.COLOURS.values(), *figures.TINTS.values()}
    house |= {*figures.WORDS.values()}
    house |= {figures.INK, figures.GREY, figures.RULE, figures.PAPER}
    lights = [variable.light for variable in figures.CSS_VARIABLES]

    assert set(lights) == house
    assert len(lights) == len(set(lights))


@pytest.mark.parametrize("variable", figures.CSS_VARIABLES, ids=lambda variable: variable.name)
def test_stylesheet_gives_each_variable_these_values(root, variable):
    """The page and the figures in it have one palette, in light and in dark."""
    sheet = (root / "book/_static/hardwired.css").read_text("utf-8")
    values = re.findall(rf"{variable.name}:\s*(#[0-9a-fA-F]{{6}})\b", sheet)

    assert values[0] == variable.light
    assert set(values[1:]) == {variable.dark}


def test_cycle_changes_line_style_with_colour():
    """A grey print tells the lines apart."""
    figures.use()
    cycle = list(matplotlib.rcParams["axes.prop_cycle"])

    assert len({str(entry["linestyle"]) for entry in cycle}) == len(cycle) == 5


def test_use_twice_is_use_once():
    """``use`` is idempotent."""
    figures.use()
    once = dict(matplotlib.rcParams)
    figures.use()

    assert dict(matplotlib.rcParams) == once


def test_mix_of_black_and_white_is_grey():
    """Halfway between 0 and 255, rounded to even."""
    assert style.mix("#000000", "#ffffff", 0.5) == "#808080"
    assert style.mix("#0072b2", "#fffdf8", 1.0) == "#0072b2"


def svg_of(draw):
    """Draw afresh and give the bytes."""
    target = io.BytesIO()
    figures.save(draw(), target)
    return target.getvalue()


def test_same_figure_gives_same_bytes_without_a_date():
    """Two builds are byte-identical."""

    def draw():
        figure, ax = figures.subplots()
        ax.plot([1, 2], [3, 4])
        return figure

    first = svg_of(draw)

    assert first == svg_of(draw)
    assert b"dc:date" not in first


def test_text_is_drawn_as_paths():
    """A page needs no typeface for its figures."""

    def draw():
        figure, ax = figures.subplots()
        ax.set_xlabel("word")
        return figure

    assert b"<text" not in svg_of(draw)


def test_figure_has_the_width_of_the_column():
    """6.3 in are 453.6 pt."""
    figures.use()
    figure, _ = plt.subplots()
    width = figure.get_figwidth()
    plt.close(figure)

    assert width == 6.3
    assert b'viewBox="0 0 453.6 ' in svg_of(lambda: figures.subplots()[0])


def test_text_width_grows_with_size_and_weight():
    """Width is proportional to the size; bold is wider."""
    normal = style.text_width("Leucocytes", 10)

    assert style.text_width("Leucocytes", 20) == pytest.approx(2 * normal, rel=0.02)
    assert style.text_width("Leucocytes", 10, "bold") > normal
