"""Diagrams of chapter 8: regulation between two harms, and the two trials against colds.

The data and model figures of the same chapter are in `balance_data`.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from hardwired.figures import shapes, style

__all__ = ["colds_trial", "two_harms"]

_ARMS = (
    ("Meditation course", "112 episodes"),
    ("Exercise course", "120 episodes"),
    ("Observation", "134 episodes"),
)


def two_harms() -> Figure:
    """Draw the harm done by germs and by the defence itself against the strength of the defence.

    Returns
    -------
    matplotlib.figure.Figure
        A drawing without units: left the usual case, right the same with many germs about, where
        the least harm lies at a stronger defence.
    """
    figure, axes = style.subplots(1, 2, height=2.8, sharey=True)
    strength = np.linspace(0.02, 1, 200)
    cases = ((1.0, "Few germs about"), (4.0, "Many germs about"))
    for ax, (germs, title) in zip(axes, cases, strict=True):
        infection = 0.09 * germs * np.exp(-3.4 * strength) * 2.6
        own = 0.62 * strength**2.2
        total = infection + own
        ax.plot(strength, infection, color=style.COLOURS["nerve"], ls="--")
        ax.plot(strength, own, color=style.COLOURS["immune"], ls=(0, (1, 1.5)))
        ax.plot(strength, total, color=style.INK, ls="-", lw=1.8)
        best = int(total.argmin())
        ax.plot(strength[best], total[best], "o", color=style.INK, ms=7, ls="none", zorder=4)
        ax.annotate(
            "least harm",
            (strength[best], total[best]),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=style.INK,
        )
        ax.set(xlim=(0, 1.02), ylim=(0, 1.0), title=title, xlabel="Strength of the defence")
        ax.set_xticks([0.06, 0.94], ["weak", "strong"])
        ax.tick_params(axis="x", length=0)
        ax.set_yticks([])
    axes[0].set_ylabel("Harm")
    words = (
        (axes[1], "harm by germs", (0.66, 0.135), "nerve"),
        (axes[0], "harm by the\ndefence itself", (0.62, 0.46), "immune"),
        (axes[1], "both together", (0.3, 0.62), None),
    )
    for ax, label, place, kind in words:
        ax.annotate(
            label,
            place,
            ha="left" if kind == "nerve" else "center",
            va="bottom",
            fontsize=8.5,
            color=style.WORDS[kind or "mind"],
        )
    return figure


def colds_trial() -> Figure:
    """Draw the design and outcome of the larger trial against colds (``barrett2018meditation``).

    Returns
    -------
    matplotlib.figure.Figure
        From left to right, who was randomised, the three arms, the episodes counted, and the test
        against the threshold that was set beforehand.
    """
    figure, ax = style.canvas(3.1)
    shapes.box(ax, "mind", 0.75, 1.7, 1.2, 0.74, "413 adults,\n390 completed")
    ax.text(1.62, 2.78, "by lot", fontsize=8.5, color=style.GREY, ha="center")
    heights = (2.45, 1.7, 0.95)
    for (arm, episodes), y in zip(_ARMS, heights, strict=True):
        course = arm != "Observation"
        line = [(1.35, 1.7), (1.62, 1.7), (1.62, y), (1.88, y)]
        shapes.arrow(ax, line if y != 1.7 else [(1.35, y), (1.88, y)], colour=style.INK)
        shapes.box(ax, "mind", 2.55, y, 1.34, 0.46, arm, pale=not course)
        shapes.arrow(ax, [(3.22, y), (3.6, y)], colour=style.INK)
        shapes.box(ax, "immune", 4.15, y, 1.1, 0.46, episodes)
    ax.text(5.55, 2.8, "against observation", fontsize=8.5, color=style.GREY, ha="center")
    ax.text(5.55, 2.45, "p = 0.036", fontsize=9.5, color=style.INK, ha="center", va="center")
    shapes.arrow(ax, [(4.7, 2.45), (5.12, 2.45)], colour=style.INK)
    shapes.box(ax, "tissue", 5.55, 1.7, 1.2, 0.62, "threshold set\nbefore: 0.025")
    shapes.arrow(ax, [(5.55, 2.31), (5.55, 2.03)], colour=style.INK, sign="-")
    ax.text(5.55, 1.14, "not reached", fontsize=8.5, color=style.INK, ha="center", weight="bold")
    note = "People told their own illness and knew their arm."
    ax.text(3.15, 0.32, note, fontsize=8.5, color=style.GREY, ha="center")
    return figure
