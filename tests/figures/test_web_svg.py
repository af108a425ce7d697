"""An inline SVG looks the same, is smaller, and disturbs nothing else in its page."""

import gzip
import io
import re
import xml.etree.ElementTree as ET

import pytest

from hardwired import figures
from hardwired.figures.svg import web_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def inline(body, alternative="words", page=None, size='width="72pt" height="36pt"'):
    """Put a body into an SVG file and rewrite it."""
    text = f'<?xml version="1.0"?><!DOCTYPE svg>{HEAD} {size} viewBox="0 0 72 36">{body}</svg>'
    return web_svg.inline(text, alternative, page or web_svg.Page())


def matplotlib_svg(draw):
    """Give the SVG text of a matplotlib figure."""
    target = io.BytesIO()
    figures.save(draw(), target)
    return target.getvalue().decode()


def test_alternative_text_is_spoken_and_escaped():
    """Role and label stand on the root; a quotation mark does not end the attribute."""
    text = inline("", 'Three "studies"\n& one')

    assert 'role="img" aria-label="Three &quot;studies&quot; &amp; one"' in text


def test_size_becomes_natural_width_in_css_pixels_and_shrinks_with_the_column():
    """72 pt are 96 px."""
    text = inline("")

    assert 'viewBox="0 0 72 36" width="96" height="48"' in text
    assert "max-width:100%;height:auto" in text


def test_prolog_comments_titles_and_metadata_are_dropped():
    """Neither a tooltip nor a namespace reaches the page."""
    text = inline("<!-- c --><title>t</title><desc>d</desc><metadata><x/></metadata><g id='a'/>")

    assert re.sub(r"<svg[^>]*>", "", text) == "</svg>"
    assert "xmlns" not in text


def test_style_sheet_of_matplotlib_does_not_reach_the_page():
    """Its selector is a star, which would style the whole page."""
    style = "<defs><style>*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>"
    text = inline(style + '<path d="M 0 0 L 1 1" style="stroke: #1f3b57"/>')

    assert "<style" not in text
    assert 'stroke-linejoin="round"' in text


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<style>path{fill:red}</style>", "style sheet of its own"),
        ("<script>alert(1)</script>", "<script>"),
        ("<g><foreignObject/></g>", "<foreignObject>"),
        ("<g>", "not well-formed"),
    ],
)
def test_what_cannot_stand_inline_stays_a_file(body, words):
    """Scripts and style sheets would act on the whole page."""
    with pytest.raises(web_svg.UnsuitableSvgError, match=words):
        inline(body)


def test_text_that_is_no_svg_is_refused():
    """The error says what its root is."""
    with pytest.raises(web_svg.UnsuitableSvgError, match="root is <html>"):
        web_svg.inline("<html/>", "", web_svg.Page())


@pytest.mark.parametrize("variable", figures.CSS_VARIABLES, ids=lambda variable: variable.name)
def test_house_colours_become_variables_with_the_colour_as_fallback(variable):
    """Dark mode changes the variable; without a stylesheet the figure keeps its colour."""
    page = web_svg.Page()
    text = inline(f'<path d="M0 0 L1 1" style="fill: {variable.light.upper()}"/>', page=page)

    assert f'style="fill:var({variable.name},{variable.light})"' in text
    assert page.strangers == set()


def test_foreign_colours_are_told():
    """A colour that is not the house's has no dark twin."""
    page = web_svg.Page()
    inline('<path d="M0 0 L1 1" fill="#ff0000"/>', page=page)

    assert page.strangers == {"#ff0000"}


def test_paths_are_relative_with_two_decimals_and_errors_do_not_add_up():
    """Each written point lies within half a hundredth of its own."""
    points = [(round(0.333333 * i, 6), round(0.777777 * i * i, 6)) for i in range(60)]
    data = "M " + " L ".join(f"{x} {y}" for x, y in points)
    written = re.search(r' d="([^"]+)"', inline(f'<path d="{data}" stroke="#1f3b57"/>'))[1]
    numbers = [float(n) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", written.replace("-", " -"))]
    x = y = 0.0
    for (dx, dy), (want_x, want_y) in zip(
        zip(numbers[::2], numbers[1::2], strict=True), points, strict=True
    ):
        x, y = x + dx, y + dy
        assert abs(x - want_x) <= 0.00501
        assert abs(y - want_y) <= 0.00501


def test_closed_curve_is_written_short():
    """Horizontal and vertical lines have letters of their own; a new start counts from the old."""
    text = inline('<path d="M 10 10 L 20 10 L 20 30 Q 1 2 3 4 z M 11 12 L 13 14 z" fill="none" '
                  'stroke="#1f3b57"/>')  # fmt: skip

    assert 'd="m10 10h10v20q-19-28-17-26zm1 2l2 2z"' in text


def test_path_with_other_commands_keeps_them():
    """An arc is not rewritten, only shortened."""
    text = inline('<path d="M 1.23456 2 A 5 5 0 0 1 10 10" stroke="#1f3b57"/>')

    assert 'd="M 1.23 2 A 5 5 0 0 1 10 10"' in text


def test_identifiers_are_kept_only_where_something_refers_to_them():
    """Group names of matplotlib go; a clip path stays, under a name of the page."""
    body = (
        '<defs><clipPath id="p1"><rect x="0" y="0" width="1" height="1"/></clipPath></defs>'
        '<g id="axes_1"><path id="line" d="M0 0 L1 1" clip-path="url(#p1)" stroke="#1f3b57"/></g>'
    )
    text = inline(body)

    assert re.findall(r'id="([^"]+)"', text) == ["hw1"]
    assert 'clip-path="url(#hw1)"' in text


def draw_words(words):
    """Give a figure with words in it."""

    def draw():
        figure, ax = figures.subplots(height=1)
        ax.set_xlabel(words)
        ax.plot([1, 2], [1, 2])
        return figure

    return draw


def test_no_identifier_stands_twice_on_a_page_and_every_reference_is_met():
    """Two figures with the same words, clips and markers share a page."""
    page = web_svg.Page()
    svg = matplotlib_svg(draw_words("Healing time, days"))
    text = web_svg.inline(svg, "one", page) + web_svg.inline(svg, "two", page)
    ids = re.findall(r'\bid="([^"]+)"', text)
    references = {*re.findall(r'href="#([^"]+)"', text), *re.findall(r"url\(#([^)]+)\)", text)}

    assert len(ids) == len(set(ids))
    assert references == set(ids)


def test_glyphs_stand_once_a_page():
    """The second formula with the same letters brings none of its own."""
    page = web_svg.Page()
    svg = matplotlib_svg(draw_words(r"$\mathrm{Healing}$"))
    first, second = (web_svg.inline(svg, "alt", page) for _ in range(2))

    assert first.count('transform="scale(.25)"') > 5
    assert second.count('transform="scale(.25)"') == 0
    assert second.count("<use ") == first.count("<use ")


def test_same_page_gives_same_markup():
    """Two builds are byte-identical."""
    svg = matplotlib_svg(draw_words("Healing"))

    assert web_svg.inline(svg, "a", web_svg.Page()) == web_svg.inline(svg, "a", web_svg.Page())


def test_result_is_well_formed_and_as_many_shapes_are_seen():
    """Only empty background paths go; words are as many letters as there were shapes."""
    svg = matplotlib_svg(figures.wounds.experiment)
    root = ET.fromstring(web_svg.inline(svg, "alt", web_svg.Page()))
    before = [e for e in ET.fromstring(svg).iter() if e.tag.endswith("}use")]
    shapes = [e for e in root.iter() if e.tag == "use"]
    words = "".join(e.text for e in root.iter() if e.tag == "text")
    joined = re.sub("ff[il]|f[fil]", "x", words)

    assert len(shapes) + len(joined) == len(before)


def test_figures_of_a_chapter_take_under_5_kilobytes_each_on_average():
    """Gzipped, with the glyphs that they share."""
    page = web_svg.Page()
    drawings = (
        figures.wounds.experiment,
        figures.wounds.phases,
        lambda: figures.pathway("05-wounds"),
        lambda: figures.body_map(chapter="05-wounds"),
    )
    text = "".join(web_svg.inline(matplotlib_svg(draw), "alt", page) for draw in drawings)

    assert page.strangers == set()
    assert len(gzip.compress(text.encode(), mtime=0)) < 5 * 1024 * len(drawings)
