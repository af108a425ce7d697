"""Chapter 5: macrophages, and how long wounds take."""

from __future__ import annotations

import numpy as np

from hardwired.models.analysis.bifurcation import threshold
from hardwired.models.catalogue.measures import at
from hardwired.models.model import Model
from tests.models.runs import Run

MACROPHAGES, HEALING = "wounds-macrophages", "wounds-time-to-heal"


def _switch_point(m: Model) -> float:
    """Return the alpha above which the standard wound stays inflamed."""

    def inflamed(alpha: np.ndarray) -> np.ndarray:
        return m.simulate([0.0, 1500.0], alpha=alpha)["phi_I"][:, -1] > 100

    return threshold(inflamed, 0.5, 0.8, tolerance=1e-4)


def _resolution(m: Model) -> float:
    """Return the first day with fewer than 100 macrophages per cubic millimetre."""
    t = np.linspace(0, 60, 6001)
    run = m.simulate(t, alpha=0.5)
    total = run["phi_I"] + run["phi_R"]
    k = int(np.argmax(total < 100))
    return float(np.interp(-100, -total[k - 1 : k + 1], t[k - 1 : k + 1]))


RUNS = (
    *(
        Run(MACROPHAGES, f"{state} in the long run, alpha {alpha}", at(state, 0, 2000, alpha=alpha))
        for alpha in (0.8, 0.5)
        for state in ("phi_I", "phi_R", "T")
    ),
    *(Run(MACROPHAGES, f"phi_I on day {day:g}", at("phi_I", 0, day)) for day in (5.0, 10.0, 20.0)),
    *(
        Run(MACROPHAGES, f"{state} on day 40, treated on day 22", at(state, 0, 40, t_treat=22.0))
        for state in ("phi_I", "phi_R")
    ),
    Run(MACROPHAGES, "alpha that keeps the wound inflamed", _switch_point),
    Run(MACROPHAGES, "days to resolution, alpha 0.5", _resolution),
    Run(HEALING, "share of controls' wounds open on day 42", at("S", 42)),
    Run(HEALING, "share of carers' wounds open on day 42", at("S_s", 42)),
    Run(HEALING, "power at 13 a group", at("power", 42)),
    Run(HEALING, "power if half of the difference is true", at("power", 42, share=0.5)),
)
