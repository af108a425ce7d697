"""Steady states, sweeps, bifurcations, sensitivities and fits against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import lambertw

from hardwired import models
from hardwired.models import bifurcation, fit, sensitivity, steady, sweep
from hardwired.models.errors import (
    BadInputError,
    NoConvergenceError,
    UnknownNameError,
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


def test_a_sweep_over_two_parameters_is_a_table(decay) -> None:
    """Every grid point has its row; the measures are those of the closed form."""
    table = sweep.sweep(
        decay,
        {"k": [0.5, 1.0], "x0": [1.0, 2.0, 3.0]},
        [0, 2.0],
        {"end": ("x", "final"), "start": lambda run: run["x"][:, 0]},
    )

    assert table["end"].to_numpy() == pytest.approx(table["x0"] * np.exp(-2 * table["k"]), rel=1e-5)
    assert len(table) == 6
    with pytest.raises(UnknownNameError, match="maximum"):
        sweep.sweep(decay, {"k": [1.0]}, [0, 1], {"m": ("x", "maximum")})
    with pytest.raises(BadInputError, match="nothing to sweep"):
        sweep.sweep(decay, {"k": []}, [0, 1], {"m": ("x", "max")})


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


def test_local_sensitivity_is_the_elasticity(decay) -> None:
    """Ln x(2) = ln x0 - 2k, so the elasticities are 1 for x0 and -2k for k."""
    found = sensitivity.local(decay, [0, 2.0], ("x", "final"), k=0.7)

    assert found["x0"] == pytest.approx(1.0, rel=1e-5)
    assert found["k"] == pytest.approx(-1.4, rel=1e-5)


def test_sobol_indices_of_ishigamis_function_are_the_known_ones(make) -> None:
    """Closed form for a = 7, b = 0.1: first 0.314, 0.442, 0; total 0.558, 0.442, 0.244."""
    model = make(
        "y = sin(x1) + 7*sin(x2)**2 + b*x3**4*sin(x1)",
        {},
        {"x1": 0.0, "x2": 0.0, "x3": 0.0, "b": 0.1},
        outputs=("y",),
        kind="statistical",
    )
    ranges = dict.fromkeys(("x1", "x2", "x3"), (-np.pi, np.pi))
    table = sensitivity.sobol(model, [0.0], ("y", "final"), ranges, n=1024)

    assert table["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert table["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    assert (table["total_low"] < table["total"]).all()
    with pytest.raises(BadInputError, match="power of two"):
        sensitivity.sobol(model, [0.0], ("y", "final"), ranges, n=1000)


def test_a_fit_of_a_straight_line_is_least_squares(make) -> None:
    """Estimates and intervals of a line are those of linear regression."""
    from scipy import stats

    line = make("y = a + b*t", {}, {"a": 1.0, "b": 1.0}, outputs=("y",), kind="statistical")
    t = np.arange(6.0)
    y = np.array([1.1, 2.9, 5.2, 6.8, 9.3, 10.9])
    found = fit.fit(line, {"y": (t, y)}, ["a", "b"])
    known = stats.linregress(t, y)
    half = stats.t.ppf(0.975, 4) * known.stderr

    assert found.values["b"] == pytest.approx(known.slope, rel=1e-6)
    assert found.values["a"] == pytest.approx(known.intercept, rel=1e-6)
    assert found.table.loc["b", "standard_error"] == pytest.approx(known.stderr, rel=1e-4)
    assert found.table.loc["b", "high"] == pytest.approx(known.slope + half, rel=1e-4)


def test_profile_and_covariance_intervals_agree_for_a_line(make) -> None:
    """The likelihood of a linear model is a parabola."""
    line = make("y = a + b*t", {}, {"a": 1.0, "b": 1.0}, outputs=("y",), kind="statistical")
    data = {"y": (np.arange(5.0), np.array([0.9, 3.2, 4.8, 7.1, 9.0]))}
    plain = fit.fit(line, data, ["a", "b"], spread={"y": 0.2}).table
    profile = fit.fit(line, data, ["a", "b"], spread={"y": 0.2}, profile=True).table

    assert profile["low"].to_numpy() == pytest.approx(plain["low"].to_numpy(), rel=1e-3)
    assert profile["high"].to_numpy() == pytest.approx(plain["high"].to_numpy(), rel=1e-3)


def test_a_fit_covers_the_truth_as_often_as_it_says(decay) -> None:
    """Over 60 simulated data sets a 90 % interval covers the truth in 46 to 60 of them."""
    rng = np.random.default_rng(1)
    t = np.linspace(0, 5, 8)
    covered = 0
    for _ in range(60):
        x = 2 * np.exp(-0.5 * t) + rng.normal(0, 0.05, t.size)
        row = fit.fit(decay, {"x": (t, x)}, ["k"], spread={"x": 0.05}, level=0.9).table.loc["k"]
        covered += row["low"] <= 0.5 <= row["high"]

    assert 46 <= covered <= 60


def test_a_fit_refuses_what_the_points_cannot_tell(make, decay) -> None:
    """Two parameters of which only the product matters, too few points, an unknown name."""
    model = make("y = a*b*t", {}, {"a": 1.0, "b": 1.0}, outputs=("y",), kind="statistical")
    data = {"y": ([1.0, 2.0, 3.0], [1.0, 2.1, 2.9])}
    with pytest.raises(NoConvergenceError, match="do not determine"):
        fit.fit(model, data, ["a", "b"])
    with pytest.raises(BadInputError, match="cannot determine"):
        fit.fit(decay, {"x": ([1.0], [1.0])}, ["k"])
    with pytest.raises(UnknownNameError, match="kk"):
        fit.fit(decay, {"x": ([1.0, 2.0], [1.0, 0.5])}, ["kk"])
    with pytest.raises(BadInputError, match="observed x"):
        fit.fit(decay, {"x": ([1.0, 2.0], [1.0])}, ["k"])
