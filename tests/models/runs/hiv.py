"""Chapter 7: decay, the second set, power."""

from __future__ import annotations

from hardwired.models.catalogue.hiv import WEAK
from hardwired.models.catalogue.measures import at
from tests.models.runs import Run

RUNS = (
    Run("hiv-dynamics", "R_0 of a burst of 200 virions", at("R_0", 0.0, **WEAK)),
    *(
        Run("hiv-decay", f"share of the virus left after {day:g} days", at("V_share", day))
        for day in (0.25, 1.0, 2.0, 7.0)
    ),
    Run("hiv-cd4-slope", "power, 100 people a group, ten counts in five years", at("power", 1.0)),
)
