"""CD4 counts that fall along a line, and what a hazard means.

Both models put published slopes and hazards into formulas.
"""

from __future__ import annotations

from hardwired.models.catalogue.measures import at
from hardwired.models.declaration import Axis, Mark, Output, Target
from hardwired.models.model import Model
from hardwired.models.parameters import parameters

# CD4 slopes -------------------------------------------------------------------------------------

BURACK = "burack1993depressive"


CD4_SLOPE = Model(
    name="hiv-cd4-slope",
    title="CD4 counts that fall along a line, with and without depression",
    kind="statistical",
    time=Axis("time", "year", 0, 6),
    parameters=parameters("hiv-cd4-slope"),
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
            "ratio of the slopes (both went in)", 1.38, 0.01, "calibrated", BURACK, at("ratio", 1.0)
        ),
        Target(
            "years from 500 to 200, not depressed",
            5.10,
            0.02,
            "closed-form",
            "300/58.8",
            at("T_low", 1.0),
            unit="year",
        ),
        Target(
            "years from 500 to 200, depressed",
            3.69,
            0.02,
            "closed-form",
            "300/81.2",
            at("T_low_d", 1.0),
            unit="year",
        ),
    ),
)

_PENCE = "pence2018association"


HAZARDS = Model(
    name="hiv-hazards",
    title="From a hazard ratio to a risk",
    kind="statistical",
    time=Axis("time", "year", 0, 12),
    parameters=parameters("hiv-hazards"),
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
                at("HR", 6.0, HR_1=one, x=4.0),
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
            at("P", 6.0),
        ),
        Target(
            "ratio of the risks at a hazard ratio of 2",
            1.68,
            0.01,
            "closed-form",
            "0.534/0.317",
            at("RR_6", 6.0),
        ),
        Target(
            "hazard, not exposed",
            0.0635,
            0.0001,
            "closed-form",
            "-ln(1 - 0.317)/6",
            at("h_0", 6.0),
            unit="1/year",
        ),
    ),
    marks=(Mark("P_0", 6.0, 0.317, "observed within six years", "mellors1997plasma"),),
)
