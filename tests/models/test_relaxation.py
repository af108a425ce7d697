"""The models of chapter 4 against closed forms and hand-written computations."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from hardwired import models
from hardwired.models.catalogue import shedding, shedding_runs
from tests.conftest import count


@pytest.mark.parametrize("q", [10.0, 20.0, 30.0])
def test_lytic_units_follow_the_killing_whatever_the_reference(q: float) -> None:
    """With one plateau, 0.72 of the killing is 0.72 of the units; percent lysis is not."""
    run = models.get("relaxation-lytic-units").simulate([6.25, 100.0], q=q)

    assert run["ratio"] == pytest.approx([0.72, 0.72], abs=1e-12)
    by_hand = [(1 - math.exp(-0.72 * 0.03 * x)) / (1 - math.exp(-0.03 * x)) for x in (6.25, 100.0)]
    assert run["y_s"] / run["y"] == pytest.approx(by_hand, rel=1e-12)
    assert by_hand == pytest.approx([0.74, 0.93], abs=0.005)


def test_mobilised_cells_agree_with_a_hand_written_integration() -> None:
    """Two stretches, infusion on and off, by plain LSODA."""

    def rates(t: float, y: np.ndarray, on: float) -> list[float]:
        blood, drug = y
        release = 0.01 * (1 + 20 * drug / (drug + 0.3))
        return [release * (11 - blood) - 0.1 * blood, math.log(2) / 2.5 * (on - drug)]

    on = solve_ivp(rates, (0, 20), [1, 0], args=(1.0,), method="LSODA", rtol=1e-10).y[:, -1]
    off = solve_ivp(rates, (0, 40), on, args=(0.0,), method="LSODA", rtol=1e-10).y[:, -1]
    ours = models.get("relaxation-mobilisation").simulate([0.0, 20.0, 60.0])["B"]

    assert ours[1:] == pytest.approx([on[0], off[0]], rel=1e-5)


def test_the_regions_of_skin_form_one_patch() -> None:
    """Neighbours are mutual; a region inside has six."""
    neighbours, counts, interior = shedding.grid()

    assert neighbours.shape == (300, 6)
    assert set(interior) == set(np.flatnonzero(counts == 6))
    assert len(interior) > 200
    for i in range(300):
        there = neighbours[i, : counts[i]]
        assert len(set(there)) == counts[i]
        assert i not in there
        assert all(i in neighbours[j, : counts[j]] for j in there)


def test_neurons_seed_as_often_as_the_closed_form_says(monkeypatch) -> None:
    """Without virus from cells, seedings are those of neurons: 21.6 a person a year."""
    q = shedding.published(p=0.0)
    seen = []
    plant = shedding.Cohort.plant
    monkeypatch.setattr(
        shedding.Cohort, "plant", lambda self, w, n: (seen.append(n.sum()), plant(self, w, n))
    )
    rng = np.random.default_rng(3)
    people, days = 100, 30
    cohort = shedding.Cohort(q, shedding.fresh_t_cells(people, rng), rng)
    cohort.advance(days)
    virus = q.phi / (q.c + q.beta * q.N_0)
    expected = people * days * q.beta * virus * q.N_0 / 300

    assert expected / people / days * 365 == pytest.approx(21.6, abs=0.1)
    assert abs(sum(seen) - expected) < 3 * math.sqrt(expected)


def test_t_cells_that_nobody_watches_die_at_the_published_rate() -> None:
    """They halve in 472 days, however the time is cut."""
    rng = np.random.default_rng(4)
    cohort = shedding.Cohort(shedding.published(phi=0.0), np.full((4, 300), 3000), rng)
    for _ in range(5):
        cohort.advance(math.log(2) / 1.47e-3 / 5)
        left = cohort.t_cells()

    assert left.mean() == pytest.approx(1500, abs=3 * math.sqrt(3000 / 4 / 1200))


def test_episodes_are_runs_of_swabs_above_a_hundred_copies() -> None:
    """Counted a year; one that is under way when watching ends has no duration."""
    swabs = np.array([[0, 101, 1e4, 0, 100, 0, 200, 0, 5e5, 9e5]])
    found = shedding.summarise(swabs)

    assert found.share == pytest.approx([0.5])
    assert found.episodes == pytest.approx([3 / 10 * 365])
    assert found.durations == pytest.approx([1.5, 0.5])
    assert found.peaks == pytest.approx([4.0, math.log10(200)])


def test_kept_runs_are_what_the_simulator_gives() -> None:
    """The first weeks of the kept year, drawn again from the same seed."""
    again = shedding_runs.daily_swabs(
        shedding.published(phi=40.0), 60, 21, np.random.default_rng(0)
    )
    kept = shedding_runs.stored_years()["phi=40"]

    assert kept.positive[:22] == tuple((again > 100).sum(axis=0))
    assert len(shedding_runs.stored_years()) == len(shedding_runs.slider_levels())


@pytest.mark.ring("test")
@pytest.mark.sampled
def test_shedding_agrees_with_the_independent_run() -> None:
    """15.5 per cent of swabs and 13.6 episodes a year, each with SE 0.3, within 3 SE of both.

    60 people a year; 180 under `make measure`.
    """
    people = count(180, 60)
    rng = np.random.default_rng(5)
    found = shedding.summarise(
        shedding_runs.daily_swabs(shedding.published(), people, 365, rng)[:, 1:]
    )
    print(f"{people} person-years: share {100 * found.share.mean():.2f} %, ", end="")
    print(f"{found.episodes.mean():.2f} episodes a year")

    for ours, theirs in ((100 * found.share, 15.5), (found.episodes, 13.6)):
        error = math.hypot(0.3, ours.std(ddof=1) / math.sqrt(people))
        assert abs(ours.mean() - theirs) < 3 * error
