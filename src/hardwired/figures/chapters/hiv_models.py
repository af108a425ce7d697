"""Model figures of chapter 7: runs beside what was measured; no number is made here."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from hardwired.figures import style
from hardwired.figures.labels import note

__all__ = ["decay", "dynamics", "threshold"]

# Labels of rows stand beside the axes and must not be clipped.
_note = partial(note, annotation_clip=False)

NERVE = style.COLOURS["nerve"]
IMMUNE = style.COLOURS["immune"]
TISSUE = style.COLOURS["tissue"]


def decay(model: Any, half_lives: tuple[float, float]) -> Figure:
    """Draw the virus that is left under a perfect drug beside what was seen.

    Parameters
    ----------
    model
        ``models.catalog()["hiv-decay"]``.
    half_lives
        Printed half-life of plasma virus in one slope, and its spread, in days.

    Returns
    -------
    matplotlib.figure.Figure
        Share of the virus left, logarithmic, over 14 days.
    """
    figure, ax = style.subplots(height=3.1)
    days = np.linspace(0, 14, 113)
    middle, spread = half_lives
    ends = np.array([0.0, 14.0])
    ax.fill_between(
        ends,
        100 * 0.5 ** (ends / (middle - spread)),
        100 * 0.5 ** (ends / (middle + spread)),
        facecolor=style.TINTS["nerve"],
        edgecolor="none",
    )
    ax.plot(ends, 100 * 0.5 ** (ends / middle), color=NERVE, ls=":")
    left = 100 * model.simulate(days)["V_share"]
    ax.plot(days, left, color=IMMUNE)
    _note(
        ax,
        "model, infected cells\nhalve in 1.6 days",
        (9.1, 1.7),
        ha="right",
        va="top",
        colour=IMMUNE,
    )
    _note(
        ax, "20 people, one slope:\n2.1 ± 0.4 days", (6.6, 32), ha="left", va="center", colour=NERVE
    )
    ax.plot(14, 1, "v", mfc=style.PAPER, mec=style.INK, mew=1.4, ms=8, ls="none", zorder=4)
    _note(ax, "combined drugs:\nabout 1 % left", (13.4, 4.6), ha="right", va="bottom")
    ax.set_yscale("log")
    ax.set_yticks([100, 10, 1, 0.1], ["100", "10", "1", "0.1"])
    ax.set_yticks([], minor=True)
    ax.set(xlim=(0, 14.4), ylim=(0.09, 130), xlabel="Days under the drug", ylabel="Virus left, %")
    return figure


def dynamics(model: Any, days: tuple[float, float, float]) -> Figure:
    """Draw the rise of the virus beside its measured speed, and three fates under treatment.

    Parameters
    ----------
    model
        ``models.catalog()["hiv-dynamics"]``.
    days
        Measured time of doubling in days: median, lower and upper quartile.

    Returns
    -------
    matplotlib.figure.Figure
        Left the first twelve days, right a hundred, with treatment from day 60; copies per mL.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9, sharey=True)
    times = np.linspace(0, 12, 481)
    virus = model.simulate(times, t_treat=np.inf)["V"]
    left.plot(times, virus, color=IMMUNE)
    _note(left, "model,\n6.3 h", (4.4, 2e6), ha="right", colour=IMMUNE)
    middle, fast, slow = (2 ** (times / speed) for speed in days)
    left.fill_between(times, slow, fast, facecolor=style.TINTS["nerve"], edgecolor="none")
    left.plot(times, middle, color=NERVE, ls=":")
    words = f"47 people,\n{24 * days[0]:.1f} h"
    _note(left, words, (9.0, 300), ha="left", va="top", colour=NERVE)
    left.set(
        xlim=(0, 12),
        xlabel="Days after infection",
        ylabel="Virus, copies/mL",
        title="The first days",
    )
    times = np.linspace(0, 100, 1001)
    for scenario, dash, words, where in (
        ("untreated", "-", "untreated", (99, 6e6)),
        ("efficacy 0.7, too little", "--", "efficacy 0.7", (99, 2.2e4)),
        ("efficacy 0.9", ":", "0.9", (88, 40)),
    ):
        virus = model.simulate(times, **model.scenarios[scenario])["V"]
        seen = virus > 0.5
        right.plot(times[seen], virus[seen], color=IMMUNE, ls=dash)
        _note(right, words, where, ha="right", va="bottom" if scenario == "untreated" else "top")
    right.axvline(60, color=style.RULE, lw=0.7, ls=":")
    right.set(xlim=(0, 100), xlabel="Days after infection", title="Treatment from day 60")
    left.set_yscale("log")
    left.set_yticks([1, 1e2, 1e4, 1e6], ["1", "100", "10,000", "1 million"])
    left.set_yticks([], minor=True)
    left.set(ylim=(0.7, 6e7))
    return figure


def threshold(model: Any, before: float, factor: float) -> Figure:
    """Draw the virus of the long run against the share of doses taken.

    Parameters
    ----------
    model
        ``models.catalog()["hiv-adherence"]``.
    before, factor
        Share of doses taken without peers, and what peers multiply it by.

    Returns
    -------
    matplotlib.figure.Figure
        Three curves, for the median and the quartiles of R0, with the share that is needed.
    """
    figure, ax = style.subplots(height=3.0)
    share = np.linspace(0, 1, 1001)
    for r0, dash, place, side in (
        (4.9, "-.", (0.665, 40), "right"),
        (8.0, "-", (0.766, 46), "right"),
        (11.0, "--", (0.895, 34), "left"),
    ):
        run = model.simulate(share, R_0=r0)
        needed = float(run["a_crit"][0])
        ax.plot(share, 100 * run["V_share"], color=IMMUNE, ls=dash)
        ax.plot(needed, 0, "o", color=IMMUNE, ms=6, ls="none", zorder=4, clip_on=False)
        _note(ax, f"$R_0$ = {r0:g}", place, ha=side, colour=IMMUNE)
    ax.axvspan(before, before * factor, facecolor=style.TINTS["tissue"], edgecolor="none", zorder=0)
    _note(
        ax,
        f"band:\n{before:.2f} to {before * factor:.3f},\n6 % more",
        (before * factor, 97),
        ha="left",
        shift=(5, 0),
        va="top",
        colour=TISSUE,
    )
    ax.set(
        xlim=(0.3, 1.0),
        ylim=(0, 100),
        xlabel="Share of doses taken",
        ylabel="Virus in the long run,\n% of untreated",
    )
    return figure
