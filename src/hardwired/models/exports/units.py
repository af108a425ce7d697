"""Unit checks: every equation of a model is walked with Pint.

The check is strict: two terms that are added must agree in dimension and in scale, so that
pg/ml + ng/ml is an error, because the numbers of a model are used as they stand.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sympy

from hardwired.models.declaration import Declaration
from hardwired.models.engine import reading
from hardwired.models.engine.expressions import TIME, After, Delayed, HillDown, HillUp
from hardwired.models.errors import DeclarationError, InconsistentUnitsError

if TYPE_CHECKING:
    import pint


@functools.cache
def registry() -> pint.UnitRegistry:
    """Return Pint's registry with what biology counts: cells, copies, people, arbitrary units."""
    import pint

    ureg: pint.UnitRegistry = pint.UnitRegistry()
    for name in ("cell", "copy", "person", "arbitrary_unit"):
        ureg.define(f"{name} = [{name}]")
    ureg.define("IU = [international_unit]")
    return ureg


@dataclass(frozen=True)
class _Unit:
    scale: float
    powers: tuple[tuple[str, float], ...]
    anything: bool = False

    def __mul__(self, other: _Unit) -> _Unit:
        powers = dict(self.powers)
        for name, power in other.powers:
            powers[name] = powers.get(name, 0.0) + power
        return _Unit(self.scale * other.scale, _tidy(powers), self.anything or other.anything)

    def __pow__(self, n: float) -> _Unit:
        return _Unit(self.scale**n, _tidy({k: v * n for k, v in self.powers}), self.anything)

    def agrees(self, other: _Unit) -> bool:
        same = self.powers == other.powers and abs(self.scale / other.scale - 1) < 1e-9
        return self.anything or other.anything or same

    def __str__(self) -> str:
        names = " ".join(f"{n}^{p:g}" if p != 1 else n for n, p in self.powers)
        return f"{self.scale:.6g} {names}".strip() if self.powers else f"{self.scale:.6g}"


def _tidy(powers: dict[str, float]) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((k, round(v, 12)) for k, v in powers.items() if abs(v) > 1e-12))


_NUMBER = _Unit(1.0, ())
_ZERO = _Unit(1.0, (), anything=True)


def unit_of(text: str, *, model: str, where: str) -> _Unit:
    """Read a unit such as ``pg/ml/h`` into its base units and scale.

    Raises
    ------
    DeclarationError
        If Pint does not know the unit.
    """
    try:
        spelled = text.replace("degC", "delta_degC")
        quantity = registry().Quantity(1.0, spelled or "dimensionless").to_base_units()
    except Exception as error:
        raise DeclarationError(
            f"the unit '{text}' cannot be read ({error})",
            model=model,
            where=where,
            mend="spell it as Pint does, for example pg/ml/hour or 1/day",
        ) from None
    return _Unit(float(quantity.magnitude), _tidy(dict(quantity._units)))


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


def _same(a: _Unit, b: _Unit, model: str, where: str, what_a: str, what_b: str) -> None:
    if not a.agrees(b):
        raise InconsistentUnitsError(
            f"{what_a} is in [{a}] and {what_b} in [{b}]",
            model=model,
            where=where,
            mend="correct a unit or add the missing factor as a parameter with its unit",
        )


class _Walker:
    """Give the unit of an expression, or raise."""

    def __init__(self, model: str, where: str, units: dict[str, _Unit]) -> None:
        self.model, self.where, self.units = model, where, units

    def of(self, e: sympy.Expr) -> _Unit:
        if e.is_Symbol:
            return self.units[e.name]
        if e.is_number:
            return _ZERO if e == 0 else _NUMBER
        if isinstance(e, sympy.Mul):
            return functools.reduce(lambda a, b: a * b, map(self.of, e.args))
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
            return _NUMBER
        if isinstance(e, Delayed):
            self._alike((e.args[1], sympy.Symbol(TIME, real=True)))
            return self.of(e.args[0])
        if isinstance(e, sympy.Piecewise):
            for _, condition in e.args:
                for relation in condition.atoms(sympy.core.relational.Relational):
                    self._alike(relation.args)
            return self._alike([value for value, _ in e.args])
        return functools.reduce(lambda _, arg: self._bare(arg), e.args, _NUMBER)

    def _power(self, base: sympy.Expr, exponent: sympy.Expr) -> _Unit:
        self._bare(exponent)
        unit = self.of(base)
        if exponent.is_number:
            return unit ** float(exponent)
        _same(unit, _NUMBER, self.model, self.where, f"the base {base} of a power", "a bare number")
        return _NUMBER

    def _alike(self, terms) -> _Unit:
        first, *rest = sorted(((self.of(e), e) for e in terms), key=lambda pair: pair[0].anything)
        for unit, e in rest:
            _same(first[0], unit, self.model, self.where, f"'{first[1]}'", f"'{e}'")
        return first[0]

    def _bare(self, e: sympy.Expr) -> _Unit:
        _same(self.of(e), _NUMBER, self.model, self.where, f"'{e}'", "a bare number")
        return _NUMBER
