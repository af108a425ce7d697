"""Chapter 8: pooled walks."""

from __future__ import annotations

from tests.models.runs import Run, at

RUNS = tuple(
    Run("balance-meta-analysis", f"{symbol}, walking, DerSimonian-Laird", at(symbol, 11.0))
    for symbol in ("mu", "low", "high")
)
