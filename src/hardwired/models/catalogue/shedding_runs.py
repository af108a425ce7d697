"""Cohorts of the shedding model, day by day, and those that are kept in files.

Made by ``python -m hardwired.models.catalogue.shedding_runs``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path

import numpy as np

from hardwired.models.catalogue.shedding import (
    DETECTION,
    Cohort,
    Rates,
    Shedding,
    fresh_t_cells,
    published,
    summarise,
)
from hardwired.models.parameters import parameters

DATA = Path(__file__).parent / "data"
START = DATA / "hsv2-start.npz"
RUNS = DATA / "hsv2-runs.json"
COHORT = DATA / "hsv2-cohort.json"
LEAD_IN = 60
"""Days at the published rates before the first swab, so that sores are under way."""
STORED_DAYS, STORED_PEOPLE = 365, 60


@cache
def burnt_in() -> np.ndarray:
    """Return T cells of 60 people after three years at the published rates, shape (60, 300).

    Made by ``python -m hardwired.models.catalogue.shedding_runs``.
    """
    with np.load(START) as stored:
        return np.asarray(stored["T"], dtype=np.int64)


def daily_swabs(rates: Rates, people: int, days: int, rng: np.random.Generator) -> np.ndarray:
    """Return copies at day 0, 1, ... `days`, shape (people, days + 1).

    Everybody begins with the T cells of one of the 60 of `burnt_in` and lives `LEAD_IN` days at the
    published rates; then the rates change.
    """
    stored = burnt_in()
    who = rng.choice(len(stored), people, replace=people > len(stored))
    cohort = Cohort(published(), stored[who], rng)
    cohort.advance(LEAD_IN)
    cohort.rates = rates
    return cohort.follow(np.arange(days + 1.0))


@dataclass(frozen=True)
class Year:
    """What a cohort's daily swabs come down to, day by day.

    `positive` counts positive swabs of each day, `copies` are those of one person, `started` counts
    the episodes begun by each day.
    """

    people: int
    positive: tuple[int, ...]
    started: tuple[int, ...]
    copies: tuple[int, ...]

    @classmethod
    def of(cls, swabs: np.ndarray) -> Year:
        """Sum up swabs of shape (people, days + 1); the person shown is the median shedder."""
        positive = swabs > DETECTION
        begun = positive.copy()
        begun[:, 1:] &= ~positive[:, :-1]
        begun[:, 0] = False
        middle = np.argsort(positive.sum(axis=1), kind="stable")[len(swabs) // 2]
        return cls(
            len(swabs),
            tuple(map(int, positive.sum(axis=0))),
            tuple(map(int, begun.sum(axis=0).cumsum())),
            tuple(map(int, swabs[middle])),
        )


def _key(rates: Rates) -> str:
    usual = asdict(published())
    changed = {k: v for k, v in asdict(rates).items() if v != usual[k]}
    return ", ".join(f"{k}={v:.12g}" for k, v in sorted(changed.items())) or "published"


@cache
def stored_years() -> Mapping[str, Year]:
    """Return the runs that are kept in a file: one rate changed, 60 people, a year, seed 0."""
    if not RUNS.exists():
        return {}
    entries = json.loads(RUNS.read_text(encoding="utf-8"))
    return {
        key: Year(
            STORED_PEOPLE,
            tuple(entry["positive"]),
            tuple(entry["started"]),
            tuple(_spread(entry["copies"])),
        )
        for key, entry in entries.items()
    }


def _spread(sparse: Mapping[str, int]) -> list[int]:
    copies = [0] * (STORED_DAYS + 1)
    for day, value in sparse.items():
        copies[int(day)] = value
    return copies


def year(rates: Rates, people: int, days: int, rng: np.random.Generator) -> Year:
    """Run a cohort, or take it from the file if that very run is kept there.

    A run is kept if one rate differs from the published ones, 60 people are followed for at most a
    year, and `rng` is the unused generator of seed 0; see `stored_years`.
    """
    unused = rng.bit_generator.state == np.random.default_rng(0).bit_generator.state
    if unused and people == STORED_PEOPLE and days <= STORED_DAYS:
        kept = stored_years().get(_key(rates))
        if kept is not None:
            return kept
        days = STORED_DAYS
    return Year.of(daily_swabs(rates, people, days, rng))


def make_start(seed: int = 2, people: int = STORED_PEOPLE, days: int = 1095) -> None:
    """Write the file of `burnt_in`."""
    rng = np.random.default_rng(seed)
    cohort = Cohort(published(), fresh_t_cells(people, rng), rng)
    cohort.advance(days)
    DATA.mkdir(exist_ok=True)
    np.savez_compressed(START, T=cohort.t_cells().astype(np.uint16))


def make_runs(changes: list[dict[str, float]]) -> None:
    """Add runs to the file of `stored_years`, each with some rates changed."""
    entries = json.loads(RUNS.read_text(encoding="utf-8")) if RUNS.exists() else {}
    for change in changes:
        rates = published(**change)
        swabs = daily_swabs(rates, STORED_PEOPLE, STORED_DAYS, np.random.default_rng(0))
        made = Year.of(swabs)
        entries[_key(rates)] = {
            "positive": made.positive,
            "started": made.started,
            "copies": {str(day): n for day, n in enumerate(made.copies) if n},
        }
        text = ",\n".join(
            f"{json.dumps(key)}: {json.dumps(entries[key], separators=(',', ':'))}"
            for key in sorted(entries)
        )
        RUNS.write_text(f"{{\n{text}\n}}\n", encoding="utf-8")


def full_cohort() -> Shedding:
    """Return what 60 people show in three years of daily swabs after three years of burn-in.

    A run at the published rates, kept in a file; made by
    ``python -m hardwired.models.catalogue.shedding_runs``.
    """
    kept = json.loads(COHORT.read_text(encoding="utf-8"))
    return Shedding(*(np.array(kept[field.name]) for field in fields(Shedding)))


def make_cohort(seed: int = 2, people: int = STORED_PEOPLE, days: int = 1095) -> None:
    """Write the file of `full_cohort`."""
    rng = np.random.default_rng(seed)
    cohort = Cohort(published(), fresh_t_cells(people, rng), rng)
    cohort.advance(days)
    _keep_cohort(summarise(cohort.follow(np.arange(1.0, days + 1))))


def _keep_cohort(found: Shedding) -> None:
    digits = {"share": 5, "episodes": 3, "durations": 1, "peaks": 2}
    lines = (
        f"{json.dumps(name)}: {json.dumps([round(float(v), n) for v in getattr(found, name)])}"
        for name, n in digits.items()
    )
    COHORT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def slider_levels() -> list[dict[str, float]]:
    """Return the changes whose runs are kept: the levels of the sliders of `phi` and `f`.

    A slider with whole ends moves in whole steps (`hardwired.pages.directives.explorer`).
    """
    changes: list[dict[str, float]] = [{}]
    for p in parameters("relaxation-hsv2"):
        if p.low is None or p.high is None:
            continue
        levels = [float(v) for v in np.linspace(p.low, p.high, 15)]
        if p.low.is_integer() and p.high.is_integer():
            levels = [float(round(v)) for v in levels]
        changes += [{p.symbol: v} for v in levels if abs(v - p.value) > 1e-9 * p.value]
    return changes


if __name__ == "__main__":
    make_start()
    make_cohort()
    make_runs(slider_levels())
