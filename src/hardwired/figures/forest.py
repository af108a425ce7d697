"""Forest plots: one row a study, a diamond for the pooled estimate, the numbers in print."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.ticker import MaxNLocator

from hardwired.figures import style

__all__ = ["forest", "study_rows"]

_ROW = 0.27
_FONT = 8.5
_NEEDED = ("label", "estimate", "low", "high")


@dataclass(frozen=True)
class _Print:
    """How the numbers at the right stand: their digits, and where estimates end (points)."""

    digits: int
    end: float


def study_rows(
    studies: pd.DataFrame, wanted: Iterable[tuple[str, str, int]], groups: Sequence[str]
) -> pd.DataFrame:
    """Return rows of evidence as :func:`forest` takes them.

    Parameters
    ----------
    studies
        Rows with ``value``, ``low`` and ``high`` by their id.
    wanted
        Id, label and place of the group of each row, in their order.
    groups
        The names of the groups.
    """
    rows = [
        (label, *studies.loc[name, ["value", "low", "high"]].astype(float), groups[group])
        for name, label, group in wanted
    ]
    return pd.DataFrame(rows, columns=["label", "estimate", "low", "high", "group"])


def forest(
    rows: pd.DataFrame,
    pooled: Any = None,
    *,
    xlabel: str,
    null: float | None = 0.0,
    ax: Axes | None = None,
    log: bool = False,
    sort: bool = False,
    pooled_label: str = "Pooled",
    directions: tuple[str, str] | None = None,
    colour: str = style.INK,
    digits: int = 2,
    prediction: bool = True,
) -> Figure:
    """Draw a forest plot.

    Parameters
    ----------
    rows
        One row a study with columns ``label``, ``estimate``, ``low``, ``high`` (all in the unit of
        ``xlabel``), and optionally ``weight`` (any positive unit; the area of a point is in
        proportion to it) and ``group`` (rows of one group stand together under its name).
    pooled
        An object with ``estimate``, ``low``, ``high``, and optionally ``prediction_low`` and
        ``prediction_high``, such as :class:`hardwired.evidence.meta.Pooled`; drawn as a diamond,
        the prediction interval as a line.
    xlabel
        Name and unit of the effect.
    null
        Where no effect lies; a vertical line is drawn there. ``None`` draws none.
    ax
        Axes to draw in; by default a new figure as high as the rows need.
    log
        Whether the axis is logarithmic, as ratios need.
    sort
        Whether rows are put in alphabetical order of their labels; else they stay as given.
    pooled_label
        Label of the diamond.
    directions
        What lies left and right of ``null``, for example ``("slower", "faster")``.
    colour
        A colour of the house palette for the points.
    digits
        Digits after the point in the printed numbers.
    prediction
        Whether the prediction interval is drawn when ``pooled`` has one.

    Returns
    -------
    matplotlib.figure.Figure
        The figure, which ends a notebook cell.

    Raises
    ------
    ValueError
        If a column is missing, a number is not finite or an interval does not hold its estimate.
    """
    table = _checked(rows, log)
    lines = _lines(table, sort)
    predicted = prediction and _has_prediction(pooled)
    count = len(lines) + (pooled is not None) + predicted
    if ax is None:
        extra = 0.62 + (0.2 if directions else 0.0) + (0.12 if pooled is not None else 0.0)
        figure, ax = style.subplots(height=_ROW * count + extra + _ROW)
    else:
        figure = ax.get_figure(root=True)  # type: ignore[assignment]
    layout = _print_layout(table, pooled, digits)
    positions, labels, bold = _draw_rows(ax, lines, colour, layout)
    bottom = positions[-1] if positions else 0.0
    if pooled is not None:
        bottom -= 1.25
        _draw_pooled(ax, pooled, bottom, layout)
        bold.append(len(labels))
        labels.append(pooled_label)
        positions.append(bottom)
    if predicted:
        bottom -= 1
        _draw_prediction(ax, pooled, bottom, layout)
        labels.append("Prediction interval")
        positions.append(bottom)
    _finish(ax, positions, labels, bold, bottom, null, log, xlabel, directions)
    return figure


def _checked(rows: pd.DataFrame, log: bool) -> pd.DataFrame:
    missing = [name for name in _NEEDED if name not in rows.columns]
    if missing:
        raise ValueError(f"forest: the table has no column {missing[0]!r}; it needs {_NEEDED}.")
    if rows.empty:
        raise ValueError("forest: the table has no row; give at least one study.")
    table = rows.reset_index(drop=True).copy()
    numbers = table[["estimate", "low", "high"]].to_numpy(dtype=float)
    for label, (estimate, low, high) in zip(table["label"], numbers, strict=True):
        if not np.isfinite([estimate, low, high]).all():
            raise ValueError(f"forest: row {label!r} holds a number that is not finite.")
        if not low <= estimate <= high:
            raise ValueError(
                f"forest: row {label!r} has its estimate {estimate:g} outside {low:g} to {high:g}."
            )
        if log and low <= 0:
            raise ValueError(f"forest: row {label!r} is not above 0, as a logarithmic axis needs.")
    if "weight" in table and not (table["weight"] > 0).all():
        raise ValueError("forest: every weight must be above 0.")
    return table


def _lines(table: pd.DataFrame, sort: bool) -> list[tuple[str, pd.Series | None]]:
    """Give the printed lines from the top: group names (no data) and studies."""
    if "weight" not in table:
        table["weight"] = 1.0
    table["weight"] = table["weight"] / table["weight"].max()
    if sort:
        table = table.sort_values("label", key=lambda column: column.str.casefold())
    if "group" not in table:
        return [(str(row["label"]), row) for _, row in table.iterrows()]
    lines: list[tuple[str, pd.Series | None]] = []
    for group in dict.fromkeys(table["group"]):
        lines.append((str(group), None))
        members = table[table["group"] == group]
        lines += [("  " + str(row["label"]), row) for _, row in members.iterrows()]
    return lines


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.removeprefix("-")
    return text.replace("-", "\N{MINUS SIGN}")


def _interval(low: float, high: float, digits: int) -> str:
    gap = "\N{THIN SPACE}"
    return f"({_number(low, digits)}{gap}to{gap}{_number(high, digits)})"


def _print(ax: Axes, y: float, words: str, offset: float, **options: Any) -> None:
    """Print words at the right of the axes, ``offset`` points from them."""
    ax.annotate(
        words,
        (1.0, y),
        xycoords=ax.get_yaxis_transform(),
        xytext=(offset, 0),
        textcoords="offset points",
        va="center_baseline",
        fontsize=_FONT,
        **options,
    )


def _print_numbers(
    ax: Axes, y: float, numbers: tuple[float, float, float], layout: _Print, strong: bool = False
) -> None:
    weight = "bold" if strong else "normal"
    _print(ax, y, _number(numbers[0], layout.digits), layout.end, ha="right", weight=weight)
    words = _interval(numbers[1], numbers[2], layout.digits)
    _print(ax, y, words, layout.end + 7, color=style.INK if strong else style.GREY)


def _print_layout(table: pd.DataFrame, pooled: Any, digits: int) -> _Print:
    words = [_number(value, digits) for value in table["estimate"]]
    widths = [style.text_width(word, _FONT) for word in words]
    if pooled is not None:
        widths.append(style.text_width(_number(pooled.estimate, digits), _FONT, "bold"))
    return _Print(digits, 10 + max(widths))


def _draw_rows(
    ax: Axes, lines: list[tuple[str, pd.Series | None]], colour: str, layout: _Print
) -> tuple[list[float], list[str], list[int]]:
    positions: list[float] = []
    labels: list[str] = []
    bold: list[int] = []
    for place, (label, row) in enumerate(lines):
        y = -float(place)
        positions.append(y)
        labels.append(label)
        if row is None:
            bold.append(place)
            continue
        estimate, low, high = (float(row[name]) for name in ("estimate", "low", "high"))
        ax.plot([low, high], [y, y], color=colour, lw=1.3, ls="-", marker="none", zorder=2)
        size = 10 + 62 * float(row["weight"])
        ax.scatter([estimate], [y], s=size, marker="s", color=colour, linewidth=0, zorder=3)
        _print_numbers(ax, y, (estimate, low, high), layout)
    return positions, labels, bold


def _has_prediction(pooled: Any) -> bool:
    low = getattr(pooled, "prediction_low", None)
    return low is not None and bool(np.isfinite(low))


def _draw_pooled(ax: Axes, pooled: Any, y: float, layout: _Print) -> None:
    numbers = (float(pooled.estimate), float(pooled.low), float(pooled.high))
    corners_x = [numbers[1], numbers[0], numbers[2], numbers[0]]
    corners_y = [y, y + 0.32, y, y - 0.32]
    ax.fill(corners_x, corners_y, facecolor=style.INK, edgecolor=style.INK, lw=0.8, zorder=3)
    ax.axhline(y + 0.62, color=style.RULE, lw=0.5, ls="-", marker="none", zorder=1)
    _print_numbers(ax, y, numbers, layout, strong=True)


def _draw_prediction(ax: Axes, pooled: Any, y: float, layout: _Print) -> None:
    low, high = float(pooled.prediction_low), float(pooled.prediction_high)
    ax.plot([low, high], [y, y], color=style.INK, lw=1.3, ls=(0, (1, 1)), marker="none", zorder=2)
    for end in (low, high):
        ax.plot([end, end], [y - 0.2, y + 0.2], color=style.INK, lw=1.3, ls="-", marker="none")
    _print(ax, y, _interval(low, high, layout.digits), layout.end + 7, color=style.GREY)


def _finish(
    ax: Axes,
    positions: list[float],
    labels: list[str],
    bold: list[int],
    bottom: float,
    null: float | None,
    log: bool,
    xlabel: str,
    directions: tuple[str, str] | None,
) -> None:
    if log:
        ax.set_xscale("log")
    if null is not None:
        ax.axvline(null, color=style.RULE, lw=0.8, ls="-", marker="none", zorder=0)
    ax.set_ylim(bottom - 0.75, 0.75)
    ax.spines["left"].set_visible(False)
    ax.set_yticks(positions, labels)
    ax.tick_params(axis="y", length=0)
    ax.margins(x=0.05)
    ax.autoscale(axis="x")
    _set_ticks(ax, log)
    ticks = ax.get_yticklabels()
    for place in bold:
        ticks[place].set_fontweight("bold")
    _align_left(ax, ticks)
    ax.set_xlabel(xlabel)
    if directions and null is not None:
        _name_sides(ax, null, directions)


def _set_ticks(ax: Axes, log: bool) -> None:
    if not log:
        ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
        return
    low, high = ax.get_xlim()
    marks = (1, 2, 5) if high / low > 8 else (1, 1.5, 2, 3, 5, 7)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [mark * 10.0**power for power in powers for mark in marks]
    ticks = [tick for tick in ticks if low <= tick <= high]
    ax.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_xticks([], minor=True)


def _name_sides(ax: Axes, null: float, directions: tuple[str, str]) -> None:
    gap = "\N{THIN SPACE}"
    left = f"\N{LEFTWARDS ARROW}{gap}{directions[0]}"
    right = f"{directions[1]}{gap}\N{RIGHTWARDS ARROW}"
    for words, side, offset in ((left, "right", -6), (right, "left", 6)):
        ax.annotate(
            words,
            (null, 1.0),
            xycoords=ax.get_xaxis_transform(),
            xytext=(offset, 2),
            textcoords="offset points",
            ha=side,
            va="bottom",
            fontsize=8.5,
            color=style.GREY,
        )


def _align_left(ax: Axes, ticks: list[Text]) -> None:
    """Set the labels flush left, at the distance that the widest of them needs."""
    widths = [
        style.text_width(tick.get_text(), float(tick.get_fontsize()), str(tick.get_fontweight()))
        for tick in ticks
    ]
    for tick in ticks:
        tick.set_horizontalalignment("left")
    ax.tick_params(axis="y", pad=max(widths) + 8)
