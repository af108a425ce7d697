"""Chapter 6: the model of body weight against a second way of writing it, and against a diary."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hardwired import models

KCAL = 0.004184


def in_kilocalories(weight: float, height: float, age: float, change: float, days: int):
    """Integrate the model of a man in kilocalories, fat as a function of lean tissue (Forbes)."""
    rho_f, rho_l, rho_g = 39.5 / KCAL, 7.6 / KCAL, 17.6 / KCAL
    rest = 9.99 * weight + 625 * height - 4.92 * age + 5
    eaten, move = 1.5 * rest, (0.9 * 1.5 - 1) * rest / weight
    fluid = 0.025 * age + 9.57 * height + 0.191 * weight - 12.4
    percent = 0.14 * age + 37.31 * np.log(weight / height**2) - 103.94
    fat = weight * percent / 100
    lean = weight - fluid - fat - 3.7 * 0.5
    half = 10.4 * rho_l / rho_f
    constant = eaten - 0.092 / KCAL * lean - 0.013 / KCAL * fat - move * weight

    def parts(y):
        glycogen, water, _, lean_now = y
        fat_now = fat * np.exp(rho_l * (lean_now - lean) / (rho_f * half))
        return fat_now, lean_now + fat_now + water + 3.7 * glycogen

    def rates(_, y):
        glycogen, water, adapted, lean_now = y
        fat_now, now = parts(y)
        carbohydrate = 0.5 * (eaten + change)
        stored = carbohydrate - 0.5 * eaten * (glycogen / 0.5) ** 2
        spent = (
            (constant + 0.092 / KCAL * lean_now + 0.013 / KCAL * fat_now + move * now)
            + 0.1 * change
            + adapted
        )
        left = eaten + change - spent - stored
        down = half * (1 + 0.96 / 7.6) + fat_now * (1 + 0.75 / 39.5)
        return [
            stored / rho_g,
            (-3000 * (water - fluid) - 4000 * (1 - carbohydrate / (0.5 * eaten))) / 3220,
            (0.14 * change - adapted) / 14,
            left * half / rho_l / down,
        ]

    solved = solve_ivp(
        rates,
        (0, days),
        [0.5, fluid, 0, lean],
        "LSODA",
        np.arange(days + 1),
        rtol=1e-10,
        atol=1e-10,
    )
    return np.array([parts(y) for y in solved.y.T]).T


@pytest.mark.parametrize(
    ("weight", "height", "age", "kcal"),
    [(80, 1.75, 40, -100), (90, 1.8, 40, -500), (60, 1.7, 70, 300)],
)
def test_body_weight_is_the_same_written_another_way(weight, height, age, kcal) -> None:
    """In kilocalories, with fat bound to lean tissue by Forbes's curve, a year ends the same."""
    fat, body = in_kilocalories(weight, height, age, kcal, 365)
    given = {"BW_0": weight, "H": height, "age": age, "dEI": kcal * KCAL}
    run = models.get("appetite-body-weight").simulate(np.arange(366), **given)

    assert run["BW"] == pytest.approx(body, abs=1e-4)
    assert run["F"] == pytest.approx(fat, abs=1e-4)


def test_the_static_rule_overstates_the_loss() -> None:
    """7700 kcal a kilogram foretells 4.74 kg in a year of 100 kcal a day less; the model 2.72."""
    run = models.get("appetite-body-weight").simulate([0, 365.25])["BW"]

    static = 100 * 365.25 / 7700

    assert static == pytest.approx(4.74, abs=0.01)
    assert run[0] - run[1] == pytest.approx(2.72, abs=0.01)


def test_energy_is_kept() -> None:
    """What is eaten less what is spent is found again in fat, lean tissue and glycogen."""
    m = models.get("appetite-body-weight")
    p = {x.symbol: x.value for x in m.parameters}
    t = np.linspace(0, 400, 40_001)
    run = m.simulate(t, dEI=-2.0)
    stored = p["rho_F"] * run["F"] + p["rho_L"] * run["L"] + p["rho_G"] * run["G"]
    balance = np.trapezoid(run["EI"] - run["EE"], t)

    assert stored[-1] - stored[0] == pytest.approx(balance, rel=1e-4)


def test_resistance_to_leptin_raises_fat_and_intake() -> None:
    """At the new operating point more is eaten and more is carried."""
    m = models.get("appetite-operating-point")
    run = m.simulate([0.0, 5000.0], rho_res=0.3, t_on=np.inf, t_off=np.inf)

    assert run["F"][1] > run["F"][0]
    assert run["I"][1] == pytest.approx(run["Z"][1], rel=1e-6)
    assert run["I"][1] > m.simulate([0.0])["I"][0]
