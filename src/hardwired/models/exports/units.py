"""Unit checks: every equation of a model is walked with Pint.

The check is strict: two terms that are added must agree in dimension and in scale, so that
pg/ml + ng/ml is an error, because the numbers of a model are used as they stand.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import sympy

from hardwired.models.declaration import Declaration
from hardwired.models.engine import reading
from hardwired.models.engine.expressions import TIME, After, Delayed, HillDown, HillUp
from hardwired.models.errors import DeclarationError, InconsistentUnitsError

if TYPE_CHECKING:
    import pint


@functools.cache
def registry() -> pint.UnitRegistry[Any]:
    """Return Pint's registry with what biology counts: cells, copies, people, arbitrary units."""
    import pint

    ureg: pint.UnitRegistry[Any] = pint.UnitRegistry[Any]()
    for name in ("cell", "copy", "person", "arbitrary_unit"):
        ureg.define(f"{name} = [{name}]")
    ureg.define("IU = [international_unit]")
    return ureg


Unit = Any
"""A `pint.Unit` of `registry`, or None for the unit of 0, which fits any other."""


def unit_of(text: str, *, model: str, where: str) -> Unit:
    """Read a unit such as ``pg/ml/h`` into its base units and scale.

    Raises
    ------
    DeclarationError
        If Pint does not know the unit.
    """
    try:
        return registry().Unit(text.replace("degC", "delta_degC") or "dimensionless")
    except Exception as error:
        raise DeclarationError(
            f"the unit '{text}' cannot be read ({error})",
            model=model,
            where=where,
            mend="spell it as Pint does, for example pg/ml/hour or 1/day",
        ) from None


def check(model: Declaration) -> None:
    """Check every equation, start value and event of a model.

    Raises
    ------
    InconsistentUnitsError
        Naming the equation and the two units that disagree.
    """
    units = {
        item.symbol: unit_of(item.unit, model=model.name, where=item.symbol)
        for item in model.states + model.parameters + model.outputs
    }
    units[TIME] = unit_of(model.time.unit, model=model.name, where="time")
    read = reading.read(model)
    for equation in read.equations:
        found = _Walker(model.name, equation.name, units).of(equation.expression)
        wanted = units[equation.symbol]
        if equation.is_rate:
            wanted = wanted * units[TIME] ** -1
        _same(found, wanted, model.name, equation.name, "the right side", "the left side")
    for state, start in zip(model.states, read.starts, strict=True):
        where = f"start value of {state.symbol}"
        found = _Walker(model.name, where, units).of(start)
        if not start.is_number:
            _same(found, units[state.symbol], model.name, where, "the value", "the state")
    for label, at, settings in read.events:
        where = f"event '{label}'"
        if not at.is_number:
            found = _Walker(model.name, where, units).of(at)
            _same(found, units[TIME], model.name, where, "the time", "the time axis")
        for target, value in settings:
            if not value.is_number:
                found = _Walker(model.name, where, units).of(value)
                _same(found, units[target], model.name, where, "the value", target)


def _same(a: Unit, b: Unit, model: str, where: str, what_a: str, what_b: str) -> None:
    """Refuse two units that differ in dimension or in scale."""
    if a is None or b is None:
        return
    one = registry().Quantity(1.0, a / b).to_base_units()
    if one.dimensionless and abs(one.magnitude - 1) < 1e-9:
        return
    raise InconsistentUnitsError(
        f"{what_a} is in [{_spelled(a)}] and {what_b} in [{_spelled(b)}]",
        model=model,
        where=where,
        mend="correct a unit or add the missing factor as a parameter with its unit",
    )


def _spelled(unit: Unit) -> str:
    """Spell a unit in base units, with its factor."""
    base = registry().Quantity(1.0, unit).to_base_units()
    names = " ".join(f"{n}^{p:g}" if p != 1 else n for n, p in sorted(base.unit_items()))
    return f"{base.magnitude:.6g} {names}".strip()


class _Walker:
    """Give the unit of an expression, or raise."""

    def __init__(self, model: str, where: str, units: dict[str, Unit]) -> None:
        self.model, self.where, self.units = model, where, units
        self.number = registry().Unit("dimensionless")

    def of(self, e: sympy.Expr) -> Unit:
        if e.is_Symbol:
            return self.units[e.name]
        if e.is_number:
            return None if e == 0 else self.number
        if isinstance(e, sympy.Mul):
            factors = list(map(self.of, e.args))
            return None if None in factors else math.prod(factors, start=self.number)
        if isinstance(e, sympy.Pow):
            return self._power(*e.args)
        if isinstance(e, sympy.Add | sympy.Max | sympy.Min):
            return self._alike(e.args)
        if isinstance(e, sympy.Abs):
            return self.of(e.args[0])
        if isinstance(e, HillUp | HillDown):
            self._alike(e.args[:2])
            return self._bare(e.args[2])
        if isinstance(e, After):
            self._alike((e.args[0], sympy.Symbol(TIME, real=True)))
            return self.number
        if isinstance(e, Delayed):
            self._alike((e.args[1], sympy.Symbol(TIME, real=True)))
            return self.of(e.args[0])
        if isinstance(e, sympy.Piecewise):
            for _, condition in e.args:
                for relation in condition.atoms(sympy.core.relational.Relational):
                    self._alike(relation.args)
            return self._alike([value for value, _ in e.args])
        for arg in e.args:
            self._bare(arg)
        return self.number

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> Unit:
        self._bare(exponent)
        unit = self.of(base)
        if exponent.is_number:
            return None if unit is None else unit ** float(exponent)
        _same(
            unit,
            self.number,
            self.model,
            self.where,
            f"the base {base} of a power",
            "a bare number",
        )
        return self.number

    def _alike(self, terms: Iterable[sympy.Expr]) -> Unit:
        first, *rest = sorted(((self.of(e), e) for e in terms), key=lambda pair: pair[0] is None)
        for unit, e in rest:
            _same(first[0], unit, self.model, self.where, f"'{first[1]}'", f"'{e}'")
        return first[0]

    def _bare(self, e: sympy.Expr) -> Unit:
        _same(self.of(e), self.number, self.model, self.where, f"'{e}'", "a bare number")
        return self.number
