"""Equations as text, read into SymPy.

The language is Python arithmetic with a few functions (`FUNCTIONS`).
Here text becomes expressions, and shorthand (Hill functions) becomes plain arithmetic.
Units, numerics and file formats live elsewhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy
from sympy.parsing.sympy_parser import parse_expr

from hardwired.models.errors import DeclarationError, UndefinedSymbolError, nearest

TIME = "t"


class HillUp(sympy.Function):  # type: ignore[misc]
    """Saturating rise, x**n / (k**n + x**n), with x taken as 0 where it is negative."""

    nargs = 3

    def plain(self) -> sympy.Expr:
        """Return the function as arithmetic."""
        x, k, n = self.args
        power = sympy.Max(x, 0) ** n
        return power / (power + k**n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _call_latex(printer, "H^{+}", self.args, exp)


class HillDown(sympy.Function):  # type: ignore[misc]
    """Saturating fall, k**n / (k**n + x**n), with x taken as 0 where it is negative."""

    nargs = 3

    def plain(self) -> sympy.Expr:
        """Return the function as arithmetic."""
        x, k, n = self.args
        return k**n / (sympy.Max(x, 0) ** n + k**n)

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return _call_latex(printer, "H^{-}", self.args, exp)


class After(sympy.Function):  # type: ignore[misc]
    """0 before a time, 1 from that time on; the integrators stop exactly there."""

    nargs = 1

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        return rf"\mathbb{{1}}_{{t \ge {printer._print(self.args[0])}}}"


class Delayed(sympy.Function):  # type: ignore[misc]
    """The value that a state had a constant time ago."""

    nargs = 2

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        state, lag = (printer._print(a) for a in self.args)
        return rf"{state}\left(t - {lag}\right)"


def _call_latex(printer: Any, name: str, args: Sequence[sympy.Basic], exp: str | None) -> str:
    x, k, n = (printer._print(a) for a in args)
    call = rf"{name}\left({x};\, {k}, {n}\right)"
    return call if exp is None else rf"{call}^{{{exp}}}"


def _where(condition: Any, yes: sympy.Expr, no: sympy.Expr) -> sympy.Expr:
    return sympy.Piecewise((yes, condition), (no, True))


FUNCTIONS = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sqrt": sympy.sqrt,
    "abs": sympy.Abs,
    "min": sympy.Min,
    "max": sympy.Max,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tanh": sympy.tanh,
    "erf": sympy.erf,
    "hill_up": HillUp,
    "hill_down": HillDown,
    "after": After,
    "delay": Delayed,
    "where": _where,
}
"""What equations may call: `hill_up(x, k, n)`, `hill_down(x, k, n)`, `after(time)`,
`delay(state, lag)`, `where(condition, yes, no)`, `min`, `max`, `abs`, `exp`, `log`, `sqrt`,
`sin`, `cos`, `tanh`, `erf`."""

CONSTANTS = {"pi": sympy.pi}


@dataclass(frozen=True)
class Equation:
    """One line of a model: a rate (``x' = ...``) or a definition (``x = ...``).

    `known` are the names that may stand in it.
    """

    symbol: str
    is_rate: bool
    text: str
    expression: sympy.Expr
    model: str
    known: frozenset[str]

    @property
    def name(self) -> str:
        """How errors call this equation."""
        return f"equation {self.symbol}{chr(39) if self.is_rate else ''}"

    @cached_property
    def shown(self) -> sympy.Expr:
        """The expression unevaluated, so that it prints in the order in which it was written."""
        return parse(self.text, self.known, model=self.model, where=self.name, evaluate=False)


def symbol(name: str) -> sympy.Symbol:
    """Return the real SymPy symbol of a state, parameter or quantity."""
    return sympy.Symbol(name, real=True)


def parse(
    text: str, known: AbstractSet[str], *, model: str, where: str, evaluate: bool = True
) -> sympy.Expr:
    """Read one expression.

    Parameters
    ----------
    text
        Python arithmetic.
    known
        Names that may stand in it, besides functions and ``pi``.
    model, where
        For the error message.
    evaluate
        False keeps the written order, for printing.

    Raises
    ------
    UndefinedSymbolError
        If a name is neither known nor a function.
    DeclarationError
        If the text is not an expression.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as error:
        raise DeclarationError(
            f"'{text.strip()}' is not an expression ({error.msg})",
            model=model,
            where=where,
            mend="write it as Python arithmetic",
        ) from None
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known | set(FUNCTIONS) | set(CONSTANTS):
            raise UndefinedSymbolError(
                f"the symbol {node.id} is not declared",
                model=model,
                where=where,
                mend="declare it as a state, parameter or output, or " + nearest(node.id, known),
            )
    names = {**FUNCTIONS, **CONSTANTS, **{name: symbol(name) for name in known}}
    if not evaluate:
        return parse_expr(text.strip(), local_dict=names, evaluate=False)
    exact = ast.fix_missing_locations(_ExactNumbers(text.strip()).visit(tree))
    return sympy.sympify(eval(compile(exact, f"<{model}>", "eval"), {"sympy": sympy, **names}))


class _ExactNumbers(ast.NodeTransformer):
    """Make each number SymPy's own, from its digits, as SymPy's slower parser does."""

    def __init__(self, text: str) -> None:
        self.text = text

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        digits = ast.get_source_segment(self.text, node)
        kind = "Integer" if isinstance(node.value, int) else "Float"
        return ast.parse(f"sympy.{kind}({digits!r})", mode="eval").body


def parse_block(block: str, known: set[str], *, model: str) -> tuple[Equation, ...]:
    """Read the equations of a model, one a line; a line without `x =` continues the one above.

    Raises
    ------
    DeclarationError
        If a line is not ``x' = ...`` or ``x = ...``.
    UndefinedSymbolError
        As in `parse`.
    """
    equations = []
    for line in _logical_lines(block):
        match = re.fullmatch(r"(\w+)('?)\s*=(?!=)\s*(.+)", line, flags=re.DOTALL)
        if match is None:
            raise DeclarationError(
                "this is not an equation",
                model=model,
                where=f"line '{line}'",
                mend="write x' = ... for a rate or x = ... for a definition",
            )
        left, prime, right = match.groups()
        where = f"equation {left}{prime}"
        equations.append(
            Equation(
                symbol=left,
                is_rate=bool(prime),
                text=right,
                expression=parse(right, known, model=model, where=where),
                model=model,
                known=frozenset(known),
            )
        )
    return tuple(equations)


def _logical_lines(block: str) -> list[str]:
    """Join each equation with the lines below it that do not begin another one."""
    lines: list[str] = []
    for raw in block.splitlines():
        line = raw.split("#")[0].strip()
        if line and lines and not re.match(r"\w+'?\s*=(?!=)", line):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines


def plain(expression: sympy.Expr) -> sympy.Expr:
    """Replace the Hill functions by arithmetic."""
    return expression.replace(lambda e: isinstance(e, HillUp | HillDown), lambda e: e.plain())


_GREEK_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
    "phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega"
)
_GREEK = frozenset(_GREEK_LETTERS.split())


def latex_of_name(name: str) -> str:
    """Spell an ASCII symbol in LaTeX: ``phi_I``, ``d1`` and ``tau_T`` as the paper would."""
    head, *subscripts = name.split("_")
    match = re.fullmatch(r"([A-Za-z]+?)(\d+)", head)
    if match:
        head, subscripts = match[1], [match[2], *subscripts]
    subscripts = [s for s in subscripts if s]
    if head in {"lam", "lambda"}:
        head = "lambda"
    base = rf"\{head}" if head in _GREEK else head if len(head) == 1 else rf"\mathrm{{{head}}}"
    if not subscripts:
        return base
    plain_parts = (len(s) == 1 or s.isdigit() for s in subscripts)
    spelled = (
        rf"\{s}" if s in _GREEK else s if is_plain else rf"\mathrm{{{s}}}"
        for s, is_plain in zip(subscripts, plain_parts, strict=True)
    )
    return rf"{base}_{{{','.join(spelled)}}}"


def latex(expression: sympy.Expr, names: dict[str, str]) -> str:
    """Print an expression in LaTeX, terms in the order in which they were written."""
    printed = sympy.latex(
        expression,
        order="none",
        mul_symbol=r"\,",
        symbol_names={symbol(name): spelled for name, spelled in names.items()},
    )
    # An unevaluated quotient 1/x is printed as 1 times 1/x.
    return re.sub(r"(?<![\d.])1\\,(?=\\frac\{1\})", "", printed)
