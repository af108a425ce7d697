"""The house style: the matplotlib settings of every figure, in the colours of the book.

What lives here: the settings that :func:`use` makes, markers, and :func:`save`. What does not: any
drawing, and the colours themselves (`hardwired.house.palette`), which figures take from here.
"""

from __future__ import annotations

import io
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

import matplotlib
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from hardwired.house.palette import (
    COLOURS,
    CSS_VARIABLES,
    GREY,
    INK,
    PAPER,
    RULE,
    TINTS,
    WORDS,
    mix,
    words_in,
)

__all__ = [
    "COLOURS",
    "CSS_VARIABLES",
    "GREY",
    "INK",
    "MARKERS",
    "PAPER",
    "RULE",
    "TINTS",
    "WIDTH",
    "WORDS",
    "mix",
    "save",
    "subplots",
    "use",
    "words_in",
]

#: Width of a figure in inches: the column of about 66 characters.
WIDTH = 6.3

#: Marker of points in each colour, so that shape repeats what colour says.
MARKERS = MappingProxyType(
    {"nerve": "o", "immune": "s", "tissue": "^", "hormone": "D", "mind": "v"}
)

_SETTINGS: Any = {
    "figure.figsize": (WIDTH, 3.6),
    "figure.facecolor": "none",
    "figure.edgecolor": "none",
    "figure.constrained_layout.use": True,
    "figure.constrained_layout.h_pad": 0.06,
    "figure.constrained_layout.w_pad": 0.06,
    "savefig.facecolor": "none",
    "savefig.edgecolor": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": "hardwired",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "mathtext.fontset": "dejavusans",
    "font.size": 9,
    "text.color": INK,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "axes.labelsize": 9,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.edgecolor": RULE,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "axes.xmargin": 0.02,
    "grid.color": RULE,
    "grid.linewidth": 0.4,
    "xtick.color": RULE,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "xtick.major.width": 0.7,
    "xtick.major.size": 3.5,
    "xtick.minor.width": 0.5,
    "ytick.color": RULE,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 8.5,
    "ytick.major.width": 0.7,
    "ytick.major.size": 3.5,
    "ytick.minor.width": 0.5,
    "lines.linewidth": 1.8,
    "lines.markersize": 5,
    "lines.markeredgewidth": 0.8,
    "lines.solid_capstyle": "round",
    "errorbar.capsize": 0,
    "patch.edgecolor": INK,
    "patch.facecolor": TINTS["mind"],
    "hatch.color": INK,
    "hatch.linewidth": 0.6,
    "boxplot.boxprops.color": INK,
    "boxplot.whiskerprops.color": INK,
    "boxplot.capprops.color": INK,
    "boxplot.medianprops.color": COLOURS["immune"],
    "boxplot.flierprops.markeredgecolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "legend.labelcolor": INK,
    "legend.handlelength": 2.6,
    # The line style changes with the colour: a grey print loses nothing.
    "axes.prop_cycle": cycler(
        color=[COLOURS[name] for name in ("nerve", "immune", "tissue", "hormone", "mind")],
        linestyle=["-", "--", "-.", ":", (0, (6, 1.5, 1, 1.5, 1, 1.5))],
    ),
}

_DETERMINISTIC: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "pdf": {"CreationDate": None},
    "png": {"Software": None},
}


def use() -> None:
    """Set the house style; every figure cell begins with it.

    Idempotent. In a notebook, figures are then shown as SVG of exactly the width they were drawn
    in, without a date, and a figure is shown once, whether it ends the cell or stays open.
    """
    matplotlib.rcParams.update(_SETTINGS)
    shell = _running_shell()
    if shell is not None:
        _show_svg(shell)


def _running_shell() -> Any:
    try:
        from IPython import get_ipython
    except ImportError:
        return None
    return get_ipython()


def _show_svg(shell: Any) -> None:
    from IPython.core.pylabtools import print_figure
    from matplotlib_inline import backend_inline
    from matplotlib_inline.config import InlineBackend

    options: dict[str, Any] = {"bbox_inches": None, "metadata": _DETERMINISTIC["svg"]}
    config = InlineBackend.instance(parent=shell)
    config.print_figure_kwargs = options
    config.figure_formats = {"svg"}
    backend_inline.set_matplotlib_formats("svg", **options)  # type: ignore[no-untyped-call]
    formatter = shell.display_formatter.formatters["image/svg+xml"]
    formatter.for_type(Figure, partial(_print_once, print_figure, options))


def _print_once(print_figure: Any, options: dict[str, Any], figure: Figure) -> Any:
    """Print a figure and close it, so that the end of the cell does not show it again."""
    import matplotlib.pyplot as plt

    text = print_figure(figure, fmt="svg", **options)
    plt.close(figure)
    return text


def subplots(
    rows: int = 1, columns: int = 1, *, height: float = 3.6, width: float = WIDTH, **options: Any
) -> tuple[Figure, Any]:
    """Make a figure in the house style that does not depend on pyplot.

    Parameters
    ----------
    rows, columns
        Number of panels.
    height, width
        Size in inches.
    **options
        Passed to :meth:`matplotlib.figure.Figure.subplots` (``sharex``, ``width_ratios`` ...).

    Returns
    -------
    (Figure, Axes or array of Axes)
        End a notebook cell with the figure to show it.
    """
    use()
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, **options)


def canvas(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """Make an empty drawing board measured in inches, origin at the lower left.

    Parameters
    ----------
    height, width
        Size in inches; a data unit is an inch in both directions.

    Returns
    -------
    (Figure, Axes)
        The axes fill the figure and have no frame.
    """
    use()
    figure = Figure(figsize=(width, height), layout="constrained")
    # A board is laid out by hand, also when it is written a second time.
    figure.set_layout_engine("none")
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.set_axis_off()
    return figure, axes


def text_width(words: str, size: float, weight: str = "normal") -> float:
    """Measure one line of text.

    Parameters
    ----------
    words
        The text.
    size
        Font size in points.
    weight
        ``"normal"`` or ``"bold"``.

    Returns
    -------
    float
        Advance width in points in the house typeface.
    """
    properties = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = TextToPath().get_text_width_height_descent(words, properties, False)
    return float(width)


def save(figure: Figure, target: str | Path | IO[bytes], format: str = "svg") -> None:
    """Write a figure so that the same figure always gives the same bytes.

    Parameters
    ----------
    figure
        The figure.
    target
        A path or a binary file.
    format
        ``"svg"``, ``"pdf"`` or ``"png"``.
    """
    with matplotlib.rc_context({"svg.hashsalt": "hardwired", "svg.fonttype": "path"}):
        _settle(figure, format)
        figure.savefig(target, format=format, metadata=_DETERMINISTIC.get(format))


def _settle(figure: Figure, format: str) -> None:
    """Fix the places that the layout finds, rounded: its solver's last digits differ by the run."""
    if figure.get_layout_engine() is None:
        return
    figure.savefig(io.BytesIO(), format=format)
    figure.set_layout_engine("none")
    for axes in figure.axes:
        if axes.get_axes_locator() is None:
            left, bottom, width, height = axes.get_position().bounds
            axes.set_position((round(left, 6), round(bottom, 6), round(width, 6), round(height, 6)))
