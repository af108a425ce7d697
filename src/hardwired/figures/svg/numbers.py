"""Numbers and paths of an SVG in as few letters as the eye allows."""

from __future__ import annotations

import re

NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def short(number: float, decimals: int = 2) -> str:
    """Write a number with at most so many decimals and no nought that says nothing."""
    text = f"{number:.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    if text in {"-0", ""}:
        return "0"
    return re.sub(r"^(-?)0\.", r"\1.", text)


def compact(value: str) -> str:
    """Shorten the numbers of an attribute; a scale keeps what it needs."""

    def shorten(match: re.Match[str]) -> str:
        number = float(match.group())
        return short(number, 5 if abs(number) < 1 else 2)

    return re.sub(r",\s+|\s+", " ", NUMBER.sub(shorten, value)).strip()


_ARGUMENTS = {"M": 2, "L": 2, "Q": 4, "C": 6, "Z": 0}


def shorter_path(data: str, grid: float = 1.0) -> str:
    """Rewrite path data with relative coordinates; leave commands it does not know.

    Rounding does not add up: each point is taken relative to where the written path stands.
    """
    tokens = re.findall(r"[A-Za-z]|" + NUMBER.pattern, data)
    decimals = 2 if grid == 1.0 else 0
    out: list[str] = []
    here = start = (0.0, 0.0)
    last = ""
    place = 0
    while place < len(tokens):
        command = tokens[place].upper()
        if command not in _ARGUMENTS or tokens[place] not in (command, "z"):
            return compact(data)
        count = _ARGUMENTS[command]
        numbers = [float(token) / grid for token in tokens[place + 1 : place + 1 + count]]
        place += 1 + count
        if command == "Z":
            out.append("z")
            here, last = start, "z"
            continue
        letter, values, here = _relative(command, numbers, here, decimals)
        if command == "M":
            start = here
        out.append(_join("" if letter == last else letter, values, decimals))
        last = letter
    return "".join(out)


def _relative(
    command: str, numbers: list[float], here: tuple[float, float], decimals: int
) -> tuple[str, list[float], tuple[float, float]]:
    points = [
        (round(x - here[0], decimals), round(y - here[1], decimals))
        for x, y in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    dx, dy = points[-1]
    there = (here[0] + dx, here[1] + dy)
    if command == "L" and dy == 0:
        return "h", [dx], there
    if command == "L" and dx == 0:
        return "v", [dy], there
    return command.lower(), [value for point in points for value in point], there


def _join(letter: str, values: list[float], decimals: int) -> str:
    out = letter
    for value in values:
        text = short(value, decimals)
        before = out[-1:] if out else " "
        if not before.isalpha() and not text.startswith("-"):
            out += " "
        out += text
    return out
