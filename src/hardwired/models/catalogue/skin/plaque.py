"""A skin that can switch to psoriasis, its treatment by light, and the time to clear.

The models of the plaque are published; the clearing is a survival curve fixed by two published
numbers and an assumption.
"""

from __future__ import annotations

from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Event, Mark, Output, State, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

SHMAROV = "shmarov2022individualised"
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


_PUSH = {"sigma": 6000.0, "t_on": 0.0, "d": 7.0}
_REST = {"sigma": 0.0}


PSORIASIS = Model(
    name="skin-psoriasis",
    title="Skin with two stable states, healthy and psoriatic",
    kind="ODE",
    time=Axis("time", "day", 0, 300),
    states=_skin_states(HEALTHY),
    parameters=(*parameters("skin-psoriasis"), *parameters("skin-plaque")),
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
                at(symbol, 0.0, _LONG, **(_REST if name == "healthy" else _PUSH)),
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
    ),
)


def _course() -> tuple[Event, ...]:
    """Return the events of a course: the lamp acts for a day from each dose on."""
    events = []
    for day, dose in zip(UVB_DAYS, UVB_DOSES, strict=True):
        events.append(Event("dose", f"t_uv + {day:g}*one_day", {"u": f"{dose:g}*lamp"}))
        events.append(Event("a day later", f"t_uv + {day + 1:g}*one_day", {"u": 0.0}))
    return tuple(events)


PHOTOTHERAPY = Model(
    name="skin-phototherapy",
    title="Ultraviolet light clears a plaque, for good or for a while",
    kind="ODE",
    time=Axis("time", "day", 0, 500),
    states=_skin_states(PSORIATIC),
    parameters=(*parameters("skin-phototherapy"), *parameters("skin-plaque")),
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
    targets=(
        Target(
            "disease that nobody treats, after 500 days",
            1.0,
            0.001,
            "published-model-file",
            _MODEL_FILE,
            at("P_rel", 0.0, 500.0, lamp=0.0),
        ),
    ),
)


CLEARING = Model(
    name="skin-clearing",
    title="Worry and the time to clear under light treatment",
    kind="statistical",
    time=Axis("time", "day", 0, 150),
    parameters=parameters("skin-clearing"),
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
                at(which, 1.0, kappa=kappa),
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
            lambda m: at("m_1", 1.0)(m) - at("m_0", 1.0)(m),
            "day",
        ),
    ),
)
