"""The one map of the book: brain, nerves, glands, immune organs and body, brain above.

A chapter colours its parts (:func:`body_map`); the rest stays pale. Read from
``data/body_map.yml``. What does not live here: a chapter's own pathway
(:mod:`hardwired.figures.pathway`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline

from hardwired.figures import shapes, style
from hardwired.figures.pathway import Node, PathwayError, corners, load, node

__all__ = ["LINES", "PALE", "Link", "body_map", "parts", "places"]

_FILE = Path(__file__).parent / "data" / "body_map.yml"

#: Lines that reach 3 to 1 on the silhouette, where the hormones' own colour and the rule do not.
LINES = {**shapes.LINES, "hormone": style.WORDS["hormone"]}
PALE = style.GREY

# Right half of the silhouette from the crown down, in inches; the left half is its mirror image.
_SILHOUETTE = [
    [(3.15, 6.74)],
    [(4.1, 6.74), (4.95, 6.3), (4.95, 5.6)],
    [(4.95, 5.05), (4.5, 4.85), (4.42, 4.6)],
    [(4.42, 4.42), (4.75, 4.42), (5.2, 4.4)],
    [(5.9, 4.36), (6.25, 4.1), (6.25, 3.5)],
    [(6.25, 2.5), (6.25, 1.5), (6.25, 0.55)],
]


@dataclass(frozen=True)
class Link:
    """A nerve, or a way of hormones or cells, between two parts; it has no direction."""

    ends: tuple[str, str]
    kind: str
    points: tuple[tuple[float, float], ...]


@cache
def drawing() -> tuple[float, dict[str, Node], tuple[Link, ...]]:
    """Read the height of the map, its parts by their keys, and what leads from one to another."""
    data = yaml.safe_load(_FILE.read_text("utf-8"))
    nodes = {key: node(_FILE.name, key, entry) for key, entry in data["parts"].items()}
    links = tuple(
        _link(f"{_FILE.name}: link {number}", entry, nodes)
        for number, entry in enumerate(data["links"], 1)
    )
    return float(data["height"]), nodes, links


def _link(place: str, entry: dict[str, Any], nodes: dict[str, Node]) -> Link:
    first, second = entry["between"]
    for end in (first, second):
        if end not in nodes:
            raise PathwayError(f"{place}: there is no part '{end}'")
    points = corners(f"{place} ({first} to {second})", entry, nodes[first], nodes[second])
    return Link((first, second), entry["kind"], points)


def parts() -> dict[str, str]:
    """Name the parts of the map.

    Returns
    -------
    dict
        The name by which a part is highlighted, and its label.
    """
    return {key: part.label.replace("\n", " ") for key, part in drawing()[1].items()}


def places() -> dict[str, tuple[float, float, float, float]]:
    """Say where the parts lie on the drawn map.

    Returns
    -------
    dict
        Left, top, width and height of each part, as shares of the map's width and height.
    """
    height, nodes, _ = drawing()
    return {
        key: (
            (part.x - part.width / 2) / style.WIDTH,
            1 - (part.y + part.height / 2) / height,
            part.width / style.WIDTH,
            part.height / height,
        )
        for key, part in nodes.items()
    }


def body_map(highlight: Iterable[str] | None = None, *, chapter: str | None = None) -> Figure:
    """Draw the map of the book.

    Parameters
    ----------
    highlight
        Names of the parts to colour (see :func:`parts`); by default all of them.
    chapter
        A chapter such as ``"05-wounds"``, whose pathway file says which parts to colour.

    Returns
    -------
    matplotlib.figure.Figure
        The map; links are coloured where both their ends are.

    Raises
    ------
    PathwayError
        If a part or a chapter is not known.
    """
    height, nodes, links = drawing()
    if chapter is not None:
        highlight = load(chapter).map
    chosen = set(nodes) if highlight is None else set(highlight)
    unknown = sorted(chosen - nodes.keys())
    if unknown:
        raise PathwayError(
            f"{_FILE.name} has no part '{unknown[0]}'; there are: {', '.join(nodes)}"
        )
    figure, ax = style.canvas(height)
    _draw_silhouette(ax)
    for link in sorted(links, key=lambda link: chosen.issuperset(link.ends)):
        lit = chosen.issuperset(link.ends)
        colour = LINES[link.kind] if lit else PALE
        shapes.arrow(ax, link.points, colour=colour, sign="", width=1.6 if lit else 0.6)
    for key, part in nodes.items():
        place = (part.x, part.y, part.width, part.height)
        pale = key not in chosen
        edge = PALE if pale else LINES[part.kind]
        shapes.box(ax, part.kind, *place, part.label, pale=pale, edge=edge)
    kinds = {nodes[key].kind for key in chosen}
    shapes.kind_legend(ax, [kind for kind in shapes.KINDS if kind in kinds], 0.24)
    return figure


def _draw_silhouette(ax: Axes) -> None:
    middle = style.WIDTH / 2
    right = [point for stretch in _SILHOUETTE for point in stretch]
    left = [(2 * middle - x, y) for x, y in reversed(right)]
    points = [*right, left[0], *left[1:]]
    curves = len(right) - 1
    codes = [Outline.MOVETO, *[Outline.CURVE4] * curves, Outline.LINETO]
    codes += [Outline.CURVE4] * curves
    patch = PathPatch(
        Outline(np.array(points), codes), facecolor=style.TINTS["grey"], edgecolor="none", zorder=0
    )
    ax.add_patch(patch)
