"""Chapter 2: endotoxin, cytokines and fever; how a septic patient lives or dies."""

from __future__ import annotations

import math

import numpy as np

from hardwired.models.declaration import Axis, Mark, Output, Parameter, State, Target
from hardwired.models.model import Model

DOBREVA = "dobreva2021physiological"
REYNOLDS = "reynolds2006reduced"


def _given(symbol: str, label: str, value: float, unit: str, *range_: float, note: str = ""):
    """Declare a parameter of the published model; ``kpe`` is printed as k with subscript pe."""
    low, high = range_ or (None, None)
    head, tail = symbol[0], symbol[1:].strip("_")
    tail = tail if len(tail) == 1 or tail.isdigit() else rf"\mathrm{{{tail}}}"
    return Parameter(
        symbol, label, value, unit, low, high, DOBREVA, "seen", note, latex=rf"{head}_{{{tail}}}"
    )


def _hill(symbol: str, half: float, exponent: float, label: str, unit: str = "pg/ml"):
    """Declare half-saturation and exponent of one Hill function."""
    return (
        _given(f"x{symbol}", f"half-saturation, {label}", half, unit),
        _given(f"h{symbol}", f"exponent, {label}", exponent, ""),
    )


def _peak(name: str, what: str, **overrides: float):
    """Return a measure of a peak: its height, or the time at which it stands."""

    def measure(m: Model) -> float:
        time, height = m.simulate(np.linspace(0, 12, 12001), **overrides).peak(name)
        return time if what == "time" else height

    return measure


_PRODUCTION = "pg/ml/hour/cell"

ENDOTOXIN = Model(
    name="sickness-endotoxin",
    title="Endotoxin, cytokines and fever",
    kind="ODE",
    time=Axis("time", "hour", 0, 12),
    states=(
        State("E", "endotoxin", "ng/kg", "dose"),
        State("M_R", "resting monocytes", "cell", 28200.0),
        State("M_A", "activated monocytes", "cell", 0.0, scale=100.0),
        State("TNF", "tumour necrosis factor", "pg/ml", "stnf", colour="immune"),
        State("I_6", "interleukin 6", "pg/ml", "s6", latex="I_6", colour="nerve"),
        State("I_8", "interleukin 8", "pg/ml", "s8", latex="I_8"),
        State("I_10", "interleukin 10", "pg/ml", "s10", latex="I_{10}", colour="tissue"),
        State("T", "body temperature", "degC", "T_m", colour="mind"),
    ),
    parameters=(
        Parameter("dose", "dose of endotoxin", 2.0, "ng/kg", 0.5, 4, DOBREVA),
        Parameter(
            "brake",
            "production of TNF that a nerve leaves (1: as fitted)",
            1.0,
            "",
            0.2,
            5,
            "",
            "assumed",
            "teaching extension, not in the paper: 1 switches it off, less is a stronger "
            "nerve, 5 a nerve that is cut",
            log=True,
        ),
        Parameter(
            "relief",
            "gain of the thermostat that an antipyretic leaves",
            1.0,
            "",
            0.2,
            1,
            "",
            "assumed",
            "teaching extension, not in the paper",
        ),
        _given("kpe", "clearance of endotoxin", 1.08192, "1/hour", 0.5, 2),
        _given("kmr", "renewal of monocytes", 0.006, "1/hour"),
        _given("mmax", "capacity for monocytes", 30000.0, "cell"),
        _given("kma", "loss of activated monocytes", 2.51, "1/hour"),
        _given("sm", "activation by endotoxin alone", 0.0414, "1/hour"),
        _given("k_MTNF", "activation that TNF adds", 8.6497, "1/hour"),
        *_hill("mpe", 3.3, 1.0, "endotoxin on activation", "ng/kg"),
        *_hill("mtnf", 100.0, 3.16, "TNF on activation"),
        *_hill("m10", 4.3465, 0.3, "IL-10 on activation"),
        _given("ktnf", "decay of TNF", 1.48728, "1/hour", 0.7, 3),
        _given("ktnfm", "production of TNF", 0.69712, _PRODUCTION, 0.3, 1.5),
        *_hill("tnf10", 17.386, 3.0, "IL-10 on TNF"),
        *_hill("tnf6", 560.0, 2.0, "IL-6 on TNF"),
        _given("stnf", "baseline of TNF", 1.118, "pg/ml"),
        _given("k6", "decay of IL-6", 0.79658, "1/hour"),
        _given("k6m", "production of IL-6", 0.51063, _PRODUCTION),
        _given("k6tnf", "production of IL-6 that TNF adds", 0.81, _PRODUCTION),
        *_hill("6tnf", 185.0, 2.0, "TNF on IL-6"),
        *_hill("66", 560.0, 1.0, "IL-6 on itself"),
        *_hill("610", 34.772, 4.0, "IL-10 on IL-6"),
        _given("s6", "baseline of IL-6", 1.0475, "pg/ml"),
        _given("k8", "decay of IL-8", 0.69839, "1/hour"),
        _given("k8m", "production of IL-8", 0.37219, _PRODUCTION),
        _given("k8tnf", "production of IL-8 that TNF adds", 0.515, _PRODUCTION),
        *_hill("8tnf", 185.0, 3.0, "TNF on IL-8"),
        *_hill("810", 17.386, 1.5, "IL-10 on IL-8"),
        _given("s8", "baseline of IL-8", 3.0105, "pg/ml"),
        _given("k10", "decay of IL-10", 0.62293, "1/hour"),
        _given("k10m", "production of IL-10", 0.0077847, _PRODUCTION, 0.004, 0.02),
        _given("k106", "production of IL-10 that IL-6 adds", 0.017, _PRODUCTION),
        *_hill("106", 560.0, 3.675, "IL-6 on IL-10"),
        _given("s10", "baseline of IL-10", 0.2345, "pg/ml"),
        Parameter("tau_T", "thermal lag", 1.69321, "hour", source=DOBREVA),
        Parameter("T_M", "upper temperature", 39.5, "degC", source=DOBREVA),
        Parameter("T_m", "baseline temperature", 36.825, "degC", source=DOBREVA),
        _given("k_t", "gain of the thermostat", 0.5, ""),
        _given("kttnf", "weight of TNF", 1.5, ""),
        *_hill("ttnf", 185.0, 0.75, "TNF on temperature"),
        _given("kt6", "weight of IL-6", 2.66637, ""),
        *_hill("t6", 560.0, 0.75, "IL-6 on temperature"),
        _given("kt10", "weight of IL-10", 0.0625, ""),
        *_hill("t10", 34.772, 1.0, "IL-10 on temperature"),
    ),
    equations="""
        E' = -kpe*E
        M_R' = kmr*M_R*(1 - M_R/mmax) - A
        M_A' = A - kma*M_A
        TNF' = brake*ktnfm*M_A*hill_down(I_10, xtnf10, htnf10)*hill_down(I_6, xtnf6, htnf6)
               - ktnf*(TNF - stnf)
        I_6' = (M_A*(k6m + k6tnf*hill_up(TNF, x6tnf, h6tnf))
                *hill_down(I_6, x66, h66)*hill_down(I_10, x610, h610) - k6*(I_6 - s6))
        I_8' = (M_A*(k8m + k8tnf*hill_up(TNF, x8tnf, h8tnf))*hill_down(I_10, x810, h810)
                - k8*(I_8 - s8))
        I_10' = M_A*(k10m + k106*hill_up(I_6, x106, h106)) - k10*(I_10 - s10)
        T' = (F - T)/tau_T
        A = (hill_up(E, xmpe, hmpe)*(sm + k_MTNF*hill_up(TNF, xmtnf, hmtnf))
             *hill_down(I_10, xm10, hm10)*M_R)
        F = T_m + relief*k_t*(T_M - T_m)*(kttnf*hill_up(abs(TNF - stnf), xttnf, httnf)
            + kt6*hill_up(abs(I_6 - s6), xt6, ht6) - kt10*hill_up(abs(I_10 - s10), xt10, ht10))
    """,
    outputs=(
        Output("A", "activation of monocytes", "cell/hour"),
        Output("F", "set point of the thermostat", "degC"),
    ),
    plot=("TNF", "I_6", "I_10", "T"),
    marks=tuple(
        Mark(
            symbol,
            x,
            y,
            "mean of 20 men and its standard error",
            DOBREVA,
            y_low=y - sd / math.sqrt(20),
            y_high=y + sd / math.sqrt(20),
        )
        for symbol, x, y, sd in (
            ("TNF", 2.0, 334.7, 281.9),
            ("I_6", 2.0, 790.5, 371.7),
            ("I_10", 3.0, 48.8, 25.4),
            ("T", 3.5, 38.92, 0.46),
        )
    ),
    paper=(DOBREVA, "brady2018personalized"),
    leaves_out=(
        "Eight further states of the published model (pain, circulation, heart rate), which do not "
        "act back on these; and other doses: fitted at 2 ng/kg, the model gives almost no response "
        "at 1 ng/kg, where people have one. The nerve's brake and the antipyretic are teaching "
        "extensions of this book."
    ),
    scenarios={
        "2 ng/kg": {},
        "half the TNF": {"brake": 0.5},
        "nerve cut": {"brake": 5.0},
        "1 ng/kg": {"dose": 1.0},
        "antipyretic": {"relief": 0.5},
        "Copeland's volunteers": {
            "k10": 1.1107,
            "k10m": 0.020536,
            "k6m": 0.98831,
            "k8m": 0.07,
            "k8tnf": 0.56,
            "k106": 0.0191,
            "stnf": 1.0,
            "s10": 0.248,
            "s8": 2.027,
            "s6": 1.53,
            "kt6": 1.8821,
            "T_m": 36.583,
        },
    },
    targets=(
        Target(
            "peak of TNF",
            393.6,
            0.01,
            "own-run",
            DOBREVA,
            _peak("TNF", "height"),
            "pg/ml",
            relative=True,
        ),
        Target("time of TNF's peak", 1.73, 0.02, "own-run", DOBREVA, _peak("TNF", "time"), "hour"),
        Target(
            "peak of IL-6",
            832.2,
            0.01,
            "own-run",
            DOBREVA,
            _peak("I_6", "height"),
            "pg/ml",
            relative=True,
        ),
        Target("time of IL-6's peak", 2.11, 0.02, "own-run", DOBREVA, _peak("I_6", "time"), "hour"),
        Target(
            "peak of IL-8",
            789.2,
            0.01,
            "own-run",
            DOBREVA,
            _peak("I_8", "height"),
            "pg/ml",
            relative=True,
        ),
        Target("time of IL-8's peak", 2.12, 0.02, "own-run", DOBREVA, _peak("I_8", "time"), "hour"),
        Target(
            "peak of IL-10",
            37.1,
            0.01,
            "own-run",
            DOBREVA,
            _peak("I_10", "height"),
            "pg/ml",
            relative=True,
        ),
        Target(
            "time of IL-10's peak", 2.67, 0.02, "own-run", DOBREVA, _peak("I_10", "time"), "hour"
        ),
        Target(
            "peak of temperature", 38.87, 0.02, "own-run", DOBREVA, _peak("T", "height"), "degC"
        ),
        Target(
            "time of temperature's peak", 3.60, 0.05, "own-run", DOBREVA, _peak("T", "time"), "hour"
        ),
        Target(
            "peak of TNF at 0.8 of its production",
            276.0,
            0.01,
            "own-run",
            DOBREVA,
            _peak("TNF", "height", brake=0.8),
            "pg/ml",
            relative=True,
        ),
        *(
            Target(
                f"peak of {what} with {share:g} of the production of TNF",
                value,
                tolerance,
                "own-run",
                DOBREVA,
                _peak(name, "height", brake=share),
                unit,
                relative,
            )
            for share, name, what, value, tolerance, unit, relative in (
                (0.7, "TNF", "TNF", 62.0, 0.01, "pg/ml", True),
                (0.7, "T", "temperature", 37.91, 0.02, "degC", False),
                (0.5, "TNF", "TNF", 15.0, 0.5, "pg/ml", False),
                (5.0, "TNF", "TNF", 1961.0, 0.01, "pg/ml", True),
                (5.0, "T", "temperature", 39.09, 0.02, "degC", False),
            )
        ),
        Target(
            "FAILURE: peak of TNF at half the dose, where people have 87 and 195 pg/ml",
            20.0,
            0.5,
            "own-run",
            "dillingh2014characterization, kiers2017characterization",
            _peak("TNF", "height", dose=1.0),
            "pg/ml",
        ),
        Target(
            "FAILURE: peak of temperature at half the dose, where people gain 1.0 to 1.3 °C",
            37.22,
            0.02,
            "own-run",
            "dillingh2014characterization, kiers2017characterization",
            _peak("T", "height", dose=1.0),
            "degC",
        ),
        Target(
            "peak of temperature under an antipyretic",
            37.85,
            0.02,
            "own-run",
            DOBREVA,
            _peak("T", "height", relief=0.5),
            "degC",
        ),
    ),
)


HEALTH, ASEPTIC, SEPTIC = 0, 1, 2
"""Ends of the sepsis model, as `sepsis_outcome` counts them."""
_LONG = 2000.0
"""Hours after which the sepsis model has settled."""


def sepsis_outcome(**overrides) -> np.ndarray:
    """Return how patients of the sepsis model end.

    Parameters
    ----------
    **overrides
        Parameters and start values: numbers, or arrays of equal length.

    Returns
    -------
    numpy.ndarray
        0 for health, 1 for aseptic death (damage without pathogen), 2 for septic death, one
        element a patient (shape () for one patient).
    """
    run = SEPSIS.simulate([0.0, _LONG], **overrides)
    damaged, infected = run["D"][..., -1] > 1, run["P"][..., -1] > 1e-3
    return np.where(infected, SEPTIC, np.where(damaged, ASEPTIC, HEALTH))


def _settled(**overrides: float) -> dict[str, float]:
    run = SEPSIS.simulate([0.0, _LONG], **overrides)
    return {s.symbol: float(run[s.symbol][-1]) for s in SEPSIS.states}


def _outcome(**overrides: float):
    return lambda m: float(sepsis_outcome(**overrides))


def _border(name: str, low: float, high: float, beyond: int):
    """Return the measure 'value of a parameter beyond which patients end worse'."""
    from hardwired.models.analysis.bifurcation import threshold

    return lambda m: threshold(
        lambda values: sepsis_outcome(**{name: values}) >= beyond, low, high, tolerance=1e-4
    )


def _septic_fold(m: Model) -> float:
    """Return the growth rate at which septic death appears (a saddle-node)."""
    from hardwired.models.analysis.bifurcation import continuation

    start = _settled(k_pg=0.6)
    branch = continuation(m, "k_pg", start, 0.4, 0.7, backwards=True, k_pg=0.6)
    return next(p.parameter for p in branch.special if p.kind == "fold")


def _invades(start: dict[str, float], low: float, high: float):
    """Return the growth rate from which pathogen grows at a state that has none."""

    def measure(m: Model) -> float:
        from scipy.optimize import brentq

        from hardwired.models.analysis.steady import Autonomous

        y = np.array([start[s.symbol] for s in m.states])
        return brentq(lambda k: Autonomous(m, {"k_pg": k}).jacobian(y)[0, 0], low, high, xtol=1e-10)

    return measure


def _no_aseptic_death(m: Model) -> float:
    """Return the constant C_A above which damage cannot keep itself going (a saddle-node)."""
    from hardwired.models.analysis.bifurcation import continuation

    fixed = {"P0": 0.0, "k_cn": 0.0}
    constant = {**fixed, "s_c": 0.1 * 0.3}
    run = m.simulate([0.0, _LONG], **constant, N=0.5, D=5.0, C_A=0.3)
    start = {s.symbol: float(run[s.symbol][-1]) for s in m.states}
    branch = continuation(m, "s_c", start, 0.02, 0.09, **constant)
    fold = next(p.parameter for p in branch.special if p.kind == "fold")
    return fold / next(p.value for p in m.parameters if p.symbol == "mu_c")


def _sepsis_peak(name: str, what: str):
    def measure(m: Model) -> float:
        time, height = m.simulate(np.linspace(0, 300, 30001)).peak(name)
        return time if what == "time" else height

    return measure


def _rate(symbol: str, label: str, value: float, unit: str, *range_: float) -> Parameter:
    low, high = range_ or (None, None)
    return Parameter(symbol, label, value, unit, low, high, REYNOLDS)


SEPSIS = Model(
    name="sickness-sepsis",
    title="Health, aseptic death and septic death",
    kind="ODE",
    time=Axis("time", "hour", 0, 300),
    states=(
        State("P", "pathogen", "Mcell/ml", "P0", scale=1.0, colour="mind"),
        State("N", "activated phagocytes (relative)", "", 0.0, scale=0.1, colour="immune"),
        State("D", "damage to tissue (relative)", "", 0.0, scale=1.0, colour="tissue"),
        State("C_A", "anti-inflammatory mediator (relative)", "", 0.125, colour="hormone"),
    ),
    parameters=(
        _rate("k_pg", "growth of the pathogen", 0.3, "1/hour", 0.1, 1.0),
        _rate("P0", "pathogen at the start", 1.0, "Mcell/ml", 0.1, 2.0),
        _rate("P_inf", "largest amount of pathogen", 20.0, "Mcell/ml"),
        _rate("k_pm", "killing by the local defence", 0.6, "1/hour"),
        _rate("s_m", "supply of the local defence", 0.005, "1/hour"),
        _rate("mu_m", "loss of the local defence", 0.002, "1/hour"),
        _rate("k_mp", "local defence used up by pathogen", 0.01, "ml/Mcell/hour"),
        _rate("k_pn", "killing by phagocytes", 1.8, "1/hour"),
        _rate("k_np", "activation by pathogen", 0.1, "ml/Mcell/hour"),
        _rate("k_nn", "activation by activated phagocytes", 0.01, "1/hour"),
        _rate("k_nd", "activation by damage", 0.02, "1/hour"),
        _rate("s_nr", "supply of resting phagocytes", 0.08, "1/hour"),
        _rate("mu_nr", "loss of resting phagocytes", 0.12, "1/hour"),
        _rate("mu_n", "loss of activated phagocytes", 0.05, "1/hour"),
        _rate("k_dn", "damage done by phagocytes", 0.35, "1/hour"),
        _rate("x_dn", "phagocytes at half of the greatest damage", 0.06, ""),
        _rate("mu_d", "repair of damage", 0.02, "1/hour"),
        _rate("c_inf", "mediator that halves an effect", 0.28, "", 0.1, 0.6),
        _rate("s_c", "supply of the mediator", 0.0125, "1/hour", 0.0, 0.1),
        _rate("k_cn", "mediator made in answer to inflammation", 0.04, "1/hour", 0.0, 0.1),
        _rate("k_cnd", "weight of damage in that answer", 48.0, ""),
        _rate("mu_c", "loss of the mediator", 0.1, "1/hour"),
    ),
    equations="""
        P' = k_pg*P*(1 - P/P_inf) - k_pm*s_m*P/(mu_m + k_mp*P) - k_pn*brake*N*P
        N' = s_nr*R/(mu_nr + R) - mu_n*N
        D' = k_dn*hill_up(brake*N, x_dn, 6) - mu_d*D
        C_A' = s_c + k_cn*brake*(N + k_cnd*D)/(1 + brake*(N + k_cnd*D)) - mu_c*C_A
        brake = 1/(1 + (C_A/c_inf)**2)
        R = brake*(k_nn*N + k_np*P + k_nd*D)
    """,
    outputs=(
        Output("brake", "share of an effect that the mediator leaves", "", latex="b"),
        Output("R", "activation of phagocytes", "1/hour"),
    ),
    plot=("P", "N", "D", "C_A"),
    paper=(REYNOLDS,),
    leaves_out=(
        "Organs, blood pressure, adaptive immunity, the person's age and treatment; one number "
        "stands for all pathogens, one for all damage and one for every anti-inflammatory signal, "
        "the nerves among them. Death is a state in which damage stays, not an event."
    ),
    scenarios={
        "health": {},
        "aseptic death": {"P0": 1.5},
        "septic death": {"k_pg": 0.6},
        "little mediator": {"k_cn": 0.0, "s_c": 0.005},
        "much mediator, faster pathogen": {"k_pg": 0.4, "k_cn": 0.0, "s_c": 0.07},
    },
    targets=(
        Target(
            "growth rate at which septic death appears",
            0.5137,
            0.0002,
            "printed",
            REYNOLDS,
            _septic_fold,
            "1/hour",
        ),
        Target(
            "growth rate at which health loses stability",
            1.5,
            1e-6,
            "printed",
            REYNOLDS,
            _invades({"P": 0.0, "N": 0.0, "D": 0.0, "C_A": 0.125}, 1.0, 3.0),
            "1/hour",
        ),
        Target(
            "growth rate at which aseptic death loses stability",
            1.755,
            0.001,
            "printed",
            REYNOLDS,
            lambda m: _invades(_settled(P0=0.0, N=0.5, D=5.0), 1.0, 3.0)(m),
            "1/hour",
        ),
        Target(
            "constant mediator above which damage heals by itself",
            0.6264,
            0.0002,
            "printed",
            REYNOLDS,
            _no_aseptic_death,
        ),
        *(
            Target(
                f"end with {text} (0 health, 1 aseptic, 2 septic death)",
                end,
                0,
                "printed",
                REYNOLDS,
                _outcome(**overrides),
            )
            for text, end, overrides in (
                ("k_pg 0.3 and P(0) 1", HEALTH, {}),
                ("k_pg 0.3 and P(0) 1.5", ASEPTIC, {"P0": 1.5}),
                ("k_pg 0.6 and P(0) 1", SEPTIC, {"k_pg": 0.6}),
            )
        ),
        Target(
            "growth rate that turns health into aseptic death",
            0.311,
            0.002,
            "own-run",
            REYNOLDS,
            _border("k_pg", 0.25, 0.45, ASEPTIC),
            "1/hour",
        ),
        Target(
            "growth rate that turns aseptic into septic death",
            0.514,
            0.002,
            "own-run",
            REYNOLDS,
            _border("k_pg", 0.4, 0.6, SEPTIC),
            "1/hour",
        ),
        Target(
            "first pathogen that turns health into aseptic death",
            1.036,
            0.005,
            "own-run",
            REYNOLDS,
            _border("P0", 0.9, 1.5, ASEPTIC),
            "Mcell/ml",
        ),
        *(
            Target(
                f"{what} of the peak of {name}",
                value,
                0.02,
                "own-run",
                REYNOLDS,
                _sepsis_peak(name, what),
                unit,
                relative=True,
            )
            for name, what, value, unit in (
                ("N", "height", 0.196, ""),
                ("N", "time", 33.6, "hour"),
                ("D", "height", 3.41, ""),
                ("D", "time", 32.0, "hour"),
                ("C_A", "height", 0.513, ""),
                ("C_A", "time", 65.0, "hour"),
            )
        ),
    ),
)
