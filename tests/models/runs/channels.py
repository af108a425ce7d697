"""Chapter 1: the pulses."""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from hardwired.models.catalogue.channels import pulse_period
from hardwired.models.catalogue.measures import Measure
from hardwired.models.model import Model
from tests.models.runs import Run

PULSES = "channels-cortisol-pulses"


@cache
def _late(m: Model, tau: float = 15.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run until the start is forgotten and return the rest, minute by minute."""
    run = m.simulate(np.arange(0.0, 2001.0), tau=tau, rtol=1e-6)
    keep = run.t > 1200
    return run.t[keep], run["a"][keep], run["o"][keep]


def _period(tau: float) -> Measure:
    def measure(m: Model) -> float:
        t, _, o = _late(m, tau)
        return pulse_period(t, o)

    return measure


def _mean_steroid(m: Model) -> float:
    t, _, o = _late(m)
    whole = math.floor((t[-1] - t[0]) / pulse_period(t, o)) * pulse_period(t, o)
    return float(o[t <= t[0] + whole].mean())


def _lag_behind_acth(m: Model) -> float:
    """Return how long the steroid's peak follows that of ACTH, in minutes."""
    t, a, o = _late(m)
    peaks = [np.flatnonzero((x[1:-1] > x[:-2]) & (x[1:-1] >= x[2:])) + 1 for x in (a, o)]
    first = t[peaks[0][0]]
    return float(t[peaks[1]][t[peaks[1]] > first][0] - first)


RUNS = (
    *(Run(PULSES, f"time between pulses, delay {tau:g}", _period(tau)) for tau in (15.0, 22.0)),
    Run(PULSES, "mean of the steroid", _mean_steroid, 1e-3),
    Run(PULSES, "swing of the steroid", lambda m: float(np.ptp(_late(m)[2])), 1e-3),
    Run(PULSES, "steroid behind ACTH", _lag_behind_acth),
)
