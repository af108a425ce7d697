"""Schematic of chapter 3, drawn in code: a randomised test of stress on the skin barrier.

Numbers are those printed by ``robles2007stress``. What does not live here: the pathway of the
chapter (``data/pathways/03-skin.yml``).
"""

from __future__ import annotations

from matplotlib.figure import Figure

from hardwired.figures import shapes, style

__all__ = ["experiment"]


def experiment() -> Figure:
    """Draw the design and the result of the barrier experiment (``robles2007stress``).

    Returns
    -------
    matplotlib.figure.Figure
        From left to right: randomisation, three arms, the stripped skin two hours later.
    """
    figure, ax = style.canvas(2.9)
    shapes.box(ax, "mind", 0.7, 1.6, 1.1, 0.56, "85 adults,\nrandomised")
    arms = (
        (2.5, "Reading"),
        (1.6, "Speech and sums\nbefore a jury"),
        (0.7, "The same, after a\nstranger's support"),
    )
    for y, words in arms:
        bend = [] if y == 1.6 else [(1.5, 1.6), (1.5, y)]
        shapes.arrow(ax, [(1.25, 1.6), *bend, (1.75, y)], colour=style.INK)
        shapes.box(ax, "mind", 2.5, y, 1.5, 0.56, words)
        shapes.arrow(ax, [(3.25, y), (3.75, y)], colour=style.INK)
    results = (
        (2.5, "Barrier recovers at\nits ordinary speed"),
        (1.6, "At 2 h 10 % behind\n(r = 0.29)"),
        (0.7, "As far behind as\nwithout support"),
    )
    for y, words in results:
        shapes.box(ax, "tissue", 4.6, y, 1.7, 0.56, words)
    ax.text(2.5, 0.16, "what was done", fontsize=8.5, color=style.GREY, ha="center")
    ax.text(4.6, 0.16, "tape-stripped skin", fontsize=8.5, color=style.GREY, ha="center")
    return figure
