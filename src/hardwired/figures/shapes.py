"""The shapes of the diagrams: a shape a kind, arrows and bars, in inches on a drawing board."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Polygon
from matplotlib.path import Path

from hardwired.figures import style

__all__ = [
    "FILLS",
    "KINDS",
    "LINES",
    "NOTCH",
    "SIZE",
    "arrow",
    "box",
    "kind_legend",
    "mark",
    "outline",
]

Point = tuple[float, float]

#: The kinds of the colour language, with the words of the legend.
KINDS = {
    "mind": "Mind",
    "nerve": "Nerve",
    "hormone": "Hormone",
    "immune": "Immune",
    "tissue": "Tissue",
    "microbe": "Microbe",
    "drug": "Drug",
}

#: Line colour of each kind; microbes and drugs stand outside the five systems and are grey.
LINES = {**style.COLOURS, "microbe": style.GREY, "drug": style.GREY}

#: Fill of each kind.
FILLS = {**style.TINTS, "microbe": style.TINTS["grey"], "drug": style.TINTS["grey"]}

#: Size of a label in points.
SIZE = 9.0

#: How far the ends of a drug's box are notched at half its height, in inches.
NOTCH = 0.1

_RADIUS = 0.09
_POINT = 0.1
_CUT = 0.09


def outline(kind: str, x: float, y: float, width: float, height: float) -> Path:
    """Give the outline that stands for a kind, so that shape repeats what colour says.

    Parameters
    ----------
    kind
        One of :data:`KINDS`: mind is a rounded box, nerve a hexagon, hormone a pill, immune an
        octagon, tissue a plain box, microbe a slanted box, drug a box with notched ends.
    x, y
        Centre in inches.
    width, height
        Size in inches.

    Returns
    -------
    matplotlib.path.Path
        The closed outline.
    """
    left, right, low, high = x - width / 2, x + width / 2, y - height / 2, y + height / 2
    if kind == "nerve":
        corners = [
            (left, y),
            (left + _POINT, high),
            (right - _POINT, high),
            (right, y),
            (right - _POINT, low),
            (left + _POINT, low),
        ]
        return Path([*corners, corners[0]], closed=True)
    if kind == "immune":
        cut = _CUT
        corners = [
            (left, low + cut),
            (left, high - cut),
            (left + cut, high),
            (right - cut, high),
            (right, high - cut),
            (right, low + cut),
            (right - cut, low),
            (left + cut, low),
        ]
        return Path([*corners, corners[0]], closed=True)
    if kind == "microbe":
        corners = [(left, low), (left + _POINT, high), (right, high), (right - _POINT, low)]
        return Path([*corners, corners[0]], closed=True)
    if kind == "drug":
        corners = [
            (left, low),
            (left + NOTCH, y),
            (left, high),
            (right, high),
            (right - NOTCH, y),
            (right, low),
        ]
        return Path([*corners, corners[0]], closed=True)
    if kind == "tissue":
        corners = [(left, low), (left, high), (right, high), (right, low)]
        return Path([*corners, corners[0]], closed=True)
    return _rounded(left, right, low, high, height / 2 if kind == "hormone" else _RADIUS)


def _rounded(left: float, right: float, low: float, high: float, radius: float) -> Path:
    bend = radius * (1 - 0.5523)
    points: list[Point] = [(left + radius, low), (right - radius, low)]
    codes = [Path.MOVETO, Path.LINETO]
    quarters = [
        [(right - bend, low), (right, low + bend), (right, low + radius), (right, high - radius)],
        [(right, high - bend), (right - bend, high), (right - radius, high), (left + radius, high)],
        [(left + bend, high), (left, high - bend), (left, high - radius), (left, low + radius)],
        [(left, low + bend), (left + bend, low), (left + radius, low), (left + radius, low)],
    ]
    for quarter in quarters:
        points += quarter
        codes += [Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO]
    codes[-1] = Path.CLOSEPOLY
    return Path(points, codes)


def box(
    ax: Axes,
    kind: str,
    x: float,
    y: float,
    width: float,
    height: float,
    label: str = "",
    *,
    pale: bool = False,
    edge: str = "",
    size: float = SIZE,
    weight: str = "normal",
) -> None:
    """Draw a node with its label.

    Parameters
    ----------
    ax
        Drawing board of :func:`hardwired.figures.style.canvas`.
    kind, x, y, width, height
        As for :func:`outline`.
    label
        Words, with line breaks.
    pale
        Whether the node is not in question: no colour, grey label.
    edge
        Colour of its edge, where the usual one would not be seen on the ground below.
    size, weight
        Of the label, in points.
    """
    fill = style.PAPER if pale else FILLS[kind]
    edge = edge or (style.RULE if pale else LINES[kind])
    path = outline(kind, x, y, width, height)
    ax.add_patch(PathPatch(path, facecolor=fill, edgecolor=edge, lw=0.8 if pale else 1.5, zorder=3))
    if label:
        colour = style.GREY if pale else style.INK
        ax.text(
            x,
            y - 0.005,
            label,
            ha="center",
            va="center",
            fontsize=size,
            color=colour,
            weight=weight,
            linespacing=1.12,
            zorder=4,
        )


def arrow(
    ax: Axes,
    points: Sequence[Point],
    *,
    colour: str,
    sign: str = "+",
    dashed: bool = False,
    width: float = 1.4,
    gap: float = 0.035,
) -> None:
    """Draw an influence: an arrow head for a positive one, a bar for a negative one.

    Parameters
    ----------
    ax
        Drawing board.
    points
        Corners of the line in inches, from the source's edge to the target's edge.
    colour
        Colour of the line.
    sign
        ``"+"``, ``"-"``, or ``""`` for a plain line.
    dashed
        Whether the line is dashed.
    width
        Line width in points.
    gap
        Room left before the target, in inches.
    """
    points = list(points)
    (x0, y0), (x1, y1) = points[-2], points[-1]
    length = math.hypot(x1 - x0, y1 - y0)
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    tip = (x1 - ux * gap, y1 - uy * gap) if sign else (x1, y1)
    end = (tip[0] - ux * 0.09, tip[1] - uy * 0.09) if sign == "+" else tip
    points[-1] = end
    ax.add_patch(
        PathPatch(
            _bent(points),
            facecolor="none",
            edgecolor=colour,
            lw=width,
            linestyle=(0, (3.2, 2.0)) if dashed else "-",
            capstyle="butt",
            zorder=2,
        )
    )
    if sign == "+":
        half = 0.055
        head = [
            tip,
            (tip[0] - ux * 0.13 - uy * half, tip[1] - uy * 0.13 + ux * half),
            (tip[0] - ux * 0.13 + uy * half, tip[1] - uy * 0.13 - ux * half),
        ]
        ax.add_patch(Polygon(head, closed=True, facecolor=colour, edgecolor="none", zorder=2))
    elif sign == "-":
        half = 0.075
        ends = [(tip[0] - uy * half, tip[1] + ux * half), (tip[0] + uy * half, tip[1] - ux * half)]
        ax.add_patch(
            PathPatch(
                Path(ends), facecolor="none", edgecolor=colour, lw=width + 0.7, capstyle="butt"
            )
        )


def _bent(points: Sequence[Point], radius: float = 0.09) -> Path:
    """Give the line through the points with its corners rounded."""
    out: list[Point] = [points[0]]
    codes = [Path.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        out += [_toward(corner, before, radius), corner, _toward(corner, after, radius)]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    out.append(points[-1])
    codes.append(Path.LINETO)
    return Path(out, codes)


def _toward(start: Point, goal: Point, step: float) -> Point:
    length = math.hypot(goal[0] - start[0], goal[1] - start[1])
    step = min(step, length / 2)
    return (
        start[0] + (goal[0] - start[0]) / length * step,
        start[1] + (goal[1] - start[1]) / length * step,
    )


def mark(ax: Axes, x: float, y: float, colour: str) -> None:
    """Draw the mark of a contested influence: a question mark in a small circle."""
    ax.add_patch(Circle((x, y), 0.082, facecolor=style.PAPER, edgecolor=colour, lw=1.0, zorder=5))
    ax.text(x, y - 0.006, "?", ha="center", va="center", fontsize=8, weight="bold", zorder=6)


def kind_legend(ax: Axes, kinds: Sequence[str], y: float) -> None:
    """Draw the legend of the kinds in one row.

    Parameters
    ----------
    ax
        Drawing board.
    kinds
        Kinds to explain, in order.
    y
        Height of the row in inches.
    """
    x = 0.08
    for kind in kinds:
        box(ax, kind, x + 0.17, y, 0.34, 0.2)
        ax.text(x + 0.42, y - 0.005, KINDS[kind], fontsize=8.5, va="center")
        x += 0.42 + style.text_width(KINDS[kind], 8.5) / 72 + 0.2
