"""Running models: known solutions, events exactly at their time, and errors instead of NaN."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardwired import models
from hardwired.models.declaration import Axis, Event, Output, Parameter, State
from hardwired.models.errors import (
    BadInputError,
    ModelError,
    NonFiniteError,
    StartValueError,
    StepSizeError,
    UnequalLengthError,
    UnknownNameError,
)

from .conftest import declare


def say(error: ModelError, *parts: str) -> None:
    """Check that an error names the model and the parts, and ends with a mend."""
    assert str(error).startswith(f"model {error.model}, {error.where}: ")
    assert str(error).endswith(f"; {error.mend}.")
    for part in parts:
        assert part in str(error)


@pytest.mark.parametrize("method", ["LSODA", "RK45", "DOP853", "Radau", "BDF", "own"])
def test_every_method_gives_the_exponential(decay, method: str) -> None:
    """X' = -k x decays as an exponential."""
    t = np.linspace(0, 5, 11)
    x = decay.simulate(t, method=method)["x"]

    assert x == pytest.approx(2 * np.exp(-0.5 * t), rel=1e-6)


def test_start_values_hold_at_the_beginning_not_at_the_first_time_asked_for(decay) -> None:
    """Asking from day 2 on gives the same curve as asking from day 0 on."""
    assert decay.simulate([2, 3])["x"] == pytest.approx(2 * np.exp([-1.0, -1.5]), rel=1e-6)


def test_a_population_has_patients_as_rows(decay) -> None:
    """Arrays of parameters or start values give patients x times."""
    t = np.linspace(0, 5, 7)
    k = np.array([0.1, 1.0, 3.0])
    x = decay.simulate(t, k=k)["x"]

    assert x == pytest.approx(2 * np.exp(-np.outer(k, t)), rel=1e-5, abs=1e-8)

    x = decay.simulate(t, x=[1.0, 5.0], k=[1.0, 2.0])["x"]

    assert x == pytest.approx(
        np.array([[1.0], [5.0]]) * np.exp(-np.outer([1, 2], t)), rel=1e-5, abs=1e-8
    )


def test_a_population_larger_than_a_block_keeps_its_order(decay) -> None:
    """Blocks and patients who finish early do not shuffle the rows."""
    k = np.geomspace(1e-3, 50, 5000)
    x = decay.simulate([0, 1.0], k=k)["x"]

    assert x[:, 1] == pytest.approx(2 * np.exp(-k), rel=1e-4, abs=1e-8)


@settings(max_examples=20, deadline=None)
@given(rtol=st.sampled_from([1e-4, 1e-6, 1e-8]), omega=st.floats(0.1, 20))
def test_the_own_integrator_keeps_its_tolerance(rtol: float, omega: float) -> None:
    """The error of an oscillator over one period stays within 50 tolerances."""
    oscillator = _oscillator()
    t = np.linspace(0, 2 * np.pi / omega, 33)
    x = oscillator.simulate(t, method="own", rtol=rtol, omega=omega)["x"]

    assert np.abs(x - np.cos(omega * t)).max() < 50 * rtol


def _oscillator():
    return declare("x' = -omega*y\ny' = omega*x", {"x": 1.0, "y": 0.0}, {"omega": 1.0})


@pytest.mark.parametrize("population", [False, True])
def test_a_dose_comes_exactly_at_its_time(make, population: bool) -> None:
    """A dose at 1.234 raises the state there, not at the next step; from then on it decays."""
    model = make(
        "x' = -k*x",
        {"x": 1.0},
        {"k": 1.0, "at": 1.234, "dose": 5.0},
        events=(Event("dose", "at", {"x": "x + dose"}),),
    )
    t = np.array([0.5, 1.2339999, 1.234, 3.0])
    expected = np.exp(-t) + 5 * np.where(t >= 1.234, np.exp(-(t - 1.234)), 0)
    x = model.simulate(t, **({"at": [1.234, 1.234]} if population else {}))["x"]

    assert np.atleast_2d(x)[0] == pytest.approx(expected, rel=1e-5)


def test_patients_have_their_own_event_times_in_their_own_order(make) -> None:
    """Two treatments that come in different order for different patients."""
    model = make(
        "x' = a",
        {"x": 0.0},
        {"a": 0.0, "t1": 1.0, "t2": 2.0},
        events=(Event("up", "t1", {"a": "a + 1"}), Event("double", "t2", {"a": "2*a"})),
    )
    x = model.simulate([0, 3.0], t1=[1.0, 2.0, np.inf], t2=[2.0, 1.0, 2.0])["x"]

    assert x[:, 1] == pytest.approx([1 + 2, 0 + 1, 0], abs=1e-9)


def test_switches_turn_on_exactly(make) -> None:
    """The integral of a pulse from 1 to 3 is 2, also when a step could jump over it."""
    model = make("x' = after(a) - after(b)", {"x": 0.0}, {"a": 1.0, "b": 3.0})

    assert model.simulate([0, 1, 2, 100.0])["x"] == pytest.approx([0, 0, 1, 2], abs=1e-9)
    assert model.simulate([0, 100.0], b=[3, 1.5])["x"][:, 1] == pytest.approx([2, 0.5], abs=1e-9)


def test_outputs_use_the_parameters_of_their_time(make) -> None:
    """An output that depends on a parameter changes when an event changes the parameter."""
    model = make(
        "x' = 0*k\ny = k*x",
        {"x": 2.0},
        {"k": 1.0},
        outputs=("y",),
        events=(Event("treat", 1.0, {"k": 3.0}),),
    )

    assert model.simulate([0.5, 1.0, 1.5])["y"] == pytest.approx([2, 6, 6])
    assert model.simulate([0.5, 1.0], k=[1, 2])["y"] == pytest.approx(np.array([[2, 6], [4, 6]]))


def test_a_delay_looks_back_exactly_its_lag(echo) -> None:
    """X' = -x(t - 1), x = 1 before 0: polynomials by the method of steps."""
    t = np.array([0.5, 1.0, 2.0, 3.0])
    expected = [0.5, 0.0, -0.5, 1 - 3 + 2 - 1 / 6]

    assert echo.simulate(t, rtol=1e-9)["x"] == pytest.approx(expected, abs=1e-7)


def test_patients_have_their_own_lags(echo) -> None:
    """Scaling lag and rate together stretches time; a lag of 0 is an ordinary equation."""
    run = echo.simulate([3.0, 6.0], tau=[1.0, 2.0, 0.0], k=[1.0, 0.5, 1.0], rtol=1e-8)["x"]

    assert run[0, 0] == pytest.approx(-1 / 6, abs=1e-6)
    assert run[1, 1] == pytest.approx(-1 / 6, abs=1e-6)
    assert run[2, 0] == pytest.approx(np.exp(-3), abs=1e-6)


def test_a_delay_model_converges_when_the_tolerance_falls(echo) -> None:
    """A hundred times smaller tolerance gives at least ten times smaller error."""
    exact = 1 - 3 + 2 - 1 / 6
    errors = [abs(echo.simulate([3.0], rtol=r)["x"][0] - exact) for r in (1e-3, 1e-5, 1e-7)]

    assert errors[1] < errors[0] / 10 or errors[1] < 1e-9
    assert errors[2] < 1e-8


def test_a_frame_has_times_and_names(decay) -> None:
    """One row a time; for a population one row a patient and time."""
    assert list(decay.simulate([0, 1]).frame().columns) == ["x"]
    frame = decay.simulate([0, 1], k=[0.5, 1.0]).frame()

    assert frame.index.names == ["patient", "t"]
    assert frame.loc[(1, 1.0), "x"] == pytest.approx(2 * np.exp(-1), rel=1e-6)


def test_a_statistical_model_runs_along_its_axis(make) -> None:
    """Definitions alone are evaluated at each value of the axis."""
    model = make(
        "y = A*(1 - exp(-k*t))", {}, {"A": 2.0, "k": 1.0}, outputs=("y",), kind="statistical"
    )

    assert model.simulate([0, 1.0])["y"] == pytest.approx([0, 2 * (1 - np.exp(-1))])
    assert model.simulate([1.0], k=[1.0, 2.0])["y"].shape == (2, 1)


def test_a_stochastic_model_repeats_with_its_seed(make) -> None:
    """The same seed gives the same run, another seed another one."""
    walk = make(
        "",
        {},
        {"step": 1.0},
        kind="stochastic",
        outputs=("x",),
        run=lambda t, p, rng: {"x": np.cumsum(rng.normal(0, p["step"], t.size))},
    )
    t = np.arange(5.0)

    assert (walk.simulate(t, seed=3)["x"] == walk.simulate(t, seed=3)["x"]).all()
    assert (walk.simulate(t, seed=3)["x"] != walk.simulate(t, seed=4)["x"]).any()
    assert walk.simulate(t, step=[1.0, 2.0])["x"].shape == (2, 5)


# Bad input ---------------------------------------------------------------------------------------


def test_an_unknown_parameter_is_named_with_the_nearest() -> None:
    """Nobody's slip is silently ignored."""
    with pytest.raises(UnknownNameError) as caught:
        models.get("wounds-margin").simulate([0, 1], sigm=0.2)

    say(caught.value, "wounds-margin", "sigm", "did you mean sigma?")


def test_a_start_value_out_of_range_is_refused() -> None:
    """There is no negative number of cells, alone or in a population."""
    for value in (-1.0, [10.0, -1.0]):
        with pytest.raises(StartValueError) as caught:
            models.get("wounds-macrophages").simulate([0, 1], phi_I=value)

        say(caught.value, "wounds-macrophages", "phi_I", "-1")

    with pytest.raises(StartValueError) as caught:  # through the parameter it is made from
        models.get("wounds-margin").simulate([0, 1], r0=-2.0)

    say(caught.value, "wounds-margin", "state r")


def test_arrays_of_unequal_length_are_refused(decay) -> None:
    """The lengths are listed."""
    with pytest.raises(UnequalLengthError) as caught:
        decay.simulate([0, 1], k=[1, 2, 3], x0=[1, 2])

    say(caught.value, "k: 3", "x0: 2")


@pytest.mark.parametrize("value", ["much", float("nan"), [[1.0, 2.0]], []])
def test_a_value_that_is_no_number_is_refused(decay, value) -> None:
    """Text, NaN, tables and nothing are not values."""
    with pytest.raises(BadInputError) as caught:
        decay.simulate([0, 1], k=value)

    say(caught.value, "override k")


@pytest.mark.parametrize("t", [[], [1, 1], [2, 1], [-1, 2], [0, float("nan")], [[0, 1]]])
def test_times_out_of_order_are_refused(decay, t) -> None:
    """Times increase from the start on."""
    with pytest.raises(BadInputError) as caught:
        decay.simulate(t)

    say(caught.value, "times t")


def test_an_unknown_method_is_refused(decay) -> None:
    """The methods are listed; a solver for one individual does not take a population."""
    with pytest.raises(UnknownNameError) as caught:
        decay.simulate([0, 1], method="Euler")

    say(caught.value, "Euler", "LSODA")
    with pytest.raises(BadInputError) as other:
        decay.simulate([0, 1], method="LSODA", k=[1, 2])

    say(other.value, "LSODA")


@pytest.mark.parametrize("how", [{"method": "LSODA"}, {"method": "Radau"}, {"k": [1.0, 2.0]}])
def test_a_division_by_zero_is_an_error_and_not_a_nan(make, how) -> None:
    """The equation is named."""
    model = make("x' = k/x", {"x": 0.0}, {"k": 1.0})
    with pytest.raises(NonFiniteError) as caught:
        model.simulate([0, 1], **how)

    say(caught.value, "model toy", "equation x'")


@pytest.mark.parametrize("how", [{}, {"method": "RK45"}, {"method": "own"}, {"k": [0.5, 1.0]}])
def test_a_runaway_growth_is_an_error_and_not_a_nan(make, how) -> None:
    """X' = k x^2 from 1 is infinite at 1/k: the run stops and names the equation."""
    model = make("x' = k*x**2", {"x": 1.0}, {"k": 1.0})
    with pytest.raises((NonFiniteError, StepSizeError)) as caught:
        model.simulate([0, 2.5], **how)

    say(caught.value, "model toy")


@pytest.mark.parametrize("how", [{"method": "own"}, {"k": [1.0, 2.0]}, {"method": "RK45"}])
def test_a_step_that_collapses_is_an_error(make, how) -> None:
    """X' = -k/x from 1 has no solution beyond 1/(2k)."""
    model = make("x' = -k/x", {"x": 1.0}, {"k": 1.0})
    with pytest.raises((StepSizeError, NonFiniteError)) as caught:
        model.simulate([0, 2.0], **how)

    say(caught.value, "model toy")


def test_an_output_that_is_not_finite_is_an_error(make) -> None:
    """An output is checked when it is asked for."""
    model = make("x' = -k*x\ny = log(x - 1)", {"x": 1.5}, {"k": 1.0}, outputs=("y",))
    run = model.simulate([0, 1.0])
    with pytest.raises(NonFiniteError) as caught:
        _ = run["y"]

    say(caught.value, "equation y")


def test_a_run_function_that_forgets_an_output_is_an_error(make) -> None:
    """A missing or unfinished result never becomes a column of NaN."""
    model = make(
        "", {}, {"k": 1.0}, kind="statistical", outputs=("y",), run=lambda t, p, rng: {"x": t}
    )
    with pytest.raises(NonFiniteError) as caught:
        model.simulate([0, 1.0])

    say(caught.value, "output y")


def test_an_unknown_column_is_named(decay) -> None:
    """A trajectory knows its names."""
    with pytest.raises(UnknownNameError) as caught:
        _ = decay.simulate([0, 1])["y"]

    say(caught.value, "trajectory['y']")


def test_symbols_of_papers_may_look_like_the_programs_own(make) -> None:
    """Parameters called c, p, y and z do not clash with the generated code."""
    model = make(
        "V' = p*y - c*V",
        {},
        {},
        states=(State("V", "V", "", 0.0),),
        parameters=tuple(
            Parameter(s, s, v, "", status="assumed")
            for s, v in {"c": 2.0, "p": 3.0, "y": 1.0, "z": 4.0}.items()
        ),
        outputs=(Output("w", "w", ""),),
        equations="V' = p*y - c*V\nw = z*V",
        time=Axis("time", "", 0, 1),
    )

    assert model.simulate([1.0])["w"][0] == pytest.approx(4 * 1.5 * (1 - np.exp(-2)))
