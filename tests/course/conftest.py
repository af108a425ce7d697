"""Engines, started once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from benchmarks.cohort import variants

from hardwired.course.authoring.exercise import Exercise
from hardwired.course.engines.base import Engine, Job, Limits, run
from hardwired.course.reference import modules_of, references

SHORT = Limits(
    cell_s=0.5, grace_s=2.0, patience=6.0, wall_s=45, cpu_s=12
)  # roomy: CI machines are shared
os.environ["GRADER_SECRET"] = "the-secret-of-the-grader"


@pytest.fixture(scope="session")
def bench() -> Exercise:
    """Give the bench exercise."""
    return variants.bench()


@pytest.fixture(scope="session")
def zygote(bench: Exercise) -> Iterator[Engine]:
    """One zygote for the whole session."""
    from hardwired.course.engines.zygote import ZygoteEngine

    with ZygoteEngine(SHORT, modules=modules_of(bench)) as engine:
        yield engine


@pytest.fixture(scope="session")
def fresh(bench: Exercise) -> Iterator[Engine]:
    """Give the fresh engine."""
    from hardwired.course.engines.fresh import FreshEngine

    with FreshEngine(SHORT, modules=modules_of(bench)) as engine:
        yield engine


@pytest.fixture(scope="session")
def plain_fresh() -> Iterator[Engine]:
    """Give the fresh engine without imports beforehand, for attacks."""
    from hardwired.course.engines.fresh import FreshEngine

    with FreshEngine(SHORT) as engine:
        yield engine


@pytest.fixture(scope="session")
def wasm() -> Iterator[Engine]:
    """Give the WebAssembly engine without imports beforehand, for attacks.

    At its first run on a machine it compiles its module: that is no test's time.
    """
    from hardwired.course.engines.wasm import WasmEngine

    with WasmEngine(SHORT) as engine:
        run(engine, Job(((0, "x = 1"),), (), {"t": "dict", "v": []}), Limits(wall_s=900))
        yield engine


@pytest.fixture(scope="session")
def solved(bench: Exercise, zygote: Engine) -> dict:
    """Give the solved variant of the student s1 of the bench."""
    from hardwired.course.variants import public_seed

    return dict(references(bench, [public_seed("bench", "s1")], zygote, SHORT)[0])
