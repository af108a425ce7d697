"""The simulator behind the model of herpes shedding: many people, each with 300 regions of skin.

Rules of schiffer2013rapid as its authors released them, written anew: tau-leaping with fixed
steps, every number of cells and copies a whole number, births Poisson, deaths and infections
binomial.
Two things are done otherwise, neither of which changes the law of what a swab sees: only regions
with virus or infected cells are stepped, T cells elsewhere are thinned when somebody next looks at
them; and the turnover of susceptible cells, of which there are tens of millions, is not drawn.
The declaration of the model, its sources and targets stand in `relaxation`, the runs that are kept
in files in `shedding_runs`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np

from hardwired.models.parameters import parameters

STEP = 0.01
"""Days."""
REGIONS = 300
FEWEST_T = 1
DETECTION = 100.0
"""Copies above which a swab is positive."""


@dataclass(frozen=True)
class Rates:
    """Parameters of the model, per day and per cell or copy; symbols as in `relaxation`."""

    phi: float
    beta: float
    beta_e: float
    p: float
    c: float
    a: float
    f: float
    theta: float
    r: float
    delta: float
    rho: float
    epsilon: float
    iota: float
    r_iota: float
    d_b: float
    N_0: float

    @classmethod
    def of(cls, values: dict[str, float]) -> Rates:
        """Pick the rates out of the parameter values of a model."""
        return cls(**{field.name: values[field.name] for field in fields(cls)})


def published(**changes: float) -> Rates:
    """Return the published rates, as the table of the model has them, some of them changed."""
    return replace(_published(), **changes)


@cache
def _published() -> Rates:
    return Rates.of({p.symbol: p.value for p in parameters("relaxation-hsv2")})


@cache
def grid() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the hexagonal patch of regions.

    Returns
    -------
    neighbours, counts, interior
        Numbers of the neighbours, shape (300, 6), the missing ones of an edge filled with the
        region itself after `counts` true ones; and the numbers of regions with six neighbours.
    """
    cells = sorted(
        ((q, r) for q in range(-11, 12) for r in range(-11, 12)),
        key=lambda qr: (
            max(abs(qr[0]), abs(qr[1]), abs(sum(qr))),
            math.atan2(qr[1] + qr[0] / 2, qr[0] * math.sqrt(3) / 2),
        ),
    )[:REGIONS]
    number = {cell: i for i, cell in enumerate(cells)}
    neighbours = np.empty((REGIONS, 6), dtype=np.int64)
    counts = np.empty(REGIONS, dtype=np.int64)
    for i, (q, r) in enumerate(cells):
        around = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
        there = [number[q + x, r + y] for x, y in around if (q + x, r + y) in number]
        neighbours[i] = there + [i] * (6 - len(there))
        counts[i] = len(there)
    return neighbours, counts, np.flatnonzero(counts == 6)


class Cohort:
    """People whose skin is followed in steps.

    Parameters
    ----------
    rates
        The same for everybody.
    T
        T cells at the start, shape (people, 300), whole numbers.
    rng
        Source of chance.
    """

    def __init__(self, rates: Rates, T: np.ndarray, rng: np.random.Generator) -> None:
        self.rates, self.rng = rates, rng
        self.people = T.shape[0]
        self.T = T.astype(np.int64).ravel().copy()
        self.E, self.I, self.W, self.V = (np.zeros(self.T.size, dtype=np.int64) for _ in range(4))
        self.S = np.full(self.people, rates.N_0)
        self.N = np.asarray(rng.poisson(self._neuronal_virus(), self.people))
        self.now = 0
        self.looked = np.zeros(self.T.size, dtype=np.int64)
        self.active = np.empty(0, dtype=np.int64)

    def _neuronal_virus(self) -> float:
        return self.rates.phi / (self.rates.c + self.rates.beta * self.rates.N_0)

    def swab(self) -> np.ndarray:
        """Return the copies of free virus, shape (people,)."""
        who = self.active // REGIONS
        return np.bincount(who, weights=self.V[self.active], minlength=self.people)

    def t_cells(self) -> np.ndarray:
        """Return the T cells of every region now, shape (people, 300)."""
        self._current_T(np.arange(self.T.size))
        return self.T.reshape(self.people, REGIONS).copy()

    def advance(self, days: float) -> None:
        """Go on for some days."""
        stop = self.now + round(days / STEP)
        while self.now < stop:
            if self.active.size == 0:
                self._wait(stop)
            else:
                self._step()

    def follow(self, times: np.ndarray) -> np.ndarray:
        """Return swabs at increasing times in days from now, shape (people, times)."""
        swabs, begin = np.empty((self.people, len(times))), self.now
        for k, time in enumerate(times):
            self.advance((begin + round(time / STEP) - self.now) * STEP)
            swabs[:, k] = self.swab()
        return swabs

    def _wait(self, stop: int) -> None:
        """Jump to the next seeding by a neuron while nobody has anything in the skin."""
        q = self.rates
        seeding = q.beta * STEP * self._neuronal_virus() * self.S.sum() / REGIONS
        steps = stop - self.now
        if seeding > 0:
            steps = min(steps, int(self.rng.geometric(-math.expm1(-seeding))))
        self.now += steps
        self.S = q.N_0 - (q.N_0 - self.S) * math.exp(-q.d_b * STEP * steps)
        self.N = np.asarray(self.rng.poisson(self._neuronal_virus(), self.people))
        if self.now < stop:
            who = int(self.rng.integers(self.people))
            self.plant(np.array([self._interior(1)[0] + who * REGIONS]), np.array([1]))

    def _interior(self, n: int) -> np.ndarray:
        return self.rng.choice(grid()[2], n)

    def _current_T(self, where: np.ndarray) -> None:  # noqa: N802
        """Bring T cells of regions up to date: those that nobody watched died one by one."""
        age = self.now - self.looked[where]
        old = np.unique(where[age > 0])
        if old.size:
            left = np.exp(-self.rates.delta * STEP * (self.now - self.looked[old]))
            self.T[old] = np.maximum(self.rng.binomial(self.T[old], left), FEWEST_T)
            self.looked[old] = self.now

    def plant(self, where: np.ndarray, cells: np.ndarray) -> None:
        """Seed regions: cells in eclipse, and T cells shared with the neighbours."""
        neighbours, counts, _ = grid()
        np.add.at(self.E, where, cells)
        where = np.unique(where)
        region, first = where % REGIONS, where - where % REGIONS
        around = neighbours[region] + first[:, None]
        self._current_T(np.concatenate([where, around.ravel()]))
        total = self.T[where] + (self.T[around] * (np.arange(6) < counts[region][:, None])).sum(
            axis=1
        )
        shared = self.rng.poisson(total / (counts[region] + 1))
        rho = self.rates.rho
        mixed = rho * self.T[where] + (1 - rho) * shared
        self.T[where] = np.maximum(mixed.astype(np.int64), FEWEST_T)
        self.active = np.union1d(self.active, where)

    def _step(self) -> None:
        q, rng, at = self.rates, self.rng, self.active
        who = at // REGIONS
        E, I, W, V, T = self.E[at], self.I[at], self.W[at], self.V[at], self.T[at]  # noqa: E741
        S = self.S[who]
        room = (S / REGIONS).astype(np.int64)
        spread_here = rng.binomial(room, np.minimum(q.beta * STEP * W, 1.0))
        spread_out = rng.binomial(room, np.minimum(q.beta_e * STEP * V, 1.0))
        from_neuron = rng.binomial((self.S / REGIONS).astype(np.int64), q.beta * STEP * self.N)
        lost = from_neuron + np.bincount(who, spread_here + spread_out, self.people)
        leaving = rng.binomial(self.N, np.minimum((q.c + q.beta * self.S) * STEP, 1.0))
        self.N = self.N + rng.poisson(q.phi * STEP, self.people) - leaving
        self.S = np.minimum(self.S + q.d_b * STEP * (q.N_0 - self.S) - lost, q.N_0)

        ripe = rng.binomial(E, min(STEP / q.epsilon, 1.0))
        killing = np.minimum(q.f * STEP * T, 1.0)
        dying = rng.binomial(I, np.minimum(q.a * STEP + killing, 1.0))
        I = I + ripe + spread_here - dying  # noqa: E741
        entering = rng.binomial(W, np.minimum(q.beta * STEP * S, 1.0))
        bursting = rng.binomial(W - entering, q.a * STEP)
        killed = rng.binomial(W - bursting, killing)
        clearing = rng.binomial(V, q.c * STEP)
        leaving_v = rng.binomial(V - clearing, np.minimum(q.beta_e * STEP * S, 1.0))
        W = np.maximum(W + rng.poisson(q.p * STEP * I) - entering - bursting - killed, 0)
        V = np.maximum(V + bursting + killed - clearing - leaving_v, 0)
        share, influx = I / (I + q.r), I / (I + q.r_iota)
        coming = rng.poisson((q.iota * influx + q.theta * share * T) * STEP)
        T = np.maximum(T + coming - rng.poisson(q.delta * STEP * T), FEWEST_T)

        self.now += 1
        before = self.T[at]
        self.E[at], self.I[at], self.W[at], self.V[at], self.T[at] = E - ripe, I, W, V, T
        self.looked[at] = self.now
        self.active = at[(self.E[at] | I | W | V) > 0]
        self._seed(at, before, spread_out, from_neuron)

    def _seed(
        self,
        at: np.ndarray,
        before: np.ndarray,
        spread_out: np.ndarray,
        from_neuron: np.ndarray,
    ) -> None:
        """Plant what free virus carried to a neighbour and what neurons brought."""
        out, new = np.flatnonzero(spread_out), np.flatnonzero(from_neuron)
        if not out.size and not new.size:
            return
        neighbours, counts, _ = grid()
        region = at[out] % REGIONS
        pick = (self.rng.random(out.size) * counts[region]).astype(np.int64)
        goal = neighbours[region, pick] + at[out] - region
        start = new * REGIONS + self._interior(new.size)
        where = np.concatenate([goal, start]).astype(np.int64)
        watched = np.isin(at, where)
        self.T[at[watched]] = before[watched]  # a region that is seeded only shares in this step
        self.plant(where, np.concatenate([spread_out[out], from_neuron[new]]))


def fresh_t_cells(people: int, rng: np.random.Generator) -> np.ndarray:
    """Return T cells before burn-in, uniform from 1200 to 4000, shape (people, 300)."""
    return rng.integers(1200, 4001, (people, REGIONS))


@dataclass(frozen=True)
class Shedding:
    """What daily swabs show, one element a person.

    `share` is the share of positive swabs, `episodes` their runs a year; `durations` (days) and
    `peaks` (log10 copies) list all episodes of all people that begin and end while they are
    watched.
    """

    share: np.ndarray
    episodes: np.ndarray
    durations: np.ndarray
    peaks: np.ndarray


def summarise(swabs: np.ndarray, days_between: float = 1.0) -> Shedding:
    """Count episodes: runs of swabs above 100 copies.

    Parameters
    ----------
    swabs
        Copies, shape (people, swabs).
    days_between
        Time from swab to swab.
    """
    swabs = np.atleast_2d(swabs)
    positive = swabs > DETECTION
    years = positive.shape[1] * days_between / 365
    edge = np.zeros((positive.shape[0], 1), dtype=bool)
    change = np.diff(np.hstack([edge, positive, edge]).astype(int), axis=1)
    durations, peaks = [], []
    for line, row in zip(change, swabs, strict=True):
        for begin, end in zip(np.flatnonzero(line == 1), np.flatnonzero(line == -1), strict=True):
            if begin > 0 and end < row.size:
                durations.append((end - 1 - begin + 0.5) * days_between)
                peaks.append(np.log10(row[begin:end].max()))
    return Shedding(
        positive.mean(axis=1),
        (change == 1).sum(axis=1) / years,
        np.array(durations),
        np.array(peaks),
    )
