"""SBML Level 3 Version 1 from a model, by the standard library alone.

States become parameters with rate rules, outputs assignment rules, jumps events.
SBML's species are not used, because the states of these models are not amounts in compartments.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree as ET

import sympy

from hardwired.models.declaration import Declaration
from hardwired.models.engine.overrides import read_overrides
from hardwired.models.engine.system import System, lower

SBML = "http://www.sbml.org/sbml/level3/version1/core"
MATHML = "http://www.w3.org/1998/Math/MathML"
TIME_URL = "http://www.sbml.org/sbml/symbols/time"
DELAY_URL = "http://www.sbml.org/sbml/symbols/delay"

_OPERATORS = {
    sympy.Add: "plus",
    sympy.Mul: "times",
    sympy.Pow: "power",
    sympy.exp: "exp",
    sympy.log: "ln",
    sympy.Abs: "abs",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tanh: "tanh",
    sympy.StrictGreaterThan: "gt",
    sympy.GreaterThan: "geq",
    sympy.StrictLessThan: "lt",
    sympy.LessThan: "leq",
    sympy.And: "and",
    sympy.Or: "or",
    sympy.Not: "not",
}


def write(model: Declaration, overrides: Mapping[str, float]) -> str:
    """Return the model as an SBML document; see `Model.to_sbml` for what it raises."""
    model.require_kind("ODE", "delay", asked="SBML")
    values, given, population = read_overrides(model, overrides)
    if population is not None:
        model.require_kind(asked="SBML of a population")
    system = lower(model)
    lagged = {lag.symbol: (system.states[lag.state], lag.lag) for lag in system.lags}
    math = _Math(model, lagged)
    root = ET.Element("sbml", {"xmlns": SBML, "level": "3", "version": "1"})
    top = ET.SubElement(root, "model", {"id": model.name.replace("-", "_"), "name": model.title})
    changed = {s.name for jump in system.jumps for s, _ in jump.settings}
    listed = ET.SubElement(top, "listOfParameters")
    for state in model.states:
        _parameter(listed, state.symbol, state.label, 0.0, constant=False)
    for parameter in model.parameters:
        constant = parameter.symbol not in changed
        value = values[parameter.symbol]
        _parameter(listed, parameter.symbol, parameter.label, value, constant=constant)
    for symbol in system.parameters[system.n_declared :]:
        _parameter(listed, symbol.name, "switch", 0.0, constant=False)
    for output in model.outputs:
        _parameter(listed, output.symbol, output.label, None, constant=False)
    starts = ET.Element("listOfInitialAssignments")
    if model.states:
        top.append(starts)
    for symbol, start in zip(system.states, system.starts, strict=True):
        start = sympy.Float(given[symbol.name], 17) if symbol.name in given else start
        math.put(ET.SubElement(starts, "initialAssignment", {"symbol": symbol.name}), start)
    rules = ET.SubElement(top, "listOfRules")
    for symbol, rate in zip(system.states, system.rates, strict=True):
        math.put(ET.SubElement(rules, "rateRule", {"variable": symbol.name}), rate)
    for name, value in system.outputs.items():
        math.put(ET.SubElement(rules, "assignmentRule", {"variable": name}), value)
    if system.jumps:
        _events(top, system, math)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _parameter(
    parent: ET.Element, symbol: str, label: str, value: float | None, *, constant: bool
) -> None:
    attributes = {"id": symbol, "name": label, "constant": "true" if constant else "false"}
    if value is not None:
        attributes["value"] = repr(float(value)).replace("inf", "INF")
    ET.SubElement(parent, "parameter", attributes)


def _events(top: ET.Element, system: System, math: _Math) -> None:
    listed = ET.SubElement(top, "listOfEvents")
    for number, jump in enumerate(system.jumps):
        event = ET.SubElement(
            listed,
            "event",
            {"id": f"event_{number}", "name": jump.label, "useValuesFromTriggerTime": "true"},
        )
        # not true before the start, so that what is due at the start itself is triggered
        trigger = ET.SubElement(event, "trigger", {"initialValue": "false", "persistent": "true"})
        math.put(trigger, sympy.GreaterThan(system.time, jump.at, evaluate=False))
        settings = ET.SubElement(event, "listOfEventAssignments")
        for symbol, value in jump.settings:
            math.put(ET.SubElement(settings, "eventAssignment", {"variable": symbol.name}), value)


class _Math:
    """Content MathML of expressions."""

    def __init__(
        self, model: Declaration, lagged: dict[sympy.Symbol, tuple[sympy.Symbol, sympy.Expr]]
    ) -> None:
        self.model, self.lagged = model, lagged

    def put(self, parent: ET.Element, expression: sympy.Expr) -> None:
        """Append the expression to an element."""
        math = ET.SubElement(parent, "math", {"xmlns": MATHML})
        self._walk(math, sympy.sympify(expression))

    def _apply(self, parent: ET.Element, operator: str, *args: sympy.Basic) -> None:
        apply = ET.SubElement(parent, "apply")
        ET.SubElement(apply, operator)
        for arg in args:
            self._walk(apply, arg)

    def _walk(self, parent: ET.Element, e: sympy.Basic) -> None:
        if e.is_Symbol:
            self._symbol(parent, e)
        elif e.is_Rational and not e.is_Integer:
            self._apply(parent, "divide", sympy.Integer(e.p), sympy.Integer(e.q))
        elif e.is_Integer:
            ET.SubElement(parent, "cn", {"type": "integer"}).text = str(e)
        elif e.is_Number:
            number = float(e)
            if number == float("inf"):
                ET.SubElement(parent, "infinity")
            else:
                _real(parent, number)
        elif e is sympy.pi:
            ET.SubElement(parent, "pi")
        elif e in (sympy.true, sympy.false):
            ET.SubElement(parent, "true" if e is sympy.true else "false")
        elif isinstance(e, sympy.Max | sympy.Min):
            self._extreme(parent, e)
        elif isinstance(e, sympy.Piecewise):
            self._piecewise(parent, e)
        elif isinstance(e, sympy.Pow) and e.exp == -1:
            self._apply(parent, "divide", sympy.Integer(1), e.base)
        elif type(e) in _OPERATORS:
            self._apply(parent, _OPERATORS[type(e)], *e.args)
        else:
            self.model.require_kind(asked=f"SBML of the function {type(e).__name__}")

    def _symbol(self, parent: ET.Element, e: sympy.Basic) -> None:
        if e in self.lagged:
            state, lag = self.lagged[e]
            apply = ET.SubElement(parent, "apply")
            call = {"encoding": "text", "definitionURL": DELAY_URL}
            ET.SubElement(apply, "csymbol", call).text = "delay"
            self._walk(apply, state)
            self._walk(apply, lag)
        elif e == lower(self.model).time:
            call = {"encoding": "text", "definitionURL": TIME_URL}
            ET.SubElement(parent, "csymbol", call).text = "t"
        else:
            ET.SubElement(parent, "ci").text = e.name

    def _extreme(self, parent: ET.Element, e: sympy.Basic) -> None:
        """SBML has no min and max: write them as pieces."""
        first, *rest = sorted(e.args, key=sympy.default_sort_key)
        if not rest:
            self._walk(parent, first)
            return
        other = e.func(*rest)
        relation = sympy.StrictGreaterThan if isinstance(e, sympy.Max) else sympy.StrictLessThan
        pieces = ET.SubElement(parent, "piecewise")
        piece = ET.SubElement(pieces, "piece")
        self._walk(piece, first)
        self._apply(piece, _OPERATORS[relation], first, other)
        self._walk(ET.SubElement(pieces, "otherwise"), other)

    def _piecewise(self, parent: ET.Element, e: sympy.Piecewise) -> None:
        pieces = ET.SubElement(parent, "piecewise")
        for value, condition in e.args:
            if condition is sympy.true:
                self._walk(ET.SubElement(pieces, "otherwise"), value)
                return
            piece = ET.SubElement(pieces, "piece")
            self._walk(piece, value)
            self._walk(piece, condition)


def _real(parent: ET.Element, number: float) -> None:
    text = repr(number)
    if "e" not in text:
        ET.SubElement(parent, "cn").text = text
        return
    mantissa, exponent = text.split("e")
    cn = ET.SubElement(parent, "cn", {"type": "e-notation"})
    cn.text = mantissa
    ET.SubElement(cn, "sep").tail = str(int(exponent))
