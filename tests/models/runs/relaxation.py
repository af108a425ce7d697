"""Chapter 4: the assay and the infusion."""

from __future__ import annotations

from hardwired.models.catalogue.measures import at
from tests.models.runs import Run

UNITS, INFUSION = "relaxation-lytic-units", "relaxation-mobilisation"

RUNS = (
    *(
        Run(UNITS, f"lysis at {ratio:g} to 1, {left:g} left", at("y_s", ratio, k_left=left))
        for left in (1.0, 0.72)
        for ratio in (100.0, 50.0, 25.0, 12.5, 6.25)
    ),
    Run(UNITS, "lytic units, baseline", at("LU", 1.0)),
    Run(UNITS, "lytic units after the change", at("LU_s", 1.0)),
    Run(UNITS, "ratio if the plateau falls", at("ratio", 1.0, k_left=1.0, A_left=0.72)),
    *(
        Run(INFUSION, f"cells at {minute:g} min", at("B", 0.0, minute))
        for minute in (5.0, 20.0, 35.0, 60.0, 120.0)
    ),
)
