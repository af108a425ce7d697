"""JavaScript from a model, for the explorer in the page.

`write` gives one object literal: symbols, numbers and the functions that `runtime.js` (beside
this file) integrates with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import sympy
from sympy.printing.jscode import JavascriptCodePrinter

from hardwired.models.declaration import Declaration
from hardwired.models.engine import tableau
from hardwired.models.engine.system import Jump, lower

RUNTIME = Path(__file__).with_name("runtime.js")


class _Printer(JavascriptCodePrinter):  # type: ignore[misc]
    def _print_erf(self, e: sympy.erf) -> str:
        return f"erf({self._print(e.args[0])})"

    def _print_Infinity(self, e: sympy.Expr) -> str:  # noqa: N802
        return "Infinity"

    def _print_Heaviside(self, e: sympy.Heaviside) -> str:  # noqa: N802
        return f"(({self._print(e.args[0])}) > 0 ? 1 : 0)"


def runtime() -> str:
    """Return the script that integrates what `write` gives; the same for every model."""
    coefficients = {
        "C": tableau.C.tolist(),
        "A": [row[:slope].tolist() for slope, row in enumerate(tableau.A)],
        "E": tableau.ERROR.tolist(),
        "P": tableau.P.tolist(),
    }
    script = RUNTIME.read_text(encoding="utf-8")
    return script.replace("TABLEAU", json.dumps(coefficients, separators=(",", ":")), 1)


def write(model: Declaration) -> str:
    """Return the model as a JavaScript object literal; see `Model.to_javascript`.

    Its functions take time, states `y`, parameters `p` (declared ones, then switches) and lagged
    states `z`, and return arrays.
    """
    if not model.has_equations:
        model.require_kind("ODE", "delay", asked="JavaScript, because a Python function runs it")
    s = lower(model)
    states = [(s.states, "y")]
    values = [(s.parameters, "p")]
    lagged = [(tuple(lag.symbol for lag in s.lags), "z")]
    jumps = ",".join(_jump(model, jump) for jump in s.jumps)
    lags = ",".join(f"[{lag.state},{_arrow('p', values, [lag.lag])}]" for lag in s.lags)
    scales = [x.scale or 0 for x in model.states]
    names = json.dumps([x.symbol for x in model.states])
    parts = {
        "name": json.dumps(model.name),
        "states": names,
        "outputs": json.dumps([o.symbol for o in model.outputs]),
        "parameters": json.dumps([p.symbol for p in model.parameters]),
        "values": json.dumps([p.value for p in model.parameters]),
        "switches": str(len(s.parameters) - s.n_declared),
        "scales": json.dumps(scales),
        "first": json.dumps(model.time.first),
        "starts": _arrow("p", values, s.starts),
        "rates": _arrow("t,y,p,z", states + values + lagged, s.rates),
        "results": _arrow("t,y,p", states + values, [s.outputs[o.symbol] for o in model.outputs]),
        "lags": f"[{lags}]",
        "jumps": f"[{jumps}]",
    }
    return "{" + ",\n".join(f"{key}:{value}" for key, value in parts.items()) + "}"


def wrap(model: Declaration) -> str:
    """Return an expression that gives the object, with the functions it calls in reach."""
    words = "abs,cos,erf,exp,log,max,min,pow,sign,sin,sqrt,tanh,PI,E"
    return f"(({{{words}}})=>({write(model)}))(hardwired.math)"


def _jump(model: Declaration, jump: Jump) -> str:
    s = lower(model)
    rows = []
    for symbol, _ in jump.settings:
        where = s.states if symbol in s.states else s.parameters
        rows.append(["y" if symbol in s.states else "p", where.index(symbol)])
    at = _arrow("p", [(s.parameters, "p")], [jump.at])
    pairs = [(s.states, "y"), (s.parameters, "p")]
    new = _arrow("y,p", pairs, [value for _, value in jump.settings])
    return f"{{at:{at},sets:{json.dumps(rows)},to:{new}}}"


def _arrow(
    arguments: str,
    unpack: Sequence[tuple[Sequence[sympy.Symbol], str]],
    results: Sequence[sympy.Expr],
) -> str:
    """Return an arrow function that gives the results as an array.

    Symbols are renamed (state 3 is ``y3``), so that no symbol of a paper is a word of JavaScript.
    """
    used = set().union(*(sympy.sympify(e).free_symbols for e in results)) if results else set()
    table: dict[sympy.Symbol, sympy.Symbol] = {}
    lines: list[str] = []
    for symbols, argument in unpack:
        for i, symbol in enumerate(symbols):
            if symbol in used:
                table[symbol] = sympy.Symbol(f"{argument}{i}", real=True)
                lines.append(f"{argument}{i}={argument}[{i}]")
    renamed = [sympy.sympify(e).xreplace(table) for e in results]
    shared, reduced = sympy.cse(renamed, symbols=sympy.numbered_symbols("w"))
    printer = _Printer()
    lines += [f"{s}={printer.doprint(e)}" for s, e in shared]
    values = ",".join(f"{printer.doprint(e)}" for e in reduced)
    head = f"const {','.join(lines)};" if lines else ""
    code = f"({arguments})=>{{{head}return[{values}]}}"
    return code.replace("Math.", "").replace("\n", " ")
