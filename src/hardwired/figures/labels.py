"""Words inside a plot, in the one size that every figure of the book uses."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes

from hardwired.figures import style

__all__ = ["note"]


def note(
    ax: Axes,
    words: str,
    at: tuple[float, float],
    *,
    colour: str = style.INK,
    ha: str = "center",
    va: str = "center",
    shift: tuple[float, float] = (0, 0),
    **more: Any,
) -> None:
    """Write words at a point of a plot.

    Parameters
    ----------
    ax
        The plot.
    words
        What to write.
    at
        The point, in the plot's own units.
    colour, ha, va
        Colour and alignment of the words. A colour of the book's five is deepened, so that words
        beside a line can be read as well as the line be seen.
    shift
        How far they stand from the point, in points of 1/72 inch.
    more
        Anything else that `matplotlib.axes.Axes.annotate` takes.
    """
    ax.annotate(
        words,
        at,
        xytext=shift,
        textcoords="offset points",
        color=style.words_in(colour),
        ha=ha,
        va=va,
        fontsize=8.5,
        **more,
    )
