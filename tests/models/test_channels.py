"""The models of chapter 1 against computations that do not use the model core."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from hardwired import models
from hardwired.models.catalogue.channels import pulse_period, shortest_delay

UNIT = 7.2 / math.log(2)
"""Minutes in a unit of the published model."""


def heun(tau: float, p1: float = 30.0, step: float = 0.25) -> tuple[np.ndarray, np.ndarray]:
    """Integrate walker2010origin with fixed steps; times in minutes and the steroid."""
    n, back, h = round(2000 / step), round(tau / step), step / UNIT
    a, r, o = np.full(n + 1, 1.0), 0.5, np.full(n + 1, 1.0)

    def rates(a_now: float, r_now: float, o_now: float, a_then: float) -> tuple:
        x = o_now * r_now
        return (
            p1 / (1 + 15 * x) - 7.2 * a_now,
            x * x / (0.05 + x * x) + 0.11 - 2.9 * r_now,
            a_then - o_now,
        )

    for k in range(n):
        then = a[max(k - back, 0)]
        da, dr, do = rates(a[k], r, o[k], then)
        soon = a[max(k + 1 - back, 0)] if back else a[k] + h * da
        ea, er, eo = rates(a[k] + h * da, r + h * dr, o[k] + h * do, soon)
        a[k + 1] = a[k] + h * (da + ea) / 2
        r += h * (dr + er) / 2
        o[k + 1] = o[k] + h * (do + eo) / 2
    t = np.arange(n + 1) * step
    return t[t > 1200], o[t > 1200]


@pytest.mark.parametrize("tau", [15.0, 22.0])
def test_pulses_agree_with_a_fixed_step_integration(tau: float) -> None:
    """Period and swing, delay by delay."""
    t, by_hand = heun(tau)
    run = models.get("channels-cortisol-pulses").simulate(
        np.arange(0.0, 2001.0), tau=tau, rtol=1e-6
    )
    late = run.t > 1200
    ours = run["o"][late]

    assert pulse_period(run.t[late], ours) == pytest.approx(pulse_period(t, by_hand), abs=0.2)
    assert np.ptp(ours) == pytest.approx(np.ptp(by_hand), rel=0.01)


@pytest.mark.ring("test")
def test_no_pulses_at_a_delay_of_8_minutes_or_less() -> None:
    """The disturbance dies out by hand as it does by eigenvalues."""
    _, o = heun(6.0)

    assert np.ptp(o) < 1e-3
    assert shortest_delay(models.get("channels-cortisol-pulses"), 2.0, 15.0) > 8


@pytest.mark.ring("test")
@pytest.mark.parametrize("p1", [20.0, 30.0, 40.0])
def test_the_shortest_delay_is_the_root_of_the_characteristic_equation(p1: float) -> None:
    """Where a purely imaginary root appears, found without the core's discretisation."""

    def balance(x: float) -> float:
        return p1 / (1 + 15 * x) / 7.2 * (x * x / (0.05 + x * x) + 0.11) / 2.9 - x

    x = brentq(balance, 1e-3, 3)
    o = p1 / (1 + 15 * x) / 7.2
    r = x / o
    gain, slope = 15 * p1 / (1 + 15 * x) ** 2, 0.1 * x / (0.05 + x * x) ** 2

    def needed(w: float) -> complex:
        z = 1j * w
        lags = r * (z + 2.9 - slope * o) + o * slope * r
        return -(z + 7.2) * (z + 2.9 - slope * o) * (z + 1) / (gain * lags)

    w = brentq(lambda w: abs(needed(w)) - 1, 0.5, 3)
    delay = -np.angle(needed(w)) % (2 * math.pi) / w * UNIT

    ours = shortest_delay(models.get("channels-cortisol-pulses"), 2.0, 25.0, p1=p1)

    assert ours == pytest.approx(delay, abs=1e-4)


def test_a_flat_curve_has_no_period() -> None:
    """Nor has a curve that rises once."""
    t = np.linspace(0, 10, 101)

    assert pulse_period(t, np.ones_like(t)) == math.inf
    assert pulse_period(t, t + 1) == math.inf
    assert pulse_period(t, 2 + np.sin(2 * math.pi * t / 2.5)) == pytest.approx(2.5, rel=1e-3)
