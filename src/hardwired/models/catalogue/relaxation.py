"""Chapter 4: what lytic units measure, why killer cells flood the blood, how herpes is shed.

Lytic units are closed formulas, mobilisation is a teaching model of this book, shedding is a
published stochastic model (its simulator stands in `shedding`).
"""

from __future__ import annotations

import numpy as np

from hardwired.models.catalogue import shedding, shedding_runs
from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Mark, Output, Results, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

BOL = "bol1986cellular"
PROSS = "pross1981spontaneous"
IRWIN = "irwin1994partial"
INFUSION = "schedlowski1996catecholamines"
SCHIFFER = "schiffer2013rapid"
CODE = "fredhutch2020hsv"


LYTIC_UNITS = Model(
    name="relaxation-lytic-units",
    title="What percent lysis and lytic units say of the same cells",
    kind="statistical",
    time=Axis("effector cells to a target cell", "", 1.0, 200.0, log=True),
    parameters=parameters("relaxation-lytic-units"),
    equations="""
        y = A*(1 - exp(-k*t))
        y_s = A_left*A*(1 - exp(-k_left*k*t))
        x_q = -log(1 - q/A)/k
        x_s = -log(1 - q/(A_left*A))/(k_left*k)
        LU = N_ref/(N_T*x_q)
        LU_s = N_ref/(N_T*x_s)
        ratio = LU_s/LU
    """,
    outputs=(
        Output("y", "lysis at baseline", "percent", colour="immune"),
        Output("y_s", "lysis after the change", "percent", colour="mind"),
        Output("x_q", "ratio that gives the reference lysis, baseline", ""),
        Output("x_s", "ratio that gives the reference lysis, after the change", ""),
        Output("LU", "lytic units, baseline", "", latex=r"\mathrm{LU}"),
        Output("LU_s", "lytic units after the change", "", latex=r"\mathrm{LU}_s"),
        Output("ratio", "lytic units after the change over baseline", ""),
    ),
    plot=("y", "y_s"),
    paper=(BOL, PROSS, IRWIN),
    leaves_out=(
        "Noise, spontaneous release, how many cells of the sample are killers at all; plateau and "
        "killing of the example are chosen, only the share of 72 per cent is measured."
    ),
    scenarios={
        "a night cut short": {},
        "the plateau falls instead": {"k_left": 1.0, "A_left": 0.72},
        "no change": {"k_left": 1.0},
    },
    targets=(
        Target(
            "lytic units after a night cut short", 0.72, 1e-9, "calibrated", IRWIN, at("ratio", 1.0)
        ),
        *(
            Target(
                f"the same ratio, units counted at {q:g} per cent",
                0.72,
                1e-9,
                "closed-form",
                "ln(1 - q/A) cancels",
                at("ratio", 1.0, q=q),
            )
            for q in (10.0, 30.0)
        ),
    ),
)


MOBILISATION = Model(
    name="relaxation-mobilisation",
    title="Killer cells leave the vessel wall when adrenaline comes",
    kind="ODE",
    time=Axis("time", "minute", 0, 120),
    states=(
        State("B", "killer cells in the blood (rest 1)", "", 1.0, colour="immune"),
        State("A", "adrenaline (plateau of the infusion 1)", "", 0.0, scale=1.0),
    ),
    parameters=parameters("relaxation-mobilisation"),
    equations="""
        B' = k_u*(1 + E_max*A/(A + A_50))*M - k_b*B
        A' = log(2)/h_A*(dose*(1 - after(t_i)) - A)
        M = 1 + k_b/k_u - B
    """,
    outputs=(Output("M", "killer cells on the wall (blood at rest 1)", ""),),
    plot=("B",),
    marks=(
        Mark(
            "B",
            20.0,
            6.5,
            "greatest published rise, 600 per cent, read as 6 or as 7 times",
            INFUSION,
            y_low=6.0,
            y_high=7.0,
        ),
    ),
    paper=(),
    teaching=(
        "Built for this book: two pools and one hormone, constants chosen so that the peak and the "
        "return have the published shape. Nothing was fitted and no number of it is measured but "
        "the length of the infusion."
    ),
    leaves_out=(
        "Homing to tissue, spleen and marrow: the fall below baseline an hour after a parachute "
        "jump cannot come out. Cells are moved, not made, and what each can do stays as it was."
    ),
    scenarios={
        "20 minutes of adrenaline": {},
        "a faster return": {"k_b": 0.2, "k_u": 0.02},
        "a tenth of the adrenaline": {"dose": 0.1},
    },
    targets=(
        Target(
            "peak, in times the resting number (published: up to 6 or 7)",
            6.25,
            1.25,
            "calibrated",
            INFUSION,
            at("B", 0.0, 20.0),
        ),
        Target(
            "cells leave the wall as they enter the blood",
            11.0,
            1e-6,
            "closed-form",
            "B + M = 1 + k_b/k_u",
            lambda m: float(sum(m.simulate([0.0, 17.0])[x][-1] for x in ("B", "M"))),
        ),
    ),
)


WINDOW = 30
"""Days over which the share of positive swabs is taken."""
_LONGER = 90
"""Days over which episodes are counted."""


def _followed(t: np.ndarray, values: dict[str, float], rng: np.random.Generator) -> Results:
    """Follow a cohort day by day and report it at whole days.

    The rates change on day 0, after 60 days at the published ones (`shedding_runs.daily_swabs`).
    """
    days = max(int(np.ceil(t.max())), 1)
    people = int(values["people"])
    got = shedding_runs.year(shedding.Rates.of(values), people, days, rng)
    positive = np.cumsum([0, *got.positive[1 : days + 1]])
    started = np.asarray(got.started[: days + 1])
    at = np.maximum(np.rint(t).astype(int), 1)
    begin, earlier = np.maximum(at - WINDOW, 0), np.maximum(at - _LONGER, 0)
    copies = np.maximum(np.asarray(got.copies)[np.rint(t).astype(int)], 1)
    return {
        "L": np.log10(copies),
        "positive": 100 * (positive[at] - positive[begin]) / (at - begin) / people,
        "episodes": 365 * (started[at] - started[earlier]) / (at - earlier) / people,
        "share": 100 * positive[-1] / days / people,
        "per_year": 365 * started[-1] / days / people,
    }


_MEAN_FIELD = r"""\begin{aligned}
\frac{dN}{dt} &= \varphi - (c + \beta\,S)\,N \\
\frac{dS}{dt} &= d_b\,(N_0 - S) - \frac{S}{R}\left(\beta\,N
  + \textstyle\sum_i (\beta\,W_i + \beta_e\,V_i)\right) \\
\frac{dE_i}{dt} &= \Lambda_i - \frac{E_i}{\epsilon} \\
\frac{dI_i}{dt} &= \frac{E_i}{\epsilon} + \beta\,W_i\,\frac{S}{R} - (a + f\,T_i)\,I_i \\
\frac{dW_i}{dt} &= p\,I_i - (a + f\,T_i)\,W_i - \beta\,S\,W_i \\
\frac{dV_i}{dt} &= (a + f\,T_i)\,W_i - c\,V_i - \beta_e\,S\,V_i \\
\frac{dT_i}{dt} &= \theta\,T_i\,\frac{I_i}{I_i + r}
  + \iota\,\frac{I_i}{I_i + r_{\iota}} - \delta\,T_i \\
T_i &\leftarrow \rho\,T_i + (1 - \rho)\,\bar{T}_i\quad\text{when region } i \text{ is seeded}
\end{aligned}"""
"""What is expected of a step; `Lambda` are cells seeded by neurons or by a neighbour's virus."""

HSV2 = Model(
    name="relaxation-hsv2",
    title="Herpes in the skin: sores that start by chance and are put down by T cells",
    kind="stochastic",
    time=Axis("time since the rates changed", "day", 0, 365),
    parameters=parameters("relaxation-hsv2"),
    outputs=(
        Output("L", "log10 copies in the daily swab of one person", "", colour="tissue"),
        Output("positive", "positive swabs of the last 30 days", "percent", colour="immune"),
        Output("episodes", "episodes a year, from the last 90 days", "1/year"),
        Output("share", "positive swabs of the whole time", "percent"),
        Output("per_year", "episodes a year over the whole time", "1/year"),
    ),
    run=_followed,
    formula=_MEAN_FIELD,
    marks=(
        Mark(
            "positive",
            365.0,
            18.18,
            "cohort: share of swabs and its interval",
            SCHIFFER,
            y_low=16.39,
            y_high=20.12,
        ),
    ),
    plot=("L", "positive"),
    paper=(SCHIFFER, "schiffer2013mucosal", CODE),
    leaves_out=(
        "Natural killer cells, antibodies, the nerve's own biology and differences between people. "
        "At the published rates it sheds less than the cohorts it was made for, and nothing was "
        "tuned to close the gap. That stress acts on a rate is a reading of ours."
    ),
    scenarios={
        "published rates": {},
        "half of the virus from neurons": {"phi": 40.0},
        "half of the killing": {"f": 0.005},
    },
    targets=(
        Target(
            "positive swabs, 60 people for three years (kept in a file)",
            15.5,
            0.9,
            "independent-run",
            CODE,
            lambda m: 100 * float(shedding_runs.full_cohort().share.mean()),
            "percent",
        ),
        Target(
            "episodes, 60 people for three years (kept in a file)",
            13.6,
            0.9,
            "independent-run",
            CODE,
            lambda m: float(shedding_runs.full_cohort().episodes.mean()),
            "1/year",
        ),
    ),
)

MODELS = (LYTIC_UNITS, MOBILISATION, HSV2)
