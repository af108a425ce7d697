"""Chapter 8: estimators held against those of the evidence room, formulas against simulation."""

from __future__ import annotations

import numpy as np
import pytest

from hardwired import models
from hardwired.evidence import meta, power
from hardwired.models.catalogue import balance


@pytest.fixture(name="studies")
def studies_fixture() -> tuple[np.ndarray, np.ndarray]:
    """Return five literatures of twelve studies: effects and variances."""
    rng = np.random.default_rng(3)
    v = rng.uniform(0.02, 0.2, (5, 12))
    return 0.2 + rng.normal(0, np.sqrt(v + 0.05)), v


def test_rows_are_pooled_as_the_evidence_room_pools_them(studies) -> None:
    """The vectorised DerSimonian and Laird agrees with `meta.pool`, literature by literature."""
    estimate, se = balance.pool_rows(*studies)
    expected = [meta.pool(y, v, method="DL") for y, v in zip(*studies, strict=True)]

    assert estimate == pytest.approx([e.estimate for e in expected], abs=1e-12)
    assert se == pytest.approx([e.se for e in expected], abs=1e-12)


def test_rows_are_tested_as_the_evidence_room_tests_them(studies) -> None:
    """The vectorised Egger regression agrees with `meta.egger`."""
    expected = [meta.egger(y, v).p for y, v in zip(*studies, strict=True)]

    assert balance.egger_rows(*studies) == pytest.approx(expected, abs=1e-12)


def test_studies_of_one_size_say_nothing_about_asymmetry() -> None:
    """Without a spread of sizes there is no slope, and p is 1."""
    y = np.random.default_rng(4).normal(0, 1, (3, 8))

    assert balance.egger_rows(y, np.full(y.shape, 0.1)).tolist() == [1, 1, 1]


@pytest.mark.parametrize("d", [0.05, 0.3, 0.8])
def test_the_curse_is_that_of_the_evidence_room(d: float) -> None:
    """Power, sign error and exaggeration agree with `power.exaggeration`."""
    n = np.array([8.0, 36.0, 200.0])
    run = models.get("balance-winners-curse").simulate(n, d=d)
    expected = [power.exaggeration(d, float(np.sqrt(2 / k))) for k in n]

    assert run["power"] == pytest.approx([e.power for e in expected], abs=1e-6)
    assert run["S"] == pytest.approx([e.type_s for e in expected], abs=1e-6)
    assert run["M"] == pytest.approx([e.type_m for e in expected], rel=1e-5)


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


def test_the_printed_table_has_one_wrong_sign() -> None:
    """Exactly one printed difference lies far from the middle of its interval."""
    moved = [
        int(
            (
                balance.forest_bathing(panel)[0] != balance.forest_bathing(panel, mended=False)[0]
            ).sum()
        )
        for panel in ("walking", "still")
    ]

    assert moved == [0, 1]


def test_the_fewer_failures_are_seen_the_larger_is_the_pooled_effect() -> None:
    """Bias falls as more of the results without significance are published."""
    run = models.get("balance-publication-bias").simulate([0.05, 0.2, 0.5, 1.0])

    assert (np.diff(run["g"]) < 0).all()
    assert (np.diff(run["drawer"]) < 0).all()
    assert run["drawer"][-1] == pytest.approx(0, abs=1e-12)
