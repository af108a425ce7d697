r"""The declaration of a model.

A `Model` is data: states, parameters, equations as text, events, targets, and what it leaves out.
Everything else (numbers, formulas, tables, SBML, JavaScript, unit checks) is made from it by the
neighbouring modules; the methods of `Model` only call them.

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
Functions that equations may call are listed in `hardwired.models.expressions.FUNCTIONS`:
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
from typing import TYPE_CHECKING, Any

import numpy as np

from hardwired.models import expressions
from hardwired.models.errors import DeclarationError, WrongKindError

if TYPE_CHECKING:
    import pandas

    from hardwired.models.simulate import Trajectory
    from hardwired.models.system import System
    from hardwired.models.targets import TargetResult

KINDS = ("ODE", "delay", "stochastic", "statistical")
TARGET_KINDS = ("printed", "published-model-file", "closed-form", "calibrated", "own-run")
STATUSES = ("seen", "computed", "assumed")
RESERVED = {"t", "method", "rtol", "atol", "seed", "self", "pi", *expressions.FUNCTIONS}


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
        ``printed``, ``published-model-file``, ``closed-form``, ``calibrated`` (the number went
        in) or ``own-run``. Only the first two are validation.
    source
        Bib key, model file or the formula.
    measure
        Function of the model that gives the number.
    """

    what: str
    value: float
    tolerance: float
    kind: str
    source: str
    measure: Callable[[Model], float]
    unit: str = ""
    relative: bool = False

    @property
    def is_validation(self) -> bool:
        """Whether agreement says something about the model and not only about the code."""
        return self.kind in TARGET_KINDS[:2]


@dataclass(frozen=True, eq=False)
class Model:
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
    run: Callable[[np.ndarray, dict[str, float], np.random.Generator], dict] | None = None

    def __post_init__(self) -> None:
        _check_declaration(self)

    # What the declaration means -----------------------------------------------------------------

    @cached_property
    def symbols(self) -> dict[str, State | Parameter | Output]:
        """Everything that has a symbol."""
        return {x.symbol: x for x in self.states + self.parameters + self.outputs}

    @cached_property
    def parsed(self) -> tuple[expressions.Equation, ...]:
        """The equations, read by SymPy, in the order of the text."""
        known = set(self.symbols) | {expressions.TIME}
        return expressions.parse_block(self.equations, known, model=self.name)

    @cached_property
    def parsed_starts(self) -> tuple:
        """The start values as SymPy expressions of the parameters."""
        known = {p.symbol for p in self.parameters}
        return tuple(
            expressions.parse(
                str(s.start), known, model=self.name, where=f"start value of {s.symbol}"
            )
            for s in self.states
        )

    @cached_property
    def parsed_events(self) -> tuple:
        """The events as (label, time, ((symbol, value), ...)) of SymPy expressions."""
        known = {x.symbol for x in self.states + self.parameters}
        parameters = {p.symbol for p in self.parameters}
        read = expressions.parse
        return tuple(
            (
                event.label,
                read(str(event.at), parameters, model=self.name, where=f"event '{event.label}'"),
                tuple(
                    (s, read(str(v), known, model=self.name, where=f"event '{event.label}'"))
                    for s, v in event.set.items()
                ),
            )
            for event in self.events
        )

    @cached_property
    def system(self) -> System:
        """The equations lowered to what integrators need."""
        from hardwired.models import system

        return system.lower(self)

    @property
    def has_equations(self) -> bool:
        """Whether formulas carry the model, so that it can be exported as JavaScript."""
        return self.run is None

    # What can be made of it ---------------------------------------------------------------------

    def simulate(
        self,
        t: Any,
        *,
        method: str | None = None,
        rtol: float | None = None,
        atol: float | None = None,
        seed: int | None = None,
        **overrides: Any,
    ) -> Trajectory:
        """Run the model.

        Parameters
        ----------
        t
            Increasing times, in the unit of `time`, not before `time.first`; start values hold
            at `time.first`.
        method
            For one individual: a solver of SciPy (``LSODA`` by default, ``RK45``, ``DOP853``,
            ``Radau``, ``BDF``), or ``own``, the vectorised integrator, which populations and
            delay models always use.
        rtol, atol
            Relative tolerance (1e-8 for one individual, 1e-6 for a population), and absolute
            tolerance in units of each state's scale (`State.scale`), by default a thousandth of
            `rtol`.
        seed
            Seed of a stochastic model (0 by default).
        **overrides
            Parameters and start values by symbol: numbers, or arrays of equal length, one
            element a patient, for a population.

        Returns
        -------
        Trajectory
            ``trajectory["x"]`` has the shape of `t`, or (patients, times) for a population.

        Raises
        ------
        ModelError
            A subclass that names the model, the place and the mend: unknown name, start value
            out of range, arrays of unequal length, times out of order, a result that is not
            finite, steps that collapse.
        """
        from hardwired.models import simulate

        return simulate.run(
            self, t, method=method, rtol=rtol, atol=atol, seed=seed, overrides=overrides
        )

    def latex(self) -> str:
        """Return the equations as one LaTeX ``aligned`` block."""
        from hardwired.models import present

        return present.latex(self)

    def parameter_table(self) -> pandas.DataFrame:
        """Return symbol, label, value, unit, range, reference keys and status of parameters."""
        from hardwired.models import present

        return present.parameter_table(self)

    def to_sbml(self, **overrides: float) -> str:
        """Return the model as SBML Level 3 Version 1, with some values changed if you wish.

        Raises
        ------
        WrongKindError
            For a stochastic or statistical model, which SBML's core cannot hold.
        """
        from hardwired.models import sbml

        return sbml.write(self, overrides)

    def to_javascript(self) -> str:
        """Return the model as a JavaScript object for the explorer's runtime.

        Raises
        ------
        WrongKindError
            For a model that is a Python function (`run`).
        """
        from hardwired.models import javascript

        return javascript.write(self)

    def check_units(self) -> None:
        """Check the units of every equation, start value and event.

        Raises
        ------
        InconsistentUnitsError
            Naming the equation and both units.
        """
        from hardwired.models import units

        units.check(self)

    def check_targets(self) -> list[TargetResult]:
        """Measure every target; see `hardwired.models.targets`."""
        from hardwired.models import targets

        return targets.check(self)

    def require_kind(self, *kinds: str, asked: str) -> None:
        """Raise `WrongKindError` unless the model is of one of these kinds."""
        if self.kind not in kinds:
            raise WrongKindError(
                f"a {self.kind} model has no {asked}",
                model=self.name,
                where=f"kind {self.kind}",
                mend=f"ask it of a model of the kind {' or '.join(kinds)}",
            )


def _check_declaration(model: Model) -> None:
    def wrong(problem: str, where: str, mend: str) -> DeclarationError:
        return DeclarationError(problem, model=model.name, where=where, mend=mend)

    if model.kind not in KINDS:
        raise wrong(f"unknown kind {model.kind}", "kind", f"choose from {', '.join(KINDS)}")
    seen: set[str] = set()
    for item in model.states + model.parameters + model.outputs:
        if item.symbol in seen or item.symbol in RESERVED:
            raise wrong("the symbol is taken", f"symbol {item.symbol}", "give it another symbol")
        seen.add(item.symbol)
    for parameter in model.parameters:
        where = f"parameter {parameter.symbol}"
        if parameter.status not in STATUSES:
            raise wrong(
                f"unknown status {parameter.status}", where, f"choose from {', '.join(STATUSES)}"
            )
        if parameter.status == "seen" and not parameter.source:
            raise wrong("a seen value has no source", where, "give its bib key")
    for target in model.targets:
        if target.kind not in TARGET_KINDS:
            raise wrong(
                f"unknown kind {target.kind}",
                f"target '{target.what}'",
                f"choose from {', '.join(TARGET_KINDS)}",
            )
    for symbol in (*model.plot, *(mark.symbol for mark in model.marks)):
        if symbol not in {x.symbol for x in model.states + model.outputs}:
            raise wrong("nothing of this name can be drawn", f"plot {symbol}", "name an output")
    for name, overrides in model.scenarios.items():
        for symbol in set(overrides) - {x.symbol for x in model.states + model.parameters}:
            raise wrong("the override is unknown", f"scenario '{name}'", f"declare {symbol}")
    if model.run is not None:
        if model.kind not in ("stochastic", "statistical") or model.states or model.equations:
            raise wrong(
                "a run function stands beside equations or states",
                "run",
                "give either equations or, for a stochastic or statistical model, run",
            )
        return
    if model.kind == "stochastic":
        raise wrong("a stochastic model has no run function", "run", "give one")
    rates = [e.symbol for e in model.parsed if e.is_rate]
    defined = [e.symbol for e in model.parsed if not e.is_rate]
    for what, wanted, got in (
        ("rate", [s.symbol for s in model.states], rates),
        ("definition", [o.symbol for o in model.outputs], defined),
    ):
        for symbol in set(wanted) ^ set(got) | {s for s in got if got.count(s) > 1}:
            raise wrong(
                f"{symbol} does not have exactly one declaration and one {what}",
                f"{what} of {symbol}",
                f"write one {what} for each {'state' if what == 'rate' else 'output'}",
            )
    targets = {x.symbol for x in model.states + model.parameters}
    for label, _, settings in model.parsed_events:
        for symbol, _ in settings:
            if symbol not in targets:
                raise wrong(
                    f"{symbol} cannot be set", f"event '{label}'", "set a state or a parameter"
                )
    _ = model.parsed_starts
    if (model.kind == "delay") != ("delay(" in model.equations.replace(" ", "")):
        raise wrong(
            "kind and equations disagree about delays", "kind", "use kind delay for delay()"
        )
