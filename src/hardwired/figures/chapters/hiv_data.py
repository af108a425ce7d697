"""Data figures of chapter 7, drawn from evidence rows; no number is made here.

The schematic of the same chapter is in `hiv`, its model figures in `hiv_models`.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hardwired.evidence.conversions import odds_ratio_from_r
from hardwired.evidence.intervals import (
    count_limits,
    difference_of_arms,
    hazard_of_risk,
    interval_from_p,
)
from hardwired.figures import style
from hardwired.figures.forest import forest, study_rows
from hardwired.figures.labels import note

__all__ = [
    "arms_and_difference",
    "burden",
    "course",
    "peers",
    "syntheses",
    "treatment",
    "viral_load",
]

# Labels of rows stand beside the axes and must not be clipped.
_note = partial(note, annotation_clip=False)

NERVE = style.COLOURS["nerve"]
IMMUNE = style.COLOURS["immune"]
TISSUE = style.COLOURS["tissue"]


# Virus and treatment ----------------------------------------------------------------------------


def viral_load(rows: pd.DataFrame) -> Figure:
    """Draw the six-year risk of AIDS by viral load, and the yearly hazard that belongs to it.

    Parameters
    ----------
    rows
        The five classes from the lowest to the highest; ``value`` in per cent.

    Returns
    -------
    matplotlib.figure.Figure
        Left the risk, right the hazard on a logarithmic axis with a bar of a factor of two.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9)
    places = np.arange(len(rows))
    risk = rows["value"].to_numpy(dtype=float) / 100
    hazard = hazard_of_risk(risk, 6)
    left.plot(places, 100 * risk, "s", color=IMMUNE, ms=7, ls="none")
    for place, value in zip(places, 100 * risk, strict=True):
        _note(left, f"{value:.1f}", (float(place), value), va="bottom", shift=(0, 5))
    left.set(ylim=(0, 100), ylabel="AIDS within 6 years, %", title="Risk")
    right.plot(places, hazard, "s", color=IMMUNE, ms=7, ls="none")
    right.plot([0.9, 0.9], [0.12, 0.24], color=style.INK, lw=3, ls="-")
    _note(right, "a doubling", (0.9, 0.17), ha="left", shift=(6, 0))
    right.set_yscale("log")
    right.set_yticks([0.01, 0.03, 0.1, 0.3], ["0.01", "0.03", "0.1", "0.3"])
    right.set_yticks([], minor=True)
    right.set(ylim=(0.006, 0.45), ylabel="Hazard per year", title="The hazard behind it")
    labels = ["≤ 0.5", "0.5–3", "3–10", "10–30", "> 30"]
    for ax in (left, right):
        ax.set_xticks(places, labels)
        ax.set(xlim=(-0.5, 4.5), xlabel="Viral load, thousand copies/mL")
    return figure


def treatment(start: pd.Series, couples: pd.Series, rates: tuple[float, float]) -> Figure:
    """Draw what treatment does to serious illness and to passing the virus on.

    Parameters
    ----------
    start
        Row of the trial of early treatment in ``evidence.table("hiv-treatment-trials")``, with
        ``events_a``, ``events_b``, ``value`` and limits.
    couples
        Row of the trial in couples, with the same columns.
    rates
        Events per 100 person-years in the two arms of `start`.

    Returns
    -------
    matplotlib.figure.Figure
        Left the two rates with exact Poisson intervals, right both hazard ratios.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.5, width_ratios=[1, 1.15])
    for place, (letter, rate) in enumerate(zip("ab", rates, strict=True)):
        events = int(start[f"events_{letter}"])
        low, high = rate * np.array(count_limits(events)) / events
        colour = TISSUE if letter == "a" else IMMUNE
        left.plot([place] * 2, [low, high], color=colour, lw=1.4, ls="-")
        left.plot(place, rate, "o" if letter == "a" else "s", color=colour, ms=7, ls="none")
        _note(left, f"{events} people", (place, rate), ha="left", shift=(8, 0))
    left.set_xticks([0, 1], ["at once", "deferred"])
    left.set(
        xlim=(-0.4, 1.8),
        ylim=(0, 1.8),
        ylabel="Events per 100 person-years",
        title="Serious illness or death",
    )
    for place, row in ((1, start), (0, couples)):
        right.plot([row["low"], row["high"]], [place] * 2, color=style.INK, lw=1.4, ls="-")
        right.plot(row["value"], place, "D", color=style.INK, ms=7, ls="none")
        words = f"{row['value']:.2f} ({row['low']:.2f} to {row['high']:.2f})"
        _note(right, words, (0.105, place), va="bottom", shift=(0, 8))
    right.axvline(1, color=style.RULE, lw=0.8, ls="-")
    right.set_xscale("log")
    right.set_xticks([0.02, 0.1, 0.5, 1], ["0.02", "0.1", "0.5", "1"])
    right.set_xticks([], minor=True)
    right.set_yticks([1, 0], ["Serious\nillness\nor death", "Passed\non to a\npartner"])
    right.tick_params(axis="y", length=0)
    right.spines["left"].set_visible(False)
    right.set(
        xlim=(0.015, 1.3),
        ylim=(-0.6, 1.6),
        xlabel="Hazard ratio, early against later",
        title="Two trials",
    )
    return figure


# Mind and the course of the infection -----------------------------------------------------------


_SHARES = (
    ("rezaei2019-southamerica", "South America"),
    ("molapo2025-africa", "Africa"),
    ("rezaei2019-prevalence", "All studies"),
    ("rezaei2019-europe", "Europe"),
)
_TIES = (
    ("start2015-events", "Treatment deferred,\nserious illness"),
    ("gonzalez2011-adherence", "Depression,\nmissed treatment"),
    ("chida2009adverse-progression", "Mind in general,\nprogression"),
)


def burden(studies: pd.DataFrame) -> Figure:
    """Draw how frequent depression is, and three outcomes on one scale of ratios.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="07-hiv")``.

    Returns
    -------
    matplotlib.figure.Figure
        Left four shares in per cent, right three ratios with the worse side above one, with
        intervals: correlations as odds ratios between halves, a hazard ratio below one inverted.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.4)
    for place, (name, _) in enumerate(_SHARES):
        _point(left, studies.loc[name], -place)
    for place, (name, _) in enumerate(_TIES):
        _point(right, _as_ratio(studies.loc[name]), -place)
    for ax, wanted in ((left, _SHARES), (right, _TIES)):
        ax.set_yticks([-place for place in range(len(wanted))], [words for _, words in wanted])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set_ylim(-len(wanted) + 0.4, 0.6)
    left.set(xlim=(0, 60), xlabel="People with depression, %", title="Depression")
    _log_axis(right, (1, 1.5, 2, 3))
    right.set(xlim=(0.9, 3.8), xlabel="Odds or hazard ratio", title="Three links, one scale")
    return figure


def _as_ratio(row: pd.Series) -> pd.Series:
    """Give a row with its estimate and limits as ratios above one."""
    turned = row.copy()
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if row["scale"] == "r":
        value, low, high = (odds_ratio_from_r(r).estimate for r in (value, low, high))
    if value < 1:
        value, low, high = 1 / value, 1 / high, 1 / low
    turned["value"], turned["low"], turned["high"] = value, low, high
    return turned


def _log_axis(ax: Axes, ticks: tuple[float, ...]) -> None:
    """Give an axis of ratios its logarithm, its ticks and its line of no difference."""
    ax.axvline(1, color=style.RULE, lw=0.8, ls="-")
    ax.set_xscale("log")
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xticks([], minor=True)


def _point(ax: Axes, row: pd.Series, place: float, colour: str = style.INK) -> None:
    """Draw an estimate with its interval, or open if none is printed."""
    known = np.isfinite(row["low"])
    if known:
        ax.plot([row["low"], row["high"]], [place] * 2, color=colour, lw=1.3, ls="-")
    face = colour if known else style.PAPER
    ax.plot(row["value"], place, "o", mfc=face, mec=colour, mew=1.4, ms=7, ls="none", zorder=3)


def _grouped(ax: Axes, rows: list[tuple[str, str, pd.Series]], colours: dict[str, str]) -> None:
    """Draw estimates below one another under their headings, and label the rows.

    Parameters
    ----------
    ax
        Where to draw.
    rows
        Heading, label and row of evidence; rows of one heading follow one another.
    colours
        Colour of the points under a heading, where it is not that of ink.
    """
    place, ticks, last = 0.0, [], ""
    for heading, words, row in rows:
        if heading != last:
            place -= 0.35 if last else 0.0
            ticks.append((place, heading))
            last, place = heading, place - 1
        _point(ax, row, place, colours.get(heading, style.INK))
        ticks.append((place, words))
        place -= 1
    _label_rows(ax, ticks, {heading for heading, *_ in rows})
    ax.set_ylim(place + 0.4, 0.6)


_COURSE = (
    ("AIDS", "One more severe stressor, 82 men", "leserman2000-stress"),
    ("AIDS", "Less satisfied with support, 82 men", "leserman2000-support"),
    ("Death, if depressed", "Tanzania before treatment, 996 women", "antelman2007-death"),
    ("Death, if depressed", "Tanzania with treatment, 1,487 women", "sudfeld2017-death"),
    ("Death, if depressed", "United States, 765 women", "ickovics2001-death"),
    ("Death, if depressed", "United States, 5,927 people in care", "pence2018-death100"),
    ("Virus and care, the same 5,927", "Virus detectable", "pence2018-load100"),
    ("Virus and care, the same 5,927", "Visit missed", "pence2018-visit100"),
)


def course(studies: pd.DataFrame) -> Figure:
    """Draw what cohorts found for stress, support and depression.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="07-hiv")``; ratios in ``value``.

    Returns
    -------
    matplotlib.figure.Figure
        Ratios on a logarithmic axis; open points are printed as "about" and have no interval.
    """
    figure, ax = style.subplots(height=3.6)
    _log_axis(ax, (1, 1.5, 2, 3, 5))
    _grouped(ax, [(group, words, studies.loc[name]) for group, words, name in _COURSE], {})
    ax.set(xlim=(0.85, 5.5), xlabel="Hazard, rate or risk ratio")
    return figure


def _label_rows(ax: Axes, ticks: list[tuple[float, str]], headings: set[str]) -> None:
    """Write the labels of rows at the left, those that head a group in bold."""
    ax.set_yticks([where for where, _ in ticks], [words for _, words in ticks])
    for label in ax.get_yticklabels():
        if label.get_text() in headings:
            label.set_fontweight("bold")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)


# Groups and peers -------------------------------------------------------------------------------


def _arm(row: pd.Series, arm: str) -> tuple[float, float, float]:
    """Give mean and limits of an arm."""
    return float(row[arm]), float(row[f"{arm}_low"]), float(row[f"{arm}_high"])


def arms_and_difference(table: pd.DataFrame) -> Figure:
    """Draw two outcomes of one trial: both arms with intervals, and the difference.

    Parameters
    ----------
    table
        Rows ``change of CD4`` and ``change of depression`` of
        ``evidence.table("hiv-stress-management-arms")``, indexed by ``outcome``.

    Returns
    -------
    matplotlib.figure.Figure
        Left CD4 in cells per microlitre, right depression in points.
    """
    figure, axes = style.subplots(1, 2, height=2.5)
    panels = (
        ("change of CD4", "Change, cells/µL", "CD4 cells"),
        ("change of depression", "Change, points", "Depression"),
    )
    for ax, (name, label, title) in zip(axes, panels, strict=True):
        row = table.loc[name]
        gap = difference_of_arms(*(_arm(row, arm) for arm in ("group", "control")))
        entries = (
            ("group", row["group"], row["group_low"], row["group_high"], TISSUE, "o"),
            ("no group", row["control"], row["control_low"], row["control_high"], NERVE, "s"),
            ("difference", gap.value, gap.low, gap.high, style.INK, "D"),
        )
        for place, (_, value, least, most, colour, marker) in enumerate(entries):
            ax.plot([least, most], [-place] * 2, color=colour, lw=1.5, ls="-")
            ax.plot(value, -place, marker, color=colour, ms=7, ls="none", zorder=3)
        ax.axvline(0, color=style.RULE, lw=0.8, ls="-")
        ax.axhline(-1.5, color=style.RULE, lw=0.5, ls=":")
        ax.set_yticks([0, -1, -2], [words for words, *_ in entries])
        ax.tick_params(axis="y", length=0)
        ax.spines["left"].set_visible(False)
        ax.set(ylim=(-2.6, 0.6), xlabel=label, title=title)
    return figure


_SYNTHESES = (
    ("Mood", "Psychosocial, 62 trials (2018)", "vanluenen2018-mental"),
    ("Mood", "Mindfulness, 16 studies (2019)", "scottsheldon2019-depression"),
    ("Mood", "Meditation, yoga, 19 trials (2021)", "jiang2021-depression"),
    ("CD4 count", "Cognitive treatment, 15 trials (2008)", "crepaz2008-cd4"),
    ("CD4 count", "Meditation, yoga, 19 trials (2021)", "jiang2021-cd4-after"),
)


def syntheses(studies: pd.DataFrame) -> Figure:
    """Draw what four syntheses found for mood and for CD4 cells.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="07-hiv")``.

    Returns
    -------
    matplotlib.figure.Figure
        Standardised differences, to the right for better; open points have no interval.
    """
    figure, ax = style.subplots(height=2.6)
    ax.axvline(0, color=style.RULE, lw=0.8, ls="-")
    rows = [(group, words, studies.loc[name].copy()) for group, words, name in _SYNTHESES]
    meditation = rows[-1][2]
    meditation["low"], meditation["high"] = interval_from_p(
        meditation["value"], float(meditation["p"])
    )
    _grouped(ax, rows, {"CD4 count": IMMUNE})
    ax.set(xlim=(-0.1, 0.8), xlabel="Standardised difference, to the right is better")
    return figure


def peers(studies: pd.DataFrame) -> Figure:
    """Draw what peers and other supporters do for care, treatment and virus.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="07-hiv")``.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot on a logarithmic axis: risk ratios above, odds ratios below.
    """
    wanted = (
        ("berg2021-retention", "Peers: in care, 12 months", 0),
        ("berg2021-adherence", "Peers: treatment taken, 3 months", 0),
        ("kanters2017-supporter", "Supporter: virus suppressed", 1),
        ("kanters2017-cbt", "Cognitive: virus suppressed", 1),
        ("mbah2021-suppression", "Went to a group: virus suppressed", 2),
    )
    groups = (
        "Peer support, 20 trials: risk ratio",
        "Network of 85 trials: odds ratio",
        "Observed, four African countries: odds ratio",
    )
    return forest(
        study_rows(studies, wanted, groups),
        xlabel="Ratio of risks or of odds",
        null=1.0,
        log=True,
        directions=("worse", "better"),
    )
