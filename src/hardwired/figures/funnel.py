"""Funnel plots: effect against standard error, with the region that chance alone would fill."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hardwired.evidence.intervals import normal_reach
from hardwired.figures import style

__all__ = ["funnel"]


def funnel(
    rows: pd.DataFrame,
    centre: float,
    *,
    xlabel: str,
    null: float | None = 0.0,
    filled: pd.DataFrame | None = None,
    level: float = 0.95,
    labels: bool = False,
    ax: Axes | None = None,
) -> Figure:
    """Draw a funnel plot.

    Parameters
    ----------
    rows
        One row a study with columns ``estimate`` and ``se`` in the unit of ``xlabel``, and
        ``label`` if ``labels`` is set.
    centre
        The pooled estimate; the funnel opens downwards from it.
    xlabel
        Name and unit of the effect.
    null
        Where no effect lies, drawn as a line; ``None`` draws none.
    filled
        Studies imputed by trim and fill, with the same columns; drawn open.
    level
        Share of studies that the funnel would hold if chance alone scattered them.
    labels
        Whether the studies' names stand beside their points.
    ax
        Axes to draw in; by default a new figure.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which ends a notebook cell; precise studies stand on top.

    Raises
    ------
    ValueError
        If a column is missing or a standard error is not above 0.
    """
    every = [_checked(rows)] + ([] if filled is None else [_checked(filled)])
    if ax is None:
        figure, ax = style.subplots(height=3.6)
    else:
        figure = ax.get_figure(root=True)  # type: ignore[assignment]
    deepest = 1.08 * max(float(table["se"].max()) for table in every)
    reach = float(normal_reach(deepest, level))
    corners = ([centre - reach, centre, centre + reach], [deepest, 0.0, deepest])
    ax.fill(*corners, facecolor=style.TINTS["grey"], edgecolor="none", zorder=0)
    ax.plot(*corners, color=style.RULE, lw=0.9, ls=(0, (4, 3)), zorder=1)
    ax.plot([centre, centre], [0, deepest], color=style.INK, lw=1, ls="-", zorder=1)
    if null is not None:
        ax.axvline(null, color=style.RULE, lw=0.8, ls=":", zorder=1)
    ax.plot(rows["estimate"], rows["se"], "o", color=style.INK, ms=6, ls="none", zorder=4)
    if filled is not None:
        ax.plot(
            filled["estimate"],
            filled["se"],
            "o",
            mfc=style.PAPER,
            mec=style.INK,
            mew=1.2,
            ms=6,
            ls="none",
            zorder=3,
        )
    if labels:
        _name(ax, rows, centre)
    ax.set(ylim=(deepest, 0), xlabel=xlabel, ylabel="Standard error")
    return figure


def _checked(rows: pd.DataFrame) -> pd.DataFrame:
    for name in ("estimate", "se"):
        if name not in rows:
            raise ValueError(f"funnel: the table has no column {name!r}.")
        if not np.isfinite(rows[name].to_numpy(dtype=float)).all():
            raise ValueError(f"funnel: column {name!r} holds a number that is not finite.")
    if not (rows["se"] > 0).all():
        raise ValueError("funnel: every standard error must be above 0.")
    return rows


def _name(ax: Axes, rows: pd.DataFrame, centre: float) -> None:
    """Put names on the side of the point that is away from the middle."""
    for label, x, y in zip(rows["label"], rows["estimate"], rows["se"], strict=True):
        side = 1 if x >= centre else -1
        ax.annotate(
            str(label),
            (x, y),
            xytext=(7 * side, 0),
            textcoords="offset points",
            ha="left" if side > 0 else "right",
            va="center",
            fontsize=8.5,
        )
