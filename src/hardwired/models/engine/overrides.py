"""What a caller gives for one run of a model: times, parameters and start values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from hardwired.models.declaration import Declaration, State
from hardwired.models.errors import (
    BadInputError,
    StartValueError,
    UnequalLengthError,
    UnknownNameError,
    nearest,
)


def read_times(model: Declaration, given: Any) -> np.ndarray:
    """Return the times of a run as an array, or say what is wrong with them."""
    t: np.ndarray = np.atleast_1d(np.asarray(given, dtype=float))
    problem = None
    if t.ndim != 1 or not t.size:
        problem = "the times are not a list of numbers"
    elif not np.isfinite(t).all():
        problem = "a time is not finite"
    elif (np.diff(t) <= 0).any():
        problem = "the times do not increase"
    elif t[0] < model.time.first and model.states:
        problem = f"a time lies before the start at {model.time.first:g}"
    if problem:
        raise BadInputError(
            problem,
            model=model.name,
            where="times t",
            mend=f"give increasing times from {model.time.first:g} {model.time.unit} on",
        )
    return t


def read_overrides(
    model: Declaration, overrides: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any], int | None]:
    """Return values of the parameters, given start values, and the size of the population."""
    parameters: dict[str, Any] = {p.symbol: p.value for p in model.parameters}
    states = {s.symbol: s for s in model.states}
    starts: dict[str, Any] = {}
    lengths: dict[str, int] = {}
    for name, given in overrides.items():
        if name not in parameters and name not in states:
            raise UnknownNameError(
                f"there is no parameter or state {name}",
                model=model.name,
                where=f"override {name}",
                mend=nearest(name, {**parameters, **states}),
            )
        try:
            value = np.asarray(given, dtype=float)
        except (TypeError, ValueError):
            value = np.array(np.nan)
        if value.ndim > 1 or not value.size or not np.isfinite(value[value != np.inf]).all():
            raise BadInputError(
                "the value is not a number or a list of numbers",
                model=model.name,
                where=f"override {name}",
                mend="give a number, or one number a patient",
            )
        if value.ndim:
            lengths[name] = value.size
        if name in states:
            check_start(model, states[name], value)
            starts[name] = value if value.ndim else float(value)
        else:
            parameters[name] = value if value.ndim else float(value)
    if len(set(lengths.values())) > 1:
        listed = ", ".join(f"{name}: {length}" for name, length in lengths.items())
        raise UnequalLengthError(
            f"the arrays have different lengths ({listed})",
            model=model.name,
            where="overrides",
            mend="give every array one element a patient",
        )
    return parameters, starts, next(iter(lengths.values()), None)


def check_start(model: Declaration, state: State, value: np.ndarray) -> None:
    """Refuse a start value outside the range that its state declares."""
    if (value < state.low).any() or (value > state.high).any() or not np.isfinite(value).all():
        bad = value[(value < state.low) | (value > state.high) | ~np.isfinite(value)].ravel()[0]
        raise StartValueError(
            f"the start value {bad:g} is outside {state.low:g} to {state.high:g} {state.unit}",
            model=model.name,
            where=f"state {state.symbol}",
            mend="start within the range",
        )
