"""Data and model figures of chapter 6, drawn from evidence rows and models; no number is made here.

The schematics of the same chapter are in :mod:`hardwired.figures.chapters.appetite`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence.intervals import normal_reach, student_reach
from hardwired.figures import style
from hardwired.figures.labels import note

__all__ = [
    "blockade",
    "leptin_source",
    "leptin_trial",
    "operating_point",
    "sizes",
    "turnover",
    "two_arms",
    "weight",
]

_FAT, _LEPTIN = style.COLOURS["tissue"], style.COLOURS["hormone"]
_STATIC = 32.2
WATCHED = 3.4 * 60
"""Minutes: the half-life of leptin given to people (``amgen2004leptin``)."""


def leptin_source(rows: pd.DataFrame) -> Figure:
    """Draw leptin before and after fat, and in people with and without obesity.

    Parameters
    ----------
    rows
        ``evidence.studies(chapter="06-appetite")``, of which ``klein1996-venous`` and
        ``considine1996-obese`` are drawn (ng/ml).

    Returns
    -------
    matplotlib.figure.Figure
        Left the two vessels of 14 men with standard errors; right two groups with the 95 %
        interval of the mean.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.7)
    vessels = rows.loc["klein1996-venous"]
    ends = [("mean_b", "spread_b", "o"), ("mean_a", "spread_a", "s")]
    left.plot([0, 1], [vessels["mean_b"], vessels["mean_a"]], color=style.RULE, lw=1, ls=":")
    for place, (mean, spread, marker) in enumerate(ends):
        left.errorbar(
            place, vessels[mean], yerr=vessels[spread], fmt=marker, color=style.INK, ms=7, lw=1.4
        )
        side = ("right", -8) if place == 0 else ("left", 8)
        note(left, f"{vessels[mean]:.1f}", (place, vessels[mean]), ha=side[0], shift=(side[1], 0))
    left.set(
        xlim=(-0.5, 1.6),
        ylim=(0, 13),
        ylabel="Leptin, ng/ml",
        title="Blood gains leptin in fat",
    )
    left.set_xticks([0, 1], ["artery", "vein of\nbelly fat"])
    groups = rows.loc["considine1996-obese"]
    for place, (letter, marker) in enumerate((("b", "o"), ("a", "s"))):
        mean, n = groups[f"mean_{letter}"], groups[f"n_{letter}"]
        reach = normal_reach(groups[f"spread_{letter}"] / np.sqrt(n))
        right.errorbar(place, mean, yerr=reach, fmt=marker, color=style.INK, ms=7, lw=1.4)
        words = f"{mean:.1f}\n(SD {groups[f'spread_{letter}']:.1f})"
        note(right, words, (place, mean), ha="left", shift=(9, 0))
    right.set(xlim=(-0.5, 1.75), ylim=(0, 40), title="More fat, more leptin")
    right.set_xticks([0, 1], ["normal weight\n(136)", "obesity\n(139)"])
    return figure


def leptin_trial(table: pd.DataFrame) -> Figure:
    """Draw the change of weight after 24 weeks by dose of leptin.

    Parameters
    ----------
    table
        ``evidence.table("appetite-leptin-trial")``: ``weeks``, ``dose`` (mg/kg a day), ``n``,
        ``mean_change`` and ``sd`` (kg).

    Returns
    -------
    matplotlib.figure.Figure
        Means with 95 % intervals from Student's t, one a dose, people who finished only.
    """
    rows = table[table["weeks"] == 24]
    figure, ax = style.subplots(height=2.9)
    reach = student_reach(rows["sd"] / np.sqrt(rows["n"]), rows["n"])
    places = np.arange(len(rows))
    ax.axhline(0, color=style.RULE, lw=0.8, ls="-")
    ax.errorbar(places, rows["mean_change"], yerr=reach, fmt="o", color=style.INK, ms=7, lw=1.4)
    for place, row in zip(places, rows.itertuples(), strict=True):
        note(ax, f"{row.mean_change:.1f}".replace("-", "−"), (float(place), row.mean_change),
              ha="left", shift=(8, 0))  # fmt: skip
    labels = [
        f"{'placebo' if row.dose == 0 else f'{row.dose:.2f}'}\n{row.n} people"
        for row in rows.itertuples()
    ]
    ax.set_xticks(places, labels)
    ax.set_yticks([-15, -10, -5, 0, 5], ["−15", "−10", "−5", "0", "5"])
    ax.set(
        xlim=(-0.5, len(rows) - 0.4),
        ylim=(-16, 6),
        xlabel="Leptin, mg/kg a day",
        ylabel="Change of weight in 24 weeks, kg",
    )
    return figure


def sizes(rows: pd.DataFrame) -> Figure:
    """Draw standardised effects of stress on cytokines and eating, and of blocking TNF on weight.

    Parameters
    ----------
    rows
        Evidence rows with ``label``, ``value``, ``low``, ``high``; limits may be missing.

    Returns
    -------
    matplotlib.figure.Figure
        One point a row on a common axis; a row without limits has an open point.
    """
    figure, ax = style.subplots(height=2.7)
    for place, row in enumerate(rows.itertuples()):
        known = np.isfinite(row.low)
        if known:
            ax.plot([row.low, row.high], [-place] * 2, color=style.INK, lw=1.4, ls="-")
        face = style.INK if known else style.PAPER
        ax.plot(row.value, -place, "o", ms=7, mfc=face, mec=style.INK, mew=1.4, ls="none", zorder=3)
        words = f"{row.value:.2f}".replace("-", "−")
        note(ax, words, (1.25, -place), ha="right")
    ax.axvline(0, color=style.RULE, lw=0.8, ls="-")
    ax.set_yticks([-place for place in range(len(rows))], list(rows["label"]))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set(
        xlim=(-0.25, 1.26),
        ylim=(-len(rows) + 0.5, 0.5),
        xlabel="Effect, in standard deviations (right: more)",
    )
    return figure


def blockade(table: pd.DataFrame) -> Figure:
    """Draw how much more people weighed after 12 weeks of an antibody against GDF15.

    Parameters
    ----------
    table
        ``evidence.table("appetite-ponsegromab")``: ``dose`` (mg), ``difference``, ``low`` and
        ``high`` (kg against placebo).

    Returns
    -------
    matplotlib.figure.Figure
        One point a dose with its 95 % credible interval.
    """
    figure, ax = style.subplots(height=2.1)
    for place, row in enumerate(table.itertuples()):
        ax.plot([row.low, row.high], [-place] * 2, color=style.COLOURS["immune"], lw=1.6, ls="-")
        ax.plot(row.difference, -place, "s", ms=7, color=style.COLOURS["immune"], ls="none")
        note(ax, f"{row.difference:.2f}", (row.difference, -place), shift=(0, 7), va="bottom")
    ax.axvline(0, color=style.RULE, lw=0.8, ls="-")
    ax.set_yticks([-place for place in range(len(table))], [f"{dose:g} mg" for dose in table.dose])
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.set(
        xlim=(-0.3, 4.3),
        ylim=(-len(table) + 0.5, 0.75),
        xlabel="Weight gained over placebo in 12 weeks, kg",
    )
    return figure


def turnover(model: Any) -> Figure:
    """Draw plasma leptin when fat suddenly makes half as much, by three sets of kinetics.

    Parameters
    ----------
    model
        ``models.catalog()["appetite-leptin"]``; only its clearance in proportion is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Leptin in per cent of its start over 16 hours: with the half-life derived in 14 men, with
        volume and clearance of people given leptin, and with the half-life watched in them.
    """
    figure, ax = style.subplots(height=2.7)
    minutes = np.linspace(0, 960, 1921)
    given = dict(model.scenarios["volume and clearance of people given leptin"])
    watched = {**given, "V": given["CL"] * WATCHED / np.log(2)}
    start = float(model.symbols["t_change"].value)
    for numbers, dash, words, place in (
        ({}, "-", "half-life 25 minutes", (1.2, 45)),
        (given, "--", "79 minutes", (3.2, 68.5)),
        (watched, "-.", "3.4 hours", (6.0, 72)),
    ):
        run = model.simulate(minutes, **numbers)
        share = 100 * run["L"] / run["L"][0]
        ax.plot(minutes / 60, share, color=_LEPTIN, ls=dash)
        half = start + float(run["half_life"][0])
        ax.plot(half / 60, 75, "o", ms=6, mfc=style.PAPER, mec=_LEPTIN, ls="none", zorder=5)
        note(ax, words, place, ha="left")
    ax.axvline(start / 60, color=style.RULE, lw=0.8, ls=":")
    note(ax, "production\nhalved", (start / 60, 106), ha="left", shift=(4, 0), colour=style.GREY)
    ax.set(xlim=(0, 16), ylim=(40, 112), xlabel="Time, hours", ylabel="Leptin, % of the start")
    return figure


def two_arms(table: pd.DataFrame, rows: pd.DataFrame) -> Figure:
    """Draw a score over three visits in two arms, and what each arm and their difference gained.

    Parameters
    ----------
    table
        ``evidence.table("appetite-herbal-trial")``: ``arm``, ``week``, ``n``, ``mean``, ``sd``.
    rows
        ``evidence.studies(chapter="06-appetite")``, of which ``cheon2017-acs`` is drawn.

    Returns
    -------
    matplotlib.figure.Figure
        Left means with 95 % intervals; right the two changes and the difference of the changes.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    for arm, marker, dash, shift in (("herbal", "o", "-", -0.07), ("placebo", "s", "--", 0.07)):
        part = table[table["arm"] == arm]
        reach = student_reach(part["sd"] / np.sqrt(part["n"]), part["n"])
        left.errorbar(
            part["week"] + shift, part["mean"], yerr=reach, fmt=marker, ls=dash,
            color=style.INK, ms=6, lw=1.4, mfc=style.INK if arm == "herbal" else style.PAPER,
        )  # fmt: skip
    note(left, "herbs", (1.0, 33.6), ha="right")
    note(left, "placebo", (3.0, 29.6), ha="left")
    left.set(xlim=(-0.5, 4.5), ylim=(25, 39), xlabel="Week", ylabel="Score (more is better)")
    left.set_xticks([0, 2, 4])
    row = rows.loc["cheon2017-acs"]
    spreads = np.array([row["spread_a"], row["spread_b"]])
    errors = spreads / np.sqrt([row["n_a"], row["n_b"]])
    within = student_reach(errors, np.array([row["n_a"], row["n_b"]]))
    both = student_reach(np.hypot(*errors), row["n_a"] + row["n_b"] - 1)
    means = (row["mean_a"], row["mean_b"], row["value"])
    for place, (mean, reach) in enumerate(zip(means, (*within, both), strict=True)):
        right.errorbar(place, mean, yerr=reach, fmt="osD"[place], color=style.INK, ms=6, lw=1.4)
        note(right, f"{mean:.1f}", (place, mean), ha="left", shift=(7, 0))
    right.axhline(0, color=style.RULE, lw=0.8, ls="-")
    right.set(xlim=(-0.5, 2.6), ylim=(-2.5, 8), ylabel="Gain in four weeks")
    right.set_xticks([0, 1, 2], ["herbs", "placebo", "difference"])
    return figure


def weight(model: Any) -> Figure:
    """Draw three days of half rations, and three years of 100 kcal a day less.

    Parameters
    ----------
    model
        ``models.catalog()["appetite-body-weight"]``, with the scenarios ``three days at half
        intake`` and ``100 kcal a day less``.

    Returns
    -------
    matplotlib.figure.Figure
        Left the change of weight and of its fat in kg over 33 days; right the change of weight
        over three years beside the rule of 32.2 MJ a kilogram.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    days = np.linspace(0, 33, 331)
    run = model.simulate(days, **dict(model.scenarios["three days at half intake"]))
    for name, dash, colour, words, place in (
        ("BW", "-", style.INK, "weight", (4.2, -1.2)),
        ("F", "--", _FAT, "of this, fat", (12, -0.13)),
    ):
        left.plot(days, run[name] - run[name][0], color=colour, ls=dash)
        note(left, words, place, ha="left", colour=colour)
    left.axhline(0, color=style.RULE, lw=0.8, ls="-")
    left.axvline(3, color=style.RULE, lw=0.8, ls=":")
    left.set(
        xlim=(0, 33),
        ylim=(-1.7, 0.1),
        xlabel="Day",
        ylabel="Change, kg",
        title="Three days of half rations",
    )
    days = np.linspace(0, 1096, 275)
    years = days / 365.25
    run = model.simulate(days)
    rule = days * model.symbols["dEI"].value / _STATIC
    right.plot(years, run["BW"] - run["BW"][0], color=style.INK)
    right.plot(years, rule, color=style.GREY, ls="--")
    note(right, "rule: 32.2 MJ\na kilogram", (1.45, -9.3), ha="right", colour=style.GREY)
    note(right, "model", (2.9, -5.0), ha="right")
    right.axhline(0, color=style.RULE, lw=0.8, ls="-")
    long = model.simulate([0.0, 60 * 365.25])["BW"]
    half = (long[1] - long[0]) / 2
    when = float(np.interp(-half, -(run["BW"] - run["BW"][0]), years))
    right.plot(when, half, "o", ms=6, mfc=style.PAPER, mec=style.INK, ls="none", zorder=4)
    right.errorbar(1.0, half, fmt="D", color=_LEPTIN, ms=6, zorder=5)
    note(right, "half way, printed: about 1 year", (1.0, -1.2), ha="left", shift=(-4, 0))
    right.set(xlim=(0, 3), ylim=(-14.5, 0.6), xlabel="Year", title="100 kcal a day less, for ever")
    return figure


def operating_point(model: Any) -> Figure:
    """Draw intake and expenditure over fat, and what a week of illness does.

    Parameters
    ----------
    model
        ``models.catalog()["appetite-operating-point"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Left two curves of intake and the line of expenditure over fat (kg, MJ/day); right fat
        in kg over 180 days.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    kilos = np.linspace(6, 32, 261)
    p = {name: float(model.symbols[name].value) for name in ("I_max", "F_c", "e_0", "e_1")}
    left.plot(kilos, p["e_0"] + p["e_1"] * kilos, color=style.COLOURS["nerve"], ls="-.")
    for share, dash in ((0.0, "-"), (0.35, "--")):
        intake = p["I_max"] * np.minimum(1, p["F_c"] * (1 + share) / kilos)
        left.plot(kilos, intake, color=_FAT, ls=dash)
        run = model.simulate([0.0, 20000.0], rho_res=share, t_on=np.inf, t_off=np.inf)
        left.plot(run["F"][-1], run["I"][-1], "o", color=style.INK, ms=7, ls="none", zorder=4)
    note(left, "expenditure", (31.8, 11), ha="right", colour=style.COLOURS["nerve"])
    note(left, "intake", (19.4, 7.3), ha="right", colour=_FAT)
    note(left, "intake with\nresistance", (20, 12), ha="left", colour=_FAT)
    left.set(
        xlim=(6, 32),
        ylim=(5, 14),
        xlabel="Fat, kg",
        ylabel="Energy, MJ a day",
        title="Where the curves cross",
    )
    days = np.linspace(0, 180, 721)
    run = model.simulate(days)
    right.plot(days, run["F"], color=style.INK)
    start, end = float(model.symbols["t_on"].value), float(model.symbols["t_off"].value)
    right.axvspan(start, end, color=style.TINTS["immune"], lw=0)
    note(right, "ill", (end, 16.95), ha="left", shift=(3, 0), colour=style.COLOURS["immune"])
    right.set(
        xlim=(0, 180),
        ylim=(15.5, 17.1),
        xlabel="Day",
        ylabel="Fat, kg",
        title="A week without appetite",
    )
    return figure
