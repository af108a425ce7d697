"""Chapter 1: pulses of a stress hormone from a feedback that comes late.

The model is published (walker2010origin). Its unit of time is tied to the rat's steroid; the
steroid's own half-life and the adrenal's output are parameters beside it, so that each can be
changed alone.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import brentq

from hardwired.models.analysis.steady import Autonomous, steady_states
from hardwired.models.declaration import Axis, Output, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

WALKER = "walker2010origin"


def pulse_period(t: np.ndarray, x: np.ndarray) -> float:
    """Return the mean time between pulses.

    Parameters
    ----------
    t, x
        Times and one curve, both of shape (times,), without the beginning that still remembers
        the start values.

    Returns
    -------
    float
        Mean time between upward crossings of the middle between peak and trough, in the unit of
        `t`; infinity if the curve crosses it less than twice or does not rise by a thousandth of
        its mean.
    """
    if np.ptp(x) < 1e-3 * abs(float(np.mean(x))):
        return math.inf
    above = x - (x.max() + x.min()) / 2
    k = np.flatnonzero((above[:-1] < 0) & (above[1:] >= 0))
    if k.size < 2:
        return math.inf
    crossings = t[k] - above[k] * (t[k + 1] - t[k]) / (above[k + 1] - above[k])
    return float(np.mean(np.diff(crossings)))


def shortest_delay(m: Model, low: float, high: float, **overrides: Any) -> float:
    """Return the shortest delay with pulses, where the steady state loses its stability.

    Parameters
    ----------
    m
        The model of pulses.
    low, high
        Delays in minutes without and with pulses.
    **overrides
        Other parameters.
    """
    steady = steady_states(m, tau=low, tries=20, upper=[10, 2, 10], **overrides)[0]
    y = np.array([steady.values[s.symbol] for s in m.states])

    def growth(tau: float) -> float:
        return float(Autonomous(m, {**overrides, "tau": tau}).eigenvalues(y).real.max())

    return float(brentq(growth, low, high, xtol=1e-6))


PULSES = Model(
    name="channels-cortisol-pulses",
    title="Pulses of a stress hormone from a feedback that comes late",
    kind="delay",
    time=Axis("time", "minute", 0, 720),
    states=(
        State("a", "ACTH (relative)", "", 1.0, colour="nerve"),
        State("r", "free receptors in the pituitary (relative)", "", 0.5),
        State("o", "steroid of the adrenal cortex (relative)", "", 1.0, colour="hormone"),
    ),
    parameters=parameters("channels-cortisol-pulses"),
    equations="""
        a' = (p1/(1 + p2*o*r) - p3*a)/T_u
        r' = ((o*r)**2/(p4 + (o*r)**2) + p5 - p6*r)/T_u
        o' = q*delay(a, tau)/T_u - log(2)/t_half*o
        T_u = t_rat/log(2)
    """,
    outputs=(Output("T_u", "unit of time", "minute"),),
    plot=("a", "o"),
    paper=(WALKER,),
    leaves_out=(
        "The clock that makes the morning high, the brain's own pulses and noise. It is set for "
        "the rat, whose steroid has a half-life of 7.2 minutes; whether it pulses with cortisol's "
        "hour depends on what the adrenal is supposed to release."
    ),
    scenarios={
        "delay of 15 minutes": {},
        "no delay": {"tau": 0.0},
        "delay of 8 minutes": {"tau": 8.0},
        "delay of 22 minutes": {"tau": 22.0},
        "half-life of 66 minutes, level kept": {"t_half": 66.0, "q": 7.2 / 66.0, "tau": 30.0},
        "half-life of 66 minutes, output kept": {"t_half": 66.0, "tau": 30.0},
    },
    targets=(
        *(
            Target(
                f"shortest delay with pulses at p1 = {p1:g}",
                value,
                1e-3,
                "closed-form",
                "characteristic equation of the steady state",
                partial(shortest_delay, low=2.0, high=25.0, p1=p1),
                "minute",
            )
            for p1, value in ((20.0, 7.1917), (30.0, 8.4574), (40.0, 12.4431), (50.0, 16.7240))
        ),
        Target(
            "shortest delay with pulses, half-life of 66 minutes and the level kept",
            22.7123,
            1e-3,
            "closed-form",
            "characteristic equation of the steady state",
            partial(shortest_delay, low=2.0, high=40.0, t_half=66.0, q=7.2 / 66.0),
            "minute",
        ),
    ),
)


MODELS = (PULSES,)
