"""Words drawn as shapes become words again, and nothing that is still drawn loses its shape."""

import io
import re

import matplotlib.pyplot as plt
import pytest

from hardwired import figures
from hardwired.figures.svg import web_svg


def page_of(*labels: str) -> str:
    """Draw labels in the house style and put the figure into a page."""
    figures.use()
    figure = plt.figure()
    for row, label in enumerate(labels):
        figure.text(0.1, 0.1 + 0.15 * row, label)
    target = io.BytesIO()
    figures.save(figure, target)
    plt.close(figure)
    return web_svg.inline(target.getvalue().decode(), "alternative", web_svg.Page())


@pytest.mark.parametrize(
    "label", ["Inflammation", "fibrin clot", "a < b & c", "no foam", "−0.5", "  Low efficiency"]
)
def test_words_stand_as_text(label):
    """A label is one text element with its own words, ligatures and signs included."""
    words = label.replace("&", "&amp;").replace("<", "&lt;")

    assert re.findall(r"<text[^>]*>([^<]*)</text>", page_of(label)) == [words]


def test_width_is_the_width_that_was_drawn():
    """Twice the same word is twice as wide, less the blank between."""
    one, two = (
        float(re.search(r'textLength="([\d.]+)"', page_of(label)).group(1))
        for label in ("wound", "woundwound")
    )

    assert two == pytest.approx(2 * one, abs=0.2)


def test_shapes_that_are_still_used_stay_defined():
    """Mathematics keeps its shapes, also those first drawn in a label that became text."""
    svg = page_of("sigma r", r"$r_\mathrm{sigma}$")

    used = set(re.findall(r'<use href="#([^"]+)"', svg))
    defined = set(re.findall(r'<path id="([^"]+)"', svg)) | set(re.findall(r' id="([^"]+)"', svg))
    assert used
    assert used <= defined
