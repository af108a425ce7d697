"""Chapter 4: what lytic units measure, why killer cells flood the blood, how herpes is shed.

Lytic units are closed formulas, mobilisation is a teaching model of this book, shedding is a
published stochastic model (its simulator stands in `shedding`).
"""

from __future__ import annotations

from hardwired.models.core import Axis, Model, Output, Parameter, State, Target

BOL = "bol1986cellular"
PROSS = "pross1981spontaneous"
IRWIN = "irwin1994partial"
INFUSION = "schedlowski1996catecholamines"
TONNESEN = "tonnesen1987natural"


def _assumed(symbol: str, label: str, value: float, unit: str, low: float, high: float, **more):
    return Parameter(symbol, label, value, unit, low, high, "", "assumed", **more)


def _lysis(ratio: float, **overrides: float):
    return lambda m: m.simulate([ratio], **overrides)["y_s"][0]


def _assay(name: str, **overrides: float):
    return lambda m: m.simulate([1.0], **overrides)[name][0]


_SLEEP = {"k_left": 0.72}

LYTIC_UNITS = Model(
    name="relaxation-lytic-units",
    title="What percent lysis and lytic units say of the same cells",
    kind="statistical",
    time=Axis("effector cells to a target cell", "", 1.0, 200.0, log=True),
    parameters=(
        _assumed("A", "lysis at the plateau", 80.0, "percent", 50.0, 100.0),
        _assumed("k", "killing for each effector cell", 0.03, "", 0.005, 0.1, log=True),
        Parameter(
            "k_left",
            "share of the killing that is left",
            0.72,
            "",
            0.3,
            1.3,
            IRWIN,
            "seen",
            "mean activity after a night cut short, beside baseline",
        ),
        _assumed("A_left", "share of the plateau that is left", 1.0, "", 0.7, 1.2),
        _assumed(
            "q", "lysis at which units are counted", 20.0, "percent", 10.0, 30.0, note="also 10"
        ),
        Parameter("N_T", "target cells in a well", 5000.0, "cell", source="", status="assumed"),
        Parameter(
            "N_ref", "cells whose units are counted", 1e7, "cell", source="", status="assumed"
        ),
    ),
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
        Output("y", "lysis at baseline", "percent"),
        Output("y_s", "lysis after the change", "percent"),
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
            "lytic units after a night cut short", 0.72, 1e-9, "calibrated", IRWIN, _assay("ratio")
        ),
        *(
            Target(
                f"the same ratio, units counted at {q:g} per cent",
                0.72,
                1e-9,
                "closed-form",
                "ln(1 - q/A) cancels",
                _assay("ratio", q=q),
            )
            for q in (10.0, 30.0)
        ),
        *(
            Target(
                f"lysis at {ratio:g} to 1, {text}",
                value,
                0.06,
                "own-run",
                BOL,
                _lysis(ratio, k_left=left),
                "percent",
            )
            for left, text, values in (
                (1.0, "baseline", (76.0, 62.1, 42.2, 25.0, 13.7)),
                (0.72, "after the change", (70.8, 52.8, 33.4, 18.9, 10.1)),
            )
            for ratio, value in zip((100.0, 50.0, 25.0, 12.5, 6.25), values, strict=True)
        ),
        Target("lytic units, baseline", 209.0, 0.5, "own-run", BOL, _assay("LU")),
        Target("lytic units after the change", 150.0, 0.5, "own-run", BOL, _assay("LU_s")),
        Target(
            "ratio if the plateau falls instead",
            0.67,
            0.005,
            "own-run",
            BOL,
            _assay("ratio", k_left=1.0, A_left=0.72),
        ),
    ),
)


def _killers(minute: float, **overrides: float):
    return lambda m: m.simulate([0.0, minute], **overrides)["B"][-1]


MOBILISATION = Model(
    name="relaxation-mobilisation",
    title="Killer cells leave the vessel wall when adrenaline comes",
    kind="ODE",
    time=Axis("time", "minute", 0, 120),
    states=(
        State("B", "killer cells in the blood (rest 1)", "", 1.0),
        State("A", "adrenaline (plateau of the infusion 1)", "", 0.0, scale=1.0),
    ),
    parameters=(
        _assumed("dose", "speed of the infusion", 1.0, "", 0.1, 3.0),
        Parameter("t_i", "length of the infusion", 20.0, "minute", 5.0, 60.0, INFUSION),
        _assumed("k_u", "release from the wall at rest", 0.01, "1/minute", 0.005, 0.02),
        _assumed("k_b", "return to the wall", 0.1, "1/minute", 0.05, 0.3),
        _assumed("E_max", "most that adrenaline adds to release, in times", 20.0, "", 5.0, 40.0),
        _assumed("A_50", "adrenaline at half of that", 0.3, "", 0.1, 1.0),
        _assumed("h_A", "half-life of adrenaline", 2.5, "minute", 1.0, 6.0),
    ),
    equations="""
        B' = k_u*(1 + E_max*A/(A + A_50))*M - k_b*B
        A' = log(2)/h_A*(dose*(1 - after(t_i)) - A)
        M = 1 + k_b/k_u - B
    """,
    outputs=(Output("M", "killer cells on the wall (blood at rest 1)", ""),),
    plot=("B",),
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
            _killers(20.0),
        ),
        *(
            Target(f"cells at {minute:g} min", value, 0.06, "own-run", INFUSION, _killers(minute))
            for minute, value in ((5.0, 4.5), (20.0, 6.8), (35.0, 3.9), (60.0, 1.2), (120.0, 1.0))
        ),
        Target(
            "FAILURE: cells 15 min after the infusion, where people are back at 1",
            3.9,
            0.06,
            "own-run",
            TONNESEN,
            _killers(35.0),
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
