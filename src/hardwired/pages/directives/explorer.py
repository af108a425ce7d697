"""What the ``{model}`` directive shows of a model: the still figure, and the explorer's HTML.

No docutils here: a `View` gives a matplotlib figure, words, and a string of HTML.
"""

from __future__ import annotations

import html
import itertools
import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.ticker import NullFormatter

from hardwired import figures
from hardwired.formulas.mathml import to_mathml
from hardwired.house import numbers
from hardwired.house.numbers import number_words
from hardwired.house.units import unit_words
from hardwired.models.declaration import Mark, Parameter
from hardwired.models.engine.trajectory import Trajectory
from hardwired.models.errors import DeclarationError, UnknownNameError, nearest
from hardwired.models.exports import equations, javascript
from hardwired.models.model import Model

SCRIPT = Path(__file__).with_name("explorer.js")
POINTS = 481
GRID_POINTS = 41
LEVELS = {1: 15, 2: 7, 3: 4}
"""Levels of each slider of a precomputed explorer, by the number of sliders."""
COLOURS = ("nerve", "immune", "tissue", "hormone", "mind")
MARKS = {
    "o": "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
    "s": "M-3.7-3.7h7.4v7.4h-7.4z",
    "D": "M0-5L5 0 0 5-5 0z",
    "^": "M0-4.8L4.6 3.6H-4.6z",
}
"""Shapes of published points, one a label: matplotlib's name, and the path of the script."""
DASHES: tuple[tuple[float, ...], ...] = ((), (7, 3), (7, 3, 1.5, 3), (1.5, 3), (10, 2, 2, 2, 2, 2))
"""Strokes and gaps of a line, in points; none for a line that is whole."""


def look() -> str:
    """Return the looks of the still figure as the script takes them, in JSON."""
    names = ["ink" if colour == "mind" else colour for colour in COLOURS]
    dashes = [" ".join(f"{length:g}" for length in dash) for dash in DASHES]
    return json.dumps({"colours": names, "dashes": dashes, "shapes": list(MARKS.values())})


@dataclass(frozen=True)
class Curve:
    """A line of a panel: its symbol, label, and numbers into `COLOURS` and `DASHES`."""

    symbol: str
    label: str
    colour: int
    dash: int


@dataclass(frozen=True)
class Panel:
    """Curves that share a unit and hence an axis; `zero` says that the axis begins at 0."""

    unit: str
    zero: bool
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class View:
    """A model with the sliders and curves that a page asks for.

    Raises
    ------
    UnknownNameError
        If a slider is no parameter, or an output no state or output.
    DeclarationError
        If a slider's parameter has no range, or there are more than three sliders for a model
        whose runs are precomputed.
    """

    model: Model
    sliders: tuple[str, ...]
    outputs: tuple[str, ...]
    told: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = field(init=False)

    def __post_init__(self) -> None:
        model = self.model
        known = {p.symbol: p for p in model.parameters}
        drawable = {x.symbol for x in model.states + model.outputs}
        for asked, names, what in (
            (self.sliders, known, "parameter"),
            (self.outputs, drawable, "output"),
            (self.told, drawable, "output"),
        ):
            for symbol in asked:
                if symbol not in names:
                    raise UnknownNameError(
                        f"there is no {what} {symbol}",
                        model=model.name,
                        where=f"{what}s of the directive",
                        mend=nearest(symbol, names),
                    )
        object.__setattr__(self, "parameters", tuple(known[s] for s in self.sliders))
        for p in self.parameters:
            if p.low is None or p.high is None:
                raise DeclarationError(
                    "the parameter has no range for a slider",
                    model=model.name,
                    where=f"parameter {p.symbol}",
                    mend="give it low and high in the declaration",
                )
        if not model.has_equations and len(self.sliders) > max(LEVELS):
            raise DeclarationError(
                f"precomputed runs cannot carry {len(self.sliders)} sliders",
                model=model.name,
                where="parameters of the directive",
                mend=f"name at most {max(LEVELS)}",
            )

    @cached_property
    def times(self) -> np.ndarray:
        """The values of the axis at which curves are drawn."""
        axis = self.model.time
        n = POINTS if self.model.has_equations else GRID_POINTS
        space = np.geomspace if axis.log else np.linspace
        return space(axis.first, axis.last, n)

    @cached_property
    def run(self) -> Trajectory:
        """The model as declared."""
        return self.model.simulate(self.times)

    @property
    def _marks(self) -> list[Mark]:
        return [m for m in self.model.marks if m.symbol in self.outputs]

    @cached_property
    def panels(self) -> tuple[Panel, ...]:
        """The curves, a panel a unit."""
        groups: dict[str, list[Curve]] = {}
        for number, symbol in enumerate(self.outputs):
            thing = self.model.symbols[symbol]
            row = groups.setdefault(unit_words(thing.unit), [])
            colour = getattr(thing, "colour", "") or COLOURS[number % len(COLOURS)]
            row.append(Curve(symbol, thing.label, COLOURS.index(colour), len(row) % len(DASHES)))
        return tuple(
            Panel(unit, self._from_zero(curves), tuple(curves)) for unit, curves in groups.items()
        )

    def _from_zero(self, curves: list[Curve]) -> bool:
        low = min(float(self.run[c.symbol].min()) for c in curves)
        high = max(float(self.run[c.symbol].max()) for c in curves)
        # A computed nought may fall a hair below 0.
        return -1e-6 * high <= low < 0.6 * high

    def draw(self) -> Any:
        """Draw the still figure: the model as declared, with its published points."""
        axis, panels = self.model.time, self.panels
        labels = list(dict.fromkeys(m.label for m in self._marks))
        height = 3.4 if len(panels) == 1 else 0.6 + 1.9 * len(panels)
        figure, axes = figures.subplots(len(panels), 1, height=height, sharex=True, squeeze=False)
        for panel, ax in zip(panels, axes[:, 0], strict=True):
            for curve in panel.curves:
                ax.plot(
                    self.times,
                    self.run[curve.symbol],
                    color=figures.COLOURS[COLOURS[curve.colour]],
                    linestyle=(0, DASHES[curve.dash]) if DASHES[curve.dash] else "-",
                    label=curve.label,
                )
            shown = {curve.symbol for curve in panel.curves}
            said: set[str] = set()
            for mark in (m for m in self._marks if m.symbol in shown):
                shape = list(MARKS)[labels.index(mark.label) % len(MARKS)]
                label = "_" if mark.label in said else mark.label
                said.add(mark.label)
                ax.errorbar(
                    mark.x, mark.y, label=label, xerr=_bar(mark.x, mark.x_low, mark.x_high),
                    yerr=_bar(mark.y, mark.y_low, mark.y_high), fmt=shape, color=figures.INK,
                    elinewidth=1.2, capsize=3, clip_on=False,
                )  # fmt: skip
            if axis.log:
                ax.set_xscale("log")
                ax.xaxis.set_major_formatter(lambda value, _: f"{value:,g}")
                ax.xaxis.set_minor_formatter(NullFormatter())
            if panel.zero:
                ax.set_ylim(bottom=0)
            one = len(panel.curves) == 1
            label = panel.curves[0].label if one else ""
            unit = f"({panel.unit})" if panel.unit and label else panel.unit
            ax.set_ylabel(f"{label}\n{unit}".strip())
            if said or not one:
                ax.legend()
        unit = unit_words(axis.unit)
        axes[-1, 0].set_xlabel(f"{axis.label} ({unit})" if unit else axis.label)
        return figure

    def words(self) -> str:
        """Say in words what the still figure shows."""
        axis = self.model.time
        parts = []
        for panel in self.panels:
            for curve in panel.curves:
                y = self.run[curve.symbol]
                k = int(np.argmax(y))
                unit = f" {panel.unit}" if panel.unit else ""
                parts.append(
                    f"{curve.label} begins at {number_words(y[0], 3)}{unit}, is highest with "
                    f"{number_words(y[k], 3)}{unit} at {number_words(self.times[k], 3)} "
                    f"and ends at {number_words(y[-1], 3)}{unit}"
                )
        unit = unit_words(axis.unit)
        along = f"{axis.label} from {axis.first:g} to {axis.last:g} {unit}".strip()
        return f"Graph against {along}: {'; '.join(parts)}."

    # The explorer -------------------------------------------------------------------------------

    def html(self, *, identifier: str, still: str, with_script: bool, with_model: bool) -> str:
        """Return the explorer as HTML.

        Parameters
        ----------
        identifier
            Of the element that the script fills.
        still
            Identifier of the figure whose picture the explorer replaces.
        with_script, with_model
            Whether the page still needs the script, and this model's functions.
        """
        code = ""
        if with_script:
            code += f"{_lean(javascript.runtime())}\nhardwired.look={look()};\n"
            for script in (numbers.SCRIPT, SCRIPT):
                code += f"{_lean(script.read_text(encoding='utf-8'))}\n"
        name = json.dumps(self.model.name)
        if with_model and self.model.has_equations:
            code += f"hardwired.models[{name}]={javascript.wrap(self.model)};\n"
        code += f"hardwired.explore({self._settings(identifier, still)});"
        code = code.replace("</", "<\\/")
        return f'<div class="hw-explorer" id="{identifier}"></div>\n<script>\n{code}\n</script>\n'

    def _settings(self, identifier: str, still: str) -> str:
        model, axis = self.model, self.model.time
        spelled = equations.names(model)
        settings = {
            "id": identifier,
            "still": still,
            "name": model.name,
            "title": model.title,
            "model": model.name if model.has_equations else None,
            "points": len(self.times),
            "axis": {
                "label": axis.label,
                "unit": unit_words(axis.unit),
                "first": axis.first,
                "last": axis.last,
                "log": axis.log,
            },
            "sliders": [
                {
                    "symbol": p.symbol,
                    "html": f"{to_mathml(spelled[p.symbol], False)}: {html.escape(p.label)}",
                    "unit": unit_words(p.unit),
                    "low": p.low,
                    "high": p.high,
                    "value": p.value,
                    "log": p.log,
                }
                for p in self.parameters
            ],
            "panels": [
                {
                    "unit": panel.unit,
                    "zero": panel.zero,
                    "curves": [vars(curve) for curve in panel.curves],
                }
                for panel in self.panels
            ],
            "told": [
                {"symbol": x.symbol, "label": x.label, "unit": unit_words(x.unit)}
                for x in map(model.symbols.__getitem__, self.told)
            ],
            "marks": [vars(m) for m in self._marks],
            "scenarios": self._scenarios(),
            "free": sorted({s for overrides in model.scenarios.values() for s in overrides}),
            "grid": None if model.has_equations else self._grid(),
        }
        text = json.dumps(settings, ensure_ascii=False, separators=(",", ":"))
        return text.replace(":Infinity", ":1/0")

    def _scenarios(self) -> dict[str, dict[str, float]]:
        """Return the scenarios that the explorer can set: all of them, if it can compute."""
        if not self.model.has_equations:
            return {}
        return {name: dict(overrides) for name, overrides in self.model.scenarios.items()}

    def _grid(self) -> dict[str, Any]:
        """Run the model over a grid of the sliders."""
        count = LEVELS[len(self.sliders)]
        levels = [_levels(p, count) for p in self.parameters]
        names = list(dict.fromkeys((*self.outputs, *self.told)))
        runs = []
        for point in itertools.product(*levels):
            overrides: dict[str, Any] = dict(zip(self.sliders, point, strict=True))
            run = self.model.simulate(self.times, **overrides)
            runs.append([[_short(v) for v in run[name]] for name in names])
        return {
            "t": [_short(v) for v in self.times],
            "outputs": names,
            "levels": [[_short(v) for v in row] for row in levels],
            "runs": runs,
        }


def _levels(p: Parameter, count: int) -> list[float]:
    """Spread levels over a range so that the declared value is one of them."""
    assert p.low is not None
    assert p.high is not None
    space = np.geomspace if p.log else np.linspace
    found = [float(v) for v in space(p.low, p.high, count)]
    if math.isfinite(p.value):
        found[int(np.argmin([abs(v - p.value) for v in found]))] = p.value
    whole = all(float(v).is_integer() for v in (p.low, p.high, p.value)) and p.high - p.low > count
    return [float(round(v)) for v in found] if whole else found


def _short(value: float) -> float:
    return float(f"{value:.4g}")


def _bar(middle: float, low: float | None, high: float | None) -> list[list[float]] | None:
    if low is None or high is None:
        return None
    return [[middle - low], [high - middle]]


def _lean(script: str) -> str:
    """Take comments and indentation out of a script of ours."""
    lines = (line.strip() for line in script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
