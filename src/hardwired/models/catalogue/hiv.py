"""Chapter 7: the virus in the body, doses taken and missed, CD4 slopes, and what a hazard means.

The dynamics are the published basic model; adherence is a teaching model; the two statistical
models put published slopes and hazards into formulas.
"""

from __future__ import annotations

import math

import numpy as np

from hardwired.models.declaration import Axis, Mark, Output, Parameter, State, Target
from hardwired.models.model import Model


def _short(value: float) -> float:
    """Return a computed value with twelve digits, which every file format keeps."""
    return float(f"{value:.12g}")


# The virus in the body --------------------------------------------------------------------------

PERELSON = "perelson1996hiv"
_BOX = "PMC6117215, a review of models of the virus, figure 1 (its title page was not seen)"
WEAK = {
    "lam": 3e4,
    "d_T": 0.02,
    "beta": 1.8e-7,
    "delta": 0.7,
    "p": 140.0,
    "c": 23.0,
}
"""A second set, as in public code, with a burst of 200 virions a cell."""


def _box(symbol: str, label: str, value: float, unit: str, *range_: float, note="", log=False):
    """Declare a parameter of the illustrative set."""
    low, high = range_ or (None, None)
    words = note or f"illustrative; printed in {_BOX}"
    return Parameter(symbol, label, value, unit, low, high, "", "computed", words, log)


def _start(symbol: str, **overrides: float):
    """Return a measure of a quantity that does not change in time."""
    return lambda m: m.simulate([0.0], **overrides)[symbol][0]


def _doubling(m: Model) -> float:
    """Return hours of doubling in the first week, before the virus meets a limit."""
    v = m.simulate([2.0, 4.0])["V"]
    return 24 * 2 * math.log(2) / math.log(v[1] / v[0])


def _plateau(symbol: str, **overrides: float):
    """Return a measure of the long run without treatment."""
    return lambda m: m.simulate([300.0], t_treat=math.inf, **overrides)[symbol][0]


def _ceiling(m: Model) -> float:
    """Return the virus of the long run with a thousandfold infectivity."""
    beta = 1000 * next(p.value for p in m.parameters if p.symbol == "beta")
    return m.simulate([0.0], beta=beta)["V_ss"][0]


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
    parameters=(
        Parameter(
            "eps_R",
            "efficacy of the drugs against reverse transcriptase",
            0.9,
            "",
            0,
            0.99,
            "",
            "assumed",
            "an example",
            latex=r"\varepsilon_{R}",
        ),
        Parameter(
            "eps_P",
            "efficacy of the protease inhibitor",
            0.0,
            "",
            0,
            0.99,
            "",
            "assumed",
            "an example",
            latex=r"\varepsilon_{P}",
        ),
        Parameter(
            "t_treat",
            "day on which treatment begins",
            60.0,
            "day",
            0,
            90,
            "",
            "assumed",
            "an example",
        ),
        _box(
            "lam",
            "supply of target cells",
            1e5,
            "cell/ml/day",
            5e4,
            2e5,
            note=f"100 cells a microlitre a day in {_BOX}",
        ),
        _box("d_T", "loss of target cells", 0.1, "1/day", 0.05, 0.2),
        _box("beta", "infectivity", 1e-7, "ml/copy/day", 5e-8, 4e-7, log=True),
        _box("delta", "death of infected cells", 1.0, "1/day", 0.5, 1.5),
        _box("p", "virus made by an infected cell", 1000.0, "copy/cell/day", 500, 3000),
        _box("c", "clearance of virus", 25.0, "1/day", 10, 36),
        Parameter(
            "V_0", "virus at the start", 1.0, "copy/ml", source="", status="assumed", note="a trace"
        ),
        Parameter(
            "V_1",
            "unit of the logarithm",
            1.0,
            "copy/ml",
            source="",
            status="assumed",
            note="one copy in a millilitre",
        ),
    ),
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
        Target("R_0", 4.0, 1e-9, "closed-form", "beta lam p/(d_T delta c)", _start("R_0")),
        Target("efficacy that is needed", 0.75, 1e-9, "closed-form", "1 - 1/4", _start("eps_crit")),
        Target(
            "efficacy that is needed for the R_0 of 19.3 measured in 8 people",
            0.948,
            0.001,
            "closed-form",
            "1 - 1/19.3, little1999viral",
            _start("eps_crit", beta=1e-7 * 19.3 / 4),
        ),
        Target(
            "efficacy that is needed for the R_0 of 8.0 measured in 47 people",
            0.875,
            0.001,
            "closed-form",
            "1 - 1/8, ribeiro2010estimation",
            _start("eps_crit", beta=2e-7),
        ),
        Target(
            "R_0 of the second set, a burst of 200 virions",
            2.35,
            0.01,
            "own-run",
            PERELSON,
            _start("R_0", **WEAK),
        ),
        *(
            Target(
                f"{what} in the long run",
                value,
                0.01,
                "closed-form",
                "steady state of the equations",
                _plateau(symbol),
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


def _decay_share(day: float, **overrides: float):
    return lambda m: m.simulate([day], **overrides)["V_share"][0]


def _late_half_life(m: Model) -> float:
    """Return the half-life from the slope of the logarithm on days 4 to 7."""
    t = np.linspace(4, 7, 31)
    return -math.log(2) / np.polyfit(t, np.log(m.simulate(t)["V"]), 1)[0]


def _gap_to_formula(m: Model, **overrides: float) -> float:
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
    parameters=(
        Parameter(
            "delta",
            "death of infected cells",
            _short(math.log(2) / 1.6),
            "1/day",
            0.2,
            1.4,
            f"{PERELSON}, perelson1997decay",
            "computed",
            "ln 2 over a half-life of 1.6 days",
        ),
        Parameter(
            "c",
            "clearance of virus",
            _short(math.log(2) / 0.24),
            "1/day",
            1.5,
            25,
            PERELSON,
            "computed",
            "ln 2 over a half-life of 0.24 days, as cited by others; later estimates are near 23",
            log=True,
        ),
        Parameter(
            "eps_R",
            "efficacy of the drugs against reverse transcriptase",
            0.0,
            "",
            0,
            1,
            "",
            "assumed",
            "none in the experiment",
            latex=r"\varepsilon_{R}",
        ),
        Parameter(
            "eps_P",
            "efficacy of the protease inhibitor",
            1.0,
            "",
            0.5,
            1,
            "",
            "assumed",
            "perfect, as the paper's formula has it",
            latex=r"\varepsilon_{P}",
        ),
        Parameter(
            "V_0",
            "virus before",
            1e5,
            "copy/ml",
            source="",
            status="assumed",
            note="an example; it sets the scale alone",
        ),
    ),
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
        "later estimates": {"delta": _short(math.log(2) / 0.7), "c": 23.0},
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
        *(
            Target(
                f"share of the virus left after {day:g} days",
                value,
                0.001,
                "own-run",
                PERELSON,
                _decay_share(day),
            )
            for day, value in ((0.25, 0.994), (1.0, 0.848), (2.0, 0.578), (7.0, 0.0667))
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


def _needed(**overrides: float):
    return lambda m: m.simulate([1.0], **overrides)["a_crit"][0]


ADHERENCE = Model(
    name="hiv-adherence",
    title="How many doses must be taken for control",
    kind="statistical",
    time=Axis("share of doses taken", "", 0, 1),
    parameters=(
        Parameter(
            "R_0",
            "cells infected by one infected cell",
            8.0,
            "",
            2,
            20,
            "ribeiro2010estimation",
            "seen",
            "median of 47 people; half of them between 4.9 and 11",
        ),
        Parameter(
            "eps_max",
            "efficacy when every dose is taken",
            0.99,
            "",
            0.8,
            0.999,
            "",
            "assumed",
            "an example",
            latex=r"\varepsilon_{\max}",
        ),
    ),
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
            _needed(R_0=r0),
        )
        for r0, value in ((4.0, 0.758), (8.0, 0.884), (19.3, 0.958))
    ),
)

# CD4 slopes -------------------------------------------------------------------------------------

BURACK = "burack1993depressive"


def _slope(symbol: str, **overrides: float):
    return lambda m: m.simulate([1.0], **overrides)[symbol][0]


CD4_SLOPE = Model(
    name="hiv-cd4-slope",
    title="CD4 counts that fall along a line, with and without depression",
    kind="statistical",
    time=Axis("time", "year", 0, 6),
    parameters=(
        Parameter(
            "C_0",
            "CD4 count at the start",
            500.0,
            "cell/microliter",
            250,
            900,
            "",
            "assumed",
            "an example",
        ),
        Parameter(
            "b_1",
            "slope without depression",
            -58.8,
            "cell/microliter/year",
            -120,
            -20,
            BURACK,
            latex=r"\beta_1",
        ),
        Parameter(
            "b_2",
            "what depression adds to the slope",
            -22.4,
            "cell/microliter/year",
            -60,
            -1,
            BURACK,
            "computed",
            "-81.2 less -58.8; unadjusted, and about 0 in lyketsos1993depressive",
            latex=r"\beta_2",
        ),
        Parameter(
            "C_low",
            "count at which danger begins",
            200.0,
            "cell/microliter",
            source="",
            status="assumed",
            note="the usual limit of AIDS",
        ),
        Parameter(
            "s_b",
            "spread of slopes between people",
            60.0,
            "cell/microliter/year",
            20,
            120,
            "",
            "assumed",
            "for simulation; not from a source",
        ),
        Parameter(
            "s_e",
            "spread of one count",
            80.0,
            "cell/microliter",
            20,
            150,
            "",
            "assumed",
            "for simulation; not from a source",
        ),
        Parameter("n", "people in each group", 100.0, "", 10, 500, "", "assumed", "an example"),
        Parameter("k", "counts of each person", 10.0, "", 3, 20, "", "assumed", "an example"),
        Parameter("D", "years of the study", 5.0, "year", 1, 8, "", "assumed", "an example"),
    ),
    equations="""
        C = C_0 + b_1*t
        C_d = C_0 + (b_1 + b_2)*t
        q = 0.5*(1 + erf((C_low - C)/s/sqrt(2)))
        q_d = 0.5*(1 + erf((C_low - C_d)/s/sqrt(2)))
        s = sqrt(s_b**2*t**2 + s_e**2)
        T_low = (C_0 - C_low)/abs(b_1)
        T_low_d = (C_0 - C_low)/abs(b_1 + b_2)
        ratio = (b_1 + b_2)/b_1
        SE = sqrt(2/n*(s_b**2 + s_e**2*12*(k - 1)/(k*(k + 1)*D**2)))
        power = (0.5*(1 + erf((abs(b_2)/SE - 1.959964)/sqrt(2)))
                 + 0.5*(1 + erf((-abs(b_2)/SE - 1.959964)/sqrt(2))))
    """,
    outputs=(
        Output("C", "mean count, not depressed", "cell/microliter", colour="nerve"),
        Output("C_d", "mean count, depressed", "cell/microliter", colour="immune"),
        Output("q", "share counted below the limit, not depressed", "", colour="nerve"),
        Output("q_d", "share counted below the limit, depressed", "", colour="immune"),
        Output("s", "spread of counts", "cell/microliter"),
        Output("T_low", "years to the limit, not depressed", "year"),
        Output("T_low_d", "years to the limit, depressed", "year"),
        Output("ratio", "ratio of the slopes", ""),
        Output(
            "SE",
            "standard error of the difference of slopes",
            "cell/microliter/year",
            latex=r"\mathrm{SE}",
        ),
        Output("power", "power to find the difference at 5 per cent", ""),
    ),
    plot=("C", "C_d"),
    paper=(BURACK, "lyketsos1993depressive", "ironson2005psychosocial"),
    leaves_out=(
        "Treatment: under drugs that work the slope is positive and this does not apply. What came "
        "first, too: people who were depressed may already have been more ill, as another cohort "
        "saw. The same line holds for all years, and nobody leaves."
    ),
    scenarios={
        "slopes of 1993": {},
        "hardly a difference": {"b_2": -1.0},
        "twice the slope": {"b_2": -58.8},
    },
    targets=(
        Target(
            "ratio of the slopes (both went in)", 1.38, 0.01, "calibrated", BURACK, _slope("ratio")
        ),
        Target(
            "years from 500 to 200, not depressed",
            5.10,
            0.02,
            "closed-form",
            "300/58.8",
            _slope("T_low"),
            unit="year",
        ),
        Target(
            "years from 500 to 200, depressed",
            3.69,
            0.02,
            "closed-form",
            "300/81.2",
            _slope("T_low_d"),
            unit="year",
        ),
        Target(
            "power with 100 people a group, ten counts in five years",
            0.723,
            0.001,
            "own-run",
            BURACK,
            _slope("power"),
        ),
    ),
)

# What a hazard means ----------------------------------------------------------------------------

_PENCE = "pence2018association"


def _risk(symbol: str, **overrides: float):
    return lambda m: m.simulate([6.0], **overrides)[symbol][0]


HAZARDS = Model(
    name="hiv-hazards",
    title="From a hazard ratio to a risk",
    kind="statistical",
    time=Axis("time", "year", 0, 12),
    parameters=(
        Parameter(
            "P_6",
            "risk of AIDS within six years, reference group",
            0.317,
            "",
            0.05,
            0.8,
            "mellors1997plasma",
            "seen",
            "people with 3001 to 10,000 copies in a millilitre",
        ),
        Parameter("T_6", "the six years", 6.0, "year", source="mellors1997plasma"),
        Parameter(
            "HR_1",
            "hazard ratio for one unit of exposure",
            2.0,
            "",
            1.02,
            3,
            "leserman2000impact",
            "seen",
            "about, for one severe stressor, in 82 men",
            latex=r"\mathrm{HR}_1",
        ),
        Parameter("x", "units of exposure", 1.0, "", 0.5, 4, "", "assumed", "an example"),
    ),
    equations="""
        P_0 = 1 - exp(-h_0*t)
        P = 1 - exp(-h_0*HR*t)
        difference = P - P_0
        HR = HR_1**x
        h_0 = -log(1 - P_6)/T_6
        P_x6 = 1 - (1 - P_6)**HR
        RR_6 = P_x6/P_6
    """,
    outputs=(
        Output("P_0", "risk, not exposed", "", colour="nerve"),
        Output("P", "risk, exposed", "", colour="immune"),
        Output("difference", "difference of the risks", "", latex=r"\Delta P"),
        Output("HR", "hazard ratio", "", latex=r"\mathrm{HR}"),
        Output("h_0", "hazard, not exposed", "1/year"),
        Output("P_x6", "risk within six years, exposed", "", latex="P_{x}(6)"),
        Output("RR_6", "ratio of the risks within six years", "", latex=r"\mathrm{RR}_6"),
    ),
    plot=("P", "P_0"),
    paper=("leserman2000impact", "mellors1997plasma", _PENCE),
    leaves_out=(
        "That hazards change with time and need not stay in proportion; that doubling with every "
        "unit is drawn beyond 82 men; and that risk and exposure come from two groups of people."
    ),
    scenarios={
        "one severe stressor": {},
        "two severe stressors": {"x": 2.0},
        "all days with depression, death": {"HR_1": 1.19, "x": 4.0},
    },
    targets=(
        *(
            Target(
                f"{what} for all days with depression, from 25 points ({one})",
                whole,
                0.02,
                "printed",
                _PENCE,
                _risk("HR", HR_1=one, x=4.0),
            )
            for what, one, whole in (
                ("hazard ratio of death", 1.19, 2.02),
                ("ratio of missed visits", 1.08, 1.37),
                ("ratio of detectable virus", 1.05, 1.23),
            )
        ),
        Target(
            "risk within six years with one severe stressor",
            0.534,
            0.002,
            "closed-form",
            "1 - (1 - 0.317)**2",
            _risk("P"),
        ),
        Target(
            "ratio of the risks at a hazard ratio of 2",
            1.68,
            0.01,
            "closed-form",
            "0.534/0.317",
            _risk("RR_6"),
        ),
        Target(
            "hazard, not exposed",
            0.0635,
            0.0001,
            "closed-form",
            "-ln(1 - 0.317)/6",
            _risk("h_0"),
            unit="1/year",
        ),
    ),
    marks=(Mark("P_0", 6.0, 0.317, "observed within six years", "mellors1997plasma"),),
)
