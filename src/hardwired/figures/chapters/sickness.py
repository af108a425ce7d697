"""Schematic of chapter 2, drawn in code: four operations on the nerves of a rodent.

What was done and what became of TNF is printed by ``borovikova2000vagus``,
``huston2006splenectomy`` and ``martelli2014reflex``. What does not live here: the pathway of the
chapter (``data/pathways/02-sickness.yml``) and its data figures (``sickness_data``).
"""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from hardwired.figures import shapes, style

__all__ = ["OPERATIONS", "Operation", "operations"]

_BLUE = style.COLOURS["nerve"]
_RED = style.COLOURS["immune"]
_TOP, _LOW = 2.52, 1.2


@dataclass(frozen=True)
class Operation:
    """One experiment: what was done to each nerve and to the spleen, and what TNF did."""

    title: str
    vagus_cut: bool
    driven: bool
    splanchnic_cut: bool
    spleen: bool
    result: str


#: The four experiments, in the order in which the chapter tells them.
OPERATIONS = (
    Operation("Vagus cut, its\nlower end driven", True, True, False, True, "TNF falls"),
    Operation("Vagus driven,\nspleen taken out", False, True, False, False, "TNF does\nnot fall"),
    Operation("Both vagi cut,\nnothing driven", True, False, False, True, "TNF as\nbefore"),
    Operation("Both splanchnic\nnerves cut", False, False, True, True, "TNF five times\nas high"),
)


def operations() -> Figure:
    """Draw the four experiments side by side.

    Returns
    -------
    matplotlib.figure.Figure
        In each panel a brainstem above, a spleen below, the vagus (V) at the left and the
        splanchnic nerve (S) at the right; under it what became of TNF.
    """
    figure, ax = style.canvas(3.45)
    for place, operation in enumerate(OPERATIONS):
        _panel(ax, 0.8 + 1.567 * place, operation)
    return figure


def _panel(ax: Axes, x: float, what: Operation) -> None:
    ax.text(x, 3.38, what.title, fontsize=8.5, weight="bold", ha="center", va="top")
    shapes.box(ax, "nerve", x, _TOP + 0.17, 1.1, 0.34, "Brainstem", size=8.5)
    _nerve(ax, x - 0.34, "V", cut=what.vagus_cut)
    _nerve(ax, x + 0.34, "S", cut=what.splanchnic_cut)
    if what.driven:
        _flash(ax, x - 0.34, _LOW + 0.37)
    shapes.box(ax, "immune", x, _LOW - 0.17, 1.1, 0.34, "Spleen", size=8.5, pale=not what.spleen)
    if not what.spleen:
        for rise in (-0.15, 0.15):
            ends = [_LOW - 0.17 - rise, _LOW - 0.17 + rise]
            ax.plot([x - 0.5, x + 0.5], ends, color=style.INK, lw=1.3, ls="-", zorder=6)
    colour = style.WORDS["immune"]
    ax.text(x, 0.6, what.result, fontsize=9, weight="bold", color=colour, ha="center", va="center")


def _nerve(ax: Axes, x: float, letter: str, *, cut: bool) -> None:
    """Draw a nerve from brainstem to spleen, with a gap where it was cut."""
    stretches = [(_TOP, 2.04), (1.86, _LOW)] if cut else [(_TOP, _LOW)]
    for high, low in stretches:
        ax.plot([x, x], [high, low], color=_BLUE, lw=2.2, ls="-" if letter == "V" else "--")
    if cut:
        for y in (2.04, 1.86):
            ax.plot([x - 0.09, x + 0.09], [y - 0.03, y + 0.03], color=style.INK, lw=1.2, ls="-")
    side = -0.1 if letter == "V" else 0.1
    ax.text(x + side, 2.3, letter, fontsize=9, ha="right" if side < 0 else "left", va="center")


def _flash(ax: Axes, x: float, y: float) -> None:
    """Draw the flash that stands for a current."""
    shape = [(0.02, 0.17), (-0.1, -0.02), (-0.01, -0.02), (-0.04, -0.17), (0.1, 0.04), (0.01, 0.04)]
    corners = [(x + dx, y + dy) for dx, dy in shape]
    ax.add_patch(
        Polygon(corners, closed=True, facecolor=_RED, edgecolor=style.PAPER, lw=0.6, zorder=5)
    )
