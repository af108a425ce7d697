"""Statistics that no page, exercise or other module calls go, but for those named here."""

from __future__ import annotations

import ast
import re

from tests.conftest import ROOT

MODULES = (
    "conversions",
    "effect_size",
    "heterogeneity",
    "intervals",
    "mended",
    "meta",
    "power",
    "significance",
    "small_studies",
)
WAITING = {
    "number_needed_to_treat": "benefits and harms of treatments, in numbers, in the clinic boxes",
    "risk_ratio_from_odds_ratio": "printed odds ratios of frequent events, told as risks",
    "odds_ratio_from_risk_ratio": "its inverse, to compare syntheses on one scale",
    "from_interval": "effects whose print gives an interval and no spread; its p likewise",
    "r_from_odds_ratio": "rows of the wounds forest, whose values and limits its tests recompute",
    "rate_ratio": "colds and exacerbations, which are counted and not shared out",
    "pool_effects": "effects of one measure to pool; it refuses a mixture",
}
"""Names that the chapters' mending needs, with the reason; ten at most."""


def test_every_statistic_has_a_reader() -> None:
    """A public function is named somewhere beside its definition, in src, book or exercises."""
    used = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Name):
                used.add(node.id)
            elif isinstance(node, ast.Attribute):
                used.add(node.attr)
    for path in [*(ROOT / "book").glob("*/*.md"), *(ROOT / "exercises").rglob("*.md")]:
        used |= set(re.findall(r"(\w+)\(", path.read_text(encoding="utf-8")))
    unread = {
        node.name
        for module in MODULES
        for node in ast.parse(
            (ROOT / "src/hardwired/evidence" / f"{module}.py").read_text(encoding="utf-8")
        ).body
        if isinstance(node, ast.FunctionDef) and node.name not in used
    }

    assert unread == set(WAITING)
    assert len(WAITING) <= 10
