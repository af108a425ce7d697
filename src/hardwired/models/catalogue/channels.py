"""Chapter 1: pulses of a stress hormone, and the two messengers of a stressful quarter hour.

The first model is published (walker2010origin), the second is a teaching model of this book.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from scipy.optimize import brentq

from hardwired.models.analysis.steady import Autonomous, steady_states
from hardwired.models.catalogue.measures import peak
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
        o' = (delay(a, tau) - o)/T_u
        T_u = t_half/log(2)
    """,
    outputs=(Output("T_u", "unit of time", "minute"),),
    plot=("a", "o"),
    paper=(WALKER,),
    leaves_out=(
        "The clock that makes the morning high, the brain's own pulses and noise. It is set for "
        "the rat, whose steroid has a half-life of 7.2 minutes; with the hour of cortisol in "
        "people the same numbers do not pulse at such delays. It shows that a late feedback can "
        "make pulses, not that it does."
    ),
    scenarios={
        "delay of 15 minutes": {},
        "no delay": {"tau": 0.0},
        "delay of 8 minutes": {"tau": 8.0},
        "delay of 22 minutes": {"tau": 22.0},
        "cortisol's half-life of 66 minutes": {"t_half": 66.0},
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
    ),
)


_MINUTES = np.linspace(0, 300, 6001)

MESSENGERS = Model(
    name="channels-two-messengers",
    title="Cortisol first, interleukin 6 later: two messengers of one stress",
    kind="ODE",
    time=Axis("time", "minute", 0, 240),
    states=(
        State("A", "pituitary drive", "arbitrary_unit", 0.0, scale=1.0),
        State("F", "cortisol above baseline", "arbitrary_unit", 0.0, scale=1.0, colour="hormone"),
        State("M", "signal to make interleukin 6", "arbitrary_unit", 0.0, scale=1.0),
        State(
            "I", "interleukin 6 above baseline", "arbitrary_unit", 0.0, scale=1.0, colour="immune"
        ),
    ),
    parameters=parameters("channels-two-messengers"),
    equations="""
        A' = s*(1 - after(t_s)) - A/tau_A
        F' = A/tau_A - log(2)/t_half*F
        M' = s*(1 - after(t_s)) - M/tau_M
        I' = M/tau_M/(1 + F/K) - I/tau_I
    """,
    plot=("F", "I"),
    paper=(),
    teaching=(
        "Built for this book: the order of the two peaks and their times went in. The structure "
        "says what is believed, no number of it is measured but the half-life of cortisol."
    ),
    leaves_out=(
        "The time of day, adrenaline, every cell and every cytokine but one, and the differences "
        "between people, which are larger than the effect."
    ),
    scenarios={
        "cells that listen": {},
        "cells that do not listen": {"K": 1000.0},
        "half an hour of stress": {"t_s": 30.0},
    },
    targets=(
        Target(
            "time of cortisol's peak",
            30.0,
            5.0,
            "calibrated",
            "kraan1997kinetics",
            peak("F", _MINUTES, "time"),
            "minute",
        ),
        Target(
            "time of interleukin 6's peak (90 to 105 min after stress begins)",
            97.5,
            7.5,
            "calibrated",
            "marsland2017effects",
            peak("I", _MINUTES, "time"),
            "minute",
        ),
        Target(
            "height of interleukin 6's peak without cortisol's brake",
            6.21498,
            1e-4,
            "closed-form",
            "difference of two responses of a two-stage cascade, 15 minutes apart",
            peak("I", _MINUTES, "height", K=1e9),
            "arbitrary_unit",
        ),
    ),
)

MODELS = (PULSES, MESSENGERS)
