"""The equations of a model in LaTeX."""

from __future__ import annotations

from collections.abc import Sequence

import sympy

from hardwired.models.declaration import Declaration
from hardwired.models.engine import expressions, reading

HILL = r"H^{+}(x;\,k,n)=\frac{x^{n}}{k^{n}+x^{n}},\quad H^{-}(x;\,k,n)=\frac{k^{n}}{k^{n}+x^{n}}"


def names(model: Declaration) -> dict[str, str]:
    """Return the LaTeX spelling of every symbol of the model."""
    spelled = {s: x.latex or expressions.latex_of_name(s) for s, x in model.symbols.items()}
    return {**spelled, expressions.TIME: "t"}


def latex_lines(model: Declaration) -> list[tuple[str, str]]:
    """Return the equations as pairs of left and right side, in the order of the declaration."""
    spelled = names(model)
    lines = []
    for equation in reading.read(model).equations:
        left = spelled[equation.symbol]
        left = rf"\frac{{d{left}}}{{dt}}" if equation.is_rate else left
        lines.append((left, expressions.latex(equation.shown, spelled)))
    return lines


def latex(model: Declaration) -> str:
    """Return the equations as one ``aligned`` block, Hill functions explained below them.

    Of more than two events with one label only the first and the last are shown.
    """
    if not model.has_equations:
        return model.formula
    lines = [rf"{left} &= {right}" for left, right in latex_lines(model)]
    read = reading.read(model).events
    events = [_event(model, *event) for event in read]
    labels = [label for label, *_ in read]
    for label in dict.fromkeys(labels):
        alike = [line for line, its in zip(events, labels, strict=True) if its == label]
        lines += alike if len(alike) < 3 else [alike[0], r"&\ \ \vdots", alike[-1]]
    if any("H^{" in line for line in lines):
        lines.append(rf"&{HILL}")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _event(
    model: Declaration,
    label: str,
    at: sympy.Expr,
    settings: Sequence[tuple[str, sympy.Expr]],
) -> str:
    spelled = names(model)
    changes = r",\ ".join(
        rf"{spelled[s]} \leftarrow {expressions.latex(v, spelled)}" for s, v in settings
    )
    when = expressions.latex(at, spelled)
    return rf"t = {when}\ (\text{{{label}}}) &:\quad {changes}"
