"""The models give the numbers that they gave when somebody last looked."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from hardwired import models
from tests.models.runs import VALUES, Run, every_run

RUNS = list(every_run())
KEPT = json.loads(VALUES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("run", RUNS, ids=[f"{r.model}: {r.what}" for r in RUNS])
def test_a_run_gives_what_it_gave(run: Run) -> None:
    """Within the tolerance of the run; after a change that was meant, write the values again."""
    measured = run.measure(models.get(run.model))

    assert measured == pytest.approx(KEPT[run.model][run.what], rel=run.tolerance, abs=1e-9)


def test_every_kept_number_belongs_to_one_run() -> None:
    """None is left behind, and no two runs of a model share their words."""
    named = Counter((run.model, run.what) for run in RUNS)

    assert set(named) == {(model, what) for model, whats in KEPT.items() for what in whats}
    assert max(named.values()) == 1
