"""Lines of a displayed formula: one too wide for its column goes on below, as in print.

A line is broken before a sum's sign or between two factors, as far out of parentheses as can be;
formulas that stand side by side come to stand below each other. Widths are reckoned, not
measured: a page is made before anybody knows in which face it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

__all__ = ["fit", "width"]

#: What a line may hold, in the size of its letters: a column of 38 rem less an equation's number.
WIDEST = 28.0
INDENT = 2.0
_SMALLER = 0.71
_LETTER, _DIGIT, _WORD, _FENCE, _SIGN = 0.56, 0.5, 0.6, 0.4, 1.35
_OPENING, _CLOSING, _MARKS = "([{|", ")]}|", ",;.′\u2063\u2062\u2061"
_SUM, _FACTOR = 0, 3
_DEEPER = 4
_RIGHT = "text-align: right;justify-items: end;padding-right: 0;"
_LEFT = "text-align: left;justify-items: start;padding-left: 0;"


def fit(formula: Element, widest: float = WIDEST) -> None:
    """Break the lines of a displayed formula that are too wide, where they stand.

    Parameters
    ----------
    formula : Element
        A ``math`` element in display style.
    widest : float
        What a line may hold, in em.
    """
    tables = [table for table in formula.iter("mtable") if _is_aligned(table)]
    for table in tables:
        _fit_rows(table, widest)
    if not tables and formula.find("mtable") is None and width(formula) > widest:
        lines = [line for part in _apart(list(formula)) for line in _broken(part, widest)]
        table = Element("mtable", displaystyle="true", scriptlevel="0")
        table.extend(_row(None, line) for line in lines)
        formula[:] = [table]


def _is_aligned(table: Element) -> bool:
    """Tell whether a table's rows are a left and a right side, neither with a table in it."""
    return all(
        len(row) == 2 and all(cell.find(".//mtable") is None for cell in row) for row in table
    )


def _fit_rows(table: Element, widest: float) -> None:
    left = max(width(row[0]) for row in table)
    rows: list[Element] = []
    for row in table:
        # What stands at the left of a long name reaches into nothing: only the right side is long.
        if left + width(row[1]) <= widest:
            rows.append(row)
            continue
        lines = _broken(list(row[1]), widest - left)
        rows.append(_row(list(row[0]), lines[0]))
        rows += (_row([], line) for line in lines[1:])
    table[:] = rows


def _row(left: list[Element] | None, right: Sequence[Element]) -> Element:
    row = Element("mtr")
    for style, inside in ((_RIGHT, left), (_LEFT, right)):
        if inside is not None:
            cell = Element("mtd", style=style)
            cell.extend(inside)
            row.append(cell)
    return row


def _apart(parts: list[Element]) -> list[list[Element]]:
    """Part formulas that stand side by side."""
    found: list[list[Element]] = [[]]
    for part in parts:
        if part.tag == "mspace" and _space(part) >= 1:
            found.append([])
        else:
            found[-1].append(part)
    return [line for line in found if line]


def _broken(parts: list[Element], widest: float) -> list[list[Element]]:
    """Break a sequence into lines."""
    rest, lines, room = _flat(parts), [], widest
    while sum(width(part) for part, _ in rest) > room:
        place = _best(rest, room)
        if place is None:
            break
        head, rest = rest[:place], rest[place:]
        lines.append([part for part, _ in head])
        if rest[0][0].tag == "mspace":
            times = Element("mo", form="prefix", rspace="0.2em")
            times.text = "×"
            rest[0] = (times, rest[0][1])
        rest.insert(0, (Element("mspace", width=f"{INDENT:g}em"), -1))
    lines.append([part for part, _ in rest])
    return lines


def _flat(parts: list[Element], depth: int = 0) -> list[tuple[Element, int]]:
    """Lay open what stands in parentheses, with the depth at which each part stands."""
    found = []
    for part in parts:
        if (
            part.tag == "mrow"
            and len(part) > 2
            and (part[0].text or "?") in _OPENING
            and width(part) > 8
        ):
            found.append((part[0], depth))
            found += _flat(list(part)[1:-1], depth + 1)
            found.append((part[-1], depth + 1))
        else:
            found.append((part, depth))
    return found


def _best(parts: list[tuple[Element, int]], room: float) -> int | None:
    """Give the place of the best break before the room ends: cheap, and late on its line."""
    best, least, reach = None, float("inf"), 0.0
    for place, (part, depth) in enumerate(parts):
        cost = _cost(parts, place)
        if cost is not None and reach > room / 3 and depth >= 0:
            price = cost + _DEEPER * depth + 8 * (1 - reach / room)
            if price <= least:
                best, least = place, price
        reach += width(part)
        if reach > room and best is not None:
            break
    return best


def _cost(parts: list[tuple[Element, int]], place: int) -> int | None:
    """Say what a break before a part costs; None where there may be none."""
    part, before = parts[place][0], parts[place - 1][0] if place else None
    if before is None or (before.tag == "mo" and before.text not in tuple(_CLOSING)):
        return None
    if part.tag == "mo" and part.text in ("+", "−"):
        return _SUM
    factor = part.tag == "mspace" and 0 < _space(part) < 0.5 and place + 1 < len(parts)
    return _FACTOR if factor else None


def _space(part: Element) -> float:
    return float(part.get("width", "0").removesuffix("em") or 0)


def width(part: Element) -> float:
    """Reckon the width of a part of a formula, in em."""
    inside = [width(child) for child in part]
    text = part.text or ""
    match part.tag:
        case "mspace":
            return _space(part)
        case "mo":
            if not text or text in _MARKS:
                return 0.44 * bool(text.strip("\u2063\u2062\u2061"))
            fence = text in _OPENING or text in _CLOSING or part.get("lspace") == "0"
            return _FENCE + 0.17 * ("lspace" in part.attrib) if fence else _SIGN
        case "mi" | "mn" | "mtext":
            each = _LETTER if len(text) == 1 else _DIGIT if part.tag == "mn" else _WORD
            return each * len(text)
        case "mfrac":
            return max(inside) + 0.2
        case "msub" | "msup":
            return inside[0] + _SMALLER * inside[1]
        case "msubsup":
            return inside[0] + _SMALLER * max(inside[1:])
        case "msqrt" | "mroot":
            return sum(inside) + 0.8
        case "mover" | "munder" | "munderover":
            return max(inside[0], *(_SMALLER * each for each in inside[1:]))
        case "mtable":
            return max(inside, default=0.0)
        case _:
            return sum(inside)
