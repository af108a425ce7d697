"""Data and model figures of chapter 1, drawn from evidence rows and models; no number is made here.

The schematic of the same chapter is in :mod:`hardwired.figures.chapters.hardwired`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence import power
from hardwired.figures import style
from hardwired.models.catalogue.channels import pulse_period

__all__ = ["acute", "colds", "power_of_groups", "pulses", "sampling"]

_HORMONE = style.COLOURS["hormone"]
_IMMUNE = style.COLOURS["immune"]


def sampling(model: Any) -> Figure:
    """Draw three people's three samples (25 minutes apart) on one pulsing curve of `model`."""
    figure, ax = style.subplots(height=2.6)
    t = np.arange(1200.0, 1441.0, 2.0)
    y = model.simulate(np.r_[0.0, t])["o"][1:]
    ax.plot(t - 1200, y, color=_HORMONE, ls="-")
    turns = np.flatnonzero((y[1:-1] > y[:-2]) & (y[1:-1] >= y[2:])) + 1
    peaks = t[turns] - 1200
    for start, marker in ((peaks[0] - 25, "o"), (peaks[1] - 2, "s"), (peaks[2] + 6, "^")):
        at = start + np.array([0.0, 25.0, 50.0])
        ax.plot(
            at, np.interp(at, t - 1200, y), marker, ms=7, mfc=style.PAPER, mec=style.INK, ls="none"
        )
    ax.set(xlim=(0, 240), ylim=(0, 2.4), xlabel="Minutes", ylabel="Steroid (relative)")
    return figure


def colds(table: pd.DataFrame) -> Figure:
    """Draw both ends of the printed range of ``hardwired-cold-dose-response``.

    Between infections and colds stands their ratio, colds among the infected, with open markers.
    """
    figure, ax = style.subplots(height=2.9, width=4.6)
    ends = table.set_index("outcome")[["lowest_stress", "highest_stress"]]
    shown = {
        "infected": (ends.loc["infection"], "o", "-", _IMMUNE),
        "a cold, of the infected": (
            100 * ends.loc["clinical cold"] / ends.loc["infection"],
            "s",
            ":",
            style.PAPER,
        ),
        "a cold, of all": (ends.loc["clinical cold"], "s", "--", _IMMUNE),
    }
    for label, (row, marker, dash, face) in shown.items():
        low, high = row
        ax.plot([0, 1], [low, high], marker=marker, ms=7, color=_IMMUNE, mfc=face, ls=dash)
        for x, value, side in ((-0.06, low, "right"), (1.06, high, "left")):
            ax.text(x, value, f"{value:.0f}", ha=side, va="center", fontsize=8.5)
        ax.text(1.24, high, label, ha="left", va="center", fontsize=8.5)
    ax.set_xticks([0, 1], ["lowest stress", "highest stress"])
    ax.set(xlim=(-0.3, 2.3), ylim=(0, 105), ylabel="People, %")
    return figure


def acute(table: pd.DataFrame, cortisol: pd.Series) -> Figure:
    """Draw changes after laboratory stress in standard deviations, with intervals where printed."""
    figure, ax = style.subplots(height=3.5)
    rows = [("Cortisol, saliva", cortisol["value"], cortisol["low"], cortisol["high"], "saliva")]
    for row in table.itertuples():
        when = "all times" if row.window == "all" else f"{row.window} min"
        rows.append((f"{row.marker}, {when}", row.d, row.low, row.high, row.source))
    for place, (_, d, low, high, source) in enumerate(rows):
        colour = _HORMONE if source == "saliva" else _IMMUNE
        if np.isfinite(low):
            ax.plot([low, high], [-place] * 2, color=colour, lw=1.3, ls="-")
        face = style.PAPER if source == "stimulated cells" else colour
        ax.plot(d, -place, "o", ms=6, mfc=face, mec=colour, ls="none", zorder=3)
    ax.axvline(0, color=style.RULE, lw=0.8, ls="-")
    ax.set_yticks([-place for place in range(len(rows))], [row[0] for row in rows])
    ax.set(xlim=(-0.7, 1.3), xlabel="Change from before to after, standard deviations")
    return figure


def power_of_groups(table: pd.DataFrame) -> Figure:
    """Draw the power of a two-sided t test against the true d for the printed group sizes."""
    figure, ax = style.subplots(height=2.8)
    effects = np.linspace(0, 2, 41)
    rows = table.dropna(subset=["n_control", "n_taught"])
    for row, dash in zip(rows.itertuples(), ("-", "--"), strict=True):
        a, b = int(row.n_control), int(row.n_taught)
        ax.plot(effects, [power.t_test(d, a, b) for d in effects], color=style.INK, ls=dash)
        enough = power.detectable_d(a, b)
        ax.plot(enough, 0.8, "o", color=style.INK, ms=6, ls="none")
        ax.annotate(
            f"{a} and {b}: {enough:.2f}",
            (enough, 0.8),
            xytext=(-6, 6) if dash == "-" else (8, -14),
            textcoords="offset points",
            ha="right" if dash == "-" else "left",
            fontsize=8.5,
        )
    ax.axhline(0.8, color=style.RULE, lw=0.7, ls=":")
    ax.set(xlim=(0, 2), ylim=(0, 1.02), xlabel="True effect, d", ylabel="Power")
    return figure


def pulses(model: Any, row: pd.Series) -> Figure:
    """Draw the steroid for two delays, and the time between pulses against the delay (minutes)."""
    figure, (left, right) = style.subplots(1, 2, height=2.8)
    t = np.arange(0.0, 1801.0, 2.0)
    late = t >= 1200
    for tau, dash in ((5.0, "--"), (15.0, "-")):
        y = model.simulate(t, tau=tau)["o"]
        shown = late & (t <= 1560)
        left.plot(t[shown] - 1200, y[shown], color=_HORMONE, ls=dash, label=f"delay {tau:.0f} min")
    left.legend(loc="upper right", fontsize=8)
    left.set(xlim=(0, 360), ylim=(0, 2.9), xlabel="Minutes", ylabel="Steroid (relative)")
    for tau in (9.0, 12.0, 15.0, 18.0, 21.0, 24.0):
        y = model.simulate(t, tau=tau)["o"]
        right.plot(tau, pulse_period(t[late], y[late]), "o", color=_HORMONE, ms=6, ls="none")
    right.errorbar(
        27,
        row["mean_a"],
        yerr=row["spread_a"],
        fmt="s",
        mfc=style.PAPER,
        color=style.INK,
        ls="none",
    )
    right.text(26.4, row["mean_a"] + 6, "six men", ha="center", fontsize=8.5)
    right.set(xlim=(0, 28.5), ylim=(0, 95), xlabel="Delay, min", ylabel="Between pulses, min")
    return figure
