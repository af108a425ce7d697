"""Data and model figures of chapter 8, drawn from evidence rows and models; no number is made here.

The diagrams of the same chapter are in :mod:`hardwired.figures.chapters.balance`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from hardwired.evidence import power
from hardwired.evidence.effect_size import fisher_z
from hardwired.evidence.intervals import normal_reach
from hardwired.figures import style
from hardwired.figures.forest import forest, study_rows
from hardwired.figures.funnel import funnel
from hardwired.figures.labels import note

__all__ = [
    "colds",
    "curse",
    "drawer",
    "forest_bathing",
    "markers",
    "reliability",
    "severity",
    "small_studies",
]

_REVIEWS = {
    "shields2020psychosocial": "Psychosocial, 56 trials (2020)",
    "otoole2018effects": "Psychological, 19 trials (2018)",
    "morgan2014effects": "Tai chi, yoga ..., 34 trials (2014)",
    "dunn2022effect": "Mindfulness, 48 studies (2022)",
    "ijoms2023only": "Mindfulness, 32 trials, planned in public (2023)",
}
_OUTCOMES = {
    ("shields2020psychosocial", "all immune measures"): "All immune measures",
    ("otoole2018effects", "inflammation after treatment"): "Inflammation, after",
    ("otoole2018effects", "inflammation at follow-up"): "Inflammation, later",
    ("morgan2014effects", "CRP in healthy people"): "CRP, healthy people",
    ("morgan2014effects", "CRP in patients"): "CRP, patients",
    ("morgan2014effects", "IL-6"): "IL-6",
    ("morgan2014effects", "natural killer count"): "Natural killer count",
    ("dunn2022effect", "CRP after"): "CRP, after",
    ("dunn2022effect", "IL-6 after"): "IL-6, after",
    ("dunn2022effect", "CRP at follow-up"): "CRP, later",
    ("dunn2022effect", "IL-6 at follow-up"): "IL-6, later",
    ("ijoms2023only", "inflammation and stress markers"): "Inflammation and stress",
}


def markers(table: pd.DataFrame) -> Figure:
    """Draw what four syntheses found for immune markers, turned so that right is the good side.

    Parameters
    ----------
    table
        ``evidence.table("balance-interventions")``: ``effect``, ``low``, ``high`` in standard
        deviations, ``good_sign`` ``positive`` or ``negative``.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot without a pooled value, for the syntheses share trials.
    """
    rows = []
    for row in table.itertuples():
        label = _OUTCOMES.get((row.reference, row.outcome))
        if label is None:
            continue
        turn = -1 if row.good_sign == "negative" else 1
        low, high = sorted((turn * row.low, turn * row.high))
        rows.append((label, turn * row.effect, low, high, _REVIEWS[row.reference]))
    names = ["label", "estimate", "low", "high", "group"]
    return forest(
        pd.DataFrame(rows, columns=names),
        xlabel="Effect in the direction called good, standard deviations",
    )


def colds(studies: pd.DataFrame) -> Figure:
    """Draw colds against sleep that was observed and against courses that were randomised.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="08-balance")``.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot on a logarithmic axis: odds ratios above, then rate ratios, then risk ratios.
    """
    wanted = (
        ("cohen2009-short", "Under 7 h by diary (2009)", 0),
        ("cohen2009-efficiency", "Low efficiency, diary (2009)", 0),
        ("prather2015-5h", "Under 5 h by sensor (2015)", 0),
        ("prather2015-6h", "5 to 6 h by sensor (2015)", 0),
        ("prather2015-7h", "6 to 7 h by sensor (2015)", 0),
        ("barrett2012-meditation", "Meditation, first trial", 1),
        ("barrett2018-meditation", "Meditation, larger trial", 1),
        ("barrett2012-exercise", "Exercise, first trial", 1),
        ("barrett2018-exercise", "Exercise, larger trial", 1),
        ("cochrane2020-episodes", "Exercise, four trials pooled", 1),
        ("barrett2018-ill-meditation", "Meditation, larger trial", 2),
        ("barrett2018-ill-exercise", "Exercise, larger trial", 2),
    )
    groups = (
        "Sleep before a virus, observed: odds ratio",
        "Courses, randomised: rate ratio of episodes",
        "Courses, randomised: risk ratio of any cold",
    )
    return forest(
        study_rows(studies, wanted, groups),
        xlabel="Ratio of odds, of rates or of risks",
        null=1.0,
        log=True,
        directions=("fewer colds", "more colds"),
    )


def severity(studies: pd.DataFrame) -> Figure:
    """Draw the primary outcome of both trials against colds, course less observation.

    Parameters
    ----------
    studies
        ``evidence.studies(chapter="08-balance")``, rows of the topic ``colds-severity``.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot of differences in points of the severity score.
    """
    names = ("Meditation", "Exercise")
    rows = []
    for trial, group in (
        ("barrett2012", "First trial, 149 people"),
        ("barrett2018", "Larger, 390"),
    ):
        for name in names:
            row = studies.loc[f"{trial}-severity-{name.lower()}"]
            rows.append((name, row["value"], row["low"], row["high"], group))
    return forest(
        pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "group"]),
        xlabel="Difference of mean severity, points",
        digits=0,
        directions=("milder than observation", "worse"),
    )


def forest_bathing(table: pd.DataFrame, y: np.ndarray, v: np.ndarray, pooled: Any) -> Figure:
    """Draw the eleven comparisons of walking in a forest, their pooled value and its prediction.

    Parameters
    ----------
    table
        Rows of one panel of ``evidence.table("balance-forest-bathing")``.
    y, v
        Differences of systolic pressure in mmHg and their variances, in the order of `table`.
    pooled
        Random-effects result of :func:`hardwired.evidence.meta.pool`.

    Returns
    -------
    matplotlib.figure.Figure
        A forest plot; the point's area follows the weight under fixed effects.
    """
    half = normal_reach(np.sqrt(v))
    rows = pd.DataFrame(
        {
            "label": table["study"].to_numpy(),
            "estimate": y,
            "low": y - half,
            "high": y + half,
            "weight": 1 / v,
        }
    )
    return forest(
        rows,
        pooled,
        xlabel="Difference of systolic pressure, mmHg",
        pooled_label="Random effects",
        digits=1,
        directions=("lower in the forest", "higher"),
    )


def small_studies(y: np.ndarray, v: np.ndarray, centre: float, line: Any) -> Figure:
    """Draw a funnel of all comparisons with Egger's line through it.

    Parameters
    ----------
    y, v
        Differences in mmHg and their variances.
    centre
        Pooled estimate, the middle of the funnel.
    line
        Result of :func:`hardwired.evidence.meta.egger`, with ``intercept`` and ``slope``.

    Returns
    -------
    matplotlib.figure.Figure
        Effect against standard error; the dashed line is slope + intercept times standard error.
    """
    se = np.sqrt(v)
    rows = pd.DataFrame({"estimate": y, "se": se})
    figure = funnel(rows, centre, xlabel="Difference of systolic pressure, mmHg")
    ax = figure.axes[0]
    reach = np.array([0.0, 1.08 * se.max()])
    ax.plot(line.slope + line.intercept * reach, reach, color=style.COLOURS["immune"], ls="--")
    note(
        ax,
        "Egger’s line",
        (line.slope + line.intercept * 6.9, 6.9),
        colour=style.COLOURS["immune"],
        ha="right",
        shift=(-6, 0),
    )
    return figure


def curse(model: Any, n_mean: float) -> Figure:
    """Draw what significance does to size, and the power that goes with it.

    Parameters
    ----------
    model
        ``models.catalog()["balance-winners-curse"]``.
    n_mean
        People in each arm of an average trial.

    Returns
    -------
    matplotlib.figure.Figure
        Left the mean size of significant results, right the power of the t test (exact), for
        three true effects against people in each arm.
    """
    figure, (left, right) = style.subplots(1, 2, height=3.0, sharex=True)
    n = np.geomspace(10, 1500, 120)
    sizes = np.unique(np.geomspace(10, 1500, 40).astype(int))
    for d, dash in ((0.58, "-"), (0.30, "--"), (0.15, (0, (1, 1.5)))):
        left.plot(n, model.simulate(n, d=d)["d_seen"], color=style.COLOURS["immune"], ls=dash)
        left.axhline(d, color=style.RULE, lw=0.7, ls="-", zorder=0)
        right.plot(sizes, [power.t_test(d, int(k)) for k in sizes], color=style.INK, ls=dash)
        here = power.t_test(d, round(n_mean))
        right.plot(n_mean, here, "o", color=style.INK, ms=6, ls="none", zorder=4)
        note(left, f"true {d:.2f}", (1500, d), ha="right", va="top", shift=(0, -3))
        note(right, f"{here:.2f}", (n_mean, here), ha="left", va="top", shift=(6, 0))
        seen = model.simulate([n_mean], d=d)["d_seen"][0]
        left.plot(n_mean, seen, "o", color=style.COLOURS["immune"], ms=6, ls="none", zorder=4)
    right.axhline(0.8, color=style.RULE, lw=0.7, ls=":")
    for ax in (left, right):
        ax.axvline(n_mean, color=style.RULE, lw=0.7, ls=":")
        ax.set_xscale("log")
        ax.set_xticks([10, 36, 100, 400, 1500], ["10", "36", "100", "400", "1,500"])
        ax.set_xticks([], minor=True)
        ax.set(xlim=(10, 1500), xlabel="People in each arm")
    for d, n_there in ((0.58, 62), (0.30, 92), (0.15, 180)):
        there = power.t_test(d, n_there)
        note(
            right,
            f"d = {d:.2f}",
            (n_there, there),
            ha="left",
            va="top",
            shift=(2 if d > 0.5 else 5, 2),
        )
    left.set(ylim=(0, 1.15), ylabel="Mean size if significant", title="Small trials boast")
    right.set(ylim=(0, 1.02), ylabel="Power", title="Small trials miss")
    return figure


def drawer(model: Any) -> Figure:
    """Draw the pooled effect, and what Egger's test notices, against the share that is published.

    Parameters
    ----------
    model
        ``models.catalog()["balance-publication-bias"]``.

    Returns
    -------
    matplotlib.figure.Figure
        Left the pooled effect for true effects of 0, 0.15 and 0.30, right the share of literatures
        in which Egger's test raises an alarm (p < 0.1).
    """
    figure, (left, right) = style.subplots(1, 2, height=3.0, sharex=True)
    share = np.linspace(0.05, 1, 20)
    for d, dash in ((0.30, "-"), (0.15, "--"), (0.0, (0, (1, 1.5)))):
        run = model.simulate(share, d=d)
        left.plot(100 * share, run["g"], color=style.COLOURS["immune"], ls=dash)
        left.plot(100, d, "o", color=style.INK, ms=6, ls="none", zorder=4, clip_on=False)
        note(left, f"true {d:.2f}", (97, d), ha="right", va="bottom", shift=(0, 8))
        right.plot(100 * share, 100 * run["egger"], color=style.INK, ls=dash)
    for d, place in ((0.30, (10, 52)), (0.15, (13, 31))):
        note(right, f"true {d:.2f}", place, ha="left", va="center", shift=(12, 3))
    note(right, "dotted: true 0.00", (60, 22), ha="center")
    right.axhline(10, color=style.RULE, lw=0.8, ls=":")
    left.set(xlim=(0, 100), ylim=(-0.03, 0.5), ylabel="Pooled effect", title="What is pooled")
    right.set(ylim=(0, 80), ylabel="Egger’s test, p < 0.1, %", title="What the test notices")
    for ax in (left, right):
        ax.set_xlabel("Unclear results published, %")
    return figure


def reliability(model: Any, observed: pd.DataFrame) -> Figure:
    """Draw the reliability of averaged samples and the people a correlation then needs.

    Parameters
    ----------
    model
        ``models.catalog()["balance-unreliable-markers"]``.
    observed
        Rows ``shields2019-18m`` and ``shields2019-18m-two`` of the studies.

    Returns
    -------
    matplotlib.figure.Figure
        Left reliability against samples averaged, with the two observed values and the intervals
        of their correlations; right people for a power of 80 % (logarithmic) if the true
        correlation is 0.30.
    """
    figure, (left, right) = style.subplots(1, 2, height=2.9, sharex=True)
    samples = np.linspace(1, 10, 91)
    for rho, dash, label in ((0.67, "--", "two hours apart"), (0.18, "-", "18 months apart")):
        run = model.simulate(samples, rho=rho)
        left.plot(samples, run["rho_k"], color=style.COLOURS["tissue"], ls=dash)
        right.plot(samples, run["n_80"], color=style.INK, ls=dash)
        at = 50
        note(left, label, (samples[at], run["rho_k"][at]), va="top", ha="left", shift=(0, -6))
        note(right, label, (samples[at], run["n_80"][at]), va="bottom", shift=(18, 8))
    for samples_taken, row in zip((1, 2), observed.itertuples(), strict=True):
        value = row.value
        seen = fisher_z(value, int(row.n_total))
        ends = [seen.low, seen.high]
        left.plot([samples_taken] * 2, ends, color=style.INK, lw=1.2, ls="-", clip_on=False)
        left.plot(
            samples_taken,
            value,
            "o",
            mfc=style.PAPER,
            mec=style.INK,
            ms=7,
            mew=1.3,
            ls="none",
            zorder=5,
            clip_on=False,
        )
        drop = -4 if samples_taken > 1 else -24
        note(left, f"{value:.2f}", (samples_taken, value), va="top", ha="left", shift=(5, drop))
    left.set(xlim=(1, 10), ylim=(-0.02, 1), xlabel="Samples averaged", ylabel="Reliability")
    right.set(xlabel="Samples averaged", ylabel="People needed", ylim=(80, 800), yscale="log")
    right.set_yticks([100, 200, 400, 800], ["100", "200", "400", "800"])
    right.set_yticks([], minor=True)
    return figure
