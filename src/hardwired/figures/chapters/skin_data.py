"""Data and model figures of chapter 3, drawn from evidence tables and models.

The schematic of the same chapter is in :mod:`hardwired.figures.chapters.skin`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.figures import style
from hardwired.figures.forest import forest

__all__ = ["clearing", "designs", "directions", "glands", "pushes"]

_DESIGNS = {
    "recall": "Asked after the diagnosis",
    "register": "On record before",
}


def designs(table: pd.DataFrame) -> Figure:
    """Draw ratios of risk with stress or distress, grouped by when the exposure was recorded.

    Parameters
    ----------
    table
        ``evidence.table("skin-associations")``; rows without limits are left out.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot on a logarithmic axis.
    """
    shown = table.dropna(subset=["low", "high"])
    shown = shown.assign(order=shown["design"].map(list(_DESIGNS).index)).sort_values(
        "order", kind="stable"
    )
    rows = pd.DataFrame(
        {
            "label": shown["disease"].str.capitalize() + ": " + shown["exposure"].map(_short),
            "estimate": shown["estimate"],
            "low": shown["low"],
            "high": shown["high"],
            "weight": 1.0,
            "group": shown["design"].map(_DESIGNS),
        }
    ).reset_index(drop=True)
    return forest(rows, xlabel="Ratio of odds, risks or hazards", null=1.0, log=True)


def _short(words: str) -> str:
    return {
        "events recalled (5 studies)": "events",
        "stress disorder on record (1 study)": "stress disorder",
        "major depression": "depression",
        "depression of a sibling": "ill sibling",
        "death of a partner": "bereavement",
        "distress in an earthquake": "earthquake",
        "low stress resilience": "low resilience",
        "post-traumatic stress disorder": "trauma",
        "stress-related disorder": "stress disorder",
    }.get(words, words)


def directions(table: pd.DataFrame) -> Figure:
    """Draw how distress precedes skin disease and skin disease distress.

    Parameters
    ----------
    table
        ``evidence.table("skin-both-directions")``; rows without limits are left out.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot on a logarithmic axis, one group for each direction.
    """
    shown = table.dropna(subset=["low", "high"])
    shown = shown[~shown["first"].str.startswith("any")]
    mood_first = shown["first"].str.startswith("depression")
    shown = shown.assign(late=~mood_first).sort_values("late", kind="stable")
    rows = pd.DataFrame(
        {
            "label": shown["first"].map(_first) + ", " + shown["second"],
            "estimate": shown["estimate"],
            "low": shown["low"],
            "high": shown["high"],
            "weight": 1.0,
            "group": np.where(shown["late"], "Skin first, depression later", "Depression first"),
        }
    ).reset_index(drop=True)
    return forest(rows, xlabel="Ratio of hazards or risks", null=1.0, log=True)


def _first(words: str) -> str:
    return {
        "depression": "Patient",
        "depression of a sibling": "Healthy sibling",
        "vitiligo (under 30)": "Vitiligo under 30",
        "vitiligo (30 and over)": "Vitiligo from 30",
        "alopecia areata": "Alopecia",
        "alopecia areata of a sibling": "Sibling has alopecia",
    }.get(words, words)


def pushes(model: Any) -> Figure:
    """Draw what a push of one, four or seven days does to skin with two stable states.

    Parameters
    ----------
    model
        ``models.catalog()["skin-psoriasis"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Left disease (0 healthy, 1 psoriatic), right T cells per mm², with the published states.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9, sharex=True)
    days = np.linspace(0, 300, 601)
    for length, colour, dash in (
        (1.0, style.COLOURS["tissue"], "-"),
        (4.0, style.COLOURS["hormone"], "--"),
        (7.0, style.COLOURS["immune"], ":"),
    ):
        run = model.simulate(days, d=length)
        label = f"{length:g} day" + ("s" if length > 1 else "")
        left.plot(days, run["P_rel"], color=colour, ls=dash, label=label)
        right.plot(days, run["T"], color=colour, ls=dash)
    for cells in (1556.09, 4783.0):
        right.plot(300, cells, "o", mfc=style.PAPER, mec=style.INK, ms=6, clip_on=False, zorder=5)
    left.legend(frameon=False, loc="center right", fontsize=8.5)
    left.set(xlim=(0, 300), xlabel="Day", ylabel="Disease", title="A short push fades")
    right.set(xlabel="Day", ylabel="T cells per mm²", title="A longer one stays")
    return figure


def glands(model: Any) -> Figure:
    """Draw hormones and glands during and after sixty days of stress.

    Parameters
    ----------
    model
        ``models.catalog()["skin-growing-glands"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Left ACTH and cortisol, right the masses of the glands, all against their baseline.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9, sharex=True)
    days = np.linspace(0, 200, 801)
    run = model.simulate(days)
    panels = (
        (left, "x3", "hormone", "-", "cortisol"),
        (left, "x2", "nerve", "--", "ACTH"),
        (right, "A", "hormone", "-", "adrenal cortex"),
        (right, "P", "nerve", "--", "cells that make ACTH"),
    )
    for ax, name, kind, dash, label in panels:
        values = run[name] / run[name][0]
        ax.plot(days, values, color=style.COLOURS[kind], ls=dash, label=label)
    for ax in (left, right):
        ax.axhline(1, color=style.RULE, lw=0.8, ls="-")
        ax.legend(frameon=False, fontsize=8.5)
        ax.set(xlim=(0, 200), xlabel="Day")
    left.set(ylabel="Times baseline", title="Hormones")
    right.set(ylim=(0.4, 4.6), title="Glands")
    return figure


def clearing(model: Any) -> Figure:
    """Draw two sets of curves that share a ratio of hazards and a gap between the medians.

    Parameters
    ----------
    model
        ``models.catalog()["skin-clearing"]``.

    Returns
    -------
    matplotlib.figure.Figure
        The share not yet clear against days, for a constant and for a rising hazard.
    """
    figure, axes = style.subplots(1, 2, height=2.7, sharex=True, sharey=True)
    days = np.linspace(0.01, 150, 400)
    for ax, kappa, title in zip(axes, (1.0, 2.0), ("Constant", "Rising"), strict=True):
        run = model.simulate(days, kappa=kappa)
        at = model.simulate([1.0], kappa=kappa)
        for curve, median, kind, dash, label in (
            ("S_0", "m_0", "tissue", "-", "less worry"),
            ("S_1", "m_1", "immune", "--", "more worry"),
        ):
            ax.plot(days, run[curve], color=style.COLOURS[kind], ls=dash, label=label)
            ax.plot(at[median][0], 0.5, "o", color=style.COLOURS[kind], ms=6, ls="none")
        ax.set(xlim=(0, 150), ylim=(0, 1.02), xlabel="Day", title=f"{title} hazard")
    axes[1].legend(frameon=False, fontsize=8.5)
    axes[0].set_ylabel("Share not yet clear")
    return figure
