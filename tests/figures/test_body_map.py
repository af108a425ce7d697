"""The map colours what a chapter is about and leaves the rest pale."""

import pytest
from matplotlib.colors import to_hex

from hardwired import figures
from hardwired.figures.body_map import drawing, parts
from hardwired.figures.pathway import PathwayError


def fills(figure):
    """Give the fills of all shapes."""
    return [to_hex(patch.get_facecolor()) for patch in figure.axes[0].patches]


def label_colours(figure):
    """Give each label with its colour."""
    return {text.get_text().replace("\n", " "): text.get_color() for text in figure.axes[0].texts}


def test_map_has_the_parts_of_the_editorial_guide():
    """Brain, nerves, glands, immune organs and body."""
    assert set(parts()) == {
        "cortex", "hypothalamus", "brainstem", "pituitary", "adrenal", "sympathetic", "vagus",
        "thymus", "marrow", "spleen", "lymph_node", "leucocytes", "skin", "gut", "liver", "fat",
    }  # fmt: skip


def test_brain_lies_above_glands_above_skin():
    """Brain above, body below."""
    _, nodes, _ = drawing()

    assert nodes["cortex"].y > nodes["pituitary"].y > nodes["adrenal"].y > nodes["skin"].y


def test_parts_do_not_touch():
    """Each part stands clear of the others."""
    nodes = list(drawing()[1].values())
    boxes = [
        (n.x - n.width / 2, n.x + n.width / 2, n.y - n.height / 2, n.y + n.height / 2)
        for n in nodes
    ]

    for place, box in enumerate(boxes):
        assert not any(other.overlaps(*box) for other in nodes[place + 1 :])


def test_only_highlighted_parts_have_colour():
    """The skin is green; the thymus is paper with a grey label."""
    figure = figures.body_map(["skin"])
    colours = label_colours(figure)

    assert figures.TINTS["tissue"] in fills(figure)
    assert figures.TINTS["immune"] not in fills(figure)
    assert colours["Skin and wound"] == figures.INK
    assert colours["Thymus"] == figures.GREY


def test_chapter_colours_the_parts_of_its_pathway():
    """Chapter 5 is about skin and adrenal, not about the thymus."""
    colours = label_colours(figures.body_map(chapter="05-wounds"))

    assert colours["Adrenal"] == figures.INK
    assert colours["Thymus"] == figures.GREY


def test_unknown_part_is_named():
    """The error lists the parts that exist."""
    with pytest.raises(PathwayError, match="no part 'tail'; there are: cortex"):
        figures.body_map(["tail"])
