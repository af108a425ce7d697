"""Chapter 8: pooled walks."""

from __future__ import annotations

from hardwired.models.catalogue.measures import at
from tests.models.runs import Run

RUNS = tuple(
    Run("balance-meta-analysis", f"{symbol}, walking, DerSimonian-Laird", at(symbol, 11.0))
    for symbol in ("mu", "low", "high")
)
