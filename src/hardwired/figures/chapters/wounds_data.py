"""Data figures of chapter 5, drawn from evidence rows; no number is made here.

The schematics of the same chapter are in `wounds`, its model figures in `wounds_models`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.figures import style
from hardwired.figures.forest import forest

__all__ = ["clinic", "delays", "distress_forest"]

_DELAY_LABELS = {
    "kiecolt1995slowing": "Women caring for a relative\nwith dementia, skin",
    "marucha1998mucosal": "Students in examinations,\npalate",
    "smith2018impact": "Volunteers, 2 h of sleep for\nthree nights, blister",
    "rojas2002stress": "Restrained mice,\nskin",
}

_CLINIC_LABELS = {
    "odonovan2025-delayed": "Delayed healing (odds)",
    "odonovan2025-complications": "Complications (risk)",
    "odonovan2025-infection": "Infection (risk)",
    "britteon2017-complication": "Problem, patient's word (odds)",
    "britteon2017-readmission": "Readmission, record (odds)",
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
            "weight": 1 / (np.arctanh(rows["high"]) - np.arctanh(rows["low"])).to_numpy() ** 2,
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


def clinic(rows: pd.DataFrame) -> Figure:
    """Draw how much more often wounds of depressed or anxious patients go wrong.

    Parameters
    ----------
    rows
        ``evidence.studies(chapter="05-wounds", topic="clinic")`` with ratios of odds or risks in
        ``value``, ``low``, ``high``; rows on another scale are left out.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot without a pooled value, on a logarithmic axis: the outcomes are unlike.
    """
    shown = rows[rows.index.isin(_CLINIC_LABELS)]
    return forest(
        pd.DataFrame(
            {
                "label": [_CLINIC_LABELS[name] for name in shown.index],
                "estimate": shown["value"].to_numpy(),
                "low": shown["low"].to_numpy(),
                "high": shown["high"].to_numpy(),
                "group": [
                    "Synthesis of 2025, depression"
                    if reference == "odonovan2025relationships"
                    else "New hips in England, adjusted"
                    for reference in shown["reference"]
                ],
            }
        ),
        xlabel="Ratio, depressed or anxious v not",
        null=1.0,
        log=True,
    )
