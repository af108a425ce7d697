"""Chapter 5: a wound that closes from its margin, its macrophages, and how long healing takes."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats

from hardwired.models.declaration import Axis, Event, Mark, Output, Parameter, State, Target
from hardwired.models.model import Model

KIECOLT = "kiecolt1995slowing"
WAUGH = "waugh2006macrophage"


def _closing(**overrides: float):
    """Return the measure 'time to closure' of the margin model."""
    return lambda m: m.simulate([0.0], **overrides)["T"][0]


def _area_left(m: Model) -> float:
    run = m.simulate([0.0, 39.3 / 2])
    return run["A"][1] / run["A"][0]


CARERS = 1 - 39.3 / 48.7
"""The stress factor that turns 39.3 into 48.7 days."""
EXAMINATIONS = 1 - 1 / 1.40

MARGIN = Model(
    name="wounds-margin",
    title="A round wound closes from its margin",
    kind="ODE",
    time=Axis("time", "day", 0, 56),
    states=(State("r", "radius of the open wound", "mm", "r0"),),
    parameters=(
        Parameter(
            "r0",
            "radius of the fresh wound",
            1.75,
            "mm",
            1,
            4,
            KIECOLT,
            "seen",
            "half of a 3.5 mm punch",
        ),
        Parameter(
            "v0",
            "speed of the margin without stress",
            1.75 / 39.3,
            "mm/day",
            0.02,
            0.3,
            KIECOLT,
            "computed",
            "1.75 mm in 39.3 days",
        ),
        Parameter(
            "sigma",
            "share of the speed that stress takes",
            0.0,
            "",
            0,
            0.6,
            KIECOLT,
            "computed",
            "0 for controls; 1 - 39.3/48.7 = 0.193 for carers",
        ),
        Parameter("t_lag", "days before the margin moves", 0.0, "day", 0, 10, "", "assumed"),
    ),
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
            "time to closure, controls", 39.3, 0.1, "calibrated", KIECOLT, _closing(), unit="day"
        ),
        Target(
            "time to closure, carers",
            48.7,
            0.1,
            "calibrated",
            KIECOLT,
            _closing(sigma=CARERS),
            unit="day",
        ),
        Target(
            "ratio of times, carers",
            1.24,
            0.01,
            "calibrated",
            KIECOLT,
            lambda m: _closing(sigma=CARERS)(m) / _closing()(m),
        ),
        Target(
            "ratio of times, examinations",
            1.40,
            0.01,
            "calibrated",
            "marucha1998mucosal",
            lambda m: _closing(sigma=EXAMINATIONS)(m) / _closing()(m),
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
            _closing(v0=1.75 / 7.5),
            unit="day",
        ),
    ),
)


def _macrophages(day: float, state: str, **overrides: float):
    return lambda m: m.simulate([0.0, day], **overrides)[state][-1]


def _switch_point(m: Model) -> float:
    """Return the alpha above which the standard wound stays inflamed."""
    from hardwired.models.analysis.bifurcation import threshold

    def inflamed(alpha: np.ndarray) -> np.ndarray:
        return m.simulate([0.0, 1500.0], alpha=alpha)["phi_I"][:, -1] > 100

    return threshold(inflamed, 0.5, 0.8, tolerance=1e-4)


def _resolution(m: Model, **overrides: float) -> float:
    """Return the first day with fewer than 100 macrophages per cubic millimetre."""
    t = np.linspace(0, 60, 6001)
    run = m.simulate(t, **overrides)
    total = run["phi_I"] + run["phi_R"]
    k = int(np.argmax(total < 100))
    return float(np.interp(-100, -total[k - 1 : k + 1], t[k - 1 : k + 1]))


_PER_CUBE = "cell/mm^3/day/(pg/mm^3)"

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
    parameters=(
        Parameter("alpha", "share of newcomers that turn inflammatory", 0.8, "", 0.2, 0.9, WAUGH),
        Parameter("alpha_treated", "the same after treatment", 0.2, "", 0.1, 0.8, WAUGH),
        Parameter(
            "t_treat",
            "day on which treatment starts",
            math.inf,
            "day",
            5,
            60,
            WAUGH,
            "seen",
            "22 in the treated run; never otherwise",
        ),
        Parameter("k1", "share of macrophages that divide", 0.05, "", 0.02, 0.1, WAUGH),
        Parameter("k2", "rate of division", 0.693, "1/day", 0.3, 1.2, WAUGH),
        Parameter("k3", "crowding", 0.002, "mm^3/cell", 0.001, 0.004, WAUGH),
        Parameter(
            "k4",
            "growth factor made by an inflammatory macrophage",
            0.07,
            "pg/cell/day",
            0.03,
            0.14,
            WAUGH,
        ),
        Parameter("d1", "departure and death of macrophages", 0.2, "1/day", 0.15, 0.3, WAUGH),
        Parameter("d2", "decay of the growth factor", 9.1, "1/day", 5, 15, WAUGH),
        Parameter("tau1", "recruitment, cubic term", -2.47, f"{_PER_CUBE}^3", source=WAUGH),
        Parameter("tau2", "recruitment, square term", 21.94, f"{_PER_CUBE}^2", source=WAUGH),
        Parameter("tau3", "recruitment, linear term", 6.41, _PER_CUBE, source=WAUGH),
        Parameter("tau4", "recruitment without growth factor", 1.75, "cell/mm^3/day", source=WAUGH),
    ),
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
        *(
            Target(
                f"{state} in the long run, alpha {alpha}",
                value,
                0.001,
                "own-run",
                WAUGH,
                _macrophages(2000.0, state, alpha=alpha),
                relative=True,
            )
            for alpha, state, value in (
                (0.8, "phi_I", 905.77),
                (0.8, "phi_R", 226.44),
                (0.8, "T", 6.967),
                (0.5, "phi_I", 6.365),
                (0.5, "phi_R", 6.365),
                (0.5, "T", 0.0490),
            )
        ),
        *(
            Target(
                f"phi_I on day {day}",
                value,
                0.005,
                "own-run",
                WAUGH,
                _macrophages(day, "phi_I"),
                relative=True,
            )
            for day, value in ((5.0, 292.7), (10.0, 476.4), (20.0, 899.7))
        ),
        Target(
            "phi_I on day 40, treated on day 22",
            55.7,
            0.005,
            "own-run",
            WAUGH,
            _macrophages(40.0, "phi_I", t_treat=22.0),
            relative=True,
        ),
        Target(
            "phi_R on day 40, treated on day 22",
            150.4,
            0.005,
            "own-run",
            WAUGH,
            _macrophages(40.0, "phi_R", t_treat=22.0),
            relative=True,
        ),
        Target(
            "alpha that keeps the wound inflamed", 0.6605, 0.001, "own-run", WAUGH, _switch_point
        ),
        Target(
            "days to resolution, alpha 0.5",
            18.67,
            0.02,
            "own-run",
            WAUGH,
            lambda m: _resolution(m, alpha=0.5),
            unit="day",
        ),
    ),
)


def _open_share(day: float, **overrides: float):
    return lambda m: m.simulate([day], **overrides)["S"][0]


def _power(m: Model, **overrides: float) -> float:
    return m.simulate([42.0], **overrides)["power"][0]


def _times_to_heal(t: np.ndarray, p: dict[str, float], rng: np.random.Generator) -> dict:
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
    n = p["n"]
    welch = stats.ttest_ind_from_stats(
        p["m_carer"], p["sd_carer"], n, p["m_control"], p["sd_control"], n, equal_var=False
    )
    pooled = math.sqrt((p["sd_carer"] ** 2 + p["sd_control"] ** 2) / 2)
    d = p["share"] * (p["m_carer"] - p["m_control"]) / pooled
    power = _t_test_power(d, n)
    return {**result, "welch_t": welch.statistic, "p_value": welch.pvalue, "d": d, "power": power}


def _t_test_power(d: float, n: float) -> float:
    """Return the power of a two-sided two-sample t test at 5 per cent, `n` people a group.

    The normal tail is averaged over the pooled variance, because SciPy's non-central t gives no
    number for large differences.
    """
    df, shift = 2 * n - 2, d * math.sqrt(n / 2)
    nodes, weights = np.polynomial.legendre.leggauss(200)
    spread = np.sqrt(stats.chi2.ppf((nodes + 1) / 2, df) / df)
    critical = stats.t.ppf(0.975, df) * spread
    tails = stats.norm.cdf(shift - critical) + stats.norm.cdf(-shift - critical)
    return float(weights @ tails / 2)


TIME_TO_HEAL = Model(
    name="wounds-time-to-heal",
    title="How long wounds take to heal, and how many people show a delay",
    kind="statistical",
    time=Axis("time", "day", 1, 90),
    parameters=(
        Parameter("m_control", "mean time to heal, controls", 39.3, "day", 20, 60, KIECOLT),
        Parameter(
            "sd_control",
            "its standard deviation",
            3.0 * math.sqrt(13),
            "day",
            5,
            20,
            KIECOLT,
            "computed",
            "standard error 3.0 times the root of 13",
        ),
        Parameter("m_carer", "mean time to heal, carers", 48.7, "day", 20, 80, KIECOLT),
        Parameter(
            "sd_carer",
            "its standard deviation",
            2.9 * math.sqrt(13),
            "day",
            5,
            20,
            KIECOLT,
            "computed",
            "standard error 2.9 times the root of 13",
        ),
        Parameter("n", "people in each group", 13, "", 5, 100, KIECOLT),
        Parameter(
            "share", "share of the observed difference that is true", 1.0, "", 0, 1.5, "", "assumed"
        ),
    ),
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
            "share of controls' wounds open on day 42",
            0.35,
            0.01,
            "own-run",
            KIECOLT,
            _open_share(42.0),
        ),
        Target(
            "share of carers' wounds open on day 42",
            0.72,
            0.01,
            "own-run",
            KIECOLT,
            lambda m: m.simulate([42.0])["S_s"][0],
        ),
        Target(
            "Welch's t", 2.25, 0.01, "own-run", KIECOLT, lambda m: m.simulate([42.0])["welch_t"][0]
        ),
        Target(
            "two-sided p",
            0.034,
            0.001,
            "own-run",
            KIECOLT,
            lambda m: m.simulate([42.0])["p_value"][0],
        ),
        Target("power at 13 a group", 0.58, 0.01, "own-run", KIECOLT, _power),
        Target(
            "power if the true difference is half as large",
            0.19,
            0.01,
            "own-run",
            KIECOLT,
            lambda m: _power(m, share=0.5),
        ),
    ),
)
