"""Chapter 7: what formulas say, found again without them."""

from __future__ import annotations

import numpy as np

from hardwired import models


def test_the_power_to_find_a_difference_of_slopes_is_that_of_simulated_studies() -> None:
    """Lines through ten noisy counts of each person, two groups of 100, 4000 studies."""
    m = models.get("hiv-cd4-slope")
    p = {x.symbol: x.value for x in m.parameters}
    formula = m.simulate([1.0])
    rng = np.random.default_rng(7)
    studies, n, k = 4000, int(p["n"]), int(p["k"])
    t = np.linspace(0, p["D"], k)
    weights = (t - t.mean()) / ((t - t.mean()) ** 2).sum()
    found = []
    for slope in (p["b_1"], p["b_1"] + p["b_2"]):
        own = slope + p["s_b"] * rng.standard_normal((studies, n))
        noise = p["s_e"] * rng.standard_normal((studies, n, k), dtype=np.float32)
        found.append((own + noise @ weights.astype(np.float32)).mean(axis=1))
    gap = found[1] - found[0]
    hits = np.mean(np.abs(gap) / formula["SE"][0] > 1.959964)

    assert abs(gap.std() / formula["SE"][0] - 1) < 0.04
    assert abs(hits - formula["power"][0]) < 3 * np.sqrt(0.25 / studies)


def test_the_critical_efficacy_parts_control_from_failure() -> None:
    """Just above it the virus dies out, just below it comes back."""
    m = models.get("hiv-dynamics")
    needed = m.simulate([0.0])["eps_crit"][0]
    t = [60.0, 2000.0]
    above = m.simulate(t, eps_R=needed + 0.02)["V"]
    below = m.simulate(t, eps_R=needed - 0.02)["V"]

    assert above[1] < 1e-6 * above[0]
    assert below[1] > 0.01 * below[0]


def test_doses_needed_are_where_the_curve_reaches_zero() -> None:
    """The share of the untreated virus is 0 from the share of doses on that the model names."""
    m = models.get("hiv-adherence")
    a = m.simulate([0.0])["a_crit"][0]
    left = m.simulate([a - 0.01, a + 1e-9, 1.0])["V_share"]

    assert left[0] > 0.01
    assert left[1:].max() == 0
