"""The models of chapter 2 against computations that do not use the model core."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from hardwired import models
from hardwired.models.catalogue.sickness import sepsis_outcome


def reynolds(t: float, y: np.ndarray, k_pg: float) -> list[float]:
    """Equations 9 to 12 of reynolds2006reduced, typed in once more by hand."""
    P, N, D, C = y
    left = 1 / (1 + (C / 0.28) ** 2)
    R = left * (0.01 * N + 0.1 * P + 0.02 * D)
    harm = (left * N) ** 6
    call = left * (N + 48 * D)
    return [
        k_pg * P * (1 - P / 20) - 0.6 * 0.005 * P / (0.002 + 0.01 * P) - 1.8 * left * N * P,
        0.08 * R / (0.12 + R) - 0.05 * N,
        0.35 * harm / (0.06**6 + harm) - 0.02 * D,
        0.0125 + 0.04 * call / (1 + call) - 0.1 * C,
    ]


@pytest.mark.parametrize(
    ("k_pg", "first", "end"),
    [(0.3, 1.0, 0), (0.3, 1.5, 1), (0.6, 1.0, 2), (0.308, 1.0, 0), (0.314, 1.0, 1)],
)
def test_sepsis_ends_as_a_hand_written_integration_ends(k_pg, first, end) -> None:
    """Figure 5 of the paper, and both sides of the border of health."""
    by_hand = solve_ivp(
        reynolds, (0, 2000), [first, 0, 0, 0.125], args=(k_pg,), method="LSODA", rtol=1e-9
    ).y[:, -1]
    ours = models.get("sickness-sepsis").simulate([0.0, 2000.0], k_pg=k_pg, P0=first)

    assert int(sepsis_outcome(k_pg=k_pg, P0=first)) == end
    for state, value in zip(("P", "N", "D", "C_A"), by_hand, strict=True):
        assert ours[state][-1] == pytest.approx(value, rel=1e-5, abs=1e-6)


def test_aseptic_death_yields_to_pathogen_at_the_growth_rate_that_is_printed() -> None:
    """Printed: 1.755 per hour, where the pathogen's net growth at that state turns positive."""
    run = solve_ivp(
        reynolds, (0, 4000), [0, 0.5, 5, 0.125], args=(0.3,), method="LSODA", rtol=1e-10
    )
    _, N, _, C = run.y[:, -1]
    defence = 0.6 * 0.005 / 0.002 + 1.8 * N / (1 + (C / 0.28) ** 2)

    assert defence == pytest.approx(1.755, abs=0.001)


def test_damage_cannot_keep_itself_going_above_the_mediator_that_is_printed() -> None:
    """Printed: 0.6264. Damage and phagocytes at a constant mediator, one equation in N."""

    def highest_gain(C: float) -> float:
        left = 1 / (1 + (C / 0.28) ** 2)
        N = np.linspace(1e-4, 1.5, 60_000)
        harm = (left * N) ** 6
        D = 0.35 * harm / (0.06**6 + harm) / 0.02
        R = left * (0.01 * N + 0.02 * D)
        return float((0.08 * R / (0.12 + R) - 0.05 * N)[N > 0.05].max())

    assert brentq(highest_gain, 0.4, 0.9) == pytest.approx(0.6264, abs=2e-4)


def test_the_brake_is_off_unless_asked_for() -> None:
    """The published core is what a reader gets; the nerve is an addition of the book."""
    model = models.get("sickness-endotoxin")
    t = np.linspace(0, 12, 121)

    assert (model.simulate(t)["TNF"] == model.simulate(t, brake=1.0)["TNF"]).all()
    assert model.symbols["brake"].status == "assumed"
