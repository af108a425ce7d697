"""Chapter 3: a skin that can switch to psoriasis, glands that grow under stress, barrier repair.

The psoriasis and gland models are published, barrier repair is a teaching model of this book and
the clearing of psoriasis a survival curve fixed by two published numbers and an assumption.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from hardwired.models.declaration import Axis, Event, Mark, Output, Parameter, State, Target
from hardwired.models.model import Model

SHMAROV = "shmarov2022individualised"
KARIN = "karin2020new"
MILO = "milo2025hormone"
ROBLES = "robles2007stress"
FORTUNE = "fortune2003psychological"

_MODEL_FILE = "psor_v8_4.xml and steady_state_8_4.m of " + SHMAROV

HEALTHY = {
    "IL17": 21.3163,
    "TNF": 21.3163,
    "IL23": 42.8237,
    "GF": 717.03,
    "DC": 1563.06,
    "T": 1556.09,
    "SC": 3947.21,
    "TA": 22224.4,
    "D": 50529.3,
    "A": 7.98201,
}
"""Start values of the published file."""
PSORIATIC = {
    "IL17": 65.520149,
    "TNF": 65.520149,
    "IL23": 131.62736,
    "GF": 2271.0647,
    "DC": 4804.3986,
    "T": 4782.9709,
    "SC": 12544.228,
    "TA": 70349.635,
    "D": 173504.1,
    "A": 26.598533,
}
"""Where the published equations settle after a strong push (own run)."""
UVB_DAYS = tuple(7.0 * week + day for week in range(9) for day in (0.0, 2.0, 4.0))[:25]
"""Days of the 25 doses of a course, counted from its first."""
_RISING = (0.7, 0.98, 1.323, 1.72, 2.15, 2.58, 2.967, 3.264)
UVB_DOSES = (*(dose for dose in _RISING for _ in range(2)), *([3.427] * 9))
"""Doses in J/cm^2, as in the published file."""

_LONG = 4000.0
_PSORIASIS_STATES = (
    ("IL17", "interleukin 17", "arbitrary_unit"),
    ("TNF", "tumour necrosis factor", "arbitrary_unit"),
    ("IL23", "interleukin 23", "arbitrary_unit"),
    ("GF", "growth factors of keratinocytes", "arbitrary_unit"),
    ("DC", "dendritic cells", "cell/mm^2"),
    ("T", "T cells", "cell/mm^2"),
    ("SC", "stem cells", "cell/mm^2"),
    ("TA", "dividing keratinocytes", "cell/mm^2"),
    ("D", "differentiated keratinocytes", "cell/mm^2"),
    ("A", "dying cells", "cell/mm^2"),
)
_LATEX = {"IL17": r"\mathrm{IL}_{17}", "IL23": r"\mathrm{IL}_{23}"}


def _file(symbol: str, label: str, value: float, unit: str, *range_: float, note: str = ""):
    """Declare a constant of the published file."""
    low, high = range_ or (None, None)
    return Parameter(symbol, label, value, unit, low, high, SHMAROV, "seen", note)


_GROWTH = "1/arbitrary_unit/day"
_CROWDING = "mm^2/cell/day"
_PSORIASIS_CONSTANTS = (
    _file("p", "cytokine made by a T cell", 0.5, "arbitrary_unit*mm^2/cell/day", 0.3, 0.7),
    _file("q", "interleukin 23 made by a dendritic cell", 1.0, "arbitrary_unit*mm^2/cell/day"),
    _file("g", "growth factor made by a keratinocyte", 1.0, "arbitrary_unit*mm^2/cell/day"),
    _file("delta", "loss of cytokines and growth factors", 36.5, "1/day"),
    _file("V", "most dendritic cells that growth factors call", 6000.0, "cell/mm^2/day"),
    _file("K", "growth factors at half of that, to the power of 4", 3e12, "arbitrary_unit^4"),
    _file("d0", "dendritic cells that come anyway", 1880.0, "cell/mm^2/day"),
    _file("mu", "loss of dendritic and T cells", 1.51, "1/day"),
    _file("r", "T cells called by interleukin 23", 55.0, "cell/mm^2/arbitrary_unit/day"),
    _file("k1", "division of stem cells", 0.0017635, _GROWTH),
    _file("k2", "crowding of stem cells", 1.8135e-5, _CROWDING),
    _file("k3", "division of dividing cells", 0.0017562, _GROWTH),
    _file("k4", "stem cells that become dividing cells", 0.0015415, _GROWTH),
    _file("k5", "crowding of dividing cells", 3.7321e-6, _CROWDING),
    _file("k6", "dividing cells that differentiate", 0.0018063, _GROWTH),
    _file("k7", "crowding of differentiated cells", 5.05e-7, _CROWDING),
    _file("k8", "shedding", 0.004752946, "1/day"),
    _file("a_b", "death of cells without light", 0.0036, "1/day"),
    _file("kappa", "removal of dying cells", 36.0, "1/day"),
    _file("N_h", "all cells in healthy skin", 79828.0, "cell/mm^2"),
    _file("N_p", "all cells in psoriasis", 266011.65, "cell/mm^2"),
    _file("T_h", "T cells in healthy skin", 1556.09, "cell/mm^2"),
    _file("T_p", "T cells in psoriasis", 4783.0, "cell/mm^2"),
    _file("D_h", "differentiated cells in healthy skin", 50529.3, "cell/mm^2"),
    _file("D_p", "differentiated cells in psoriasis", 173504.0, "cell/mm^2"),
)
_PSORIASIS_EQUATIONS = """
    IL17' = p*T - delta*IL17
    TNF' = p*T - delta*TNF
    IL23' = q*DC - delta*IL23
    GF' = g*(SC + TA) - delta*GF
    DC' = V*GF**4/(K + GF**4) + d0 + s - mu*DC - a_DC
    T' = r*IL23 - mu*T - a_T
    SC' = k1*I*SC - k2*SC**2 - a_SC
    TA' = k3*I*TA + k4*I*SC - k5*TA**2 - a_TA
    D' = k6*I*TA - k7*D**2 - a_b*D - k8*D
    A' = a_T + a_DC + a_SC + a_TA + a_b*D - kappa*A
    I = IL17 + TNF
    N = SC + TA + D + T + DC + A
    P_rel = ((N - N_h)/(N_p - N_h) + (T - T_h)/(T_p - T_h) + (D - D_h)/(D_p - D_h))/3
"""
_DYING = {
    "DC": "dendritic cells that die early",
    "T": "T cells that die early",
    "SC": "stem cells that die early",
    "TA": "dividing cells that die early",
}
_PSORIASIS_OUTPUTS = (
    Output("I", "interleukin 17 and tumour necrosis factor together", "arbitrary_unit"),
    Output("N", "all cells", "cell/mm^2"),
    Output(
        "P_rel", "disease (0 healthy, 1 psoriatic)", "", latex=r"P_{\mathrm{rel}}", colour="tissue"
    ),
    *(Output(f"a_{x}", label, "cell/mm^2/day", latex=rf"a_{{{x}}}") for x, label in _DYING.items()),
)


def _skin_states(start: dict[str, float]) -> tuple[State, ...]:
    return tuple(
        State(
            symbol,
            label,
            unit,
            start[symbol],
            latex=_LATEX.get(symbol, ""),
            colour="tissue" if symbol in ("SC", "TA", "D", "A") else "immune",
        )
        for symbol, label, unit in _PSORIASIS_STATES
    )


def _settled(what: str, **overrides: float):
    """Return the measure 'value in the long run'."""
    return lambda m: m.simulate([0.0, _LONG], **overrides)[what][-1]


_PUSH = {"sigma": 6000.0, "t_on": 0.0, "d": 7.0}
_REST = {"sigma": 0.0}


def _border_push(days: float):
    """Return the smallest push, strength times length, that makes psoriasis."""

    def measure(m: Model) -> float:
        from hardwired.models.analysis.bifurcation import threshold

        def ill(sigma: np.ndarray) -> np.ndarray:
            run = m.simulate([0.0, 500.0], rtol=1e-5, sigma=sigma, t_on=0.0, d=days)
            return run["P_rel"][:, -1] > 0.3

        return days * threshold(ill, 6000 / days, 7500 / days, tolerance=50 / days)

    return measure


def _lost_health(m: Model) -> float:
    """Return the permanent push at which the healthy state meets the unstable one and both go."""
    from hardwired.models.analysis.bifurcation import continuation

    lasting = {"t_on": 0.0, "d": 1e12, "sigma": 0.0}
    on = {"d0": 1880.0, **lasting}
    branch = continuation(m, "d0", HEALTHY, 1800.0, 2000.0, step=0.005, **on)
    return next(p.parameter for p in branch.special if p.kind == "fold") - 1880.0


def _unstable_middle(m: Model) -> float:
    from hardwired.models.analysis.steady import steady_states

    upper = [2 * PSORIATIC[s.symbol] for s in m.states]
    found = steady_states(m, tries=60, upper=upper, **_REST)
    between = (s for s in found if 1600 < s.values["T"] < 4700 and min(s.values.values()) > 1)
    return next(s.values["T"] for s in between if not s.stable)


PSORIASIS = Model(
    name="skin-psoriasis",
    title="Skin with two stable states, healthy and psoriatic",
    kind="ODE",
    time=Axis("time", "day", 0, 300),
    states=_skin_states(HEALTHY),
    parameters=(
        Parameter(
            "sigma",
            "push: extra dendritic cells",
            6000.0,
            "cell/mm^2/day",
            500.0,
            10000.0,
            SHMAROV,
            "seen",
            "a script of the authors tries 7, 4 and 1 days; that stress pushes is our assumption",
        ),
        Parameter("d", "length of the push", 4.0, "day", 0.5, 30.0, SHMAROV),
        Parameter("t_on", "day on which the push begins", 20.0, "day", source="", status="assumed"),
        *_PSORIASIS_CONSTANTS,
    ),
    equations=_PSORIASIS_EQUATIONS
    + """
    s = sigma*(after(t_on) - after(t_on + d))
    a_DC = a_b*DC
    a_T = a_b*T
    a_SC = a_b*SC
    a_TA = a_b*TA
    """,
    outputs=(*_PSORIASIS_OUTPUTS, Output("s", "push on dendritic cells", "cell/mm^2/day")),
    plot=("T", "P_rel"),
    marks=(Mark("T", 300.0, 4783.0, "psoriatic state of the published file", SHMAROV),),
    paper=(SHMAROV,),
    leaves_out=(
        "Itch, nerves, depth, vessels, neutrophils and the person. Stress is not in the published "
        "model: that it pushes dendritic cells for a while is this book's assumption, and its size "
        "is unknown."
    ),
    scenarios={
        "4 days of push": {},
        "1 day of push": {"d": 1.0},
        "half the push": {"sigma": 3000.0, "d": 2.0},
    },
    targets=(
        *(
            Target(
                f"{label} in {name} skin",
                value,
                0.001,
                "published-model-file",
                _MODEL_FILE,
                _settled(symbol, **(_REST if name == "healthy" else _PUSH)),
                "cell/mm^2",
                relative=True,
            )
            for name, symbol, label, value in (
                ("healthy", "T", "T cells", 1556.09),
                ("healthy", "DC", "dendritic cells", 1563.06),
                ("healthy", "D", "differentiated cells", 50529.3),
                ("healthy", "N", "all cells", 79828.0),
                ("psoriatic", "T", "T cells", 4783.0),
                ("psoriatic", "DC", "dendritic cells", 4804.0),
                ("psoriatic", "D", "differentiated cells", 173504.0),
                ("psoriatic", "N", "all cells", 266011.65),
            )
        ),
        Target(
            "T cells in the unstable state between",
            1897.0,
            0.001,
            "own-run",
            SHMAROV,
            _unstable_middle,
            "cell/mm^2",
            relative=True,
        ),
        *(
            Target(
                f"disease after a push of {days:g} days at 6000 a day",
                end,
                0.001,
                "own-run",
                SHMAROV,
                _settled("P_rel", sigma=6000.0, t_on=0.0, d=days),
            )
            for days, end in ((7.0, 1.0), (4.0, 1.0), (1.0, 0.0))
        ),
        Target(
            "smallest push of 7 days that makes psoriasis, in cells",
            6713.0,
            0.02,
            "own-run",
            SHMAROV,
            _border_push(7.0),
            "cell/mm^2",
            relative=True,
        ),
        Target(
            "lasting push that takes health away",
            27.0,
            0.01,
            "own-run",
            SHMAROV,
            _lost_health,
            "cell/mm^2/day",
            relative=True,
        ),
    ),
)


def _course() -> tuple[Event, ...]:
    """Return the events of a course: the lamp acts for a day from each dose on."""
    events = []
    for day, dose in zip(UVB_DAYS, UVB_DOSES, strict=True):
        events.append(Event("dose", f"t_uv + {day:g}*one_day", {"u": f"{dose:g}*lamp"}))
        events.append(Event("a day later", f"t_uv + {day + 1:g}*one_day", {"u": 0.0}))
    return tuple(events)


def _after_course(what_day: float, **overrides: float):
    return lambda m: m.simulate([0.0, what_day], t_uv=0.0, **overrides)["P_rel"][-1]


PHOTOTHERAPY = Model(
    name="skin-phototherapy",
    title="Ultraviolet light clears a plaque, for good or for a while",
    kind="ODE",
    time=Axis("time", "day", 0, 500),
    states=_skin_states(PSORIATIC),
    parameters=(
        _file("epsilon", "sensitivity to the light", 0.16, "cm^2/J/day", 0.03, 0.3),
        Parameter(
            "lamp",
            "strength of the course",
            1.0,
            "J/cm^2",
            0.3,
            1.5,
            SHMAROV,
            "seen",
            "1: as filed",
        ),
        Parameter("t_uv", "day of the first dose", 20.0, "day", source="", status="assumed"),
        _file("u", "dose that acts now", 0.0, "J/cm^2", note="set by the course"),
        Parameter("one_day", "a day", 1.0, "day", source="", status="assumed"),
        _file("T_min", "T cells that light leaves", 1556.09, "cell/mm^2"),
        _file("DC_min", "dendritic cells that light leaves", 1563.06, "cell/mm^2"),
        _file("SC_min", "stem cells that light leaves", 3947.21, "cell/mm^2"),
        _file("TA_min", "dividing cells that light leaves", 22224.4, "cell/mm^2"),
        *_PSORIASIS_CONSTANTS,
    ),
    equations=_PSORIASIS_EQUATIONS.replace(" + s ", " ")
    + """
    a_DC = u*epsilon*(DC - DC_min) + a_b*DC
    a_T = u*epsilon*(T - T_min) + a_b*T
    a_SC = u*epsilon*(SC - SC_min) + a_b*SC
    a_TA = u*epsilon*(TA - TA_min) + a_b*TA
    """,
    outputs=_PSORIASIS_OUTPUTS,
    events=_course(),
    plot=("P_rel",),
    paper=(SHMAROV,),
    leaves_out=(
        "Burns, tanning, the arrest of cell division (switched off as in the published file) and "
        "differences between patients other than one sensitivity."
    ),
    scenarios={
        "cleared for good": {},
        "half cleared, then back": {"epsilon": 0.04},
    },
    targets=tuple(
        Target(
            f"disease {text}, sensitivity {epsilon:g}",
            value,
            0.02,
            "own-run",
            SHMAROV,
            _after_course(day, epsilon=epsilon),
        )
        for epsilon, text, day, value in (
            (0.16, "after 25 doses", 57.0, 0.029),
            (0.10, "after 25 doses", 57.0, 0.055),
            (0.06, "after 25 doses", 57.0, 0.192),
            (0.04, "after 25 doses", 57.0, 0.53),
            (0.06, "400 days later", 457.0, 0.0),
            (0.04, "400 days later", 457.0, 1.0),
        )
    ),
)


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
    from scipy.optimize import brentq

    wanted = u if glands_adapt else math.sqrt(u)
    return float(brentq(lambda x: x * (1 + (x / 4) ** 3) - wanted, 0.0, wanted + 1.0, xtol=1e-12))


_X3 = 0.985275
"""Cortisol at baseline: the root of x (1 + (x/4)^3) = 1."""
_FIXED = {"h_P": 1e12, "h_A": 1e12}
_MINUTE = 1 / 1440


def _gland_steady(u: float, **overrides: float):
    return lambda m: m.simulate([0.0, 3000.0], u_s=u, t_on=0.0, t_off=1e9, **overrides)["x3"][-1]


def _half_hour(m: Model):
    t = np.arange(0, 400.25, 0.25)
    run = m.simulate(t * _MINUTE, t_on=0.0, t_off=30 * _MINUTE)
    return t, run["x2"] / run["x2"][0], run["x3"] / run["x3"][0]


def _half_hour_peak(which: int, what: str):
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


def _aftermath(m: Model, **overrides: float):
    """Return days since a stress of 60 days, ACTH and cortisol, both beside baseline."""
    run = m.simulate(np.arange(0.0, 401.0, 0.25), t_on=0.0, t_off=60.0, **overrides)
    keep = run.t >= 61
    return run.t[keep] - 60, run["x2"][keep] / run["x2"][0], run["x3"][keep] / run["x3"][0]


def _at_day_30(which: int):
    def measure(m: Model) -> float:
        t, *curves = _aftermath(m)
        return float(curves[which][t == 30][0])

    return measure


def _recovered(**overrides: float):
    """Return the day from which ACTH and cortisol stay within 5 per cent of baseline."""

    def measure(m: Model) -> float:
        t, x2, x3 = _aftermath(m, **overrides)
        away = (np.abs(x2 - 1) > 0.05) | (np.abs(x3 - 1) > 0.05)
        return float(t[np.flatnonzero(away)[-1] + 1])

    return measure


def _acth_minimum(what: str):
    def measure(m: Model) -> float:
        t, x2, _ = _aftermath(m)
        k = int(np.argmin(x2))
        return float(t[k] if what == "time" else x2[k])

    return measure


GLANDS = Model(
    name="skin-growing-glands",
    title="The stress axis with glands that grow",
    kind="ODE",
    time=Axis("time", "day", 0, 180),
    states=(
        State("x1", "CRH (baseline 1)", "", 1.0),
        State("x2", "ACTH (baseline 1)", "", 1.0, colour="nerve"),
        State("x3", "cortisol (relative)", "", _X3, colour="hormone"),
        State("P", "mass of ACTH-making cells (relative)", "", 1 / _X3),
        State("A", "mass of the adrenal cortex (relative)", "", _X3),
    ),
    parameters=(
        Parameter("u_s", "stress (baseline 1)", 5.0, "", 0.5, 10.0, "", "assumed"),
        Parameter("t_on", "day on which stress begins", 20.0, "day", source="", status="assumed"),
        Parameter(
            "t_off",
            "day on which stress ends",
            80.0,
            "day",
            21.0,
            140.0,
            source="",
            status="assumed",
        ),
        Parameter("h_P", "half-time of ACTH-making cells", 7.0, "day", 4.0, 40.0, KARIN),
        Parameter("h_A", "half-time of the adrenal cortex", 14.0, "day", 7.0, 60.0, KARIN),
        Parameter("h_1", "half-life of CRH", 4.0, "minute", source=KARIN),
        Parameter("h_2", "half-life of ACTH", 20.0, "minute", source=KARIN),
        Parameter("h_3", "half-life of cortisol", 80.0, "minute", source=KARIN),
        Parameter("K_GR", "cortisol at half of the receptor's brake", 4.0, "", 1.5, 10.0, KARIN),
        Parameter(
            "C", "largest mass of a gland", 1e6, "", 2.0, 1e6, KARIN, note="no limit", log=True
        ),
        Parameter(
            "m_d",
            "minutes in a day",
            1440.0,
            "minute/day",
            source=KARIN,
            status="computed",
            note="24 times 60",
        ),
    ),
    equations="""
        x1' = log(2)*m_d/h_1*(u/x3*hill_down(x3, K_GR, 3) - x1)
        x2' = log(2)*m_d/h_2*(x1*P*hill_down(x3, K_GR, 3) - x2)
        x3' = log(2)*m_d/h_3*(x2*A - x3)
        P' = log(2)/h_P*P*(x1*(1 - P/C) - 1)
        A' = log(2)/h_A*A*(x2*(1 - A/C) - 1)
        u = 1 + (u_s - 1)*(after(t_on) - after(t_off))
    """,
    outputs=(Output("u", "stress that acts now", ""),),
    plot=("x2", "x3", "P", "A"),
    paper=(KARIN, MILO),
    leaves_out=(
        "The daily rhythm, pulses, the immune system, and whatever makes cortisol low: under "
        "lasting stress the model gives more cortisol, where patients with psoriasis who live with "
        "daily stressors have less."
    ),
    scenarios={
        "60 days of stress": {},
        "30 minutes of stress": {"t_on": 20.0, "t_off": 20.0208333},
        "glands that hardly grow": {"h_P": 1e5, "h_A": 1e5},
        "slower glands": {"h_P": 20.0, "h_A": 30.0},
    },
    targets=(
        *(
            Target(
                f"steady cortisol at stress {u:g}, glands {'adapted' if adapt else 'fixed'}",
                value,
                0.001,
                "closed-form",
                "x (1 + (x/4)^3) = u, or its root with fixed glands",
                _gland_steady(u, **({} if adapt else _FIXED)),
            )
            for u, adapt, value in (
                (1.0, True, 0.985),
                (2.0, True, 1.826),
                (5.0, True, 3.252),
                (10.0, True, 4.359),
                (2.0, False, 1.361),
                (5.0, False, 1.991),
                (10.0, False, 2.526),
            )
        ),
        *(
            Target(
                f"{what} of the peak of {name} after 30 minutes of stress",
                value,
                0.02,
                "own-run",
                KARIN,
                _half_hour_peak(which, what),
                unit,
                relative=True,
            )
            for which, name, what, value, unit in (
                (0, "ACTH", "height", 3.1, ""),
                (0, "ACTH", "time", 32.0, "minute"),
                (1, "cortisol", "height", 1.54, ""),
                (1, "cortisol", "time", 67.0, "minute"),
            )
        ),
        Target(
            "half of the extra cortisol is gone",
            137.0,
            0.02,
            "own-run",
            KARIN,
            _half_hour_half,
            "minute",
            relative=True,
        ),
        Target("cortisol 30 days after stress", 1.09, 0.02, "own-run", KARIN, _at_day_30(1)),
        Target("ACTH 30 days after stress", 0.61, 0.02, "own-run", KARIN, _at_day_30(0)),
        Target("lowest ACTH after stress", 0.58, 0.01, "own-run", KARIN, _acth_minimum("height")),
        Target("day of the lowest ACTH", 19.0, 1.0, "own-run", KARIN, _acth_minimum("time"), "day"),
        Target(
            "days to recovery within 5 per cent",
            86.0,
            0.05,
            "own-run",
            KARIN,
            _recovered(),
            "day",
            relative=True,
        ),
        Target(
            "days to recovery with slower glands",
            197.0,
            0.05,
            "own-run",
            MILO,
            _recovered(h_P=20.0, h_A=30.0),
            "day",
            relative=True,
        ),
    ),
)

_K0 = 0.178
"""Rate per hour at which 30 per cent recover in two hours."""


def share_of_speed(recovered: float, recovered_stressed: float) -> float:
    """Return what stress leaves of the speed of repair, from the shares recovered in one time.

    The ratio of two exponential rates, ``ln(1 - R_s)/ln(1 - R_0)``.
    """
    return math.log1p(-recovered_stressed) / math.log1p(-recovered)


RELATIVE_READING = round(share_of_speed(0.30, 0.27), 6)
"""Share of the speed if 10 per cent means a tenth of the recovery."""
POINTS_READING = round(share_of_speed(0.30, 0.20), 6)
"""Share of the speed if 10 per cent means ten points."""


def _half_time(m: Model, *, rho: float) -> float:
    return m.simulate([0.0], rho=rho)["t_half"][0]


def _recovered_at_2_hours(**overrides: float):
    return lambda m: m.simulate([0.0, 2.0], **overrides)["R"][-1]


BARRIER = Model(
    name="skin-barrier",
    title="The barrier recovers after tape stripping",
    kind="ODE",
    time=Axis("time", "hour", 0, 24),
    states=(State("W", "water lost beyond normal", "g/m^2/hour", "W0"),),
    parameters=(
        Parameter(
            "W0", "extra water loss after stripping", 30.0, "g/m^2/hour", 10.0, 55.0, "", "assumed"
        ),
        Parameter(
            "k0",
            "speed of repair without stress",
            _K0,
            "1/hour",
            0.05,
            0.4,
            "",
            "assumed",
            "30 per cent recovered in 2 hours",
        ),
        Parameter(
            "rho",
            "share of the speed that stress leaves",
            1.0,
            "",
            0.5,
            1.0,
            ROBLES,
            "computed",
            "0.88 if the delay of 10 per cent is relative, 0.63 if it is in points",
        ),
        Parameter(
            "beta",
            "brake by cortisol",
            0.0,
            "",
            0.0,
            1.0,
            "",
            "assumed",
            "a guess that the study speaks against: 0 switches it off",
        ),
        Parameter("c", "cortisol (baseline 1)", 1.0, "", 1.0, 3.0, "", "assumed"),
    ),
    equations="""
        W' = -k*W
        k = rho*k0/(1 + beta*(c - 1))
        R = 1 - W/W0
        t_half = log(2)/k
    """,
    outputs=(
        Output("k", "speed of repair", "1/hour"),
        Output("R", "share recovered", "", colour="tissue"),
        Output("t_half", "half-time of repair", "hour", latex="t_{1/2}"),
    ),
    plot=("R",),
    paper=(ROBLES,),
    teaching=(
        "Built for this book on one published difference: a single exponential, whose speed "
        "without stress is assumed. The study found no link between a person's cortisol and the "
        "delay, so the brake by cortisol is off."
    ),
    leaves_out=(
        "The second, slower phase of recovery, lipids and layers, and who the people are; the "
        "study's 10 per cent can be read in two ways, and the model shows how far apart they lie."
    ),
    scenarios={
        "without stress": {},
        "10 per cent of the recovery": {"rho": RELATIVE_READING},
        "10 points": {"rho": POINTS_READING},
        "a wrong mediator": {"beta": 0.27, "c": 1.5},
    },
    targets=(
        *(
            Target(
                f"recovered in 2 hours, {text}",
                value,
                0.001,
                "calibrated",
                ROBLES,
                _recovered_at_2_hours(rho=rho),
            )
            for text, rho, value in (
                ("without stress", 1.0, 0.30),
                ("10 per cent of the recovery less", RELATIVE_READING, 0.27),
                ("10 points less", POINTS_READING, 0.20),
            )
        ),
        *(
            Target(
                f"half-time, {text}",
                value,
                0.05,
                "closed-form",
                "ln(2)/k",
                partial(_half_time, rho=rho),
                "hour",
            )
            for text, rho, value in (
                ("without stress", 1.0, 3.9),
                ("10 per cent of the recovery less", RELATIVE_READING, 4.4),
                ("10 points less", POINTS_READING, 6.2),
            )
        ),
    ),
)


def _median(which: str, **overrides: float):
    return lambda m: m.simulate([1.0], **overrides)[which][0]


CLEARING = Model(
    name="skin-clearing",
    title="Worry and the time to clear under light treatment",
    kind="statistical",
    time=Axis("time", "day", 0, 150),
    parameters=(
        Parameter(
            "h",
            "hazard of clearing, low worry over high",
            1.81,
            "",
            1.13,
            2.9,
            FORTUNE,
            "seen",
            "95 per cent interval 1.13 to 2.90",
        ),
        Parameter("gap", "difference of the medians", 19.0, "day", 5.0, 40.0, FORTUNE),
        Parameter("kappa", "shape (1: constant hazard)", 1.0, "", 0.7, 4.0, "", "assumed"),
    ),
    equations="""
        S_0 = exp(-log(2)*(t/m_0)**kappa)
        S_1 = exp(-log(2)*(t/m_1)**kappa)
        m_0 = gap/(h**(1/kappa) - 1)
        m_1 = m_0 + gap
    """,
    outputs=(
        Output("S_0", "share not yet clear, low worry", "", colour="tissue"),
        Output("S_1", "share not yet clear, high worry", "", colour="mind"),
        Output("m_0", "median time to clear, low worry", "day"),
        Output("m_1", "median time to clear, high worry", "day"),
    ),
    plot=("S_0", "S_1"),
    paper=(FORTUNE,),
    leaves_out=(
        "The patients: the ratio of hazards and the gap between the medians are published, the "
        "medians were not seen, and the shape that fixes them is assumed."
    ),
    scenarios={"constant hazard": {}, "rising hazard": {"kappa": 2.0}},
    targets=(
        *(
            Target(
                f"median time to clear, {text} worry, shape {kappa:g}",
                value,
                0.5,
                "closed-form",
                "m_1/m_0 is h to the power of 1/kappa",
                _median(which, kappa=kappa),
                "day",
            )
            for text, which, kappa, value in (
                ("low", "m_0", 1.0, 23.5),
                ("high", "m_1", 1.0, 42.5),
                ("low", "m_0", 2.0, 55.0),
                ("high", "m_1", 2.0, 74.0),
            )
        ),
        Target(
            "difference of the medians",
            19.0,
            1e-9,
            "calibrated",
            FORTUNE,
            lambda m: _median("m_1")(m) - _median("m_0")(m),
            "day",
        ),
    ),
)
