"""Schematic of chapter 7, drawn in code: the round of the virus through a CD4 cell.

The steps follow ``becerra2016recent``; the two places where drugs of this chapter act follow
``ho1995rapid`` and ``perelson1997decay``. What does not live here: the pathway of the chapter
(``data/pathways/07-hiv.yml``) and its data figures (``hiv_data``).
"""

from __future__ import annotations

import itertools

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch

from hardwired.figures import shapes, style

__all__ = ["STEPS", "cycle"]

#: Steps inside the cell in their order: words, centre in inches.
STEPS = (
    ("2  RNA is copied\ninto DNA", (2.22, 2.5)),
    ("3  The DNA is built\ninto the cell’s own", (4.08, 2.5)),
    ("4  The cell makes\nRNA and proteins", (4.08, 1.28)),
    ("5  They gather\nand bud", (2.22, 1.28)),
)


def cycle() -> Figure:
    """Draw one round of the virus, and where two families of drugs stop it.

    Returns
    -------
    matplotlib.figure.Figure
        A CD4 cell with four steps inside; virus enters at the upper left and leaves at the lower
        left; bars stand for inhibitors of reverse transcriptase and of protease.
    """
    figure, ax = style.canvas(3.75)
    cell = shapes.outline("mind", 3.55, 1.89, 4.4, 2.5)
    ax.add_patch(
        PathPatch(
            cell,
            facecolor=style.TINTS["immune"],
            edgecolor=style.COLOURS["immune"],
            lw=1.2,
            zorder=1,
        )
    )
    ax.text(5.62, 0.76, "CD4 cell", ha="right", va="bottom", fontsize=9, weight="bold")
    for words, (x, y) in STEPS:
        shapes.box(ax, "tissue", x, y, 1.44, 0.5, words, size=8.5)
    for (_, (x0, y0)), (_, (x1, y1)) in itertools.pairwise(STEPS):
        if y0 == y1:
            side = np.sign(x1 - x0)
            line = [(x0 + side * 0.72, y0), (x1 - side * 0.72, y1)]
        else:
            line = [(x0, y0 - 0.25), (x1, y1 + 0.25)]
        shapes.arrow(ax, line, colour=style.INK)
    _virion(ax, 0.55, 2.5, ripe=True)
    _virion(ax, 0.55, 1.28, ripe=False)
    shapes.arrow(ax, [(0.84, 2.5), (1.5, 2.5)], colour=style.INK)
    shapes.arrow(ax, [(1.5, 1.28), (0.84, 1.28)], colour=style.INK)
    shapes.arrow(ax, [(0.55, 1.56), (0.55, 2.22)], colour=style.INK)
    ax.text(0.06, 2.98, "1  Virus binds CD4\nand a coreceptor", fontsize=8.5, va="center")
    ax.text(0.06, 0.74, "6  Protease\ncuts, virus ripens", fontsize=8.5, va="center")
    _drug(ax, (2.22, 3.42), (2.22, 2.75), "Inhibitors of reverse transcriptase")
    _drug(ax, (2.22, 0.3), (0.32, 1.72), "Protease inhibitors", bent=True)
    return figure


def _virion(ax: Axes, x: float, y: float, *, ripe: bool) -> None:
    """Draw a virion: a ring with spikes, and a core that is closed when it is ripe."""
    for angle in np.linspace(0, 2 * np.pi, 10, endpoint=False):
        ax.plot(
            [x + 0.19 * np.cos(angle), x + 0.255 * np.cos(angle)],
            [y + 0.19 * np.sin(angle), y + 0.255 * np.sin(angle)],
            color=style.GREY,
            lw=1.2,
            ls="-",
        )
    ax.add_patch(
        Circle((x, y), 0.19, facecolor=style.TINTS["grey"], edgecolor=style.GREY, lw=1.2, zorder=3)
    )
    if ripe:
        ax.add_patch(Circle((x, y), 0.075, facecolor=style.GREY, edgecolor="none", zorder=4))
        return
    for angle in np.linspace(0.3, 2 * np.pi + 0.3, 5, endpoint=False):
        spot = (x + 0.11 * np.cos(angle), y + 0.11 * np.sin(angle))
        ax.add_patch(Circle(spot, 0.03, facecolor=style.GREY, edgecolor="none", zorder=4))


def _drug(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    words: str,
    *,
    bent: bool = False,
) -> None:
    """Draw a bar from the name of a family of drugs to the step that it stops."""
    colour = shapes.LINES["drug"]
    width = style.text_width(words, 9) / 72 + 2 * shapes.NOTCH + 0.2
    shapes.box(ax, "drug", start[0], start[1], width, 0.32, words)
    if bent:
        # From behind the box, whose end is notched.
        points = [start, (0.03, start[1]), (0.03, end[1]), (0.53, end[1])]
        shapes.arrow(ax, points, colour=colour, sign="-", gap=0.02)
        return
    shapes.arrow(ax, [(start[0], start[1] - 0.16), end], colour=colour, sign="-")
