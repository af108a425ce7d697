"""Turn an SVG file into markup that stands inline in a web page: small, and alive to dark mode.

What lives here: the transformation of SVG text, free of Sphinx. What does not: where a page puts it
(:mod:`hardwired.pages.web.inline_svg`).
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from html import escape

from hardwired.figures.style import CSS_VARIABLES
from hardwired.figures.svg import svg_text
from hardwired.figures.svg.numbers import NUMBER, compact, short, shorter_path

__all__ = ["Page", "UnsuitableSvgError", "inline"]

_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
_REFERENCE = re.compile(r"url\(\s*['\"]?#([^'\")]+)['\"]?\s*\)")
_NUMERIC = frozenset(
    [
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "width",
        "height",
        "points",
        "transform",
        "stroke-width",
        "stroke-dasharray",
        "stroke-dashoffset",
        "stroke-miterlimit",
        "opacity",
        "fill-opacity",
        "stroke-opacity",
        "textLength",
    ]
)
_MATPLOTLIB_STYLE = re.compile(
    r"\*\s*\{\s*stroke-linejoin:\s*round;?\s*stroke-linecap:\s*butt;?\s*\}"
)
# Glyphs are drawn on a grid of 64 units a point of font size 100; a 16th of it is not seen.
_GLYPH_GRID = 16
_GLYPH_SCALE = "scale(0.015625)"
_DROPPED = frozenset({"metadata", "title", "desc"})
_FOREIGN = frozenset(
    {"script", "foreignObject", "animate", "set", "animateTransform", "image", "a"}
)

_VARIABLES = {variable.light: variable for variable in CSS_VARIABLES}


class UnsuitableSvgError(ValueError):
    """The SVG holds what cannot stand inline in a page; it is better left a file."""


@dataclass
class Page:
    """What the figures of one page share.

    Attributes
    ----------
    glyphs
        Shape of a glyph and the id under which the page already holds it.
    count
        Number of identifiers given so far.
    strangers
        Colours that are not the house's, hence have no dark twin, with the figures they stand in.
    """

    glyphs: dict[str, str] = field(default_factory=dict)
    count: int = 0
    strangers: set[str] = field(default_factory=set)

    def new_id(self) -> str:
        """Give the page's next identifier."""
        self.count += 1
        return f"hw{self.count:x}"


def inline(text: str, alternative: str, page: Page, css_width: str = "") -> str:
    """Rewrite an SVG file for a place inside an HTML page.

    Parameters
    ----------
    text
        The SVG document.
    alternative
        What a screen reader says of the figure.
    page
        State of the page; figures of one page must be rewritten in their order with the same one.
    css_width
        A width with its CSS unit (a bare number counts pixels), where it is not the natural one.

    Returns
    -------
    str
        One ``<svg role="img">`` element: identifiers unique in the page, glyphs that the page
        already has only referred to, numbers with two decimals, house colours as CSS variables.

    Raises
    ------
    UnsuitableSvgError
        If the text is no SVG, or holds a script, a style sheet of its own or a foreign object.
    """
    try:
        root = svg_text.parse(text)
    except ET.ParseError as error:
        raise UnsuitableSvgError(f"not well-formed: {error}") from error
    if _name(root.tag) != "svg":
        raise UnsuitableSvgError(f"its root is <{_name(root.tag)}>, not <svg>")
    width, height, box = _size(root)
    round_joins = _take_style(root)
    svg_text.restore(root)
    _simplify(root)
    _share_glyphs(root, page)
    _rename(root, page)
    root.attrib.clear()
    body = "".join(_write(child, page) for child in root)
    if css_width:
        css_width = f"width:{css_width}{'px' if css_width.isdecimal() else ''};"
    joins = ' stroke-linejoin="round"' if round_joins else ""
    return (
        f'<svg class="hw-figure" role="img" aria-label="{escape(" ".join(alternative.split()))}" '
        f'viewBox="{box}" width="{short(width)}" height="{short(height)}" '
        f'style="{css_width}max-width:100%;height:auto"{joins}>{body}</svg>'
    )


def _name(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _length(value: str) -> float:
    match = NUMBER.match(value)
    if match is None:
        raise UnsuitableSvgError(f"its size {value!r} is no length")
    units = {"pt": 4 / 3, "in": 96.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "px": 1.0, "": 1.0}
    unit = value[match.end() :].strip()
    if unit not in units:
        raise UnsuitableSvgError(f"its size {value!r} has a unit that says nothing on a page")
    return float(match.group()) * units[unit]


def _size(root: ET.Element) -> tuple[float, float, str]:
    """Give the natural size in CSS pixels, and the view box."""
    box = root.get("viewBox")
    numbers = [float(number) for number in NUMBER.findall(box or "")]
    if root.get("width") and root.get("height"):
        width, height = _length(root.get("width", "")), _length(root.get("height", ""))
    elif len(numbers) == 4:
        width, height = numbers[2], numbers[3]
    else:
        raise UnsuitableSvgError("it has neither a size nor a view box")
    if len(numbers) != 4:
        numbers = [0.0, 0.0, width, height]
    return width, height, " ".join(short(number) for number in numbers)


def _take_style(root: ET.Element) -> bool:
    """Remove the style sheet that matplotlib writes, as in a page it would hold for all of it."""
    found = False
    for parent in list(root.iter()):
        for child in list(parent):
            if _name(child.tag) != "style":
                continue
            if not _MATPLOTLIB_STYLE.fullmatch((child.text or "").strip()):
                raise UnsuitableSvgError("it has a style sheet of its own")
            parent.remove(child)
            found = True
    return found


def _simplify(element: ET.Element) -> None:
    """Drop what is not seen, and the groups that only hold something."""
    children: list[ET.Element] = []
    for child in element:
        name = _name(child.tag)
        if name in _FOREIGN and name != "image":
            raise UnsuitableSvgError(f"it holds <{name}>")
        if name == "" or name in _DROPPED or ":" in name:
            continue
        _simplify(child)
        used = name in {"defs", "clipPath"} or _name(element.tag) in {"defs", "clipPath"}
        if name == "path" and not used and _unseen(child):
            continue
        if name in {"g", "defs"} and len(child) == 0:
            continue
        if name == "g" and set(child.attrib) <= {"id"}:
            children.extend(child)
        else:
            children.append(child)
    for child in list(element):
        element.remove(child)
    element.extend(children)


def _unseen(path: ET.Element) -> bool:
    style = _declarations(path)
    return style.get("fill") == "none" and style.get("stroke", "none") == "none"


def _declarations(element: ET.Element) -> dict[str, str]:
    pairs = (part.partition(":") for part in element.get("style", "").split(";") if ":" in part)
    style = {name.strip(): value.strip() for name, _, value in pairs}
    for name in ("fill", "stroke"):
        if name in element.attrib:
            style.setdefault(name, element.attrib[name])
    return style


def _share_glyphs(root: ET.Element, page: Page) -> None:
    """Let a glyph stand once a page; later uses refer to it."""
    renamed: dict[str, str] = {}
    for parent in list(root.iter()):
        if _name(parent.tag) != "defs":
            continue
        for child in list(parent):
            if _name(child.tag) != "path" or child.get("transform") != _GLYPH_SCALE:
                continue
            shape, old = child.get("d", ""), child.get("id", "")
            if shape in page.glyphs:
                parent.remove(child)
            else:
                page.glyphs[shape] = page.new_id()
                child.set("d", shorter_path(shape, _GLYPH_GRID))
                child.set("transform", "scale(.25)")
                child.set("id", page.glyphs[shape])
                child.set("final", "")
            renamed[old] = page.glyphs[shape]
    for element in root.iter():
        for key in ("href", "{http://www.w3.org/1999/xlink}href"):
            target = element.get(key, "").removeprefix("#")
            if target in renamed:
                del element.attrib[key]
                element.set("href", "#" + renamed[target])
                element.set("final", "")


def _rename(root: ET.Element, page: Page) -> None:
    """Keep only the identifiers that something refers to, and make them the page's own."""
    wanted: dict[str, str] = {}
    for element in root.iter():
        if element.get("final") is not None:
            continue
        for key, value in element.attrib.items():
            if _name(key) == "href" and value.startswith("#"):
                wanted.setdefault(value[1:], "")
            for target in _REFERENCE.findall(value):
                wanted.setdefault(target, "")
    for element in root.iter():
        if element.get("final") is not None:
            del element.attrib["final"]
            continue
        old = element.attrib.pop("id", None)
        if old in wanted:
            wanted[old] = wanted[old] or page.new_id()
            element.set("id", wanted[old])
        for key, value in list(element.attrib.items()):
            if _name(key) == "href" and value.startswith("#"):
                del element.attrib[key]
                wanted[value[1:]] = wanted[value[1:]] or page.new_id()
                element.set("href", "#" + wanted[value[1:]])
            elif "url(" in value:
                for target in _REFERENCE.findall(value):
                    wanted[target] = wanted[target] or page.new_id()
                element.set(key, _REFERENCE.sub(lambda m: f"url(#{wanted[m[1]]})", value))


def _write(element: ET.Element, page: Page) -> str:
    name = _name(element.tag)
    attributes = {_name(key): value for key, value in element.attrib.items()}
    if name == "use":
        _place_by_x(attributes, page)
    parts = [name]
    for key, value in attributes.items():
        if key == "d":
            if element.get("transform") != "scale(.25)":
                value = shorter_path(value)
        elif key in _NUMERIC and "url(" not in value:
            value = compact(value)
        elif key == "style":
            value = _style(value, page)
        elif key in {"fill", "stroke"}:
            value = _colour(value, page)
        parts.append(f'{key}="{escape(value)}"')
    inside = "".join(_write(child, page) for child in element)
    if element.text and element.text.strip():
        inside = escape(element.text) + inside
    head = " ".join(parts)
    return f"<{head}>{inside}</{name}>" if inside else f"<{head}/>"


def _place_by_x(attributes: dict[str, str], page: Page) -> None:
    """Write ``translate(x y)`` of a used glyph as the shorter ``x`` and ``y``."""
    if attributes.get("href", "").removeprefix("#") not in page.glyphs.values():
        return
    match = re.fullmatch(r"translate\(([-\d.e]+)[ ,]+([-\d.e]+)\)", attributes.get("transform", ""))
    if match is None or "x" in attributes or "y" in attributes:
        return
    del attributes["transform"]
    for key, value in zip("xy", match.groups(), strict=True):
        # A glyph is placed in hundredths of the font size; half of one is not seen.
        if round(float(value)):
            attributes[key] = str(round(float(value)))


def _style(value: str, page: Page) -> str:
    pairs = []
    for part in value.split(";"):
        name, colon, setting = (piece.strip() for piece in part.partition(":"))
        if not colon or (name == "stroke-linejoin" and setting == "round"):
            continue
        if name in {"fill", "stroke"}:
            setting = _colour(setting, page)
        elif name in _NUMERIC:
            setting = compact(setting)
        pairs.append(f"{name}:{setting}")
    return ";".join(pairs)


def _colour(value: str, page: Page) -> str:
    if not _HEX.fullmatch(value):
        return value
    variable = _VARIABLES.get(value.lower())
    if variable is None:
        page.strangers.add(value.lower())
        return value
    return f"var({variable.name},{variable.light})"
