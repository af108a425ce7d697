r"""The declaration of a model: data, without anything that can be done with it.

Here are states, parameters, equations as text, events, targets, and what a model leaves out.
What they mean stands in `engine`, what is made of them in `exports` and `analysis`; all of these
take a `Declaration`. `hardwired.models.model.Model` is a declaration with those verbs.

How to declare one, in full::

    DECAY = Model(
        name="balance-decay",                 # <module>-<model>
        title="A drug leaves the blood",
        kind="ODE",                           # ODE, delay, stochastic or statistical
        time=Axis("time", "hour", 0, 24),     # label, unit, and the span of the still figure
        states=(State("x", "drug in blood", "mg", "dose"),),
        parameters=(
            Parameter("dose", "dose", 100.0, "mg", low=50, high=200, source="smith2001drug"),
            Parameter("k", "elimination", 0.2, "1/hour", low=0.1, high=1, status="assumed"),
        ),
        equations="x' = -k*x\nhalf_life = log(2)/k",
        outputs=(Output("half_life", "half life", "hour"),),
        paper=("smith2001drug",),
        leaves_out="Absorption and tissue.",
        targets=(Target("half life", 3.466, 0.001, "closed-form", "log(2)/k",
                        lambda m: m.simulate([0, 1])["half_life"][0], unit="hour"),),
    )

Rates are written ``x' = ...``, definitions ``x = ...``.
Functions that equations may call are listed in `hardwired.models.engine.expressions.FUNCTIONS`:
``after(time)`` switches on exactly at a time, ``delay(x, tau)`` looks back by a constant lag.
A start value is a number or an expression of the parameters.
A statistical model may consist of definitions alone, in terms of the axis ``t``.
A stochastic or statistical model that formulas cannot carry gives ``run``, a plain function
``run(t, values, rng)`` that returns a dictionary of arrays, one value for each element of ``t``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from hardwired.models.errors import WrongKindError

KINDS = ("ODE", "delay", "stochastic", "statistical")
TARGET_KINDS = (
    "printed",
    "published-model-file",
    "independent-run",
    "closed-form",
    "calibrated",
)
STATUSES = ("seen", "computed", "assumed")

Results = Mapping[str, "np.ndarray | float"]
"""One number, or one a time, for each output."""
RunFunction = Callable[[np.ndarray, dict[str, float], np.random.Generator], Results]
"""What runs a model that formulas cannot carry: times, values, luck; a result for each time."""


@dataclass(frozen=True)
class Axis:
    """What a model runs along: time for most, a ratio or a number of studies for some.

    `first` is where start values hold, `last` where the still figure ends; `log` asks for a
    logarithmic axis in figures.
    """

    label: str
    unit: str
    first: float
    last: float
    log: bool = False


@dataclass(frozen=True)
class State:
    """A quantity with a rate: its paper's symbol in ASCII, a label, a unit and a start value."""

    symbol: str
    label: str
    unit: str
    start: float | str
    low: float = 0.0
    high: float = float("inf")
    scale: float | None = None
    """A typical size, for absolute tolerances; by default the start value, or 1 if that is 0."""
    latex: str = ""
    colour: str = ""
    """Its colour in figures: nerve, hormone, immune, tissue or mind."""


@dataclass(frozen=True)
class Parameter:
    """A number of the model: value, the range of its slider, unit, and where it comes from.

    `status` is ``seen`` (stands in the source), ``computed`` (follows from seen numbers by
    arithmetic that `note` names) or ``assumed``.
    """

    symbol: str
    label: str
    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    source: str = ""
    """One or more bib keys, separated by commas."""
    status: str = "seen"
    note: str = ""
    log: bool = False
    """Whether its slider moves on a logarithmic scale."""
    latex: str = ""


@dataclass(frozen=True)
class Output:
    """A quantity that a definition computes, or that `Model.run` returns."""

    symbol: str
    label: str
    unit: str
    latex: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Mark:
    """A published point to hold a curve against, with its interval in either direction.

    `y` belongs to the curve of `symbol`; `label` says what the point and its interval are.
    """

    symbol: str
    x: float
    y: float
    label: str
    source: str
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None


@dataclass(frozen=True)
class Event:
    """Something that happens at a time: a dose, a treatment that starts.

    `at` is a number or an expression of the parameters; `set` gives for states or parameters
    their new values, as expressions in which the symbols stand for the values just before.
    """

    label: str
    at: float | str
    set: Mapping[str, float | str]


@dataclass(frozen=True)
class Target:
    """A number that the model must give.

    Parameters
    ----------
    what
        In words.
    value, tolerance
        The number, and how far off the model may be (absolute, or a fraction if `relative`).
    kind
        ``printed``, ``published-model-file``, ``independent-run`` (of another program),
        ``closed-form`` or ``calibrated`` (the number went
        in). Only the first two put the model to a test, the next two its code.
    source
        Bib key, model file or the formula.
    measure
        Function of the `Model` that gives the number.
    """

    what: str
    value: float
    tolerance: float
    kind: str
    source: str
    measure: Callable[[Any], float]
    unit: str = ""
    relative: bool = False


@dataclass(frozen=True, eq=False)
class Declaration:
    """A model as declared; see the module's docstring for a full example."""

    name: str
    title: str
    kind: str
    time: Axis
    parameters: tuple[Parameter, ...]
    paper: tuple[str, ...]
    leaves_out: str
    states: tuple[State, ...] = ()
    equations: str = ""
    outputs: tuple[Output, ...] = ()
    events: tuple[Event, ...] = ()
    targets: tuple[Target, ...] = ()
    scenarios: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Named sets of overrides, for example ``{"carers": {"sigma": 0.193}}``."""
    teaching: str = ""
    """Why this is a teaching model and no published one; empty for a published model."""
    plot: tuple[str, ...] = ()
    """What the still figure and the explorer draw unless told otherwise."""
    marks: tuple[Mark, ...] = ()
    """Published points that the figure shows beside the curves."""
    formula: str = ""
    """LaTeX of a model that is a Python function; other models print their equations."""
    run: RunFunction | None = None

    @cached_property
    def symbols(self) -> dict[str, State | Parameter | Output]:
        """Everything that has a symbol."""
        return {x.symbol: x for x in self.states + self.parameters + self.outputs}

    @property
    def has_equations(self) -> bool:
        """Whether formulas carry the model, so that it can be exported as JavaScript."""
        return self.run is None

    def require_kind(self, *kinds: str, asked: str) -> None:
        """Raise `WrongKindError` unless the model is of one of these kinds."""
        if self.kind not in kinds:
            raise WrongKindError(
                f"a {self.kind} model has no {asked}",
                model=self.name,
                where=f"kind {self.kind}",
                mend=f"ask it of a model of the kind {' or '.join(kinds)}",
            )
