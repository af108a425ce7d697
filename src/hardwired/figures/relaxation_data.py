"""Data and model figures of chapter 4, drawn from evidence rows and models; no number is made here.

The schematic of the same chapter is in :mod:`hardwired.figures.relaxation`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.figures import style
from hardwired.figures.forest import forest

__all__ = ["killing", "lysis", "pooled", "years"]

_POOLED = {
    "morgan2014-nk": "Mind-body: NK count",
    "morgan2014-cd4": "Mind-body: CD4 count",
    "shields2020-immune": "Psychosocial: all measures",
    "schakel2019-invivo": "Against stress: challenge in body",
    "schakel2019-invitro": "Against stress: dish or stressor",
    "rumpf2021-after": "Exercise: NK activity, right after",
    "rumpf2021-recovery": "Exercise: NK activity, recovery",
}


def pooled(studies: pd.DataFrame) -> Figure:
    """Draw printed pooled effects on immune measures side by side, without pooling them.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="04-relaxation")``; ``value``, ``low``, ``high`` in standard
        deviations.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot without a diamond.
    """
    rows = studies.loc[list(_POOLED)]
    table = pd.DataFrame(
        {
            "label": list(_POOLED.values()),
            "estimate": rows["value"].to_numpy(),
            "low": rows["low"].to_numpy(),
            "high": rows["high"].to_numpy(),
        }
    )
    return forest(table, xlabel="Standardised difference (95 % interval)")


def years(table: pd.DataFrame) -> Figure:
    """Draw days with virus by time since the first episode (``phipps2011persistent``).

    Parameters
    ----------
    table
        ``evidence.table("relaxation-shedding-by-years")``: ``years``, ``days_any`` and
        ``days_silent`` in per cent of days.

    Returns
    -------
    matplotlib.figure.Figure
        Two points for each group.
    """
    figure, ax = style.subplots(height=2.9)
    places = np.arange(len(table))
    for name, colour, marker, label in (
        ("days_any", style.COLOURS["immune"], "o", "any virus"),
        ("days_silent", style.INK, "s", "virus without symptoms"),
    ):
        ax.plot(places, table[name], marker, color=colour, ms=7, ls="none")
        ax.annotate(
            label,
            (0, table[name].iloc[0]),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=9,
        )
    ax.set_xticks(places, list(table["years"]))
    ax.set(
        xlim=(-0.4, len(table) - 0.6),
        ylim=(0, 38),
        xlabel="Years since the first episode",
        ylabel="Days with virus, %",
    )
    return figure


def lysis(model: Any) -> Figure:
    """Draw two killing curves, and the share of lysis that is left at each ratio.

    Parameters
    ----------
    model
        ``models.catalog()["relaxation-lytic-units"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Left lysis in per cent, right the share of it that is left (no unit).
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    ratios = np.geomspace(6.25, 100, 5)
    fine = np.geomspace(5, 125, 120)
    curve, points = model.simulate(fine), model.simulate(ratios)
    for name, colour, dash, marker, label, at in (
        ("y", style.COLOURS["immune"], "-", "o", "baseline", (17, 47)),
        ("y_s", style.INK, "--", "s", "after the change", (33, 30)),
    ):
        left.plot(fine, curve[name], color=colour, ls=dash)
        left.plot(ratios, points[name], marker, color=colour, ms=5, ls="none")
        align = "right" if name == "y" else "left"
        left.text(*at, label, color=colour, fontsize=8.5, ha=align)
    right.plot(fine, curve["y_s"] / curve["y"], color=style.INK, ls="-")
    right.plot(ratios, points["y_s"] / points["y"], "s", color=style.INK, ms=5, ls="none")
    units = float(points["ratio"][0])
    right.axhline(units, color=style.GREY, lw=1, ls="--")
    right.text(100, units - 0.035, "lytic units", ha="right", fontsize=8.5, color=style.GREY)
    for ax in (left, right):
        ax.set_xscale("log")
        ax.set_xticks(ratios, ["6.25", "12.5", "25", "50", "100"])
        ax.set_xticks([], minor=True)
        ax.set_xlabel("White cells to a target")
    left.set(ylim=(0, 85), ylabel="Lysis, %")
    right.set(ylim=(0.6, 1), ylabel="Share that is left")
    return figure


def killing(model: Any) -> Figure:
    """Draw positive swabs over a year at the published rates and with half the killing.

    Parameters
    ----------
    model
        ``models.catalog()["relaxation-hsv2"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Share of positive swabs of the last 30 days in per cent, with the cohorts' share.
    """
    figure, ax = style.subplots(height=3.0)
    days = np.arange(366.0)
    shown = days[7::5].astype(int)
    half = dict(model.scenarios["half of the killing"])
    as_published: dict[str, float] = {}
    for changes, colour, dash, label, at in (
        (as_published, style.COLOURS["immune"], "-", "published rates", (245, 24)),
        (half, style.INK, "--", "half the killing", (68, 42)),
    ):
        run = model.simulate(days, **changes)
        ax.plot(shown, run["positive"][shown], color=colour, ls=dash)
        ax.text(*at, label, color=colour, fontsize=9)
    mark = model.marks[0]
    reach = [[mark.y - mark.y_low], [mark.y_high - mark.y]]
    ax.errorbar(
        372, mark.y, yerr=reach, fmt="o", color=style.GREY, ms=6, capsize=3, elinewidth=1.5
    )
    ax.set(
        xlim=(0, 380),
        ylim=(0, 60),
        xlabel="Days since the rates changed",
        ylabel="Positive swabs of the last 30 days, %",
    )
    return figure
