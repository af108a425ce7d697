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


KEPT = {"t_half": 66.0, "q": 7.2 / 66.0}
"""Cortisol's half-life, and an adrenal that makes so much less that the level stays."""


def heun(
    tau: float, p1: float = 30.0, step: float = 0.25, made: float = 1.0, lost: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Integrate walker2010origin with fixed steps; times in minutes and the steroid.

    `made` and `lost` multiply the adrenal's output and the loss of the steroid, and nothing else.
    """
    n, back, h = round(3500 / step), round(tau / step), step / UNIT
    a, r, o = np.full(n + 1, 1.0), 0.5, np.full(n + 1, 1.0)

    def rates(a_now: float, r_now: float, o_now: float, a_then: float) -> tuple:
        x = o_now * r_now
        return (
            p1 / (1 + 15 * x) - 7.2 * a_now,
            x * x / (0.05 + x * x) + 0.11 - 2.9 * r_now,
            made * a_then - lost * o_now,
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


@pytest.mark.parametrize(("made", "period"), [(7.2 / 66, 186.6), (1.0, math.inf)])
def test_a_steroid_that_lasts_66_minutes_at_a_delay_of_30(made: float, period: float) -> None:
    """With the level kept it pulses every 187 minutes, with the output kept it does not pulse."""
    t, by_hand = heun(30.0, made=made, lost=7.2 / 66)
    run = models.get("channels-cortisol-pulses").simulate(
        np.arange(0.0, 3501.0), tau=30.0, t_half=66.0, q=made, rtol=1e-6
    )
    late = run.t > 2200

    assert pulse_period(t[t > 2200], by_hand[t > 2200]) == pytest.approx(period, abs=0.5)
    assert pulse_period(run.t[late], run["o"][late]) == pytest.approx(period, abs=0.5)


def test_the_level_is_kept_or_rises() -> None:
    """The resting steroid is 1.05 as in the rat, or 2.44 times as much with the output kept."""

    def level(made: float) -> float:
        def surplus(o: float) -> float:
            a = o * 7.2 / 66 / made
            x = (30 / (7.2 * a) - 1) / 15
            return (x * x / (0.05 + x * x) + 0.11) / 2.9 - x / o

        return float(brentq(surplus, 0.05, 3.9))

    assert level(7.2 / 66) == pytest.approx(1.0455, abs=1e-3)
    assert level(1.0) / level(7.2 / 66) == pytest.approx(2.444, abs=0.01)


@pytest.mark.ring("test")
def test_no_pulses_at_a_delay_of_8_minutes_or_less() -> None:
    """The disturbance dies out by hand as it does by eigenvalues."""
    _, o = heun(6.0)

    assert np.ptp(o) < 1e-3
    assert shortest_delay(models.get("channels-cortisol-pulses"), 2.0, 15.0) > 8


@pytest.mark.ring("test")
@pytest.mark.parametrize(
    ("p1", "lasts"), [(20.0, {}), (30.0, {}), (40.0, {}), (50.0, {}), (30.0, KEPT)]
)
def test_the_shortest_delay_is_the_root_of_the_characteristic_equation(
    p1: float, lasts: dict[str, float]
) -> None:
    """Where a purely imaginary root appears, found without the core's discretisation."""

    def balance(x: float) -> float:
        return p1 / (1 + 15 * x) / 7.2 * (x * x / (0.05 + x * x) + 0.11) / 2.9 - x

    x = brentq(balance, 1e-3, 3)
    o = p1 / (1 + 15 * x) / 7.2
    r = x / o
    loss = lasts.get("q", 1.0)
    gain, slope = 15 * p1 / (1 + 15 * x) ** 2, 0.1 * x / (0.05 + x * x) ** 2

    def needed(w: float) -> complex:
        z = 1j * w
        lags = r * (z + 2.9 - slope * o) + o * slope * r
        return -(z + 7.2) * (z + 2.9 - slope * o) * (z / loss + 1) / (gain * lags)

    w = brentq(lambda w: abs(needed(w)) - 1, 0.2, 3)
    delay = -np.angle(needed(w)) % (2 * math.pi) / w * UNIT

    ours = shortest_delay(models.get("channels-cortisol-pulses"), 2.0, 25.0, p1=p1, **lasts)

    assert ours == pytest.approx(delay, abs=1e-4)


def test_a_flat_curve_has_no_period() -> None:
    """Nor has a curve that rises once."""
    t = np.linspace(0, 10, 101)

    assert pulse_period(t, np.ones_like(t)) == math.inf
    assert pulse_period(t, t + 1) == math.inf
    assert pulse_period(t, 2 + np.sin(2 * math.pi * t / 2.5)) == pytest.approx(2.5, rel=1e-3)
