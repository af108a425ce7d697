"""Data and model figures of chapter 5, drawn from evidence rows and models; no number is made here.

The schematics of the same chapter are in :mod:`hardwired.figures.chapters.wounds`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence import conversions, power
from hardwired.evidence.intervals import normal_reach
from hardwired.figures import style
from hardwired.figures.forest import forest
from hardwired.figures.labels import note

__all__ = [
    "delays",
    "distress_forest",
    "macrophages",
    "margin",
    "size_against_n",
    "time_to_heal",
]

CARERS = style.COLOURS["immune"]
CONTROLS = style.COLOURS["nerve"]

_DELAY_LABELS = {
    "kiecolt1995slowing": "Women caring for a relative\nwith dementia, skin",
    "marucha1998mucosal": "Students in examinations,\npalate",
    "smith2018impact": "Volunteers, 2 h of sleep for\nthree nights, blister",
    "rojas2002stress": "Restrained mice,\nskin",
}

_FOREST_LABELS = {
    "kiecolt1995-r": "Caring, 1995, skin punch",
    "cole2001-r": "Mood, 2001, chronic wounds",
    "broadbent2003-r": "Stress, 2003, IL-1 after hernia",
    "ebrecht2004-r": "Stress, 2004, skin punch",
    "robles2007-r": "Speech task, 2007, tape",
    "bosch2007-r": "Low mood, 2007, palate punch",
}


def delays(table: pd.DataFrame) -> Figure:
    """Draw how many times as long healing took under four kinds of strain.

    Parameters
    ----------
    table
        ``evidence.table("wounds-delays")``: columns ``reference``, ``species``, ``time_ratio``,
        ``low``, ``high`` (ratios of times, no unit; limits may be missing).

    Returns
    -------
    matplotlib.figure.Figure
        A dot for each row, with its interval where one exists.
    """
    figure, ax = style.subplots(height=2.3)
    for place, row in enumerate(table.itertuples()):
        people = row.species == "people"
        colour = style.INK if people else style.GREY
        if np.isfinite(row.low):
            ax.plot([row.low, row.high], [-place] * 2, color=colour, lw=1.3, ls="-")
        face = colour if people else style.PAPER
        ax.plot(
            row.time_ratio, -place, "o", ms=7, mfc=face, mec=colour, mew=1.4, ls="none", zorder=3
        )
        ax.annotate(
            f"{row.time_ratio:.2f}",
            (row.time_ratio, -place),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
        )
    ax.axvline(1, color=style.RULE, lw=0.8, ls="-")
    ax.set_yticks(
        [-place for place in range(len(table))],
        [_DELAY_LABELS.get(key, key) for key in table["reference"]],
    )
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set(
        xlim=(0.97, 1.6),
        ylim=(-len(table) + 0.5, 0.7),
        xlabel="Time to heal under strain / without it",
    )
    return figure


def distress_forest(rows: pd.DataFrame, pooled: Any, printed: pd.Series) -> Figure:
    """Draw the teaching set of correlations, its pooled value and a printed one beside it.

    Parameters
    ----------
    rows
        ``evidence.studies(chapter="05-wounds", topic="stress-forest")``: ``value``, ``low`` and
        ``high`` are correlations, positive for more distress and slower or poorer healing.
    pooled
        The pooled correlation of these rows, with ``estimate``, ``low``, ``high``.
    printed
        The row of a published synthesis, with its sign as printed (negative: less healing).

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot; the printed value is an open diamond under a heading of its own.
    """
    ours = pd.DataFrame(
        {
            "label": [_FOREST_LABELS.get(name, name) for name in rows.index],
            "estimate": rows["value"].to_numpy(),
            "low": rows["low"].to_numpy(),
            "high": rows["high"].to_numpy(),
            "weight": rows["n_total"].to_numpy() - 3.0,
            "group": "Our teaching set",
        }
    )
    theirs = pd.DataFrame(
        {
            "label": ["Review of 2009, 11 results"],
            "estimate": [-printed["value"]],
            "low": [-printed["high"]],
            "high": [-printed["low"]],
            "weight": [1.0],
            "group": ["Printed, from other results"],
        }
    )
    figure = forest(
        pd.concat([theirs, ours], ignore_index=True),
        _Interval(pooled),
        xlabel="Correlation of distress with slower or poorer healing, r",
        pooled_label="Our six, pooled",
    )
    ax = figure.axes[0]
    ax.plot(
        -printed["value"],
        -1,
        "D",
        ms=8,
        mfc=style.PAPER,
        mec=style.INK,
        mew=1.3,
        ls="none",
        zorder=5,
    )
    return figure


class _Interval:
    """A pooled result without its prediction interval, which this figure does not show."""

    def __init__(self, pooled: Any) -> None:
        self.estimate, self.low, self.high = pooled.estimate, pooled.low, pooled.high


def size_against_n(
    rows: pd.DataFrame, nulls: pd.Series, cohort: pd.Series, pooled: float
) -> Figure:
    """Draw correlations against the number of people behind them.

    Parameters
    ----------
    rows
        As in :func:`distress_forest`.
    nulls
        People behind each result printed as "no association"; they are drawn at zero.
    cohort
        Row of a cohort with an odds ratio in ``value``, ``low``, ``high``; converted to r.
    pooled
        The pooled correlation of `rows`, the middle of the funnel.

    Returns
    -------
    matplotlib.figure.Figure
        Logarithmic in the number of people; the funnel holds 95 % of results if every true
        correlation were `pooled`.
    """
    operations = int(cohort["n_total"])
    r = [conversions.r_from_odds_ratio(cohort[name]).estimate for name in ("value", "low", "high")]
    figure, ax = style.subplots(height=3.3)
    people = np.geomspace(14, 300000, 300)
    half = normal_reach(1 / np.sqrt(people - 3))
    middle = np.arctanh(pooled)
    for edge in (np.tanh(middle - half), np.tanh(middle + half)):
        ax.plot(people, edge, color=style.GREY, lw=0.9, ls=(0, (4, 3)))
    ax.axhline(pooled, color=style.GREY, lw=0.9, ls="-")
    ax.axhline(0, color=style.RULE, lw=0.8, ls="-")
    ax.plot(rows["n_total"], rows["value"], "o", color=style.INK, ms=6, ls="none")
    ax.plot(
        nulls,
        [0] * len(nulls),
        "o",
        mfc=style.PAPER,
        mec=style.INK,
        ms=7,
        mew=1.3,
        ls="none",
        zorder=4,
    )
    ax.plot([operations] * 2, r[1:], color=CARERS, lw=1.3, ls="-")
    ax.plot(operations, r[0], "s", color=CARERS, ms=7, ls="none", zorder=4)
    note(ax, "six results\nof the forest plot", (60, 0.62), ha="left")
    note(ax, "printed as\n“no association”", (120, -0.045), ha="left", va="top")
    note(
        ax,
        f"English hip\nreplacements\nr = {r[0]:.2f}",
        (operations, 0.08),
        ha="center",
        va="bottom",
    )
    note(
        ax,
        f"pooled r = {pooled:.2f}",
        (250000, pooled + 0.04),
        ha="right",
        va="bottom",
        colour=style.GREY,
    )
    ax.set_xscale("log")
    ax.set_xticks([20, 100, 1000, 10000, 100000], ["20", "100", "1,000", "10,000", "100,000"])
    ax.set_xticks([], minor=True)
    ax.set(
        xlim=(16, 300000),
        ylim=(-0.2, 0.82),
        xlabel="People (or operations)",
        ylabel="Correlation, r",
    )
    return figure


def time_to_heal(model: Any, row: pd.Series) -> Figure:
    """Draw wounds still open over time, and the power to see the difference.

    Parameters
    ----------
    model
        ``models.catalog()["wounds-time-to-heal"]``.
    row
        The study's row; its ``n_a`` is the size of a group.

    Returns
    -------
    matplotlib.figure.Figure
        Left the share of open wounds (days), right the power of a two-sided t test at 5 %.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    days = np.linspace(8, 92, 400)
    run = model.simulate(days)
    at = model.simulate([42.0])
    for name, colour, dash, label, where in (
        ("S", CONTROLS, "-", "controls", (30.5, 0.55)),
        ("S_s", CARERS, "--", "carers", (55, 0.55)),
    ):
        left.plot(days, run[name], color=colour, ls=dash)
        left.plot(42, at[name][0], "o", color=colour, ms=6, ls="none", zorder=4)
        above = name == "S_s"
        note(
            left,
            f"{at[name][0]:.0%}".replace("%", " %"),
            (42, at[name][0]),
            colour=colour,
            ha="left" if above else "right",
            va="bottom" if above else "top",
            shift=(6, 1) if above else (-6, -2),
        )
        note(left, label, where, colour=colour, ha="right" if name == "S" else "left")
    left.axvline(42, color=style.RULE, lw=0.7, ls=":")
    left.set(
        xlim=(8, 92),
        ylim=(0, 1.02),
        xlabel="Day",
        ylabel="Share of wounds open",
        title="Two groups overlap",
    )
    n = int(row["n_a"])
    d = float(at["d"][0])
    sizes = np.r_[4:30, 32:121:4]
    for share, dash, label in ((1.0, "-", f"observed d = {d:.2f}"), (0.5, "--", "half of it")):
        values = [power.t_test(share * d, int(size)) for size in sizes]
        right.plot(sizes, values, color=style.INK, ls=dash)
        here = power.t_test(share * d, n)
        right.plot(n, here, "o", color=style.INK, ms=6, ls="none", zorder=4)
        note(right, f"{here:.2f}", (n, here), ha="left", va="top", shift=(6, -1))
        place = (36, 0.93) if share == 1 else (62, 0.62)
        note(right, label, place, ha="left", va="top")
    right.axhline(0.8, color=style.RULE, lw=0.7, ls=":")
    right.axvline(n, color=style.RULE, lw=0.7, ls=":")
    right.set(
        xlim=(0, 120),
        ylim=(0, 1.02),
        xlabel="People in each group",
        ylabel="Power",
        title=f"{n} in a group are few",
    )
    return figure


def margin(model: Any, row: pd.Series) -> Figure:
    """Draw radius and area of a closing wound for controls and carers, with the printed days.

    Parameters
    ----------
    model
        ``models.catalog()["wounds-margin"]``, with a scenario ``carers``.
    row
        The study's row with ``mean_a``, ``spread_a`` (carers) and ``mean_b``, ``spread_b``
        (controls), in days; the spreads are standard errors.

    Returns
    -------
    matplotlib.figure.Figure
        Left radius in mm, right area in mm².
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9, sharex=True)
    days = np.linspace(0, 55, 551)
    as_declared: dict[str, float] = {}
    groups = (
        ("controls", as_declared, CONTROLS, "-", "b", "o"),
        ("carers", dict(model.scenarios["carers"]), CARERS, "--", "a", "s"),
    )
    for label, overrides, colour, dash, letter, marker in groups:
        run = model.simulate(days, **overrides)
        open_still = run["r"] > 1e-6
        for ax, name in ((left, "r"), (right, "A")):
            ax.plot(days[open_still], run[name][open_still], color=colour, ls=dash)
            ax.errorbar(
                row[f"mean_{letter}"],
                0,
                xerr=row[f"spread_{letter}"],
                fmt=marker,
                color=colour,
                ms=6,
                elinewidth=1.5,
                capsize=3,
                zorder=5,
                ls="none",
            )
        day = 24 if label == "controls" else 30
        place = int(day * 10)
        note(
            left,
            label,
            (day, run["r"][place]),
            colour=colour,
            ha="right" if label == "controls" else "left",
            va="top" if label == "controls" else "bottom",
            shift=(-4, -2) if label == "controls" else (4, 1),
        )
    for ax in (left, right):
        ax.axhline(0, color=style.RULE, lw=0.7, ls="-")
    half = float(row["mean_b"]) / 2
    left_over = model.simulate([half])["A"][0]
    right.plot(
        half, left_over, "o", mfc=style.PAPER, mec=CONTROLS, ms=7, mew=1.3, ls="none", zorder=6
    )
    note(
        right,
        "half time:\n25 % of the area",
        (half, left_over),
        ha="left",
        va="bottom",
        shift=(22, 14),
        colour=CONTROLS,
    )
    left.set(
        xlim=(0, 55),
        ylim=(-0.14, 1.85),
        xlabel="Day",
        ylabel="Radius of the wound, mm",
        title="The radius falls on a line",
    )
    right.set(
        ylim=(-0.76, 10),
        xlabel="Day",
        ylabel="Area of the wound, mm²",
        title="The area falls on a parabola",
    )
    return figure


def macrophages(model: Any) -> Figure:
    """Draw three fates of the macrophage model: resolution, chronic inflammation, treatment.

    Parameters
    ----------
    model
        ``models.catalog()["wounds-macrophages"]``, with scenarios ``normal``, ``diabetic`` and
        ``treated on day 22``.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels; markers in the middle one show the long-run state.
    """
    figure, axes = style.subplots(1, 3, height=2.7, sharex=True, sharey=True)
    days = np.linspace(0, 60, 601)
    panels = (
        ("normal", "α = 0.5: it resolves"),
        ("diabetic", "α = 0.8: it stays"),
        ("treated on day 22", "0.8, then 0.2: calm"),
    )
    kinds = (
        ("phi_I", style.COLOURS["immune"], "-", "s", "inflammatory"),
        ("phi_R", style.COLOURS["tissue"], "--", "o", "repair"),
    )
    for ax, (scenario, title) in zip(axes, panels, strict=True):
        overrides = dict(model.scenarios[scenario])
        run = model.simulate(days, **overrides)
        for name, colour, dash, marker, _ in kinds:
            ax.plot(days, run[name], color=colour, ls=dash)
            if scenario == "diabetic":
                rest = model.simulate([0.0, 2000.0], **overrides)[name][-1]
                ax.plot(
                    60,
                    rest,
                    marker,
                    mfc=style.PAPER,
                    mec=colour,
                    ms=6,
                    mew=1.3,
                    ls="none",
                    clip_on=False,
                    zorder=5,
                )
        if scenario.startswith("treated"):
            ax.axvline(22, color=style.RULE, lw=0.8, ls=":")
            note(ax, "treatment", (22, 985), ha="left", va="top", shift=(3, 0), colour=style.GREY)
        ax.set(xlim=(0, 60), ylim=(0, 1000), title=title, xlabel="Time")
        ax.title.set_fontsize(9)
        ax.set_xticks([0, 20, 40, 60])
    for name, colour, _, _, label in kinds:
        place = (22, 830) if name == "phi_I" else (22, 260)
        note(
            axes[1],
            label,
            place,
            colour=colour,
            ha="left",
            va="bottom" if name == "phi_R" else "top",
        )
    note(axes[0], "both kinds\nalike", (14, 190), ha="left", va="bottom")
    axes[0].set_ylabel("Macrophages")
    return figure
