"""Steady states, thresholds and branches against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import lambertw

from hardwired import models
from hardwired.models.analysis import bifurcation, steady
from hardwired.models.errors import (
    BadInputError,
    NoConvergenceError,
    WrongKindError,
)


def test_all_steady_states_of_a_cubic_are_found_with_their_stability(make) -> None:
    """X' = x - x^3 rests at -1, 0 and 1; only the outer two are stable."""
    model = make("x' = a + x - x**3", {"x": 0.5}, {"a": 0.0})
    from_above = steady.steady_states(model)
    values = [s.values["x"] for s in from_above]

    assert values == pytest.approx([0.0, 1.0], abs=1e-9) or values == pytest.approx(
        [-1.0, 0.0, 1.0], abs=1e-9
    )
    stable = {round(s.values["x"]): s.stable for s in from_above}
    assert stable[0] is False
    assert stable[1] is True
    assert next(s for s in from_above if s.stable).eigenvalues.real == pytest.approx(-2.0)


def test_macrophages_have_two_stable_states_where_the_wound_may_stay_inflamed() -> None:
    """At alpha 0.8 a resolved and an inflamed wound are stable, with one saddle between."""
    states = steady.steady_states(models.get("wounds-macrophages"), alpha=0.8)

    assert [s.stable for s in states] == [True, False, True]
    assert states[2].values["phi_I"] == pytest.approx(905.77, rel=1e-3)
    assert [
        s.stable for s in steady.steady_states(models.get("wounds-macrophages"), alpha=0.5)
    ] == [True]


@pytest.mark.parametrize("k", [0.5, 1.5, 1.7])
def test_characteristic_roots_of_a_delay_are_those_of_lambert(echo, k: float) -> None:
    """X' = -k x(t - 1) has the roots W(-k); it is stable below k = pi/2."""
    state = steady.steady_states(echo, k=k)[0]
    rightmost = max(lambertw(-k, branch) for branch in (0, -1))

    assert state.eigenvalues[0].real == pytest.approx(rightmost.real, abs=1e-8)
    assert abs(state.eigenvalues[0].imag) == pytest.approx(abs(rightmost.imag), abs=1e-8)
    assert state.stable is (k < np.pi / 2)


def test_a_model_without_rates_has_no_steady_state() -> None:
    """A statistical model says so."""
    with pytest.raises(WrongKindError, match="steady state"):
        steady.steady_states(models.get("wounds-time-to-heal"))


def test_a_model_that_never_rests_has_no_steady_state(make) -> None:
    """The search says so instead of returning something near."""
    with pytest.raises(NoConvergenceError, match="upper"):
        steady.steady_states(make("x' = 1 + k*x**2", {"x": 1.0}, {"k": 1.0}), tries=10)


def test_the_folds_of_a_cubic_are_found(make) -> None:
    """X' = a + x - x^3 folds at a = -+2/(3 sqrt 3), and the branch between is unstable."""
    model = make("x' = a + x - x**3", {"x": 1.0}, {"a": 1.0})
    branch = bifurcation.continuation(model, "a", {"x": 1.32}, -1.0, 1.0, backwards=True, a=1.0)

    assert [p.kind for p in branch.special] == ["fold", "fold"]
    fold = 2 / (3 * np.sqrt(3))
    assert [p.parameter for p in branch.special] == pytest.approx([-fold, fold], abs=1e-6)
    inner = branch.points[branch.points["x"].abs() < 0.55]
    assert not inner["stable"].any()


def test_the_hopf_point_of_the_brusselator_is_found(make) -> None:
    """Oscillations are born at B = 1 + A^2."""
    model = make(
        "x' = A - (B + 1)*x + x**2*y\ny' = B*x - x**2*y", {"x": 1.0, "y": 1.0}, {"A": 1.0, "B": 1.0}
    )
    branch = bifurcation.continuation(model, "B", {"x": 1.0, "y": 1.0}, 0.5, 3.0)

    assert [(p.kind, round(p.parameter, 5)) for p in branch.special] == [("Hopf", 2.0)]


def test_a_delay_model_oscillates_from_half_pi_on(echo) -> None:
    """X' = -k x(t - 1) loses stability at k = pi/2."""
    branch = bifurcation.continuation(echo, "k", {"x": 0.0}, 1.0, 2.0, step=0.1)

    assert [p.kind for p in branch.special] == ["Hopf"]
    assert branch.special[0].parameter == pytest.approx(np.pi / 2, abs=1e-5)


def test_a_crossing_of_branches_is_found(make) -> None:
    """X' = a x - x^2 exchanges stability at a = 0 on the branch x = 0."""
    model = make("x' = a*x - x**2", {"x": 0.0}, {"a": -1.0})
    branch = bifurcation.continuation(model, "a", {"x": 0.0}, -1.0, 1.0)

    assert [p.kind for p in branch.special] == ["branch"]
    assert branch.special[0].parameter == pytest.approx(0.0, abs=1e-6)


def test_a_threshold_is_narrowed_down_and_a_constant_outcome_refused() -> None:
    """Bisection in sixteen parts."""
    found = bifurcation.threshold(lambda x: x > 0.123456, 0, 1, tolerance=1e-7)

    assert found == pytest.approx(0.123456, abs=1e-7)
    with pytest.raises(BadInputError, match="same at 0 and 1"):
        bifurcation.threshold(lambda x: x > 2, 0, 1, tolerance=1e-3)
