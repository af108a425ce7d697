"""Schematic of chapter 1, drawn in code: the founding experiment on learned immune responses.

The design is that of ``ader1975behaviorally``. What does not live here: the data and model figures
of the chapter (:mod:`hardwired.figures.chapters.hardwired_data`).
"""

from __future__ import annotations

import itertools

from matplotlib.figure import Figure

from hardwired.figures import shapes, style

__all__ = ["conditioning"]

_ROWS = (
    ("Saccharin with\nimmune drug", "Saccharin\nagain", "Antibody\nlower"),
    ("Saccharin with\nimmune drug", "No\nsaccharin", "Not lowered\nby a taste"),
    ("Saccharin with\nlithium", "Saccharin\nagain", "Not\nlowered"),
)
_KINDS = ("mind", "immune", "mind", "immune")
_PLACES = (0.8, 2.4, 3.95, 5.5)


def conditioning() -> Figure:
    """Draw three groups of the taste experiment (``ader1975behaviorally``).

    Returns
    -------
    matplotlib.figure.Figure
        A row a group: what the taste came with, the sheep cells three days later, whether the
        taste came back, and what became of antibody six days after the cells.
    """
    figure, ax = style.canvas(2.9)
    for x, words in zip(_PLACES, ("First", "3 days later", "With them", "6 days on"), strict=True):
        ax.text(x, 2.72, words, ha="center", fontsize=9, weight="bold", color=style.INK)
    for place, (first, taste, antibody) in enumerate(_ROWS):
        y = 2.25 - 0.85 * place
        labels = (first, "Sheep cells", taste, antibody)
        for kind, x, label in zip(_KINDS, _PLACES, labels, strict=True):
            pale = place > 0 and x == _PLACES[-1]
            shapes.box(ax, kind, x, y, 1.2, 0.5, label, pale=pale)
        for before, after in itertools.pairwise(_PLACES):
            shapes.arrow(ax, [(before + 0.6, y), (after - 0.6, y)], colour=style.INK)
    return figure
