"""Data and model figures of chapter 2, drawn from evidence rows and models; no number is made here.

The schematic of the same chapter is in :mod:`hardwired.figures.chapters.sickness`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence.intervals import student_reach
from hardwired.figures import style
from hardwired.figures.forest import forest
from hardwired.figures.labels import note

__all__ = ["brake", "course", "deaths", "fates", "fit", "response"]

_MEN = 20
_HOTTEST = 3.5
"""Hours at which the 20 men's mean temperature was highest (``dobreva2021physiological``)."""

_AT_HALF_DOSE = (87.0, 195.0)
"""Peaks of TNF after 1 ng/kg, pg/ml: ``dillingh2014characterization`` and
``kiers2017characterization``, read off their graphs by ``relouw2024inflammationode``."""

_KINDS = (
    ("tnf", "TNF", "immune", "-", "s"),
    ("il6", "IL-6", "nerve", "--", "o"),
    ("il10", "IL-10", "tissue", "-.", "^"),
)

_TRIALS = {
    "tesser2025vagus": "Implant at the neck, 2025",
    "baker2023auricular": "Stimulator at the ear, 2023",
}
_DEATHS = {
    "schortgen2012fever": "Septic shock cooled, 2012, risk ratio",
    "young2015acetaminophen": "HEAT trial, 2015, risk ratio",
    "young2019fever": "Records of trials, 2019, hazard ratio",
    "holgersson2022fever": "16 trials, 2022, risk ratio",
}


def reach(sd: Any, n: int = _MEN) -> Any:
    """Give half the 95 % interval of a mean of n from the standard deviation."""
    return student_reach(sd / math.sqrt(n), n)


def course(table: pd.DataFrame) -> Figure:
    """Draw three cytokines after endotoxin, each as a share of its highest mean.

    Parameters
    ----------
    table
        ``evidence.table("sickness-cytokine-means")``: ``time_h`` (hours), and for each cytokine
        ``NAME_mean`` and ``NAME_sd`` (pg/ml, 20 men).

    Returns
    -------
    matplotlib.figure.Figure
        Means with 95 % intervals; the highest mean of each stands beside its name.
    """
    figure, ax = style.subplots(height=3.1)
    ax.axvline(_HOTTEST, color=style.GREY, lw=1.0, ls=":")
    note(ax, "temperature\nhighest", (_HOTTEST, 98), ha="left", va="top", shift=(5, 0))
    for name, label, kind, dash, marker in _KINDS:
        mean = table[f"{name}_mean"].to_numpy()
        half = reach(table[f"{name}_sd"].to_numpy())
        colour, top = style.COLOURS[kind], mean.max()
        ax.plot(
            table["time_h"],
            100 * mean / top,
            marker,
            color=colour,
            ms=4.5,
            ls=dash,
            lw=1.5,
            label=f"{label}, highest {top:.1f} pg/ml",
        )
        ax.errorbar(
            table["time_h"],
            100 * mean / top,
            yerr=100 * half / top,
            fmt="none",
            ecolor=colour,
            elinewidth=1.0,
        )
    ax.legend(loc="upper right")
    ax.axhline(0, color=style.RULE, lw=0.7, ls="-")
    ax.set(
        xlim=(-0.15, 6.3),
        ylim=(-6, 142),
        xlabel="Hours after endotoxin",
        ylabel="Share of its highest mean, %",
    )
    ax.set_xticks(range(7))
    return figure


def response(table: pd.DataFrame) -> Figure:
    """Draw the difference in responders of two sham-controlled trials.

    Parameters
    ----------
    table
        ``evidence.table("sickness-vagus-acr20")``: ``reference``, ``difference_points``, ``low``,
        ``high`` (percentage points, active minus sham).

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot without a pooled value.
    """
    rows = pd.DataFrame(
        {
            "label": [_TRIALS.get(key, key) for key in table["reference"]],
            "estimate": table["difference_points"].to_numpy(),
            "low": table["low"].to_numpy(),
            "high": table["high"].to_numpy(),
        }
    )
    return forest(
        rows,
        xlabel="Responders, active minus sham, percentage points",
        directions=("sham better", "active better"),
        digits=1,
    )


def deaths(table: pd.DataFrame) -> Figure:
    """Draw what treating a fever does to deaths.

    Parameters
    ----------
    table
        ``evidence.table("sickness-fever-deaths")``: ``reference``, ``estimate``, ``low``, ``high``
        (ratios, below 1 for fewer deaths with treatment).

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot on a logarithmic axis, without a pooled value since the rows share trials.
    """
    rows = pd.DataFrame(
        {
            "label": [_DEATHS.get(key, key) for key in table["reference"]],
            "estimate": table["estimate"].to_numpy(),
            "low": table["low"].to_numpy(),
            "high": table["high"].to_numpy(),
        }
    )
    return forest(
        rows,
        xlabel="Deaths, fever treated / not (or less)",
        null=1.0,
        log=True,
        directions=("fewer", "more deaths"),
    )


def fit(model: Any, table: pd.DataFrame) -> Figure:
    """Draw the endotoxin model with the means to which it was fitted.

    Parameters
    ----------
    model
        ``models.catalog()["sickness-endotoxin"]``; its marks hold the printed peak of temperature.
    table
        As for :func:`course`.

    Returns
    -------
    matplotlib.figure.Figure
        TNF, IL-6 (pg/ml) and temperature (degC) over 8 hours, the last with its set point.
    """
    figure, axes = style.subplots(1, 3, height=2.7, sharex=True)
    hours = np.linspace(0, 8, 241)
    run = model.simulate(hours)
    for ax, (name, label, kind, _, marker), state in zip(
        axes, _KINDS[:2], ("TNF", "I_6"), strict=False
    ):
        colour = style.COLOURS[kind]
        ax.plot(hours, run[state], color=colour, ls="-")
        ax.errorbar(
            table["time_h"],
            table[f"{name}_mean"],
            yerr=reach(table[f"{name}_sd"]),
            fmt=marker,
            mfc=style.PAPER,
            color=colour,
            ms=5,
            elinewidth=1.2,
            ls="none",
            zorder=4,
        )
        ax.set(ylim=(0, None), title=f"{label}, pg/ml")
    warm = axes[2]
    warm.plot(hours, run["F"], color=style.GREY, lw=1.2, ls=":")
    warm.plot(hours, run["T"], color=style.INK, ls="-")
    peak = next(mark for mark in model.marks if mark.y > 30 and mark.y < 45)
    start = next(p.value for p in model.parameters if p.symbol == "T_m")
    warm.plot(0, start, "v", mfc=style.PAPER, color=style.INK, ms=6, ls="none", clip_on=False)
    half = student_reach(peak.y_high - peak.y, _MEN)
    warm.errorbar(
        peak.x, peak.y, yerr=half, fmt="v", mfc=style.PAPER, color=style.INK, ms=6, ls="none"
    )
    note(warm, "set point", (3.0, 39.85), colour=style.GREY, ha="left")
    note(warm, "body", (5.3, 38.75), ha="left")
    warm.set(ylim=(36.5, 40.5), title="Temperature, °C")
    for ax in axes:
        ax.set(xlim=(0, 8), xlabel="Hours")
        ax.set_xticks([0, 2, 4, 6, 8])
        ax.title.set_fontsize(9)
    return figure


def brake(model: Any, row: pd.Series) -> Figure:
    """Draw the two sides of the model's steep feedback: its edge, and its failure over dose.

    Parameters
    ----------
    model
        ``models.catalog()["sickness-endotoxin"]``.
    row
        The study's row of TNF at 2 h with ``mean_a`` and ``spread_a`` (SD, pg/ml) of 20 men.

    Returns
    -------
    matplotlib.figure.Figure
        Left the peak of temperature (degC) against the share of TNF production left, right the
        peak of TNF (pg/ml) against the dose (ng/kg).
    """
    figure, (left, right) = style.subplots(1, 2, height=3.0)
    hours = np.linspace(0, 14, 701)
    shares = np.unique(np.r_[np.geomspace(0.2, 5, 40), np.linspace(0.6, 0.8, 15)])
    peaks = model.simulate(hours, brake=shares)["T"].max(axis=-1)
    left.plot(shares, peaks, color=style.INK, ls="-")
    for share, words, shift, ha in (
        (0.5, "half", (0, 6), "center"),
        (0.8, "0.8", (-6, 3), "right"),
        (1.0, "as fitted", (0, -14), "left"),
        (5.0, "nerve cut", (0, 6), "right"),
    ):
        here = float(np.max(model.simulate(hours, brake=share)["T"]))
        left.plot(share, here, "v", color=style.INK, ms=6, ls="none", zorder=4)
        note(left, words, (share, here), shift=shift, ha=ha, va="bottom")
    left.set_xscale("log")
    left.set_xticks([0.2, 0.5, 1, 2, 5], ["0.2", "0.5", "1", "2", "5"])
    left.set_xticks([], minor=True)
    left.set(
        xlim=(0.18, 5.6),
        ylim=(36.8, 39.6),
        xlabel="Share of TNF production left",
        ylabel="Peak temperature, °C",
        title="All or nothing",
    )
    colour = style.COLOURS["immune"]
    doses = np.unique(np.r_[np.linspace(0.5, 4, 30), np.linspace(1.15, 1.4, 12)])
    heights = model.simulate(hours, dose=doses)["TNF"].max(axis=-1)
    right.plot(doses, heights, color=colour, ls="-")
    mean, half = row["mean_a"], reach(row["spread_a"])
    right.errorbar(2, mean, yerr=half, fmt="s", color=colour, ms=6, ls="none", zorder=5)
    right.plot(
        [1, 1], _AT_HALF_DOSE, "s", mfc=style.PAPER, mec=colour, mew=1.4, ms=6, ls="none", zorder=5
    )
    note(right, "people,\n1 ng/kg", (1, 130), ha="right", shift=(-7, 0), colour=colour)
    note(right, "20 men", (2, mean), ha="left", va="top", shift=(7, -8), colour=colour)
    note(right, "model", (3.2, heights[-1]), va="bottom", shift=(0, 6), colour=colour)
    right.set_yscale("log")
    right.set_yticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1,000"])
    right.set_yticks([], minor=True)
    right.set(
        xlim=(0, 4.2),
        ylim=(6, 1200),
        xlabel="Endotoxin, ng/kg",
        ylabel="Peak TNF, pg/ml",
        title="Wrong at half the dose",
    )
    return figure


def fates(model: Any) -> Figure:
    """Draw who lives and who dies in the sepsis model when the mediator is held constant.

    Parameters
    ----------
    model
        ``models.catalog()["sickness-sepsis"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Growth of the pathogen (1/hour) across, constant level of the mediator upwards; lines are
        the borders between health, aseptic and septic death.
    """
    growth, level = np.linspace(0.15, 0.55, 121), np.linspace(0.0, 1.5, 151)
    fate = fate_of(model, *np.meshgrid(growth, level))
    figure, ax = style.subplots(height=3.4)
    for end, fill in ((0, style.TINTS["tissue"]), (1, style.TINTS["immune"])):
        ax.contourf(growth, level, fate == end, levels=[0.5, 1.5], colors=[fill])
    septic = np.ma.masked_where(fate == 1, fate == 2)
    for inside in (fate == 1, septic):
        ax.contour(
            growth, level, inside, levels=[0.5], colors=[style.INK], linewidths=1.0, linestyles="-"
        )
    for words, at in (
        ("Health", (0.215, 1.0)),
        ("Aseptic death: the damage stays", (0.35, 0.11)),
        ("Septic death:\nthe pathogen stays", (0.45, 1.0)),
    ):
        ax.text(*at, words, fontsize=9, weight="bold", ha="center", va="center")
    for height, marker, words, drop in (
        (0.2, "s", "too little", 2),
        (0.66, "o", "lives", 14),
        (1.3, "^", "too much", 2),
    ):
        ax.plot(0.3, height, marker, color=style.INK, ms=6, ls="none", zorder=4)
        note(ax, words, (0.3, height), ha="left", shift=(7, drop))
    ax.set(
        xlim=(0.15, 0.55),
        ylim=(0, 1.5),
        xlabel="Growth of the pathogen, per hour",
        ylabel="Constant level of the mediator",
    )
    return figure


def fate_of(model: Any, growth: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Give 0 for health, 1 for aseptic and 2 for septic death, in the shape of the grid."""
    run = model.simulate(
        [0.0, 2000.0],
        k_pg=growth.ravel(),
        k_cn=np.zeros(growth.size),
        s_c=0.1 * level.ravel(),
        C_A=level.ravel(),
    )
    damaged, infected = run["D"][..., -1] > 1, run["P"][..., -1] > 1e-3
    return np.where(infected, 2, np.where(damaged, 1, 0)).reshape(growth.shape)
