"""Chapter 5: a wound that closes from its margin, its macrophages, and how long healing takes."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from hardwired.evidence import power, significance
from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Event, Mark, Output, Results, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

KIECOLT = "kiecolt1995slowing"
WAUGH = "waugh2006macrophage"


def _area_left(m: Model) -> float:
    run = m.simulate([0.0, 39.3 / 2])
    return float(run["A"][1] / run["A"][0])


CARERS = 1 - 39.3 / 48.7
"""The stress factor that turns 39.3 into 48.7 days."""
EXAMINATIONS = 1 - 1 / 1.40

MARGIN = Model(
    name="wounds-margin",
    title="A round wound closes from its margin",
    kind="ODE",
    time=Axis("time", "day", 0, 56),
    states=(State("r", "radius of the open wound", "mm", "r0"),),
    parameters=parameters("wounds-margin"),
    equations="""
        r' = -v*(after(t_lag) - after(T))
        v = v0*(1 - sigma)
        T = t_lag + r0/v
        A = pi*r**2
    """,
    outputs=(
        Output("v", "speed of the margin", "mm/day"),
        Output("T", "time to closure", "day"),
        Output("A", "open area", "mm^2", colour="tissue"),
    ),
    plot=("A",),
    marks=(
        Mark("A", 39.3, 0.0, "controls healed: mean and standard error", KIECOLT, 36.3, 42.3),
        Mark("A", 48.7, 0.0, "carers healed: mean and standard error", KIECOLT, 45.8, 51.6),
    ),
    paper=("cukjati2001reliable", KIECOLT),
    leaves_out=(
        "Everything inside the wound: a constant speed stands for clotting, inflammation, "
        "migration and contraction together, and the end point of the study was an absence of "
        "foam, not a closed skin."
    ),
    scenarios={
        "controls": {},
        "carers": {"sigma": CARERS},
        "palate, holidays": {"v0": 1.75 / 7.5},
        "palate, examinations": {"v0": 1.75 / 7.5, "sigma": EXAMINATIONS},
    },
    targets=(
        Target(
            "time to closure, controls", 39.3, 0.1, "calibrated", KIECOLT, at("T", 0.0), unit="day"
        ),
        Target(
            "time to closure, carers",
            48.7,
            0.1,
            "calibrated",
            KIECOLT,
            at("T", 0.0, sigma=CARERS),
            unit="day",
        ),
        Target(
            "ratio of times, carers",
            1.24,
            0.01,
            "calibrated",
            KIECOLT,
            lambda m: at("T", 0.0, sigma=CARERS)(m) / at("T", 0.0)(m),
        ),
        Target(
            "ratio of times, examinations",
            1.40,
            0.01,
            "calibrated",
            "marucha1998mucosal",
            lambda m: at("T", 0.0, sigma=EXAMINATIONS)(m) / at("T", 0.0)(m),
        ),
        Target(
            "share of the area left at half time", 0.25, 1e-6, "closed-form", "(1/2)**2", _area_left
        ),
        Target(
            "days to heal on the palate, from the speed of another study",
            7.0,
            1.0,
            "printed",
            "bosch2007depressive",
            at("T", 0.0, v0=1.75 / 7.5),
            unit="day",
        ),
    ),
)


MACROPHAGES = Model(
    name="wounds-macrophages",
    title="Inflammatory and repair macrophages in a wound",
    kind="ODE",
    time=Axis("time", "day", 0, 60),
    states=(
        State("phi_I", "inflammatory macrophages", "cell/mm^3", 200.0, colour="immune"),
        State("phi_R", "repair macrophages", "cell/mm^3", 200.0, colour="tissue"),
        State("T", "transforming growth factor beta", "pg/mm^3", 6.0),
    ),
    parameters=parameters("wounds-macrophages"),
    equations="""
        phi_I' = alpha*K + k1*k2*phi_I*(1 - k3*(phi_I + phi_R)) - d1*phi_I
        phi_R' = (1 - alpha)*K + k1*k2*phi_R*(1 - k3*(phi_I + phi_R)) - d1*phi_R
        T' = k4*phi_I - d2*T
        K = tau1*T**3 + tau2*T**2 + tau3*T + tau4
    """,
    outputs=(Output("K", "recruitment of macrophages", "cell/mm^3/day"),),
    events=(Event("treatment", "t_treat", {"alpha": "alpha_treated"}),),
    plot=("phi_I", "phi_R"),
    paper=(WAUGH,),
    leaves_out=(
        "Bacteria, debris, neutrophils, fibroblasts and nerves; stress has no term of its own, so "
        "a share alpha or a departure d1 moved by stress is a reading of ours."
    ),
    scenarios={
        "diabetic": {},
        "normal": {"alpha": 0.5},
        "treated on day 22": {"t_treat": 22.0},
    },
    targets=(
        Target(
            "recruitment at the start",
            296.53,
            0.01,
            "published-model-file",
            WAUGH,
            lambda m: m.simulate([0.0])["K"][0],
            unit="cell/mm^3/day",
        ),
    ),
)


def _times_to_heal(t: np.ndarray, p: dict[str, float], rng: np.random.Generator) -> Results:
    """Log-normal times to heal from two group means, Welch's test and its power.

    The power is that of the two-sided two-sample t test for the standardised difference.
    """
    result: dict[str, np.ndarray | float] = {}
    for letter, group in (("0", "control"), ("s", "carer")):
        mean, sd = p[f"m_{group}"], p[f"sd_{group}"]
        omega2 = math.log(1 + (sd / mean) ** 2)
        mu = math.log(mean) - omega2 / 2
        with np.errstate(divide="ignore"):
            z = (np.log(np.maximum(t, 0.0)) - mu) / math.sqrt(omega2)
        result["S" if letter == "0" else "S_s"] = stats.norm.sf(z)
    n = round(p["n"])
    arms = (p["m_carer"], p["sd_carer"], n, p["m_control"], p["sd_control"], n)
    welch = significance.t_test(*arms, pooled=False)
    pooled = math.sqrt((p["sd_carer"] ** 2 + p["sd_control"] ** 2) / 2)
    d = p["share"] * (p["m_carer"] - p["m_control"]) / pooled
    return {
        **result,
        "welch_t": welch.statistic,
        "p_value": welch.p,
        "d": d,
        "power": power.t_test(d, n),
    }


TIME_TO_HEAL = Model(
    name="wounds-time-to-heal",
    title="How long wounds take to heal, and how many people show a delay",
    kind="statistical",
    time=Axis("time", "day", 1, 90),
    parameters=parameters("wounds-time-to-heal"),
    outputs=(
        Output("S", "share of controls' wounds still open", ""),
        Output("S_s", "share of carers' wounds still open", ""),
        Output("d", "standardised difference", ""),
        Output("welch_t", "Welch's t", ""),
        Output("p_value", "two-sided p", ""),
        Output("power", "power at 5 per cent", ""),
    ),
    run=_times_to_heal,
    formula=r"""\begin{aligned}
S(t) &= 1 - \Phi\left(\frac{\ln t - \mu}{\omega}\right) \\
\omega^{2} &= \ln\left(1 + \frac{\mathrm{SD}^{2}}{m^{2}}\right),\quad
\mu = \ln m - \frac{\omega^{2}}{2}
\end{aligned}""",
    plot=("S", "S_s"),
    paper=(KIECOLT,),
    leaves_out=(
        "The people: only group means and standard errors are known, the log-normal shape is "
        "assumed, and no wound is lost to follow-up."
    ),
    targets=(
        Target(
            "Welch's t",
            9.4 / math.hypot(3.0, 2.9),
            1e-9,
            "closed-form",
            "difference of the means over the root of the summed squares of their errors",
            at("welch_t", 42.0),
        ),
        Target(
            "standardised difference",
            9.4 / math.sqrt(13 * (3.0**2 + 2.9**2) / 2),
            1e-9,
            "closed-form",
            "difference of the means over the root of the mean variance",
            at("d", 42.0),
        ),
        Target(
            "power without a true difference",
            0.05,
            1e-6,
            "closed-form",
            "the level of the test",
            at("power", 42.0, share=0.0),
        ),
    ),
)

MODELS = (MARGIN, MACROPHAGES, TIME_TO_HEAL)
