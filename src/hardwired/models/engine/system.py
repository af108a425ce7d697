"""From the equations of a declaration to what integrators and exporters need.

Definitions are substituted, ``after`` becomes a switch that an event turns on, ``delay`` becomes
a symbol that is looked up in the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy

from hardwired.models.declaration import Declaration
from hardwired.models.engine import expressions, reading
from hardwired.models.engine.expressions import After, Delayed
from hardwired.models.errors import DeclarationError


@dataclass(frozen=True)
class Jump:
    """At a time (an expression of the parameters), new values of states or parameters."""

    label: str
    at: sympy.Expr
    settings: tuple[tuple[sympy.Symbol, sympy.Expr], ...]
    is_switch: bool = False


@dataclass(frozen=True)
class Lag:
    """A delayed state: the symbol that stands for it, the state's number, the lag."""

    symbol: sympy.Symbol
    state: int
    lag: sympy.Expr


@dataclass(frozen=True)
class System:
    """Rates and outputs as plain expressions of time, states, parameters, switches and lags."""

    time: sympy.Symbol
    states: tuple[sympy.Symbol, ...]
    parameters: tuple[sympy.Symbol, ...]
    """The declared parameters, in order, then the switches, which are 0 until their jump."""
    n_declared: int
    starts: tuple[sympy.Expr, ...]
    rates: tuple[sympy.Expr, ...]
    outputs: dict[str, sympy.Expr]
    lags: tuple[Lag, ...]
    jumps: tuple[Jump, ...]


@cache
def lower(model: Declaration) -> System:
    """Lower the equations of a model (once).

    Raises
    ------
    DeclarationError
        If definitions refer to each other in a circle, or a switch or lag depends on a state.
    """
    read = reading.read(model)
    states = tuple(expressions.symbol(s.symbol) for s in model.states)
    declared = tuple(expressions.symbol(p.symbol) for p in model.parameters)
    definitions = _substituted(
        {e.symbol: e.expression for e in read.equations if not e.is_rate}, model.name
    )
    table = {expressions.symbol(name): value for name, value in definitions.items()}
    rates = {e.symbol: e.expression.subs(table) for e in read.equations if e.is_rate}
    ordered = [rates[s.symbol] for s in model.states]
    everything = [*ordered, *definitions.values()]
    switches = _switches(everything, set(declared), model.name)
    lags = _lags(everything, states, set(declared), model.name)

    def finish(expression: sympy.Expr) -> sympy.Expr:
        expression = expression.replace(
            lambda e: isinstance(e, Delayed), lambda e: lags[e].symbol
        ).replace(lambda e: isinstance(e, After), lambda e: switches[e][0])
        return expressions.plain(expression)

    jumps = [
        Jump("switch", expressions.plain(at), ((symbol, sympy.Integer(1)),), is_switch=True)
        for symbol, at in switches.values()
    ]
    for label, at, settings in read.events:
        pairs = tuple((expressions.symbol(s), expressions.plain(v)) for s, v in settings)
        jumps.append(Jump(label, expressions.plain(at), pairs))
    return System(
        time=expressions.symbol(expressions.TIME),
        states=states,
        parameters=(*declared, *(symbol for symbol, _ in switches.values())),
        n_declared=len(declared),
        starts=tuple(expressions.plain(e) for e in read.starts),
        rates=tuple(map(finish, ordered)),
        outputs={name: finish(value) for name, value in definitions.items()},
        lags=tuple(lags.values()),
        jumps=tuple(jumps),
    )


def _substituted(definitions: dict[str, sympy.Expr], model: str) -> dict[str, sympy.Expr]:
    done: dict[str, sympy.Expr] = {}

    def resolve(name: str, path: tuple[str, ...]) -> sympy.Expr:
        if name in path:
            raise DeclarationError(
                f"definitions refer to each other in a circle ({' -> '.join((*path, name))})",
                model=model,
                where=f"equation {name}",
                mend="break the circle",
            )
        if name not in done:
            inner = definitions[name]
            used = sorted(s.name for s in inner.free_symbols if s.name in definitions)
            done[name] = inner.subs(
                {expressions.symbol(u): resolve(u, (*path, name)) for u in used}
            )
        return done[name]

    for name in definitions:
        resolve(name, ())
    return {name: done[name] for name in definitions}


def _calls(everything: list[sympy.Expr], kind: type) -> list[sympy.Expr]:
    return sorted(set().union(*(e.atoms(kind) for e in everything)), key=str)


def _need_constant(
    call: sympy.Expr, argument: sympy.Expr, parameters: set[sympy.Symbol], model: str
) -> None:
    if not argument.free_symbols <= parameters:
        raise DeclarationError(
            f"the time in {call} depends on more than parameters",
            model=model,
            where=str(call),
            mend="write it in terms of parameters alone",
        )


def _switches(
    everything: list[sympy.Expr], parameters: set[sympy.Symbol], model: str
) -> dict[sympy.Expr, tuple[sympy.Symbol, sympy.Expr]]:
    found = {}
    for number, call in enumerate(_calls(everything, After)):
        _need_constant(call, call.args[0], parameters, model)
        found[call] = (expressions.symbol(f"switch_{number}"), call.args[0])
    return found


def _lags(
    everything: list[sympy.Expr],
    states: tuple[sympy.Symbol, ...],
    parameters: set[sympy.Symbol],
    model: str,
) -> dict[sympy.Expr, Lag]:
    found = {}
    for number, call in enumerate(_calls(everything, Delayed)):
        state, lag = call.args
        _need_constant(call, lag, parameters, model)
        if state not in states:
            raise DeclarationError(
                f"{state} is not a state", model=model, where=str(call), mend="delay a state"
            )
        found[call] = Lag(expressions.symbol(f"lagged_{number}"), states.index(state), lag)
    return found
