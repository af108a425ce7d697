"""Whether a model gives the numbers that it must give."""

from __future__ import annotations

from dataclasses import dataclass

from hardwired.models.declaration import Declaration, Target


@dataclass(frozen=True)
class TargetResult:
    """A target beside what the model gave."""

    target: Target
    measured: float
    met: bool

    def __str__(self) -> str:
        t = self.target
        tolerance = f"{100 * t.tolerance:g} %" if t.relative else f"{t.tolerance:g}"
        verdict = "met" if self.met else "MISSED"
        return (
            f"{t.what}: {self.measured:.6g} against {t.value:g} {t.unit} "
            f"(within {tolerance}, {t.kind}): {verdict}"
        )


def check(model: Declaration) -> list[TargetResult]:
    """Measure every target of a model.

    A measurement that is not a number misses its target.
    """
    results = []
    for target in model.targets:
        measured = float(target.measure(model))
        allowed = target.tolerance * (abs(target.value) if target.relative else 1.0)
        met = abs(measured - target.value) <= allowed * (1 + 1e-12)
        results.append(TargetResult(target, measured, met))
    return results
