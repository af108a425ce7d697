"""The drawing room draws; what is computed from printed numbers stands in the evidence room."""

from __future__ import annotations

import ast

from tests.conftest import ROOT


def test_no_figure_computes_a_statistic() -> None:
    """No module of figures imports SciPy or statsmodels."""
    found = {}
    for path in sorted((ROOT / "src/hardwired/figures").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            if wrong := [n for n in names if n.split(".")[0] in ("scipy", "statsmodels")]:
                found[path.name] = wrong

    assert found == {}
