"""Runs of the models compared with themselves: a number that moves was moved by somebody.

``python -m tests.models.runs`` writes `values.json`; look at its difference before committing it.
These are no validation: what a model must give stands as a target in its declaration.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from hardwired import models
from hardwired.models.catalogue.measures import Measure
from hardwired.models.model import Model

VALUES = Path(__file__).with_name("values.json")


@dataclass(frozen=True)
class Run:
    """A number of a model: its words, how to measure it, and how far it may move (a share)."""

    model: str
    what: str
    measure: Measure
    tolerance: float = 2e-4


def gain(symbol: str, day: float, **overrides: float) -> Measure:
    """Return the measure 'change of a quantity from the start to a day'."""

    def measure(m: Model) -> float:
        run = m.simulate([0.0, day], **overrides)[symbol]
        return float(run[-1] - run[0])

    return measure


def every_run() -> Iterator[Run]:
    """Give the runs, chapter by chapter."""
    for chapter in models.CHAPTERS:
        yield from import_module(f"tests.models.runs.{chapter}").RUNS


def write() -> None:
    """Measure every run and keep the numbers."""
    values: dict[str, dict[str, float]] = {}
    for run in every_run():
        measured = float(f"{run.measure(models.get(run.model)):.8g}")
        values.setdefault(run.model, {})[run.what] = measured
    VALUES.write_text(json.dumps(values, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
