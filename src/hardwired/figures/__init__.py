"""The house style and the diagrams of the book, drawn from models and evidence; no Sphinx here.

Every figure cell begins with :func:`use`. Colours come from here and from nowhere else, because
the web pages give each of them a twin for the dark mode.
"""

from hardwired.figures.body_map import body_map
from hardwired.figures.chapters import appetite, hiv, sickness, skin, wounds
from hardwired.figures.forest import forest
from hardwired.figures.funnel import funnel
from hardwired.figures.pathway import pathway
from hardwired.figures.style import (
    COLOURS,
    CSS_VARIABLES,
    GREY,
    INK,
    MARKERS,
    PAPER,
    RULE,
    TINTS,
    WIDTH,
    WORDS,
    save,
    subplots,
    use,
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
    "appetite",
    "body_map",
    "forest",
    "funnel",
    "hiv",
    "pathway",
    "save",
    "sickness",
    "skin",
    "subplots",
    "use",
    "wounds",
]
