"""Chapter 2: endotoxin and sepsis."""

from __future__ import annotations

import numpy as np

from hardwired.models.analysis.bifurcation import threshold
from hardwired.models.catalogue.measures import Measure, peak
from hardwired.models.catalogue.sickness import ASEPTIC, SEPTIC, sepsis_outcome
from tests.models.runs import Run

ENDOTOXIN, SEPSIS = "sickness-endotoxin", "sickness-sepsis"
HOURS, LONG = np.linspace(0, 12, 12001), np.linspace(0, 300, 30001)


def _border(name: str, low: float, high: float, beyond: int) -> Measure:
    """Return the measure 'value of a parameter beyond which patients end worse'."""
    return lambda m: threshold(
        lambda values: sepsis_outcome(**{name: values}) >= beyond, low, high, tolerance=1e-4
    )


RUNS = (
    *(
        Run(ENDOTOXIN, f"{what} of the peak of {name}", peak(name, HOURS, what), 1e-3)
        for name in ("TNF", "I_6", "I_8", "I_10", "T")
        for what in ("height", "time")
    ),
    *(
        Run(
            ENDOTOXIN,
            f"peak of {name}, {', '.join(f'{k} {v:g}' for k, v in changed.items())}",
            peak(name, HOURS, "height", **changed),
        )
        for name, changed in (
            ("TNF", {"brake": 0.8}),
            ("TNF", {"brake": 0.7}),
            ("T", {"brake": 0.7}),
            ("TNF", {"brake": 0.5}),
            ("TNF", {"brake": 5.0}),
            ("T", {"brake": 5.0}),
            ("TNF", {"dose": 1.0}),
            ("T", {"dose": 1.0}),
            ("T", {"relief": 0.5}),
        )
    ),
    Run(SEPSIS, "growth that makes health aseptic death", _border("k_pg", 0.25, 0.45, ASEPTIC)),
    Run(SEPSIS, "growth that makes aseptic septic death", _border("k_pg", 0.4, 0.6, SEPTIC)),
    Run(SEPSIS, "first pathogen that makes aseptic death", _border("P0", 0.9, 1.5, ASEPTIC)),
    *(
        Run(SEPSIS, f"{what} of the peak of {name}", peak(name, LONG, what), 1e-3)
        for name in ("N", "D", "C_A")
        for what in ("height", "time")
    ),
)
