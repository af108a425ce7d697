"""Chapter 2: endotoxin, cytokines and fever; how a septic patient lives or dies."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy.optimize import brentq

from hardwired.models.analysis.bifurcation import continuation
from hardwired.models.analysis.steady import Autonomous
from hardwired.models.catalogue.measures import Measure, at
from hardwired.models.declaration import Axis, Mark, Output, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

DOBREVA = "dobreva2021physiological"
REYNOLDS = "reynolds2006reduced"


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
    parameters=parameters("sickness-endotoxin"),
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
            "endotoxin left after an hour",
            2 * math.exp(-1.08192),
            1e-6,
            "closed-form",
            "dose exp(-kpe t)",
            at("E", 1.0),
            unit="ng/kg",
        ),
        Target(
            "temperature without endotoxin, after half a day",
            36.825,
            1e-6,
            "closed-form",
            "the baseline is a steady state",
            at("T", 12.0, dose=0.0),
            unit="degC",
        ),
    ),
)


HEALTH, ASEPTIC, SEPTIC = 0, 1, 2
"""Ends of the sepsis model, as `sepsis_outcome` counts them."""
_LONG = 2000.0
"""Hours after which the sepsis model has settled."""


def sepsis_outcome(**overrides: Any) -> np.ndarray:
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


def _settled(**overrides: Any) -> dict[str, float]:
    run = SEPSIS.simulate([0.0, _LONG], **overrides)
    return {s.symbol: float(run[s.symbol][-1]) for s in SEPSIS.states}


def _outcome(**overrides: float) -> Measure:
    return lambda m: float(sepsis_outcome(**overrides))


def _septic_fold(m: Model) -> float:
    """Return the growth rate at which septic death appears (a saddle-node)."""
    start = _settled(k_pg=0.6)
    branch = continuation(m, "k_pg", start, 0.4, 0.7, backwards=True, k_pg=0.6)
    return next(p.parameter for p in branch.special if p.kind == "fold")


def _invades(start: dict[str, float], low: float, high: float) -> Measure:
    """Return the growth rate from which pathogen grows at a state that has none."""

    def measure(m: Model) -> float:
        y = np.array([start[s.symbol] for s in m.states])

        def growth(k: float) -> float:
            return float(Autonomous(m, {"k_pg": k}).jacobian(y)[0, 0])

        return float(brentq(growth, low, high, xtol=1e-10))

    return measure


def _no_aseptic_death(m: Model) -> float:
    """Return the constant C_A above which damage cannot keep itself going (a saddle-node)."""
    constant: dict[str, Any] = {"P0": 0.0, "k_cn": 0.0, "s_c": 0.1 * 0.3}
    run = m.simulate([0.0, _LONG], **constant, N=0.5, D=5.0, C_A=0.3)
    start = {s.symbol: float(run[s.symbol][-1]) for s in m.states}
    branch = continuation(m, "s_c", start, 0.02, 0.09, **constant)
    fold = next(p.parameter for p in branch.special if p.kind == "fold")
    return fold / next(p.value for p in m.parameters if p.symbol == "mu_c")


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
    parameters=parameters("sickness-sepsis"),
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
    ),
)

MODELS = (ENDOTOXIN, SEPSIS)
