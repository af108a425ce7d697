"""Schematics of chapter 5, drawn in code: the punch biopsy experiment and the phases of repair.

Numbers are those printed by ``kiecolt1995slowing``; the phases follow ``guo2010factors``. What does
not live here: the pathway of the chapter (``data/pathways/05-wounds.yml``).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, PathPatch, Polygon
from matplotlib.path import Path

from hardwired.evidence.intervals import student_reach
from hardwired.figures import shapes, style

__all__ = ["GROUPS", "Group", "experiment", "phases"]


@dataclass(frozen=True)
class Group:
    """One group of the experiment: days from biopsy to healing, mean and standard error."""

    label: str
    n: int
    mean: float
    standard_error: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Give the confidence interval of the mean from Student's t with n - 1 degrees."""
        reach = student_reach(self.standard_error, self.n, level)
        return self.mean - reach, self.mean + reach


#: The two groups as ``kiecolt1995slowing`` prints them.
GROUPS = (
    Group("Carers of a relative\nwith dementia", 13, 48.7, 2.9),
    Group("Controls matched\non age and income", 13, 39.3, 3.0),
)


def experiment() -> Figure:
    """Draw the design and the result of the punch biopsy experiment (``kiecolt1995slowing``).

    Returns
    -------
    matplotlib.figure.Figure
        Above, what was done and how healing was judged, with a dashed arrow from what may differ
        between the groups besides caring; below, on one axis of days, both groups with mean and
        95 % interval.
    """
    figure, ax = style.canvas(4.6)
    steps = (
        ("13 carers,\n13 controls", "mind", 0.8),
        ("Punch biopsy,\n3.5 mm, forearm", "tissue", 2.36),
        ("Photographs,\nperoxide test", "tissue", 3.94),
        ("No more foam:\nhealed", "tissue", 5.5),
    )
    for (_, _, before), (_, _, after) in itertools.pairwise(steps):
        shapes.arrow(ax, [(before + 0.65, 4.25), (after - 0.65, 4.25)], colour=style.INK)
    for words, kind, x in steps:
        shapes.box(ax, kind, x, 4.25, 1.3, 0.5, words)
    for x in (0.64, 0.96):
        _person(ax, x, 3.42)
    _wound(ax, 2.36, 3.42, 0.26, foam=False)
    _wound(ax, 3.94, 3.42, 0.2, foam=True)
    _wound(ax, 5.5, 3.42, 0.0, foam=False)
    _what_else(ax)
    _lanes(ax)
    return figure


def _what_else(ax: Axes) -> None:
    """Draw what chance did not even out, since nobody drew lots for the groups."""
    shapes.box(ax, "mind", 0.8, 2.58, 1.3, 0.46, "Sleep, diet\nand more", pale=True)
    line = [(1.45, 2.58), (5.5, 2.58), (5.5, 3.04)]
    shapes.arrow(ax, line, colour=style.GREY, dashed=True)
    ax.text(1.62, 2.68, "may differ between the groups, too", fontsize=8.5, color=style.GREY)


def _person(ax: Axes, x: float, y: float) -> None:
    ax.add_patch(Circle((x, y + 0.15), 0.085, facecolor=style.INK, edgecolor="none"))
    points = [
        (x - 0.14, y - 0.22),
        (x - 0.14, y + 0.12),
        (x + 0.14, y + 0.12),
        (x + 0.14, y - 0.22),
        (x - 0.14, y - 0.22),
    ]
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO]
    ax.add_patch(PathPatch(Path(points, codes), facecolor=style.INK, edgecolor="none"))


def _wound(ax: Axes, x: float, y: float, radius: float, *, foam: bool) -> None:
    """Draw a patch of skin from above with a round wound, with bubbles if peroxide foams."""
    skin = shapes.outline("mind", x, y, 0.94, 0.76)
    ax.add_patch(PathPatch(skin, facecolor=style.TINTS["tissue"], edgecolor="none", zorder=1))
    if radius:
        ax.add_patch(
            Circle(
                (x, y),
                radius,
                facecolor=style.TINTS["immune"],
                edgecolor=style.COLOURS["immune"],
                lw=1.5,
                zorder=2,
            )
        )
    else:
        ax.plot(
            [x - 0.09, x + 0.09],
            [y - 0.02, y + 0.02],
            color=style.COLOURS["tissue"],
            lw=1.5,
            ls="-",
            zorder=2,
        )
    if not foam:
        return
    for angle, reach, size in (
        (0.3, 0.13, 0.05),
        (1.3, 0.17, 0.04),
        (2.4, 0.12, 0.055),
        (3.5, 0.16, 0.04),
        (4.4, 0.11, 0.05),
        (5.4, 0.17, 0.045),
    ):
        place = (x + reach * np.cos(angle), y + reach * np.sin(angle))
        ax.add_patch(
            Circle(
                place,
                size,
                facecolor=style.PAPER,
                edgecolor=style.COLOURS["nerve"],
                lw=0.9,
                zorder=3,
            )
        )


def _lanes(ax: Axes) -> None:
    start, scale = 1.95, 4.1 / 60
    ax.plot([start, start + 60 * scale], [0.66, 0.66], color=style.RULE, lw=0.8, ls="-")
    for day in range(0, 61, 10):
        x = start + day * scale
        ax.plot([x, x], [0.66, 0.6], color=style.RULE, lw=0.8, ls="-")
        ax.text(x, 0.55, str(day), ha="center", va="top", fontsize=8.5)
    ax.text(start + 30 * scale, 0.1, "Days after the biopsy", ha="center", fontsize=9)
    colours = (style.INK, style.GREY)
    for group, y, colour, marker in zip(GROUPS, (1.88, 1.22), colours, "so", strict=True):
        low, high = (start + day * scale for day in group.interval())
        x = start + group.mean * scale
        ax.text(0.08, y, f"{group.label}", va="center", fontsize=8.5, linespacing=1.15)
        ax.plot([start, x], [y, y], color=style.RULE, lw=1, ls=(0, (1, 2)), zorder=1)
        ax.plot([start], [y], marker="|", ms=9, color=style.RULE, ls="none")
        ax.plot([low, high], [y, y], color=colour, lw=1.8, ls="-", zorder=2)
        ax.plot([x], [y], marker=marker, ms=7, color=colour, ls="none", zorder=3)
        words = f"{group.mean} days (SE {group.standard_error})"
        ax.text(x, y + 0.16, words, ha="center", va="bottom", fontsize=8.5, weight="bold")
    ax.text(
        0.08,
        0.66,
        "Means and 95\N{NO-BREAK SPACE}% intervals",
        va="center",
        fontsize=8.5,
        color=style.GREY,
    )


def phases() -> Figure:
    """Draw four stages of a skin wound above the four overlapping phases of its repair.

    Returns
    -------
    matplotlib.figure.Figure
        Cross-sections from left to right with their cells, and below them the course of each
        phase; the time axis names its order of magnitude only, since each wound keeps its own time.
    """
    figure, ax = style.canvas(4.3)
    width, left, low = 1.44, 0.1, 2.83
    for place, (name, key) in enumerate(zip(COURSES, _KEYS, strict=True)):
        x = left + place * (width + 0.113)
        _section(ax, x, low, width, place)
        ax.text(x, low + 1.26, name, fontsize=9, weight="bold")
        for line, (draw, words) in enumerate(key):
            y = low - 0.16 - 0.185 * line
            draw(ax, x + 0.1, y)
            ax.text(x + 0.25, y - 0.005, words, fontsize=8.5, va="center")
    _courses(ax, left, 6.2, 0.58)
    return figure


_RED, _GREEN = style.COLOURS["immune"], style.COLOURS["tissue"]


def _platelet(ax: Axes, x: float, y: float) -> None:
    ax.add_patch(Circle((x, y), 0.028, facecolor=style.GREY, edgecolor="none", zorder=6))


def _fibrin(ax: Axes, x: float, y: float) -> None:
    for turn in (-0.05, 0.05):
        ax.plot([x - 0.08, x + 0.08], [y + turn, y - turn], color=_RED, lw=1, ls="-", zorder=5)


def _neutrophil(ax: Axes, x: float, y: float) -> None:
    ax.add_patch(Circle((x, y), 0.062, facecolor=style.PAPER, edgecolor=_RED, lw=1, zorder=6))
    for turn in (0.5, 2.6, 4.7):
        spot = (x + 0.026 * np.cos(turn), y + 0.026 * np.sin(turn))
        ax.add_patch(Circle(spot, 0.017, facecolor=_RED, edgecolor="none", zorder=7))


def _macrophage(ax: Axes, x: float, y: float) -> None:
    turns = np.linspace(0, 2 * np.pi, 33)[:-1]
    reach = 0.082 + 0.016 * np.cos(5 * turns)
    body = np.column_stack([x + reach * np.cos(turns), y + reach * np.sin(turns)])
    ax.add_patch(Polygon(body, closed=True, facecolor=style.PAPER, edgecolor=_RED, lw=1, zorder=6))
    ax.add_patch(Ellipse((x, y), 0.066, 0.044, facecolor=_RED, edgecolor="none", zorder=7))


def _bacterium(ax: Axes, x: float, y: float) -> None:
    ax.add_patch(Ellipse((x, y), 0.085, 0.036, facecolor=style.GREY, edgecolor="none", zorder=6))


def _fibroblast(ax: Axes, x: float, y: float, turn: float = 0.0) -> None:
    along = np.array([np.cos(turn), np.sin(turn)])
    across = np.array([-along[1], along[0]])
    centre = np.array([x, y])
    ends, bulge = 0.1 * along, 0.05 * across
    points = [centre - ends, centre + bulge, centre + ends, centre - bulge, centre - ends]
    codes = [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.CURVE3, Path.CURVE3]
    ax.add_patch(
        PathPatch(Path(points, codes), facecolor=_GREEN, edgecolor=_GREEN, lw=0.6, zorder=6)
    )


def _vessel(ax: Axes, x: float, y: float, height: float = 0.11) -> None:
    low, half = y - height / 2, 0.045
    points = [
        (x - half, low),
        (x - half, low + height * 1.15),
        (x + half, low + height * 1.15),
        (x + half, low),
    ]
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    ax.add_patch(PathPatch(Path(points, codes), facecolor="none", edgecolor=_RED, lw=1.3, zorder=5))


def _keratinocyte(ax: Axes, x: float, y: float) -> None:
    cell = shapes.outline("tissue", x, y, 0.15, 0.09)
    face = style.TINTS["tissue"]
    ax.add_patch(PathPatch(cell, facecolor=face, edgecolor=_GREEN, lw=1, zorder=6))


def _collagen(ax: Axes, x: float, y: float, length: float = 0.17) -> None:
    along = np.linspace(-length / 2, length / 2, 25)
    wave = 0.016 * np.sin(along * 2 * np.pi / 0.17)
    ax.plot(x + along, y + wave, color=_GREEN, lw=1.1, ls="-", zorder=5)


_KEYS = (
    ((_platelet, "platelets"), (_fibrin, "fibrin clot")),
    ((_neutrophil, "neutrophils"), (_macrophage, "macrophages"), (_bacterium, "bacteria")),
    ((_fibroblast, "fibroblasts"), (_vessel, "new vessels"), (_keratinocyte, "keratinocytes")),
    ((_collagen, "collagen"),),
)

_EPIDERMIS = 0.16
_HEIGHT = 1.15


def _section(ax: Axes, left: float, low: float, width: float, stage: int) -> None:
    """Draw a cross-section of skin; ``stage`` is the place of the phase, 0 to 3."""
    right, top, middle = left + width, low + _HEIGHT, left + width / 2
    dermis = [(left, low), (right, low), (right, top - _EPIDERMIS), (left, top - _EPIDERMIS)]
    ax.add_patch(
        Polygon(dermis, closed=True, facecolor=style.TINTS["grey"], edgecolor="none", zorder=0)
    )
    _blood(ax, left, right, low + 0.17)
    half, depth = ((0.42, 0.7), (0.42, 0.7), (0.42, 0.6), (0.0, 0.0))[stage]
    if half:
        _skin(ax, left, middle - 0.42, top)
        _skin(ax, middle + 0.42, right, top)
        _bed(ax, middle, top, half, depth, stage)
    else:
        _skin(ax, left, right, top)
    (_fill_clot, _fill_inflamed, _fill_growing, _fill_scar)[stage](ax, middle, top)


def _blood(ax: Axes, left: float, right: float, y: float) -> None:
    """Draw a small vessel that runs through the dermis."""
    for edge in (-0.06, 0.06):
        ax.plot([left, right], [y + edge] * 2, color=_RED, lw=1.1, ls="-", zorder=2)


def _skin(ax: Axes, left: float, right: float, top: float) -> None:
    low = top - _EPIDERMIS
    corners = [(left, low), (right, low), (right, top), (left, top)]
    face = style.TINTS["tissue"]
    ax.add_patch(Polygon(corners, closed=True, facecolor=face, edgecolor=_GREEN, lw=1.2, zorder=4))


def _bed(ax: Axes, middle: float, top: float, half: float, depth: float, stage: int) -> None:
    """Draw the wound itself: a bowl below the level of the skin."""
    points = [
        (middle - half, top - 0.04),
        (middle - half, top - depth * 1.3),
        (middle + half, top - depth * 1.3),
        (middle + half, top - 0.04),
        (middle - half, top - 0.04),
    ]
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4, Path.LINETO]
    face = style.TINTS["immune"] if stage < 2 else style.TINTS["tissue"]
    ax.add_patch(PathPatch(Path(points, codes), facecolor=face, edgecolor="none", zorder=1))


def _fill_clot(ax: Axes, x: float, top: float) -> None:
    for dx, dy in (
        (-0.2, 0.16),
        (0.02, 0.2),
        (0.22, 0.15),
        (-0.1, 0.36),
        (0.13, 0.38),
        (0.0, 0.54),
    ):
        _fibrin(ax, x + dx, top - dy)
    spots = ((-0.3, 0.2), (-0.1, 0.17), (0.12, 0.22), (0.31, 0.22), (-0.2, 0.34), (0.03, 0.36))
    for dx, dy in (*spots, (0.23, 0.34), (-0.1, 0.52), (0.11, 0.53), (-0.26, 0.98), (0.2, 0.98)):
        _platelet(ax, x + dx, top - dy)


def _fill_inflamed(ax: Axes, x: float, top: float) -> None:
    for dx, dy in ((-0.26, 0.2), (0.05, 0.33), (0.14, 0.56), (-0.12, 0.98), (0.36, 0.98)):
        _neutrophil(ax, x + dx, top - dy)
    for dx, dy in ((-0.13, 0.44), (0.24, 0.36)):
        _macrophage(ax, x + dx, top - dy)
    for dx, dy in ((-0.08, 0.17), (0.13, 0.16), (0.3, 0.18)):
        _bacterium(ax, x + dx, top - dy)


def _fill_growing(ax: Axes, x: float, top: float) -> None:
    for dx in (-0.2, 0.05, 0.28):
        _vessel(ax, x + dx, top - 0.72, 0.36)
    for dx, dy, turn in (
        (-0.12, 0.3, 0.3),
        (0.14, 0.33, -0.4),
        (-0.05, 0.47, 0.0),
        (0.2, 0.5, 0.5),
    ):
        _fibroblast(ax, x + dx, top - dy, turn)
    for dx in (-0.335, -0.175, 0.175, 0.335):
        _keratinocyte(ax, x + dx, top - 0.1)


def _fill_scar(ax: Axes, x: float, top: float) -> None:
    for row, dy in enumerate((0.27, 0.37, 0.47, 0.57)):
        for dx in ((-0.17, 0.17), (-0.34, 0.0, 0.34))[row % 2]:
            _collagen(ax, x + dx, top - dy, 0.26)


# Colour, line, and start, peak and end on an axis of 0 to 10 that is only an order.
COURSES = {
    "Haemostasis": (style.GREY, ":", (0.0, 0.5, 1.9)),
    "Inflammation": (_RED, "--", (0.3, 2.6, 5.0)),
    "Proliferation": (_GREEN, "-", (2.3, 5.0, 7.8)),
    "Remodelling": (style.INK, "-.", (4.8, 8.4, 13.0)),
}


def _hump(x: np.ndarray, start: float, peak: float, end: float) -> np.ndarray:
    """Give a smooth rise from ``start`` to ``peak`` and a fall to ``end``, 0 to 1."""
    rise = np.clip((x - start) / (peak - start), 0, 1)
    fall = np.clip((end - x) / (end - peak), 0, 1)
    return np.sin(np.pi / 2 * np.minimum(rise, fall)) ** 2


def _courses(ax: Axes, left: float, right: float, low: float) -> None:
    """Draw the activity of the four phases over time."""
    time = np.linspace(0, 10, 161)
    x = left + (right - left) * time / 10
    for name, (colour, line, (start, peak, end)) in COURSES.items():
        y = low + 1.0 * _hump(time, start, peak, end)
        active = (time >= start) & (time <= end)
        ax.plot(x[active], y[active], color=colour, ls=line, lw=1.8, zorder=3)
        at = left + (right - left) * peak / 10
        align = "left" if name == "Haemostasis" else "center"
        shift = -0.22 if align == "left" else 0
        ax.text(at + shift, low + 1.07, name, fontsize=8.5, ha=align)
    ax.plot([left, right], [low, low], color=style.RULE, lw=0.8, ls="-")
    for place, words in zip(
        (0.5, 2.6, 5.0, 8.4), ("hours", "days", "weeks", "months"), strict=True
    ):
        at = left + (right - left) * place / 10
        ax.plot([at, at], [low, low - 0.05], color=style.RULE, lw=0.8, ls="-")
        ax.text(at, low - 0.09, words, fontsize=8.5, ha="center", va="top")
    ax.text((left + right) / 2, 0.1, "Time since the wound, not to scale", fontsize=9, ha="center")
