"""The equations, start values and events of a declaration, read by SymPy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy

from hardwired.models.declaration import Declaration
from hardwired.models.engine import expressions
from hardwired.models.engine.expressions import Equation

ReadEvent = tuple[str, sympy.Expr, tuple[tuple[str, sympy.Expr], ...]]
"""Label, time, and pairs of a symbol and its new value."""


@dataclass(frozen=True)
class Reading:
    """What a declaration says, as expressions.

    Equations stand in the order of the text; start values, one a state, are expressions of the
    parameters.
    """

    equations: tuple[Equation, ...]
    starts: tuple[sympy.Expr, ...]
    events: tuple[ReadEvent, ...]


@cache
def read(model: Declaration) -> Reading:
    """Read a declaration (once).

    Raises
    ------
    DeclarationError, UndefinedSymbolError
        As in `expressions.parse`.
    """
    known = set(model.symbols) | {expressions.TIME}
    return Reading(
        expressions.parse_block(model.equations, known, model=model.name),
        _starts(model),
        _events(model),
    )


def _starts(model: Declaration) -> tuple[sympy.Expr, ...]:
    known = {p.symbol for p in model.parameters}
    return tuple(
        expressions.parse(str(s.start), known, model=model.name, where=f"start value of {s.symbol}")
        for s in model.states
    )


def _events(model: Declaration) -> tuple[ReadEvent, ...]:
    known = {x.symbol for x in model.states + model.parameters}
    parameters = {p.symbol for p in model.parameters}
    found = []
    for event in model.events:
        where = f"event '{event.label}'"
        at = expressions.parse(str(event.at), parameters, model=model.name, where=where)
        settings = tuple(
            (symbol, expressions.parse(str(value), known, model=model.name, where=where))
            for symbol, value in event.set.items()
        )
        found.append((event.label, at, settings))
    return tuple(found)
