"""Chapter 8: formulas against simulation."""

from __future__ import annotations

import numpy as np
import pytest

from hardwired import models
from hardwired.evidence import power


@pytest.mark.parametrize(("d", "n"), [(0.3, 36.0), (0.5, 8.0), (0.05, 200.0)])
def test_the_curse_is_that_of_a_simulation(d: float, n: float) -> None:
    """Power, share with the wrong sign and exaggeration, of two million studies."""
    run = models.get("balance-winners-curse").simulate([n], d=d)
    error = np.sqrt(2 / n)
    draws = np.random.default_rng(1).normal(d, error, 2_000_000)
    significant = draws[abs(draws) > 1.959964 * error]

    assert run["power"][0] == pytest.approx(len(significant) / len(draws), abs=1e-3)
    assert run["S"][0] == pytest.approx((significant < 0).mean(), abs=5e-3)
    assert run["M"][0] == pytest.approx(abs(significant).mean() / d, rel=5e-3)


def test_literatures_of_one_size_are_pooled_and_say_nothing_about_asymmetry() -> None:
    """Without a spread of sizes there is no slope, and Egger's test finds nothing."""
    run = models.get("balance-publication-bias").simulate([0.2], n_low=36.0, n_high=36.0)

    assert run["egger"] == pytest.approx([0.0])


def test_the_power_is_near_that_of_the_t_test() -> None:
    """From 12 people an arm on, the normal approximation is off by at most 0.03."""
    n = np.array([12.0, 36.0, 176.0])
    run = models.get("balance-winners-curse").simulate(n, d=0.58)["power"]

    assert run == pytest.approx([power.t_test(0.58, int(k)) for k in n], abs=0.03)


def test_a_simulated_marker_is_as_unreliable_as_the_formula_says() -> None:
    """Averages of three samples of 400,000 people correlate as the model says."""
    m = models.get("balance-unreliable-markers")
    run = m.simulate([3.0], rho=0.4, rho_y=0.7, r=0.5)
    rng = np.random.default_rng(5)
    people = 400_000
    x, y = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], people).T
    seen_x = x + rng.normal(0, np.sqrt(0.6 / 0.4 / 3), people)
    seen_y = y + rng.normal(0, np.sqrt(0.3 / 0.7), people)

    assert np.corrcoef(seen_x, seen_y)[0, 1] == pytest.approx(run["r_obs"][0], abs=0.005)
    assert np.corrcoef(x, seen_x)[0, 1] ** 2 == pytest.approx(run["rho_k"][0], abs=0.005)


def test_the_fewer_failures_are_seen_the_larger_is_the_pooled_effect() -> None:
    """Bias falls as more of the results without significance are published."""
    run = models.get("balance-publication-bias").simulate([0.05, 0.2, 0.5, 1.0])

    assert (np.diff(run["g"]) < 0).all()
    assert (np.diff(run["drawer"]) < 0).all()
    assert run["drawer"][-1] == pytest.approx(0, abs=1e-12)
