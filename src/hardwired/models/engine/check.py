"""What a declaration must keep: known kinds, sources, one rate a state, nothing named twice."""

from __future__ import annotations

from hardwired.models.declaration import KINDS, STATUSES, TARGET_KINDS, Declaration
from hardwired.models.engine import expressions, reading
from hardwired.models.errors import DeclarationError

RESERVED = {"t", "method", "rtol", "atol", "seed", "self", "pi", *expressions.FUNCTIONS}
"""Symbols that a model may not give away."""


def declaration(model: Declaration) -> None:
    """Refuse a declaration that contradicts itself.

    Raises
    ------
    DeclarationError, UndefinedSymbolError
        Naming the model, the place and the mend.
    """

    def wrong(problem: str, where: str, mend: str) -> DeclarationError:
        return DeclarationError(problem, model=model.name, where=where, mend=mend)

    if model.kind not in KINDS:
        raise wrong(f"unknown kind {model.kind}", "kind", f"choose from {', '.join(KINDS)}")
    seen: set[str] = set()
    for item in model.states + model.parameters + model.outputs:
        if item.symbol in seen or item.symbol in RESERVED:
            raise wrong("the symbol is taken", f"symbol {item.symbol}", "give it another symbol")
        seen.add(item.symbol)
    for parameter in model.parameters:
        where = f"parameter {parameter.symbol}"
        if parameter.status not in STATUSES:
            raise wrong(
                f"unknown status {parameter.status}", where, f"choose from {', '.join(STATUSES)}"
            )
        if parameter.status == "seen" and not parameter.source:
            raise wrong("a seen value has no source", where, "give its bib key")
    for target in model.targets:
        if target.kind not in TARGET_KINDS:
            raise wrong(
                f"unknown kind {target.kind}",
                f"target '{target.what}'",
                f"choose from {', '.join(TARGET_KINDS)}",
            )
    for symbol in (*model.plot, *(mark.symbol for mark in model.marks)):
        if symbol not in {x.symbol for x in model.states + model.outputs}:
            raise wrong("nothing of this name can be drawn", f"plot {symbol}", "name an output")
    for name, overrides in model.scenarios.items():
        for symbol in set(overrides) - {x.symbol for x in model.states + model.parameters}:
            raise wrong("the override is unknown", f"scenario '{name}'", f"declare {symbol}")
    if model.run is not None:
        if model.kind not in ("stochastic", "statistical") or model.states or model.equations:
            raise wrong(
                "a run function stands beside equations or states",
                "run",
                "give either equations or, for a stochastic or statistical model, run",
            )
        return
    if model.kind == "stochastic":
        raise wrong("a stochastic model has no run function", "run", "give one")
    read = reading.read(model)
    rates = [e.symbol for e in read.equations if e.is_rate]
    defined = [e.symbol for e in read.equations if not e.is_rate]
    for what, wanted, got in (
        ("rate", [s.symbol for s in model.states], rates),
        ("definition", [o.symbol for o in model.outputs], defined),
    ):
        for symbol in set(wanted) ^ set(got) | {s for s in got if got.count(s) > 1}:
            raise wrong(
                f"{symbol} does not have exactly one declaration and one {what}",
                f"{what} of {symbol}",
                f"write one {what} for each {'state' if what == 'rate' else 'output'}",
            )
    targets = {x.symbol for x in model.states + model.parameters}
    for label, _, settings in read.events:
        for symbol, _ in settings:
            if symbol not in targets:
                raise wrong(
                    f"{symbol} cannot be set", f"event '{label}'", "set a state or a parameter"
                )
    if (model.kind == "delay") != ("delay(" in model.equations.replace(" ", "")):
        raise wrong(
            "kind and equations disagree about delays", "kind", "use kind delay for delay()"
        )
