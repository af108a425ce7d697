"""Chapter 6: body weight, leptin, the operating point."""

from __future__ import annotations

import numpy as np

from hardwired.models.catalogue.appetite import HALF_INTAKE, KCAL, PEOPLE, YEAR
from hardwired.models.catalogue.measures import Measure, at
from hardwired.models.model import Model
from tests.models.runs import Run, gain

WEIGHT, LEPTIN, POINT = (
    "appetite-body-weight",
    "appetite-leptin",
    "appetite-operating-point",
)


def years_to(share: float, **overrides: float) -> Measure:
    """Return the measure 'years until a share of the final change of weight is reached'."""

    def measure(m: Model) -> float:
        t = np.concatenate([np.linspace(0, 20 * YEAR, 4001), [60 * YEAR]])
        y = m.simulate(t, **{"dEI": -0.1, **overrides})["BW"]
        done = (y - y[0]) / (y[-1] - y[0])
        k = int(np.argmax(done >= share))
        return float(np.interp(share, done[k - 1 : k + 1], t[k - 1 : k + 1])) / YEAR

    return measure


def _overshoot(m: Model) -> float:
    """Return the highest intake after the illness over the intake before it."""
    run = m.simulate(np.linspace(0, 60, 601))
    return float(run["I"].max() / run["I"][0])


RUNS = (
    *(
        Run(WEIGHT, f"years to {100 * share:g} per cent of the change, {who}", years_to(share, **x))
        for who, x in PEOPLE.items()
        for share in (0.5, 0.95)
    ),
    *(
        Run(WEIGHT, f"change for 100 kJ a day, {who}", gain("BW", 60 * YEAR, **{"dEI": -0.1, **x}))
        for who, x in PEOPLE.items()
    ),
    *(
        Run(WEIGHT, f"change after {years} years at 100 kcal a day less", gain("BW", years * YEAR))
        for years in (1, 3, 60)
    ),
    *(
        Run(WEIGHT, f"change of {what}, three days at half intake", gain(what, 3.0, **HALF_INTAKE))
        for what in ("BW", "F", "L", "E")
    ),
    *(
        Run(
            WEIGHT,
            f"change of {what} by day {day:g}, {t_off:g} days at half intake",
            gain(what, day, t_off=t_off, **HALF_INTAKE),
        )
        for what, t_off, day in (
            ("BW", 3.0, 33.0),
            ("BW", 7.0, 7.0),
            ("F", 7.0, 7.0),
            ("BW", 7.0, 37.0),
        )
    ),
    Run(
        WEIGHT,
        "gain in 84 days with 257 kcal a day more, man of 54.8 kg and 67 years",
        gain("BW", 84.0, BW_0=54.8, H=1.68, age=67.0, dEI=257 * KCAL),
    ),
    Run(LEPTIN, "arterial leptin, from another study's kidneys", at("S", 0.0)),
    *(Run(LEPTIN, f"{s} of nine women with obesity", at(s, 0.0, R=6970.0)) for s in ("S", "L")),
    Run(POINT, "highest intake after a week of illness, over that before", _overshoot),
)
