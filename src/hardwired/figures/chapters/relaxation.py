"""Schematic of chapter 4: killer cells on the wall of a vessel and in its stream.

What does not live here: data and model figures (`relaxation_data`), the pathway of the chapter.
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from hardwired.figures import style

__all__ = ["traffic"]

_FLOATING = ((0.5, 0.1), (1.95, -0.1))
_FLOODED = (
    (0.3, 0.18),
    (0.6, -0.15),
    (0.95, 0.2),
    (1.25, -0.12),
    (1.55, 0.15),
    (1.85, -0.18),
    (2.15, 0.12),
    (2.4, -0.15),
)


def traffic() -> Figure:
    """Draw a vessel at rest and after adrenaline, with the same ten cells in both.

    Returns
    -------
    matplotlib.figure.Figure
        Left rest, right minutes after adrenaline (``dimitrov2010selective``); not to scale.
    """
    figure, ax = style.canvas(2.6)
    _vessel(ax, 0.25, "At rest", [0.3, 0.95, 1.6, 2.3], _FLOATING)
    _vessel(ax, 3.35, "Minutes after adrenaline", [1.3], _FLOODED)
    return figure


def _vessel(
    ax: Axes,
    left: float,
    title: str,
    held: list[float],
    floating: tuple[tuple[float, float], ...],
) -> None:
    """Draw walls, cells held on both walls at ``held`` and cells in the stream."""
    middle, half, width, radius = 1.35, 0.55, 2.7, 0.1
    colour = style.COLOURS["immune"]
    ax.text(left, 2.28, title, fontsize=9.5, weight="bold")
    for side in (-1, 1):
        y = middle + side * half
        ax.plot([left, left + width], [y, y], color=style.COLOURS["tissue"], lw=3, ls="-")
    places = [(x, side * (half - radius - 0.03)) for x in held for side in (-1, 1)]
    for cells, face in ((places, style.TINTS["immune"]), (floating, colour)):
        for x, y in cells:
            spot = (left + x, middle + y)
            ax.add_patch(Circle(spot, radius, facecolor=face, edgecolor=colour, lw=1.2))
    words = f"on the wall {len(places)}, counted in blood {len(floating)}"
    ax.text(left, 0.4, words, fontsize=9)
