"""The book's colours: the palette, words in colour, tints, and the dark twins.

Figures draw with these values, web pages know them as CSS variables (the style sheet is held to
`CSS_VARIABLES`), the page design of the PDF gets `typst`, and the students' reports `css`. Not
here: any drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "COLOURS",
    "COVER_GROUND",
    "CSS_VARIABLES",
    "DARK",
    "DARK_PAPER",
    "GREY",
    "INK",
    "PAPER",
    "RULE",
    "TINTS",
    "WORDS",
    "CssVariable",
    "css",
    "mix",
    "typst",
    "words_in",
]

#: Ink of text and of everything that belongs to behaviour and mind.
INK = "#1f3b57"
#: Secondary text on the page or on the grey tint: pale parts of a diagram, notes inside a figure.
GREY = "#5f6b76"
#: Hairlines that carry meaning: axes, reference lines, outlines of pale parts.
RULE = "#8a949d"
#: The page itself, for shapes that must hide what lies behind them.
PAPER = "#fffdf8"
#: The ground of the printed cover.
COVER_GROUND = "#f7f5f0"

#: The five colours of the book's colour language (Okabe-Ito, so that colour-blind readers keep it).
COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "nerve": "#0072b2",
        "hormone": "#cc79a7",
        "immune": "#d55e00",
        "tissue": "#009e73",
        "mind": INK,
    }
)

#: The same five colours for words: deep enough to be read on the page, on paper and on a tint.
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "nerve": COLOURS["nerve"],
        "hormone": "#a03f77",
        "immune": "#b04600",
        "tissue": "#00714f",
        "mind": INK,
    }
)

#: The page in dark mode.
DARK_PAPER = "#14181d"
#: The five colours on a dark page, for lines and for words.
DARK: Mapping[str, str] = MappingProxyType(
    {
        "nerve": "#56b4e9",
        "hormone": "#e4a0c6",
        "immune": "#f08a3c",
        "tissue": "#35c295",
        "mind": "#d8e2ec",
    }
)
_DARK_GREY = "#a3afba"
_DARK_RULE = "#737f8a"


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

#: Pale fills, one a colour, and ``"grey"`` for parts that are not in question.
TINTS: Mapping[str, str] = MappingProxyType(
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


def _css_variables() -> tuple[CssVariable, ...]:
    solid = [
        CssVariable("--hw-ink", INK, DARK["mind"], "text; behaviour and mind"),
        CssVariable("--hw-grey", GREY, _DARK_GREY, "secondary text on page and grey tint"),
        CssVariable("--hw-rule", RULE, _DARK_RULE, "axes and hairlines"),
        CssVariable("--hw-paper", PAPER, DARK_PAPER, "the page"),
    ]
    for name in ("nerve", "hormone", "immune", "tissue"):
        solid.append(CssVariable(f"--hw-{name}", COLOURS[name], DARK[name], "lines and marks"))
    for name in ("hormone", "immune", "tissue"):
        solid.append(CssVariable(f"--hw-{name}-deep", WORDS[name], DARK[name], "words in colour"))
    tints = [
        CssVariable(
            f"--hw-{'ink' if name == 'mind' else name}-tint",
            TINTS[name],
            mix(DARK[name], DARK_PAPER, 0.14 if name == "mind" else _TINT_DARK),
            "fills under text",
        )
        for name in COLOURS
    ]
    grey = CssVariable("--hw-grey-tint", TINTS["grey"], mix(_DARK_GREY, DARK_PAPER, 0.1), "fills")
    return (*solid, *tints, grey)


#: What is written in place of each house colour where a figure goes into a web page.
CSS_VARIABLES: tuple[CssVariable, ...] = _css_variables()


def css(named: Mapping[str, str]) -> str:
    """Write variables of our own choice for a page that stands alone, light and dark.

    Parameters
    ----------
    named : mapping of str to str
        The name in the page (``--good``) and the book's variable that it stands for
        (``--hw-tissue-deep``).

    Raises
    ------
    KeyError
        If the book has no such variable.
    """
    known = {variable.name: variable for variable in CSS_VARIABLES}
    light = ";".join(f"{name}:{known[ours].light}" for name, ours in named.items())
    dark = ";".join(f"{name}:{known[ours].dark}" for name, ours in named.items())
    return f":root{{{light}}}\n@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"


def typst() -> str:
    """Write the palette as a file of the PDF's page design: words and lines on white paper."""
    named = {
        "ink": INK,
        "blue": WORDS["nerve"],
        "vermilion": WORDS["immune"],
        "purple": WORDS["hormone"],
        "green": WORDS["tissue"],
        "cover-ground": COVER_GROUND,
    }
    lines = [f'#let {name} = rgb("{colour}")' for name, colour in named.items()]
    return "// Written from hardwired.house.palette.\n" + "\n".join(lines) + "\n"
