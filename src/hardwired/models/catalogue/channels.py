"""Chapter 1: pulses of a stress hormone, and the two messengers of a stressful quarter hour.

The first model is published (walker2010origin), the second is a teaching model of this book.
"""

from __future__ import annotations

import math
from functools import cache, partial

import numpy as np

from hardwired.models.declaration import Axis, Output, Parameter, State, Target
from hardwired.models.model import Model

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


@cache
def _late(m: Model, tau: float = 15.0):
    """Run until the start is forgotten and return the rest, minute by minute."""
    run = m.simulate(np.arange(0.0, 2001.0), tau=tau, rtol=1e-6)
    keep = run.t > 1200
    return run.t[keep], run["a"][keep], run["o"][keep]


def _period(tau: float):
    def measure(m: Model) -> float:
        t, _, o = _late(m, tau)
        return pulse_period(t, o)

    return measure


def _mean_steroid(m: Model) -> float:
    t, _, o = _late(m)
    whole = math.floor((t[-1] - t[0]) / pulse_period(t, o)) * pulse_period(t, o)
    return float(o[t <= t[0] + whole].mean())


def _swing(m: Model) -> float:
    _, _, o = _late(m)
    return float(np.ptp(o))


def _lag_behind_acth(m: Model) -> float:
    """Return how long the steroid's peak follows that of ACTH, in minutes."""
    t, a, o = _late(m)
    peaks = [np.flatnonzero((x[1:-1] > x[:-2]) & (x[1:-1] >= x[2:])) + 1 for x in (a, o)]
    first = t[peaks[0][0]]
    return float(t[peaks[1]][t[peaks[1]] > first][0] - first)


def shortest_delay(m: Model, low: float, high: float, **overrides: float) -> float:
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
    from scipy.optimize import brentq

    from hardwired.models.analysis.steady import Autonomous, steady_states

    steady = steady_states(m, tau=low, tries=20, upper=[10, 2, 10], **overrides)[0]
    y = np.array([steady.values[s.symbol] for s in m.states])

    def growth(tau: float) -> float:
        return float(Autonomous(m, {**overrides, "tau": tau}).eigenvalues(y).real.max())

    return float(brentq(growth, low, high, xtol=1e-6))


def _constant(symbol: str, label: str, value: float, *range_: float) -> Parameter:
    low, high = range_ or (None, None)
    return Parameter(symbol, label, value, "", low, high, WALKER)


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
    parameters=(
        _constant("p1", "drive by CRH", 30.0, 10, 60),
        Parameter("tau", "delay from ACTH to steroid", 15.0, "minute", 0, 30, WALKER),
        _constant("p2", "strength of the feedback", 15.0),
        _constant("p3", "loss of ACTH beside that of the steroid", 7.2),
        _constant("p4", "steroid times receptor at half of the receptor's making", 0.05),
        _constant("p5", "making of receptors without steroid", 0.11),
        _constant("p6", "loss of receptors beside that of the steroid", 2.9),
        Parameter(
            "t_half",
            "half-life of the steroid",
            7.2,
            "minute",
            7.2,
            66.0,
            WALKER,
            "assumed",
            "that of the rat, as p3 demands if ACTH has one of a minute; people need about 66",
            latex="t_{1/2}",
        ),
    ),
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
                f"time between pulses at a delay of {tau:g} min",
                value,
                1.0,
                "own-run",
                WALKER,
                _period(tau),
                "minute",
            )
            for tau, value in ((15.0, 61.6), (22.0, 75.8))
        ),
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
        Target("mean of the steroid", 1.28, 0.01, "own-run", WALKER, _mean_steroid),
        Target("swing of the steroid, peak less trough", 1.50, 0.01, "own-run", WALKER, _swing),
        Target("steroid behind ACTH", 23.0, 1.0, "own-run", WALKER, _lag_behind_acth, "minute"),
    ),
)


def _messenger_peak(name: str, what: str, **overrides: float):
    def measure(m: Model) -> float:
        time, height = m.simulate(np.linspace(0, 300, 6001), **overrides).peak(name)
        return time if what == "time" else height

    return measure


def _chosen(symbol: str, label: str, value: float, unit: str, low: float, high: float, **more):
    return Parameter(symbol, label, value, unit, low, high, "", "assumed", **more)


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
    parameters=(
        _chosen("s", "strength of the stress", 1.0, "arbitrary_unit/minute", 0.0, 3.0),
        _chosen("t_s", "length of the stress", 15.0, "minute", 5.0, 60.0),
        _chosen("tau_A", "time constant of the drive", 8.0, "minute", 3.0, 20.0),
        Parameter(
            "t_half",
            "half-life of cortisol",
            60.0,
            "minute",
            30.0,
            120.0,
            "kraan1997kinetics",
            "assumed",
            "a round hour; measured are 66 minutes, SD 18",
            latex="t_{1/2}",
        ),
        _chosen("tau_M", "time constant of the signal", 70.0, "minute", 20.0, 120.0),
        _chosen("tau_I", "time constant of interleukin 6", 90.0, "minute", 30.0, 180.0),
        _chosen(
            "K",
            "cortisol that halves the making of interleukin 6",
            5.0,
            "arbitrary_unit",
            1.0,
            1000.0,
            log=True,
            note="large: cells that do not listen to cortisol",
        ),
    ),
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
            _messenger_peak("F", "time"),
            "minute",
        ),
        Target(
            "time of interleukin 6's peak (90 to 105 min after stress begins)",
            97.5,
            7.5,
            "calibrated",
            "marsland2017effects",
            _messenger_peak("I", "time"),
            "minute",
        ),
        Target(
            "time of cortisol's peak, to the minute",
            29.7,
            0.1,
            "own-run",
            "dossier 01",
            _messenger_peak("F", "time"),
            "minute",
        ),
        *(
            Target(
                f"{what} of interleukin 6's peak, {text} cortisol's brake",
                value,
                0.005,
                "own-run",
                "dossier 01",
                _messenger_peak("I", what, K=K),
                unit,
                relative=True,
            )
            for what, text, K, value, unit in (
                ("time", "with", 5.0, 104.0, "minute"),
                ("height", "with", 5.0, 2.33, "arbitrary_unit"),
                ("time", "without", 1e9, 87.0, "minute"),
            )
        ),
        Target(
            "height of interleukin 6's peak without cortisol's brake",
            6.21498,
            1e-4,
            "closed-form",
            "difference of two responses of a two-stage cascade, 15 minutes apart",
            _messenger_peak("I", "height", K=1e9),
            "arbitrary_unit",
        ),
    ),
)
