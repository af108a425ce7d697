"""Turn the text that matplotlib draws as glyph shapes back into text.

Files keep the shapes, so that print looks the same everywhere. In a web page text is a third of
the weight, and ``textLength`` holds it to the width that was drawn, whatever font the reader has.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from functools import cache
from html import unescape

from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

__all__ = ["parse", "restore"]

_PLACE = re.compile(r"(translate\([^)]*\))\s*(rotate\([^)]*\))?\s*scale\(([\d.]+) -[\d.]+\)")
_GLYPH = re.compile(r"#(DejaVuSans(?:-Bold)?(?:-?Oblique)?)-[0-9a-f]+")
#: Matplotlib writes glyphs at a font size of 100 and scales them down.
_DRAWN_SIZE = 100.0


def parse(text: str) -> ET.Element:
    """Parse an SVG document and keep its comments, which hold the words of its texts.

    Raises
    ------
    xml.etree.ElementTree.ParseError
        When it is not well-formed.
    """
    return ET.fromstring(text, parser=ET.XMLParser(target=ET.TreeBuilder(insert_comments=True)))


def restore(root: ET.Element) -> None:
    """Replace in place every group of glyphs whose words stand before it in a comment.

    Glyphs that another group still refers to stay defined.
    """
    for parent in root.iter():
        words = None
        for child in list(parent):
            if callable(child.tag):  # a comment
                # One blank on each side is matplotlib's; others indent or space the words.
                words = unescape((child.text or "")[1:-1]).replace("- -", "--")
                continue
            if words is not None and _local(child) == "g":
                text = _text(child, words)
                if text is not None:
                    place = list(parent).index(child)
                    defined = [part for part in child if _local(part) == "defs"]
                    parent[place : place + 1] = [*defined, text]
            words = None
    _drop_unused_glyphs(root)


def _drop_unused_glyphs(root: ET.Element) -> None:
    used = {value for element in root.iter() for key, value in element.items() if "href" in key}
    for parent in root.iter():
        if _local(parent) == "defs":
            for child in list(parent):
                name = f"#{child.get('id', '')}"
                if _GLYPH.fullmatch(name) and name not in used:
                    parent.remove(child)


def _local(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _text(group: ET.Element, words: str) -> ET.Element | None:
    """Return a text element for a group of glyphs, or None where the shapes must stay."""
    match = _PLACE.fullmatch(group.get("transform", ""))
    uses = [child for child in group if _local(child) == "use"]
    fonts = {
        found.group(1)
        for use in uses
        for key, value in use.attrib.items()
        if key.endswith("href") and (found := _GLYPH.fullmatch(value))
    }
    if match is None or len(fonts) != 1 or len(uses) not in (len(words), _drawn(words)):
        return None
    font = fonts.pop()
    size = float(match.group(3)) * _DRAWN_SIZE
    text = ET.Element("text", {"transform": "".join(filter(None, match.group(1, 2)))})
    text.text = words
    text.set("font-size", f"{size:g}")
    text.set("textLength", f"{_advance(font, words) * size / _DRAWN_SIZE:.1f}")
    if "Bold" in font:
        text.set("font-weight", "700")
    if "Oblique" in font:
        text.set("font-style", "italic")
    for key in ("style", "fill", "opacity"):
        if group.get(key):
            text.set(key, group.get(key, ""))
    return text


def _drawn(words: str) -> int:
    """Return the number of glyphs when f, i and l are joined as the font joins them."""
    return len(re.sub("ff[il]|f[fil]", "x", words))


@cache
def _face(font: str) -> FT2Font:
    properties = font_manager.FontProperties(family=["DejaVu Sans"])
    properties.set_style("oblique" if "Oblique" in font else "normal")
    properties.set_weight("bold" if "Bold" in font else "normal")
    face = FT2Font(font_manager.findfont(properties))
    face.set_size(_DRAWN_SIZE, 72)
    return face


def _advance(font: str, words: str) -> float:
    """Return the width of a line of text at the drawn size, in points."""
    face = _face(font)
    return sum(face.load_char(ord(letter)).linearHoriAdvance / 65536 for letter in words)
