"""Chapter 3: pushes, light, glands."""

from __future__ import annotations

import numpy as np

from hardwired.models.analysis.bifurcation import continuation, threshold
from hardwired.models.analysis.steady import steady_states
from hardwired.models.catalogue.measures import Measure, at
from hardwired.models.catalogue.skin import HEALTHY, PSORIATIC
from hardwired.models.model import Model
from tests.models.runs import Run

PSORIASIS, LIGHT, GLANDS = "skin-psoriasis", "skin-phototherapy", "skin-growing-glands"
MINUTE = 1 / 1440


def _border_push(m: Model) -> float:
    """Return the smallest push of seven days, strength times length, that makes psoriasis."""

    def ill(sigma: np.ndarray) -> np.ndarray:
        run = m.simulate([0.0, 500.0], rtol=1e-5, sigma=sigma, t_on=0.0, d=7.0)
        return run["P_rel"][:, -1] > 0.3

    return 7.0 * threshold(ill, 6000 / 7, 7500 / 7, tolerance=50 / 7)


def _lost_health(m: Model) -> float:
    """Return the permanent push at which the healthy state meets the unstable one and both go."""
    on = {"d0": 1880.0, "t_on": 0.0, "d": 1e12, "sigma": 0.0}
    branch = continuation(m, "d0", HEALTHY, 1800.0, 2000.0, step=0.005, **on)
    return next(p.parameter for p in branch.special if p.kind == "fold") - 1880.0


def _unstable_middle(m: Model) -> float:
    upper = [2 * PSORIATIC[s.symbol] for s in m.states]
    found = steady_states(m, tries=60, upper=upper, sigma=0.0)
    between = (s for s in found if 1600 < s.values["T"] < 4700 and min(s.values.values()) > 1)
    return next(s.values["T"] for s in between if not s.stable)


def _half_hour(m: Model) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    t = np.arange(0, 400.25, 0.25)
    run = m.simulate(t * MINUTE, t_on=0.0, t_off=30 * MINUTE)
    return t, run["x2"] / run["x2"][0], run["x3"] / run["x3"][0]


def _half_hour_peak(which: int, what: str) -> Measure:
    def measure(m: Model) -> float:
        t, *curves = _half_hour(m)
        k = int(np.argmax(curves[which]))
        return float(t[k] if what == "time" else curves[which][k])

    return measure


def _half_hour_half(m: Model) -> float:
    t, _, x3 = _half_hour(m)
    k = int(np.argmax(x3))
    left = (x3[k:] - 1) / (x3[k] - 1)
    return float(t[k:][np.argmax(left <= 0.5)])


def _aftermath(m: Model, **overrides: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return days since a stress of 60 days, ACTH and cortisol, both beside baseline."""
    run = m.simulate(np.arange(0.0, 401.0, 0.25), t_on=0.0, t_off=60.0, **overrides)
    keep = run.t >= 61
    return run.t[keep] - 60, run["x2"][keep] / run["x2"][0], run["x3"][keep] / run["x3"][0]


def _at_day_30(which: int) -> Measure:
    def measure(m: Model) -> float:
        t, *curves = _aftermath(m)
        return float(curves[which][t == 30][0])

    return measure


def _recovered(**overrides: float) -> Measure:
    """Return the day from which ACTH and cortisol stay within 5 per cent of baseline."""

    def measure(m: Model) -> float:
        t, x2, x3 = _aftermath(m, **overrides)
        away = (np.abs(x2 - 1) > 0.05) | (np.abs(x3 - 1) > 0.05)
        return float(t[np.flatnonzero(away)[-1] + 1])

    return measure


def _acth_minimum(what: str) -> Measure:
    def measure(m: Model) -> float:
        t, x2, _ = _aftermath(m)
        k = int(np.argmin(x2))
        return float(t[k] if what == "time" else x2[k])

    return measure


RUNS = (
    Run(PSORIASIS, "T cells in the unstable state between", _unstable_middle),
    *(
        Run(
            PSORIASIS,
            f"disease after a push of {days:g} days at 6000 a day",
            lambda m, d=days: round(at("P_rel", 0.0, 4000.0, sigma=6000.0, t_on=0.0, d=d)(m), 3),
        )
        for days in (7.0, 4.0, 1.0)
    ),
    Run(PSORIASIS, "smallest push of 7 days that makes psoriasis", _border_push),
    Run(PSORIASIS, "lasting push that takes health away", _lost_health),
    *(
        Run(
            LIGHT,
            f"disease on day {day:g}, sensitivity {epsilon:g}",
            lambda m, day=day, e=epsilon: round(at("P_rel", 0.0, day, t_uv=0.0, epsilon=e)(m), 4),
        )
        for epsilon, day in (
            (0.16, 57.0),
            (0.10, 57.0),
            (0.06, 57.0),
            (0.04, 57.0),
            (0.06, 457.0),
            (0.04, 457.0),
        )
    ),
    *(
        Run(GLANDS, f"{what} of {name}'s peak, 30 minutes of stress", _half_hour_peak(which, what))
        for which, name in enumerate(("ACTH", "cortisol"))
        for what in ("height", "time")
    ),
    Run(GLANDS, "half of the extra cortisol is gone", _half_hour_half),
    Run(GLANDS, "cortisol 30 days after stress", _at_day_30(1)),
    Run(GLANDS, "ACTH 30 days after stress", _at_day_30(0)),
    Run(GLANDS, "lowest ACTH after stress", _acth_minimum("height")),
    Run(GLANDS, "day of the lowest ACTH", _acth_minimum("time")),
    Run(GLANDS, "days to recovery", _recovered()),
    Run(GLANDS, "days to recovery with slower glands", _recovered(h_P=20.0, h_A=30.0)),
)
