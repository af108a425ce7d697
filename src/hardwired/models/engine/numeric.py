"""NumPy code from expressions, vectorised over patients.

What depends on parameters alone is computed once a run (`Compiled.constants`), what depends on
the state at every call.
Nothing is integrated here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
import sympy
from sympy.printing.numpy import SciPyPrinter

from hardwired.models.declaration import Declaration
from hardwired.models.engine.system import System, lower

Code = Callable[..., list[Any]]
"""Compiled expressions: a function that returns one number or array an expression."""


class _Printer(SciPyPrinter):  # type: ignore[misc]
    """SciPy code whose minima and maxima are plain ufuncs."""

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "allow_unknown_functions": False})

    def _pairwise(self, name: str, args: Sequence[sympy.Expr]) -> str:
        if len(args) == 1:
            return str(self._print(args[0]))
        return f"{name}({self._print(args[0])}, {self._pairwise(name, args[1:])})"

    def _print_Max(self, e: sympy.Max) -> str:  # noqa: N802
        return self._pairwise("maximum", e.args)

    def _print_Min(self, e: sympy.Min) -> str:  # noqa: N802
        return self._pairwise("minimum", e.args)

    def _print_Heaviside(self, e: sympy.Heaviside) -> str:  # noqa: N802
        return f"heaviside({self._print(e.args[0])}, 0.5)"


_FROM_NUMPY = (
    "exp log sqrt abs maximum minimum sin cos tanh sign heaviside select greater less "
    "greater_equal less_equal equal logical_and logical_or pi nan"
)
_NAMESPACE = {name: getattr(np, name) for name in _FROM_NUMPY.split()}


def function(
    name: str,
    arguments: Sequence[str],
    unpack: Iterable[tuple[Sequence[sympy.Symbol], str]],
    results: Sequence[sympy.Expr],
) -> Code:
    """Compile expressions into one Python function that returns a list.

    Parameters
    ----------
    arguments
        Names of the function's arguments.
    unpack
        Pairs (symbols, argument): the symbols that this argument holds in order.
    results
        SymPy expressions.
    """
    from scipy.special import erf

    printer = _Printer()
    used = set().union(*(sympy.sympify(e).free_symbols for e in results)) if results else set()
    lines = []
    for symbols, argument in unpack:
        for i, s in enumerate(symbols):
            if s in used:
                lines.append(f"{s.name} = in_{argument}[{i}]")
    if "t" in arguments:
        lines.append("t = in_t")
    shared, reduced = sympy.cse(list(results), symbols=sympy.numbered_symbols("shared_"))
    lines += [f"{s.name} = {printer.doprint(e)}" for s, e in shared]
    values = ", ".join(printer.doprint(e) for e in reduced)
    body = "\n    ".join([*lines, f"return [{values}]"])
    taken = ", ".join(f"in_{a}" for a in arguments)  # a model may have a parameter called p
    code = f"def {name}({taken}):\n    {body}\n"
    namespace: dict[str, Any] = {**_NAMESPACE, "erf": erf}
    exec(compile(code, f"<{name}>", "exec"), namespace)
    made: Code = namespace[name]
    return made


def hoist(
    results: Sequence[sympy.Expr], fixed: set[sympy.Symbol]
) -> tuple[list[sympy.Symbol], list[sympy.Expr], list[sympy.Expr]]:
    """Take out of expressions whatever depends on fixed symbols alone.

    Returns
    -------
    symbols, values, rest
        New symbols, what they stand for, and the expressions in terms of them.
    """
    table: dict[sympy.Expr, sympy.Symbol] = {}

    def named(e: sympy.Expr) -> sympy.Expr:
        if e.is_Atom:
            return e
        return table.setdefault(e, sympy.Symbol(f"constant_{len(table)}", real=True))

    def walk(e: sympy.Expr) -> sympy.Expr:
        if e.free_symbols and e.free_symbols <= fixed:
            return named(e)
        if e.is_Atom or not e.free_symbols:
            return e
        if isinstance(e, sympy.Add | sympy.Mul):
            constant = [a for a in e.args if a.free_symbols <= fixed]
            moving = [walk(a) for a in e.args if not a.free_symbols <= fixed]
            if any(a.free_symbols for a in constant):
                return e.func(named(e.func(*constant)), *moving)
            return e.func(*constant, *moving)
        return e.func(*map(walk, e.args))

    rest = [walk(sympy.sympify(e)) for e in results]
    return list(table.values()), list(table), rest


@dataclass(frozen=True, eq=False)
class Compiled:
    """Numerical functions of a system.

    `p` is a sequence of parameter values (numbers or arrays over patients), declared parameters
    first, then switches; `y` has the states as rows; `c` comes from `constants(p)`; `z` holds the
    lagged states.
    """

    system: System

    @cached_property
    def _hoisted(self) -> tuple[list[sympy.Symbol], list[sympy.Expr], list[sympy.Expr]]:
        return hoist(self.system.rates, set(self.system.parameters))

    @cached_property
    def constants(self) -> Code:
        """Function of `p`: what the rates need of the parameters, computed once."""
        _, values, _ = self._hoisted
        return function("constants", ["p"], [(self.system.parameters, "p")], values)

    @cached_property
    def rates(self) -> Code:
        """Function of `(t, y, p, c, z)`: the list of rates."""
        names, _, rest = self._hoisted
        return function("rates", ["t", "y", "p", "c", "z"], self._unpack(names), rest)

    @cached_property
    def jacobian(self) -> Code:
        """Function of `(t, y, p, z)`: d rate i / d state j, row after row, as one flat list."""
        s = self.system
        entries = [rate.diff(state) for rate in s.rates for state in s.states]
        entries = [e.replace(lambda x: isinstance(x, sympy.Derivative), _flat) for e in entries]
        return function("jacobian", ["t", "y", "p", "z"], self._unpack(()), entries)

    @cached_property
    def lagged_jacobian(self) -> Code:
        """Function of `(t, y, p, z)`: d rate i / d lagged state k, as one flat list."""
        s = self.system
        entries = [rate.diff(lag.symbol) for rate in s.rates for lag in s.lags]
        return function("lagged_jacobian", ["t", "y", "p", "z"], self._unpack(()), entries)

    @cached_property
    def outputs(self) -> Code:
        """Function of `(t, y, p, z)`: the list of outputs, in the order of `System.outputs`."""
        results = list(self.system.outputs.values())
        return function("outputs", ["t", "y", "p", "z"], self._unpack(()), results)

    @cached_property
    def starts(self) -> Code:
        """Function of `p`: the list of start values."""
        unpack = [(self.system.parameters, "p")]
        return function("starts", ["p"], unpack, self.system.starts)

    @cached_property
    def lags(self) -> Code:
        """Function of `p`: the list of lags."""
        unpack = [(self.system.parameters, "p")]
        return function("lags", ["p"], unpack, [lag.lag for lag in self.system.lags])

    @cached_property
    def jump_times(self) -> Code:
        """Function of `p`: the times of the jumps."""
        unpack = [(self.system.parameters, "p")]
        return function("jump_times", ["p"], unpack, [j.at for j in self.system.jumps])

    @cached_property
    def jump_values(self) -> tuple[Code, ...]:
        """For each jump a function of `(y, p)`: the new values, in the order of its settings."""
        unpack = [(self.system.states, "y"), (self.system.parameters, "p")]
        return tuple(
            function("jump", ["y", "p"], unpack, [value for _, value in jump.settings])
            for jump in self.system.jumps
        )

    def _unpack(
        self, constants: Sequence[sympy.Symbol]
    ) -> list[tuple[Sequence[sympy.Symbol], str]]:
        s = self.system
        return [
            (s.states, "y"),
            (s.parameters, "p"),
            (constants, "c"),
            ([lag.symbol for lag in s.lags], "z"),
        ]


def _flat(derivative: sympy.Expr) -> sympy.Expr:
    """Take the derivative of a switch or sign as 0, which it is almost everywhere."""
    return sympy.Integer(0)


@cache
def compiled(model: Declaration) -> Compiled:
    """Return the compiled functions of a model (made once)."""
    return Compiled(lower(model))
