"""A model for readers: equations in LaTeX and its parameters as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hardwired.models import expressions

if TYPE_CHECKING:
    import pandas

    from hardwired.models.core import Model

HILL = r"H^{+}(x;\,k,n)=\frac{x^{n}}{k^{n}+x^{n}},\quad H^{-}(x;\,k,n)=\frac{k^{n}}{k^{n}+x^{n}}"


def names(model: Model) -> dict[str, str]:
    """Return the LaTeX spelling of every symbol of the model."""
    spelled = {s: x.latex or expressions.latex_of_name(s) for s, x in model.symbols.items()}
    return {**spelled, expressions.TIME: "t"}


def latex_lines(model: Model) -> list[tuple[str, str]]:
    """Return the equations as pairs of left and right side, in the order of the declaration."""
    spelled = names(model)
    lines = []
    for equation in model.parsed:
        left = spelled[equation.symbol]
        left = rf"\frac{{d{left}}}{{dt}}" if equation.is_rate else left
        lines.append((left, expressions.latex(equation.shown, spelled)))
    return lines


def latex(model: Model) -> str:
    """Return the equations as one ``aligned`` block, Hill functions explained below them.

    Of more than two events with one label only the first and the last are shown.
    """
    if not model.has_equations:
        return model.formula
    lines = [rf"{left} &= {right}" for left, right in latex_lines(model)]
    events = [_event(model, *event) for event in model.parsed_events]
    labels = [label for label, *_ in model.parsed_events]
    for label in dict.fromkeys(labels):
        alike = [line for line, its in zip(events, labels, strict=True) if its == label]
        lines += alike if len(alike) < 3 else [alike[0], r"&\ \ \vdots", alike[-1]]
    if any("H^{" in line for line in lines):
        lines.append(rf"&{HILL}")
    return "\\begin{aligned}\n" + " \\\\\n".join(lines) + "\n\\end{aligned}"


def _event(model: Model, label: str, at, settings) -> str:
    spelled = names(model)
    changes = r",\ ".join(
        rf"{spelled[s]} \leftarrow {expressions.latex(v, spelled)}" for s, v in settings
    )
    when = expressions.latex(at, spelled)
    return rf"t = {when}\ (\text{{{label}}}) &:\quad {changes}"


def parameter_table(model: Model) -> pandas.DataFrame:
    """Return the parameters: symbol, latex, label, value, unit, low, high, source, status, note."""
    import pandas as pd

    spelled = names(model)
    rows = [
        {
            "symbol": p.symbol,
            "latex": spelled[p.symbol],
            "label": p.label,
            "value": p.value,
            "unit": p.unit,
            "low": p.low,
            "high": p.high,
            "source": p.source,
            "status": p.status,
            "note": p.note,
        }
        for p in model.parameters
    ]
    columns = [
        "symbol",
        "latex",
        "label",
        "value",
        "unit",
        "low",
        "high",
        "source",
        "status",
        "note",
    ]
    return pd.DataFrame(rows, columns=columns).set_index("symbol", drop=False)


def references(model: Model) -> list[str]:
    """Return the bib keys that a model leans on, in order of first use."""
    keys = [*model.paper, *(mark.source for mark in model.marks)]
    for parameter in model.parameters:
        keys += [k.strip() for k in parameter.source.split(",") if k.strip()]
    return list(dict.fromkeys(keys))
