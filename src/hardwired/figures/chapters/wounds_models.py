"""Model figures of chapter 5: runs beside what was measured; no number is made here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence import power
from hardwired.figures import style
from hardwired.figures.labels import note

__all__ = ["macrophages", "margin", "time_to_heal"]

CARERS = style.COLOURS["immune"]
CONTROLS = style.COLOURS["nerve"]


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


COVER_DAY, COVER_MM = 11.0, 4.0
"""Day on which most wounds of koschwanez2013expressive were covered, and their width."""


def margin(model: Any, row: pd.Series) -> Figure:
    """Draw radius and area of a closing wound by two end points, with the printed days.

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
        Left radius in mm, right area in mm². Besides the two groups, whose end point is the
        peroxide test, a wound of another study that closes when its skin is seen to cover it.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9, sharex=True)
    days = np.linspace(0, 55, 551)
    cover = model.simulate(days, r0=COVER_MM / 2, v0=COVER_MM / 2 / COVER_DAY)
    covered = cover["r"] > 1e-6
    for ax, name in ((left, "r"), (right, "A")):
        ax.plot(days[covered], cover[name][covered], color=style.COLOURS["tissue"], ls="-.")
        ax.plot(COVER_DAY, 0, "^", color=style.COLOURS["tissue"], ms=7, ls="none", zorder=5)
    note(
        right,
        "seen to be covered\n(another study, 4 mm)",
        (8, 10.2),
        colour=style.COLOURS["tissue"],
        ha="left",
        va="bottom",
    )
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
        ylim=(-0.14, 2.1),
        xlabel="Day",
        ylabel="Radius of the wound, mm",
        title="The radius falls on a line",
    )
    right.set(
        ylim=(-0.76, 13.2),
        xlabel="Day",
        ylabel="Area of the wound, mm²",
        title="The area falls on a parabola",
    )
    return figure


def macrophages(model: Any) -> Figure:
    """Draw three fates of the macrophage model at one alpha: by its start, and by treatment.

    Parameters
    ----------
    model
        ``models.catalog()["wounds-macrophages"]``, with scenarios ``diabetic`` and
        ``treated on day 22``.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels: the published start, half of it, and the published start treated on day 22;
        markers in the first show the long-run state.
    """
    figure, axes = style.subplots(1, 3, height=2.7, sharex=True, sharey=True)
    days = np.linspace(0, 60, 601)
    half = {s.symbol: float(s.start) / 2 for s in model.states}
    panels: tuple[tuple[str, dict[str, float], str], ...] = (
        ("diabetic", {}, "α = 0.8: it stays"),
        ("diabetic", half, "0.8, half the start"),
        ("treated on day 22", {}, "0.8, then 0.2: calm"),
    )
    kinds = (
        ("phi_I", style.COLOURS["immune"], "-", "s", "inflammatory"),
        ("phi_R", style.COLOURS["tissue"], "--", "o", "repair"),
    )
    for ax, (scenario, start, title) in zip(axes, panels, strict=True):
        overrides = {**model.scenarios[scenario], **start}
        run = model.simulate(days, **overrides)
        for name, colour, dash, marker, _ in kinds:
            ax.plot(days, run[name], color=colour, ls=dash)
            if scenario == "diabetic" and not start:
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
            axes[0],
            label,
            place,
            colour=colour,
            ha="left",
            va="bottom" if name == "phi_R" else "top",
        )
    axes[0].set_ylabel("Macrophages")
    return figure
