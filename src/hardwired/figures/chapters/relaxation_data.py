"""Data and model figures of chapter 4, drawn from evidence rows and models; no number is made here.

The schematic of the same chapter is in :mod:`hardwired.figures.chapters.relaxation`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence.intervals import interval_from_p, normal_reach
from hardwired.figures import style
from hardwired.figures.forest import forest
from hardwired.figures.labels import note
from hardwired.models.catalogue import waiting

__all__ = ["cortisol", "killing", "lysis", "pooled", "regression", "years"]

_POOLED = {
    "morgan2014-nk": "Mind-body: NK count",
    "morgan2014-cd4": "Mind-body: CD4 count",
    "shields2020-immune": "Psychosocial: all measures",
    "rumpf2021-after": "Exercise: NK activity, right after",
    "rumpf2021-recovery": "Exercise: NK activity, recovery",
}
_CORTISOL = {
    "Scoring, five trials": {
        "sanada2016-standardised": "standardised",
        "sanada2016-raw": "raw",
        "sanada2016-all": "both together",
    },
    "Control group, five trials": {"sanada2016-active": "active", "sanada2016-passive": "passive"},
    "Time, 58 trials": {"rogerson2024-awakening": "at awakening", "rogerson2024-diurnal": "by day"},
    "Control group, 58 trials": {
        "rogerson2024-active": "active",
        "rogerson2024-passive": "passive",
    },
    "Treatment, 58 trials": {
        "rogerson2024-all": "any",
        "rogerson2024-relaxation": "relaxation",
        "rogerson2024-mindfulness": "mindfulness",
        "rogerson2024-mindbody": "mind-body",
        "rogerson2024-talking": "talking",
    },
}
_UNLIKE = {"people alike": 0.0, "unlike by half": 0.5, "unlike by all": 1.0}


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


def cortisol(studies: pd.DataFrame) -> Figure:
    """Draw pooled effects on cortisol by what was measured, compared and done.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="04-relaxation")``; ``value`` in standard deviations, positive
        for less cortisol. Rows with a ``p`` get an interval that is rebuilt from it.

    Returns
    -------
    matplotlib.figure.Figure
        A point a row, in groups.
    """
    figure, ax = style.subplots(height=4.9)
    ax.axvline(0, color=style.RULE, lw=1, ls="-")
    y, ticks, labels = 0.0, [], []
    for title, rows in _CORTISOL.items():
        ax.text(1.38, y, title, fontsize=8.5, weight="bold", va="center", ha="right")
        for name, label in rows.items():
            y += 1
            row = studies.loc[name]
            if row["p"] == row["p"] and row["p"]:
                limits = interval_from_p(row["value"], float(row["p"]))
                ax.plot(limits, [y, y], color=style.COLOURS["hormone"], lw=1.6, ls="-")
            ax.plot(row["value"], y, style.MARKERS["hormone"], color=style.COLOURS["hormone"], ms=6)
            ticks.append(y)
            labels.append(label)
        y += 1.2
    ax.set_yticks(ticks, labels)
    ax.set(xlim=(-0.5, 1.4), ylim=(y - 0.6, -0.7), xlabel="Fall of cortisol (standard deviations)")
    return figure


def regression(counts: np.ndarray) -> Figure:
    """Draw what follows windows of six weeks that were chosen for their episodes.

    Parameters
    ----------
    counts
        ``hardwired.models.catalogue.waiting.windows()``, episodes, shape (people, windows).

    Returns
    -------
    matplotlib.figure.Figure
        Left the window that decides on admission and the two after it; right the falls that come
        out if the diary decides, by how unlike people are, and if admission comes first.
    """
    figure, (left, right) = style.subplots(1, 2, height=3.3)
    for least, marker in ((2, "o"), (3, "s"), (4, "^")):
        found = waiting.recruit(counts, least)
        means = [found.at_admission, found.before, found.after]
        left.plot([0, 1, 2], means, f"-{marker}", color=style.INK, ms=6)
        words = f"at least {least}"
        left.text(-0.12, found.at_admission, words, fontsize=8.5, ha="right", va="center")
    left.axhline(counts.mean(), color=style.GREY, lw=1, ls="--")
    left.text(
        2.1,
        counts.mean() - 0.14,
        "mean of all",
        color=style.GREY,
        fontsize=8.5,
        ha="right",
        va="top",
    )
    left.set_xticks([0, 1, 2], ["decides", "next", "after that"])
    left.set(xlim=(-1.35, 2.25), ylim=(0, 5), xlabel="Window of six weeks", ylabel="Mean episodes")
    rows = [
        *(
            (f"diary decides,\n{words}", waiting.door(counts.mean(), spread, 2), 0.0)
            for words, spread in _UNLIKE.items()
        ),
        ("diary decides,\nmodel", *_fall(waiting.admit(counts, 2))),
        ("admitted first,\nmodel", *_fall(waiting.recruit(counts, 2))),
    ]
    for place, (_, fall, error) in enumerate(rows):
        half = normal_reach(error)
        right.errorbar(
            fall, place, xerr=half or None, fmt="o", color=style.COLOURS["immune"], ms=6, capsize=3
        )
    right.axvline(0, color=style.RULE, lw=1, ls="-")
    right.axvline(50, color=style.GREY, lw=1, ls=":")
    right.text(51, -0.75, "half", fontsize=8.5, color=style.GREY, va="center")
    right.set_yticks(range(len(rows)), [name for name, *_ in rows])
    right.set(xlim=(-6, 62), ylim=(len(rows) - 0.5, -1.1), xlabel="Fewer episodes, %")
    return figure


def _fall(found: waiting.Waiting) -> tuple[float, float]:
    return found.fall, found.error


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
        note(ax, label, (0, table[name].iloc[0]), ha="left", shift=(9, 0), colour=colour)
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
        note(left, label, at, colour=colour, ha=align, va="bottom")
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
        note(ax, label, at, colour=colour, ha="left", va="bottom")
    mark = model.marks[0]
    reach = [[mark.y - mark.y_low], [mark.y_high - mark.y]]
    ax.errorbar(372, mark.y, yerr=reach, fmt="o", color=style.GREY, ms=6, capsize=3, elinewidth=1.5)
    ax.set(
        xlim=(0, 380),
        ylim=(0, 60),
        xlabel="Days since the rates changed",
        ylabel="Positive swabs of the last 30 days, %",
    )
    return figure
