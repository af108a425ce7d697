"""The house style: the palette, its dark twins, and the matplotlib settings of every figure.

What lives here: colours as named constants, the CSS variables that stand for them in HTML, the
settings that :func:`use` makes, and :func:`save`. What does not: any drawing.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    "CssVariable",
    "mix",
    "save",
    "subplots",
    "use",
    "words_in",
]

#: Width of a figure in inches: the column of about 66 characters.
WIDTH = 6.3

#: Ink of text and of everything that belongs to behaviour and mind.
INK = "#1f3b57"
#: Secondary text on the page or on the grey tint: pale parts of a diagram, notes inside a figure.
GREY = "#5f6b76"
#: Hairlines that carry meaning: axes, reference lines, outlines of pale parts.
RULE = "#8a949d"
#: The page itself, for shapes that must hide what lies behind them.
PAPER = "#fffdf8"

#: The five colours of the book's colour language (Okabe-Ito, so that colour-blind readers keep it).
COLOURS = MappingProxyType(
    {
        "nerve": "#0072b2",
        "hormone": "#cc79a7",
        "immune": "#d55e00",
        "tissue": "#009e73",
        "mind": INK,
    }
)

#: The same five colours for words: deep enough to be read on the page and on their own tint.
WORDS = MappingProxyType(
    {
        "nerve": COLOURS["nerve"],
        "hormone": "#a03f77",
        "immune": "#b04600",
        "tissue": "#00714f",
        "mind": INK,
    }
)


def words_in(colour: str) -> str:
    """Give the colour in which words say what a line of this colour shows.

    A line needs a contrast of 3 to 1 with the page and words one of 4.5, which the palette itself
    does not reach. Any colour that is none of the five is given back.
    """
    for name, line in COLOURS.items():
        if colour == line:
            return WORDS[name]
    return colour


def mix(colour: str, ground: str, share: float) -> str:
    """Mix two colours in sRGB.

    Parameters
    ----------
    colour, ground
        Hex colours such as ``"#0072b2"``.
    share
        Share of ``colour`` in the mixture, 0 to 1.

    Returns
    -------
    str
        The mixture as a lower-case hex colour.
    """
    pairs = zip(_channels(colour), _channels(ground), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour.removeprefix("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


_TINT_LIGHT = 0.16
_TINT_DARK = 0.24

#: Marker of points in each colour, so that shape repeats what colour says.
MARKERS = MappingProxyType(
    {"nerve": "o", "immune": "s", "tissue": "^", "hormone": "D", "mind": "v"}
)

#: Pale fills, one a colour, and ``"grey"`` for parts that are not in question.
TINTS = MappingProxyType(
    {name: mix(colour, PAPER, _TINT_LIGHT) for name, colour in COLOURS.items() if name != "mind"}
    | {"mind": mix(INK, PAPER, 0.1)}
    | {"grey": mix(GREY, PAPER, 0.08)}
)


@dataclass(frozen=True)
class CssVariable:
    """A colour of the book as the web pages know it: one name, a light and a dark value."""

    name: str
    light: str
    dark: str
    use: str


_DARK_PAPER = "#14181d"
_DARK = {
    "nerve": "#56b4e9",
    "hormone": "#e4a0c6",
    "immune": "#f08a3c",
    "tissue": "#35c295",
    "mind": "#d8e2ec",
}


def _css_variables() -> tuple[CssVariable, ...]:
    solid = [
        CssVariable("--hw-ink", INK, _DARK["mind"], "text; behaviour and mind"),
        CssVariable("--hw-grey", GREY, "#a3afba", "secondary text on page and grey tint"),
        CssVariable("--hw-rule", RULE, "#737f8a", "axes and hairlines"),
        CssVariable("--hw-paper", PAPER, _DARK_PAPER, "the page"),
    ]
    for name in ("nerve", "hormone", "immune", "tissue"):
        solid.append(CssVariable(f"--hw-{name}", COLOURS[name], _DARK[name], "lines and marks"))
    for name in ("hormone", "immune", "tissue"):
        solid.append(CssVariable(f"--hw-{name}-deep", WORDS[name], _DARK[name], "words in colour"))
    tints = [
        CssVariable(
            f"--hw-{'ink' if name == 'mind' else name}-tint",
            TINTS[name],
            mix(_DARK[name], _DARK_PAPER, 0.14 if name == "mind" else _TINT_DARK),
            "fills under text",
        )
        for name in COLOURS
    ]
    grey = CssVariable("--hw-grey-tint", TINTS["grey"], mix("#a3afba", _DARK_PAPER, 0.1), "fills")
    return (*solid, *tints, grey)


#: What :mod:`hardwired.pages.web.inline_svg` writes in place of each house colour.
CSS_VARIABLES: tuple[CssVariable, ...] = _css_variables()

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
    backend_inline.set_matplotlib_formats("svg", **options)
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
        figure.savefig(target, format=format, metadata=_DETERMINISTIC.get(format))
