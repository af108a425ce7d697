"""Small models with known answers, shared by the tests of this room."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hardwired.models.declaration import Axis, Output, Parameter, State
from hardwired.models.model import Model


def declare(
    equations: str,
    states: dict[str, float | str],
    parameters: dict[str, float],
    /,
    outputs: tuple = (),
    **more,
) -> Model:
    """Declare a model without units."""
    settings = {
        "name": "toy",
        "title": "Toy",
        "kind": "delay" if "delay(" in equations else "ODE",
        "time": Axis("time", "", 0, 10),
        "paper": (),
        "leaves_out": "All.",
        "states": tuple(State(k, k, "", v, low=float("-inf")) for k, v in states.items()),
        "parameters": tuple(
            Parameter(k, k, v, "", status="assumed") for k, v in parameters.items()
        ),
        "equations": equations,
        "outputs": tuple(o if isinstance(o, Output) else Output(o, o, "") for o in outputs),
    }
    return Model(**{**settings, **more})


@pytest.fixture(name="make")
def make_fixture() -> Callable[..., Model]:
    """Return a function that declares a model without units."""
    return declare


@pytest.fixture
def decay() -> Model:
    """Return x' = -k x with x(0) = x0, whose solution is x0 exp(-k t)."""
    return declare("x' = -k*x", {"x": "x0"}, {"k": 0.5, "x0": 2.0})


@pytest.fixture
def echo() -> Model:
    """Return x' = -k x(t - tau) with x = 1 before 0: polynomials for k = tau = 1."""
    return declare("x' = -k*delay(x, tau)", {"x": 1.0}, {"k": 1.0, "tau": 1.0})
