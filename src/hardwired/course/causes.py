"""Why an answer is not there: what happened to the cells that should have made it.

What is said of cells comes from the sandbox, so it is a claim; it explains and gives no points.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hardwired.course.places import Place

__all__ = ["Cause", "cause_of", "told"]

MODULE = re.compile(r"^(ModuleNotFoundError|ImportError)\b")
NAME = re.compile(r"^NameError: name '([^']{1,80})' is not defined")
SEVERAL = 6  # cells that are told one by one


@dataclass(frozen=True)
class Cause:
    """What happened, in words; ``person`` if it may be no fault of the student's."""

    text: str
    person: bool = False


@dataclass(frozen=True)
class _Fault:
    place: Place
    text: str


def cause_of(
    name: str,
    question: str,
    places: Mapping[int, Place],
    cells: Sequence[Mapping[str, Any]],
    dropped: Sequence[int | str],
) -> Cause | None:
    """Give why the answer of a question is not there, from the cells of it alone."""
    faults = _faults(places, cells, dropped)
    if name in dropped:
        return Cause(f"reading {name} took more than its limit")
    setting = [f for f in faults if name in f.place.names]
    mine = setting or [f for f in faults if f.place.question == question]
    if not mine:
        return None
    fault = mine[-1]
    person = bool(MODULE.match(fault.text))
    if hit := NAME.match(fault.text):
        absent = [f for f in faults if MODULE.match(f.text) and hit[1] in f.place.names]
        if absent:
            person = True
            return Cause(f"{_said(fault)}, because {_said(absent[-1])}", person)
    return Cause(_said(fault), person)


def told(
    places: Mapping[int, Place], cells: Sequence[Mapping[str, Any]], dropped: Sequence[int | str]
) -> str:
    """Give what happened to each cell that did not run to its end, on one line."""
    faults = _faults(places, cells, dropped)
    said = [_said(fault) for fault in faults[:SEVERAL]]
    if len(faults) > SEVERAL:
        said.append(f"and {len(faults) - SEVERAL} cells more")
    return "; ".join(said)


def _said(fault: _Fault) -> str:
    return f"{fault.place.label} stopped: {fault.text}"


def _faults(
    places: Mapping[int, Place], cells: Sequence[Mapping[str, Any]], dropped: Sequence[int | str]
) -> list[_Fault]:
    out = []
    for cell in cells:
        if cell["status"] != "ok":
            place = places.get(cell["i"], Place(None, "a cell of the exercise itself"))
            out.append(_Fault(place, str(cell["error"]).strip().rstrip(".") or "an error"))
    for what in dropped:
        if isinstance(what, int):
            place = places.get(what, Place(None, "a cell of the exercise itself"))
            out.append(
                _Fault(place, "it reached its limit of time or memory, or ended the program")
            )
    return out
