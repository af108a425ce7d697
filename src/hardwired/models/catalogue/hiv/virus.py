"""The virus in the body, its decay under treatment, and doses taken and missed.

The dynamics are the published basic model; adherence is a teaching model.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Output, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

# The virus in the body --------------------------------------------------------------------------

PERELSON = "perelson1996hiv"
WEAK = {
    "lam": 3e4,
    "d_T": 0.02,
    "beta": 1.8e-7,
    "delta": 0.7,
    "p": 140.0,
    "c": 23.0,
}
"""A second set, as in public code, with a burst of 200 virions a cell."""


def _doubling(m: Model) -> float:
    """Return hours of doubling in the first week, before the virus meets a limit."""
    v = m.simulate([2.0, 4.0])["V"]
    return 24 * 2 * math.log(2) / math.log(v[1] / v[0])


def _ceiling(m: Model) -> float:
    """Return the virus of the long run with a thousandfold infectivity."""
    beta = 1000 * next(p.value for p in m.parameters if p.symbol == "beta")
    return float(m.simulate([0.0], beta=beta)["V_ss"][0])


DYNAMICS = Model(
    name="hiv-dynamics",
    title="Virus, target cells and infected cells, before and under treatment",
    kind="ODE",
    time=Axis("time after infection", "day", 0, 100),
    states=(
        State("T", "uninfected target cells", "cell/ml", "lam/d_T", colour="tissue"),
        State("I", "infected cells", "cell/ml", 0.0, scale=1.0, colour="immune"),
        State("V_I", "infectious virus", "copy/ml", "V_0", scale=1.0, colour="nerve"),
        State("V_N", "non-infectious virus", "copy/ml", 0.0, scale=1.0, colour="hormone"),
    ),
    parameters=parameters("hiv-dynamics"),
    equations="""
        T' = lam - d_T*T - new
        I' = new - delta*I
        V_I' = (1 - e_P)*p*I - c*V_I
        V_N' = e_P*p*I - c*V_N
        new = (1 - e_R)*beta*T*V_I
        e_R = eps_R*after(t_treat)
        e_P = eps_P*after(t_treat)
        V = V_I + V_N
        log_V = log(1 + max(V, 0)/V_1)/log(10)
        R_0 = beta*lam*p/(d_T*delta*c)
        R_eff = R_0*(1 - eps_R)*(1 - eps_P)
        eps_crit = 1 - 1/R_0
        V_ss = lam*p/(delta*c) - d_T/beta
    """,
    outputs=(
        Output("new", "cells newly infected", "cell/ml/day"),
        Output("e_R", "efficacy against reverse transcriptase now", ""),
        Output("e_P", "efficacy against protease now", ""),
        Output("V", "virus", "copy/ml", colour="immune"),
        Output(
            "log_V",
            "virus, powers of ten (copies in a millilitre)",
            "",
            latex=r"\log_{10}(1 + V)",
            colour="immune",
        ),
        Output("R_0", "cells infected by one infected cell, at first", ""),
        Output("R_eff", "the same under treatment", "", latex=r"R_{\mathrm{eff}}"),
        Output("eps_crit", "efficacy that is needed", "", latex=r"\varepsilon_{\mathrm{crit}}"),
        Output("V_ss", "virus of the long run, untreated", "copy/ml", latex=r"V_{\mathrm{ss}}"),
    ),
    plot=("log_V",),
    paper=("perelson1999mathematical", PERELSON),
    leaves_out=(
        "Cells that carry the virus asleep, resistance, the immune answer, and the slow loss of "
        "CD4 cells over years. The early rise is faster than in people (6.3 h to double, where the "
        "median of 47 people was 15.6 h), and more infectivity alone cannot lift the long run "
        "above 4 million copies in a millilitre."
    ),
    scenarios={
        "efficacy 0.9": {},
        "efficacy 0.7, too little": {"eps_R": 0.7},
        "untreated": {"t_treat": math.inf},
        "protease inhibitor, efficacy 0.9": {"eps_R": 0.0, "eps_P": 0.9},
        "a burst of 200 virions": WEAK,
    },
    targets=(
        Target("R_0", 4.0, 1e-9, "closed-form", "beta lam p/(d_T delta c)", at("R_0", 0.0)),
        Target(
            "efficacy that is needed", 0.75, 1e-9, "closed-form", "1 - 1/4", at("eps_crit", 0.0)
        ),
        Target(
            "efficacy that is needed for the R_0 of 19.3 measured in 8 people",
            0.948,
            0.001,
            "closed-form",
            "1 - 1/19.3, little1999viral",
            at("eps_crit", 0.0, beta=1e-7 * 19.3 / 4),
        ),
        Target(
            "efficacy that is needed for the R_0 of 8.0 measured in 47 people",
            0.875,
            0.001,
            "closed-form",
            "1 - 1/8, ribeiro2010estimation",
            at("eps_crit", 0.0, beta=2e-7),
        ),
        *(
            Target(
                f"{what} in the long run",
                value,
                0.01,
                "closed-form",
                "steady state of the equations",
                at(symbol, 300.0, t_treat=math.inf),
                unit=unit,
                relative=True,
            )
            for what, symbol, value, unit in (
                ("target cells", "T", 2.5e5, "cell/ml"),
                ("infected cells", "I", 7.5e4, "cell/ml"),
                ("virus", "V", 3.0e6, "copy/ml"),
            )
        ),
        Target(
            "virus of the long run as infectivity grows without limit",
            4.0e6,
            0.001,
            "closed-form",
            "lam p/(delta c)",
            _ceiling,
            unit="copy/ml",
            relative=True,
        ),
        Target(
            "time of doubling in the first week",
            6.35,
            0.02,
            "closed-form",
            "root of (r + delta)(r + c) = p beta T_0",
            _doubling,
            unit="hour",
        ),
    ),
)

# The decay experiment ---------------------------------------------------------------------------


def _late_half_life(m: Model) -> float:
    """Return the half-life from the slope of the logarithm on days 4 to 7."""
    t = np.linspace(4, 7, 31)
    return float(-math.log(2) / np.polyfit(t, np.log(m.simulate(t)["V"]), 1)[0])


def _gap_to_formula(m: Model, **overrides: Any) -> float:
    """Return the greatest distance from the published solutions for perfect drugs."""
    t = np.linspace(0, 7, 141)
    values = {p.symbol: p.value for p in m.parameters}
    c, d = values["c"], values["delta"]
    run = m.simulate(t, rtol=1e-11, **overrides)["V_share"]
    if overrides:
        exact = (c * np.exp(-d * t) - d * np.exp(-c * t)) / (c - d)
    else:
        shoulder = c / (c - d) * (np.exp(-d * t) - np.exp(-c * t)) - d * t * np.exp(-c * t)
        exact = np.exp(-c * t) + c / (c - d) * shoulder
    return float(np.abs(run - exact).max())


DECAY = Model(
    name="hiv-decay",
    title="The experiment of 1996: stop the spread, and watch the virus go",
    kind="ODE",
    time=Axis("time under treatment", "day", 0, 7),
    states=(
        State("P", "virus made by infected cells", "copy/ml/day", "c*V_0", colour="tissue"),
        State("V_I", "infectious virus", "copy/ml", "V_0", colour="nerve"),
        State("V_N", "non-infectious virus", "copy/ml", 0.0, scale=1e4, colour="hormone"),
    ),
    parameters=parameters("hiv-decay"),
    equations="""
        P' = (1 - eps_R)*delta*c*V_I - delta*P
        V_I' = (1 - eps_P)*P - c*V_I
        V_N' = eps_P*P - c*V_N
        V = V_I + V_N
        V_share = V/V_0
        log_share = log(V/V_0)/log(10)
        half_life = log(2)/delta
    """,
    outputs=(
        Output("V", "virus", "copy/ml", colour="immune"),
        Output("V_share", "share of the virus left", "", latex="V/V_0", colour="immune"),
        Output(
            "log_share",
            "share of the virus left, powers of ten",
            "",
            latex=r"\log_{10}(V/V_0)",
            colour="immune",
        ),
        Output("half_life", "half-life of infected cells", "day", latex=r"t_{1/2}"),
    ),
    plot=("log_share",),
    paper=(PERELSON, "perelson1997decay", "ho1995rapid"),
    leaves_out=(
        "New target cells, which would grow back under treatment; long-lived and sleeping cells, "
        "which show in a second, slower phase after these days; the lag of the drug."
    ),
    scenarios={
        "perfect protease inhibitor": {},
        "perfect inhibitor of reverse transcriptase": {"eps_R": 1.0, "eps_P": 0.0},
        "later estimates": {"delta": float(f"{math.log(2) / 0.7:.12g}"), "c": 23.0},
    },
    targets=(
        Target(
            "late half-life, days 4 to 7",
            1.60,
            0.02,
            "calibrated",
            PERELSON,
            _late_half_life,
            unit="day",
        ),
        Target(
            "distance from the formula for a perfect protease inhibitor",
            0.0,
            1e-7,
            "closed-form",
            "perelson1996hiv, perelson1999mathematical",
            _gap_to_formula,
        ),
        Target(
            "distance from the formula for a perfect inhibitor of reverse transcriptase",
            0.0,
            1e-7,
            "closed-form",
            "perelson1999mathematical",
            lambda m: _gap_to_formula(m, eps_R=1.0, eps_P=0.0),
        ),
    ),
)

# Doses taken ------------------------------------------------------------------------------------


ADHERENCE = Model(
    name="hiv-adherence",
    title="How many doses must be taken for control",
    kind="statistical",
    time=Axis("share of doses taken", "", 0, 1),
    parameters=parameters("hiv-adherence"),
    equations="""
        eps = eps_max*t
        R_eff = R_0*(1 - eps)
        V_share = max(0, 1 - 1/R_eff)/(1 - 1/R_0)
        a_crit = (1 - 1/R_0)/eps_max
    """,
    outputs=(
        Output("eps", "efficacy", "", latex=r"\varepsilon", colour="hormone"),
        Output(
            "R_eff",
            "cells infected by one cell under treatment",
            "",
            colour="immune",
            latex=r"R_{\mathrm{eff}}",
        ),
        Output(
            "V_share",
            "virus of the long run, share of the untreated",
            "",
            colour="nerve",
            latex="V/V_0",
        ),
        Output("a_crit", "share of doses that is needed", "", latex=r"a_{\mathrm{crit}}"),
    ),
    plot=("V_share",),
    paper=("ribeiro2010estimation",),
    teaching=(
        "No published equation: efficacy is taken to fall in proportion to missed doses, to show "
        "a threshold."
    ),
    leaves_out=(
        "How long drugs last in the body, that several act together, and resistance. Regimens of "
        "today forgive more than this, and the curve is no advice on doses."
    ),
    scenarios={"R0 8.0": {}, "R0 4.9": {"R_0": 4.9}, "R0 11": {"R_0": 11.0}},
    targets=tuple(
        Target(
            f"share of doses needed for R_0 = {r0:g}",
            value,
            0.001,
            "closed-form",
            "(1 - 1/R_0)/eps_max",
            at("a_crit", 1.0, R_0=r0),
        )
        for r0, value in ((4.0, 0.758), (8.0, 0.884), (19.3, 0.958))
    ),
)
