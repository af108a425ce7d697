"""Drawings of chapter 8: regulation between two harms, and what a brake cost.

The other data figures and the model figures of the same chapter are in `balance_data`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence.rates import pooled_rate, rate_reach
from hardwired.figures import style
from hardwired.figures.labels import note

__all__ = ["brake", "two_harms"]


def two_harms() -> Figure:
    """Draw the harm done by germs and by the defence itself against the strength of the defence.

    Returns
    -------
    matplotlib.figure.Figure
        A drawing without units: left the usual case, right the same with many germs about, where
        the least harm lies at a stronger defence.
    """
    figure, axes = style.subplots(1, 2, height=2.8, sharey=True)
    strength = np.linspace(0.02, 1, 200)
    cases = ((1.0, "Few germs about"), (4.0, "Many germs about"))
    for ax, (germs, title) in zip(axes, cases, strict=True):
        infection = 0.09 * germs * np.exp(-3.4 * strength) * 2.6
        own = 0.62 * strength**2.2
        total = infection + own
        ax.plot(strength, infection, color=style.COLOURS["nerve"], ls="--")
        ax.plot(strength, own, color=style.COLOURS["immune"], ls=(0, (1, 1.5)))
        ax.plot(strength, total, color=style.INK, ls="-", lw=1.8)
        best = int(total.argmin())
        ax.plot(strength[best], total[best], "o", color=style.INK, ms=7, ls="none", zorder=4)
        ax.annotate(
            "least harm",
            (strength[best], total[best]),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=style.INK,
        )
        ax.set(xlim=(0, 1.02), ylim=(0, 1.0), title=title, xlabel="Strength of the defence")
        ax.set_xticks([0.06, 0.94], ["weak", "strong"])
        ax.tick_params(axis="x", length=0)
        ax.set_yticks([])
    axes[0].set_ylabel("Harm")
    words = (
        (axes[1], "harm by germs", (0.66, 0.135), "nerve"),
        (axes[0], "harm by the\ndefence itself", (0.62, 0.46), "immune"),
        (axes[1], "both together", (0.3, 0.62), None),
    )
    for ax, label, place, kind in words:
        ax.annotate(
            label,
            place,
            ha="left" if kind == "nerve" else "center",
            va="bottom",
            fontsize=8.5,
            color=style.WORDS[kind or "mind"],
        )
    return figure


def brake(table: pd.DataFrame, years: float, everybody: int) -> Figure:
    """Draw heart events and fatal infections against the dose of an interleukin-1β blocker.

    Parameters
    ----------
    table
        ``evidence.table("balance-canakinumab")``: ``dose`` in mg, ``people`` randomised,
        ``fatal_infection`` per 100 person-years, ``hazard_ratio``, ``low``, ``high``.
    years
        Follow-up of each person, taken as equal.
    everybody
        People randomised in all arms.

    Returns
    -------
    matplotlib.figure.Figure
        Left the hazard ratio with its printed interval; right deaths from infection on placebo, on
        each dose and on any dose, with intervals of counts where the people of an arm are known.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    table = table.assign(people=table["people"].astype(float))
    treated = table[table["dose"] > 0]
    places = np.arange(len(table))
    left.axhline(1, color=style.RULE, lw=0.8, ls="-")
    for place, row in zip(places[1:], treated.itertuples(), strict=True):
        left.plot([place] * 2, [row.low, row.high], color=style.COLOURS["tissue"], lw=1.4, ls="-")
        left.plot(place, row.hazard_ratio, "s", color=style.COLOURS["tissue"], ms=7, ls="none")
        note(left, f"{row.hazard_ratio:.2f}", (place, row.hazard_ratio), ha="left", shift=(8, 0))
    left.set(
        xlim=(0.5, 3.7),
        ylim=(0.6, 1.15),
        xlabel="Dose, mg every three months",
        ylabel="Hazard ratio against placebo",
        title="Heart attack, stroke, death",
    )
    left.set_xticks(places[1:], [f"{dose:g}" for dose in treated["dose"]])
    drug = everybody - table["people"].iloc[0]
    on_any = pooled_rate([*treated["fatal_infection"]], [*treated["people"]], drug)
    rates, people = [*table["fatal_infection"], on_any], [*table["people"], drug]
    for place, (rate, n) in enumerate(zip(rates, people, strict=True)):
        if not np.isnan(n):
            half = rate_reach(rate, n, years)
            ends = [rate - half, rate + half]
            right.plot([place] * 2, ends, color=style.COLOURS["immune"], lw=1.4, ls="-")
        right.plot(place, rate, "o", color=style.COLOURS["immune"], ms=7, ls="none")
        note(right, f"{rate:.2f}", (float(place), rate), ha="left", shift=(7, 0))
    right.set(
        xlim=(-0.4, 4.8),
        ylim=(0, 0.55),
        xlabel="Dose, mg every three months",
        ylabel="Deaths per 100 person-years",
        title="Death from infection",
    )
    right.set_xticks(range(5), ["none", *(f"{dose:g}" for dose in treated["dose"]), "any"])
    return figure
