"""The models of chapter 3 against computations that do not use the model core."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from hardwired import models
from hardwired.models.catalogue.skin import (
    HEALTHY,
    PSORIATIC,
    UVB_DAYS,
    UVB_DOSES,
    share_of_speed,
)
from hardwired.models.exports import equations

LEAST = np.array([1563.06, 1556.09, 3947.21, 22224.4])
"""Dendritic, T, stem and dividing cells that light leaves."""


def cortisol_in_the_long_run(u: float, *, glands_adapt: bool) -> float:
    """Return steady cortisol of the gland model at a constant stress, in closed form.

    Parameters
    ----------
    u
        Stress input, 1 at baseline.
    glands_adapt
        Whether there is time for the glands to grow: then ``x (1 + (x/4)^3) = u``; with fixed
        glands the root of `u` stands on the right (karin2020new).
    """
    wanted = u if glands_adapt else math.sqrt(u)
    return float(brentq(lambda x: x * (1 + (x / 4) ** 3) - wanted, 0.0, wanted + 1.0, xtol=1e-12))


def shmarov(t: float, y: np.ndarray, push: float = 0.0, dose: float = 0.0, eps: float = 0.16):
    """Equations of shmarov2022individualised, typed in once more by hand."""
    il17, tnf, il23, gf, dc, tc, sc, ta, d, a = y
    drive = il17 + tnf
    cells = np.array([dc, tc, sc, ta])
    a_dc, a_t, a_sc, a_ta = dose * eps * (cells - LEAST) + 0.0036 * cells
    return [
        0.5 * tc - 36.5 * il17,
        0.5 * tc - 36.5 * tnf,
        dc - 36.5 * il23,
        sc + ta - 36.5 * gf,
        6000 * gf**4 / (3e12 + gf**4) + 1880 + push - 1.51 * dc - a_dc,
        55 * il23 - 1.51 * tc - a_t,
        0.0017635 * drive * sc - 1.8135e-5 * sc**2 - a_sc,
        0.0017562 * drive * ta + 0.0015415 * drive * sc - 3.7321e-6 * ta**2 - a_ta,
        0.0018063 * drive * ta - 5.05e-7 * d**2 - 0.0036 * d - 0.004752946 * d,
        a_dc + a_t + a_sc + a_ta + 0.0036 * d - 36 * a,
    ]


def disease(y: np.ndarray) -> float:
    """Mean of three distances from health, as the published file has it."""
    parts = (
        (y[4:].sum() - 79828) / (266011.65 - 79828),
        (y[5] - 1556.09) / (4783 - 1556.09),
        (y[8] - 50529.3) / (173504 - 50529.3),
    )
    return sum(parts) / 3


def settle(y, span: float, **how: float) -> np.ndarray:
    """Integrate by hand over some days."""
    args = (how.get("push", 0.0), how.get("dose", 0.0), how.get("eps", 0.16))
    return solve_ivp(shmarov, (0, span), y, args=args, method="LSODA", rtol=1e-9).y[:, -1]


@pytest.mark.parametrize(("days", "ill"), [(7.0, True), (4.0, True), (1.0, False)])
def test_a_push_switches_the_skin_as_it_does_by_hand(days: float, ill: bool) -> None:
    """Same end, state by state, and the end that the authors' script shows."""
    by_hand = settle(settle(list(HEALTHY.values()), days, push=6000.0), 1000)
    ours = models.get("skin-psoriasis").simulate([0.0, 1000.0 + days], t_on=0.0, d=days)

    assert (disease(by_hand) > 0.5) == ill
    for symbol, value in zip(HEALTHY, by_hand, strict=True):
        assert ours[symbol][-1] == pytest.approx(value, rel=1e-5)


def test_the_psoriatic_start_is_a_steady_state() -> None:
    """Nothing moves by more than a part in ten million a day."""
    y = np.array(list(PSORIATIC.values()))

    assert np.abs(np.array(shmarov(0, y)) / y).max() < 1e-6


@pytest.mark.parametrize("eps", [0.16, 0.04])
def test_a_course_of_light_does_what_it_does_by_hand(eps: float) -> None:
    """Twenty-five doses, each for a day, then the disease that is left."""
    y, now = np.array(list(PSORIATIC.values())), 0.0
    for day, dose in zip(UVB_DAYS, UVB_DOSES, strict=True):
        y = settle(y, day - now) if day > now else y
        y, now = settle(y, 1.0, dose=dose, eps=eps), day + 1
    run = models.get("skin-phototherapy").simulate([0.0, now], t_uv=0.0, epsilon=eps)

    assert len(UVB_DOSES) == 25
    assert run["P_rel"][-1] == pytest.approx(disease(y), abs=1e-5)


@pytest.mark.parametrize("u", [0.5, 1.0, 3.0, 8.0])
def test_glands_settle_where_the_closed_form_says(u: float) -> None:
    """With time to grow, and without."""
    model = models.get("skin-growing-glands")
    grown = model.simulate([0.0, 3000.0], u_s=u, t_on=0.0, t_off=1e9)
    fixed = model.simulate([0.0, 30.0], u_s=u, t_on=0.0, t_off=1e9, h_P=1e12, h_A=1e12)

    assert grown["x3"][-1] == pytest.approx(
        cortisol_in_the_long_run(u, glands_adapt=True), abs=1e-4
    )
    assert fixed["x3"][-1] == pytest.approx(
        cortisol_in_the_long_run(u, glands_adapt=False), abs=1e-4
    )


def test_the_two_readings_of_ten_per_cent_lie_far_apart() -> None:
    """A tenth of the recovery costs an eighth of the speed, ten points more than a third."""
    assert share_of_speed(0.30, 0.27) == pytest.approx(0.8824, abs=1e-4)
    assert share_of_speed(0.30, 0.20) == pytest.approx(0.6256, abs=1e-4)


def test_a_course_is_shown_by_its_first_and_last_dose() -> None:
    """Twenty-five lines of doses would hide the equations."""
    text = equations.latex(models.get("skin-phototherapy"))

    assert text.count(r"\text{dose}") == 2
    assert text.count(r"\vdots") == 2
    assert "0.7" in text
    assert "3.427" in text
