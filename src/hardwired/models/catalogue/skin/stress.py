"""Glands that grow under stress, and the barrier of the skin.

The model of the glands is published, barrier repair is a teaching model of this book.
"""

from __future__ import annotations

import math

from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Output, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

KARIN = "karin2020new"
MILO = "milo2025hormone"
ROBLES = "robles2007stress"

_X3 = 0.985275
"""Cortisol at baseline: the root of x (1 + (x/4)^3) = 1."""
_FIXED = {"h_P": 1e12, "h_A": 1e12}


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
    parameters=parameters("skin-growing-glands"),
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
                at("x3", 0.0, 3000.0, u_s=u, t_on=0.0, t_off=1e9, **({} if adapt else _FIXED)),
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
    ),
)


def share_of_speed(recovered: float, recovered_stressed: float) -> float:
    """Return what stress leaves of the speed of repair, from the shares recovered in one time.

    The ratio of two exponential rates, ``ln(1 - R_s)/ln(1 - R_0)``.
    """
    return math.log1p(-recovered_stressed) / math.log1p(-recovered)


RELATIVE_READING = round(share_of_speed(0.30, 0.27), 6)
"""Share of the speed if 10 per cent means a tenth of the recovery."""
POINTS_READING = round(share_of_speed(0.30, 0.20), 6)
"""Share of the speed if 10 per cent means ten points."""


BARRIER = Model(
    name="skin-barrier",
    title="The barrier recovers after tape stripping",
    kind="ODE",
    time=Axis("time", "hour", 0, 24),
    states=(State("W", "water lost beyond normal", "g/m^2/hour", "W0"),),
    parameters=parameters("skin-barrier"),
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
                at("R", 0.0, 2.0, rho=rho),
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
                at("t_half", 0.0, rho=rho),
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
