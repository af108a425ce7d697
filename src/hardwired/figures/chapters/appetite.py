"""Schematics of chapter 6, drawn in code: where appetite is settled, and the chimeric mice.

The food eaten by the mice is that printed by ``wisse2007evidence``. What does not live here: the
pathway of the chapter (``data/pathways/06-appetite.yml``).
"""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Ellipse, PathPatch
from matplotlib.path import Path

from hardwired.figures import shapes, style

__all__ = ["EATEN", "addresses", "chimeras"]

#: Food in grams that the chimeric mice ate in 20 h, with the spread as ``wisse2007evidence``
#: prints it (the abstract does not name its kind).
EATEN = (("endotoxin", 4.1, 0.5), ("vehicle", 4.3, 0.3))


def addresses() -> Figure:
    """Draw the parts of the brain that settle eating, and the messengers that reach them.

    Returns
    -------
    matplotlib.figure.Figure
        Above, hypothalamus and hindbrain; below, stomach, fat, white cells, the infected throat and
        ill tissue, each with the messenger that it sends and the place where it is known to act.
    """
    figure, ax = style.canvas(4.5)
    ax.add_patch(
        Ellipse((3.15, 3.6), 6.1, 1.62, facecolor=style.TINTS["grey"], edgecolor="none", zorder=0)
    )
    ax.text(0.72, 3.6, "Brain", fontsize=9, weight="bold", color=style.GREY, va="center")
    shapes.box(ax, "nerve", 2.2, 3.82, 1.9, 0.74, "Hypothalamus\nAgRP cells: eat\nPOMC cells: stop")
    shapes.box(ax, "nerve", 4.75, 3.6, 1.5, 0.74, "Hindbrain\nGFRAL cells:\nstop")
    senders = (
        ("tissue", 0.56, "Stomach", "ghrelin"),
        ("tissue", 1.7, "Fat", "leptin"),
        ("immune", 2.95, "White cells", "cytokines"),
        ("tissue", 4.35, "Infected\nthroat", "PGE2"),
        ("tissue", 5.6, "Ill tissue", "GDF15"),
    )
    for kind, x, label, _ in senders:
        shapes.box(ax, kind, x, 0.5, 1.0, 0.5, label)
    pink, red, blue = (style.COLOURS[kind] for kind in ("hormone", "immune", "nerve"))
    shapes.arrow(ax, [(0.56, 0.75), (0.56, 2.6), (1.5, 2.6), (1.5, 3.45)], colour=pink)
    shapes.arrow(ax, [(1.7, 0.75), (1.7, 3.45)], colour=pink)
    shapes.box(ax, "tissue", 2.95, 1.95, 1.2, 0.6, "Vessel lining,\nprostaglandin", size=8.5)
    shapes.arrow(ax, [(2.95, 0.75), (2.95, 1.65)], colour=red)
    shapes.arrow(
        ax, [(2.95, 2.25), (2.95, 2.75), (2.6, 2.75), (2.6, 3.45)], colour=red, dashed=True
    )
    shapes.box(ax, "nerve", 4.35, 1.95, 1.1, 0.6, "Airway nerve,\nEP3", size=8.5)
    shapes.arrow(ax, [(4.35, 0.75), (4.35, 1.65)], colour=red)
    shapes.arrow(ax, [(4.35, 2.25), (4.35, 3.23)], colour=blue, dashed=True)
    shapes.arrow(ax, [(5.6, 0.75), (5.6, 2.75), (5.2, 2.75), (5.2, 3.23)], colour=pink)
    for _, x, _, words in senders:
        ax.text(x + 0.07, 1.12, words, fontsize=9, va="center", style="italic")
    for x, y, ha, words in (
        (0.68, 2.78, "left", "before meals"),
        (1.63, 1.6, "right", "in step\nwith stores"),
        (5.53, 2.05, "right", "in\nwasting"),
    ):
        ax.text(x, y, words, fontsize=8.5, color=style.GREY, va="center", ha=ha)
    return figure


def chimeras() -> Figure:
    """Draw the mice whose blood cells could hear endotoxin and IL-1 while the rest could not.

    Returns
    -------
    matplotlib.figure.Figure
        Left and middle the transplant and what was measured; right the food eaten in 20 h.
    """
    figure, ax = style.canvas(3.3)
    _mouse(ax, 0.95, 2.45, whole=True, marrow=True)
    _mouse(ax, 2.95, 2.45, whole=False, marrow=True)
    ax.text(0.95, 1.78, "Ordinary mouse\ngives bone marrow", fontsize=8.5, ha="center", va="top")
    ax.text(
        2.95,
        1.78,
        "Mouse without MyD88:\nits tissues are deaf to\nendotoxin and IL-1",
        fontsize=8.5,
        ha="center",
        va="top",
    )
    shapes.arrow(ax, [(1.5, 2.45), (2.3, 2.45)], colour=style.COLOURS["immune"])
    ax.text(1.9, 2.55, "marrow", fontsize=8.5, ha="center", va="bottom")
    shapes.box(ax, "immune", 0.95, 1.0, 1.7, 0.46, "Blood: cytokines\nas in ordinary mice")
    shapes.box(ax, "nerve", 2.95, 1.0, 1.9, 0.46, "Hypothalamus: no rise\nof IL-1β or TNF mRNA")
    ax.text(1.95, 0.5, "after endotoxin", fontsize=8.5, color=style.GREY, ha="center")
    _eaten(ax)
    return figure


def _mouse(ax: Axes, x: float, y: float, *, whole: bool, marrow: bool) -> None:
    """Draw a mouse from the side; a hollow one cannot pass the signal on, marrow is a dot."""
    fill = style.TINTS["tissue"] if whole else style.PAPER
    edge = style.COLOURS["tissue"] if whole else style.RULE
    tail = Path(
        [(x - 0.4, y - 0.12), (x - 0.62, y - 0.2), (x - 0.6, y + 0.08), (x - 0.78, y)],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    ax.add_patch(PathPatch(tail, facecolor="none", edgecolor=edge, lw=1.5))
    ax.add_patch(Ellipse((x, y), 0.92, 0.5, facecolor=fill, edgecolor=edge, lw=1.5, zorder=2))
    ax.add_patch(
        Ellipse((x + 0.42, y + 0.1), 0.4, 0.3, facecolor=fill, edgecolor=edge, lw=1.5, zorder=3)
    )
    ax.add_patch(
        Circle((x + 0.3, y + 0.27), 0.09, facecolor=fill, edgecolor=edge, lw=1.5, zorder=3)
    )
    ax.add_patch(
        Circle((x + 0.5, y + 0.13), 0.025, facecolor=style.INK, edgecolor="none", zorder=4)
    )
    if marrow:
        ax.add_patch(
            Circle((x - 0.1, y), 0.1, facecolor=style.COLOURS["immune"], edgecolor="none", zorder=4)
        )


def _eaten(ax: Axes) -> None:
    left, low, scale = 4.75, 0.62, 0.42
    ax.text(4.3, 3.05, "Food eaten in 20 h, g", fontsize=9, weight="bold")
    ax.plot([left, left], [low, low + 5 * scale], color=style.RULE, lw=0.8, ls="-")
    for grams in range(0, 6):
        y = low + grams * scale
        ax.plot([left - 0.05, left], [y, y], color=style.RULE, lw=0.8, ls="-")
        ax.text(left - 0.1, y, str(grams), fontsize=8.5, ha="right", va="center")
    for (words, mean, spread), x, marker in zip(EATEN, (5.2, 5.85), "so", strict=True):
        y = low + mean * scale
        ax.plot([x, x], [y - spread * scale, y + spread * scale], color=style.INK, lw=1.6, ls="-")
        ax.plot([x], [y], marker=marker, ms=7, color=style.INK, ls="none")
        ax.text(x, low - 0.12, words, fontsize=8.5, ha="center", va="top")
        ax.text(x, y - (spread + 0.35) * scale, f"{mean}", fontsize=8.5, ha="center", va="top")
