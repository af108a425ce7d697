"""The vectorised integrator: many patients, each at its own pace.

The pair of `tableau` run on arrays: every patient has its own time and step, and those who have
finished leave the arrays. The explorer's script takes the same steps for one patient.
With lags the patients walk in step, because they share the history that is looked up.
Events are not known here: a caller integrates from one to the next.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from typing import Any, NoReturn

import numpy as np

from hardwired.models.engine.numeric import Code
from hardwired.models.engine.tableau import ERROR, A, C, P
from hardwired.models.errors import NonFiniteError, StepSizeError

MAX_STEPS = 200_000


@dataclass
class History:
    """What the lagged states were: the start values, then one polynomial a step."""

    rows: list[int]
    before: np.ndarray
    begins: list[float] = field(default_factory=list)
    pieces: list[tuple[float, np.ndarray, np.ndarray]] = field(default_factory=list)

    def add(self, t: float, h: float, y: np.ndarray, K: np.ndarray) -> None:
        """Remember an accepted step of length `h` from `t`."""
        self.begins.append(t)
        weights = np.tensordot(P.T, K[:, self.rows], axes=1)
        self.pieces.append((h, y[self.rows].copy(), weights))

    def forget(self, before: float) -> None:
        """Drop what nobody can ask for again."""
        keep = max(bisect_right(self.begins, before) - 1, 0)
        if keep > 64:
            del self.begins[:keep], self.pieces[:keep]

    def at(self, row: int, when: np.ndarray) -> np.ndarray:
        """Return lagged state number `row` (of `rows`), for each patient at its own time."""
        first = self.begins[0] if self.begins else np.inf
        result = np.array(self.before[row], dtype=float)
        number = np.searchsorted(self.begins, when, side="right") - 1
        number[when < first] = -1
        for k in np.unique(number[number >= 0]):
            who = number == k
            h, y, weights = self.pieces[k]
            x = (when[who] - self.begins[k]) / h
            w = weights[:, row, who]
            result[who] = y[row, who] + h * x * (w[0] + x * (w[1] + x * (w[2] + x * w[3])))
        return result


@dataclass
class Problem:
    """What `advance` integrates.

    `rates(t, y, p, c, z)` returns a list of rates; `p` and `c` are lists of numbers or of arrays
    over patients; `lags` holds for each lagged symbol its row in the history and its lag for
    each patient.
    """

    model: str
    names: list[str]
    rates: Code
    p: list[Any]
    c: list[Any]
    rtol: float
    atol: np.ndarray
    history: History | None = None
    lags: list[tuple[int, np.ndarray]] = field(default_factory=list)
    kinks: list[float] = field(default_factory=list)
    """Times at which a lag brings an old break of the slope forward; steps end there."""

    def lagged(self, t: np.ndarray, y: np.ndarray) -> list[np.ndarray]:
        """Return the lagged states at time `t`; a lag of 0 means the state itself."""
        values = []
        for row, lag in self.lags:
            assert self.history is not None
            value = self.history.at(row, t - lag)
            values.append(np.where(lag > 0, value, y[self.history.rows[row]]))
        return values

    def evaluate(self, t: np.ndarray, y: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
        """Return the rates as an array shaped like `y`, or write them into `out`."""
        values = self.rates(t, y, self.p, self.c, self.lagged(t, y) if self.lags else ())
        out = np.empty_like(y) if out is None else out
        for row, value in enumerate(values):
            out[row] = value
        return out

    def take(self, who: np.ndarray) -> Problem:
        """Return the problem of some of the patients."""

        def pick(v: Any) -> Any:
            return v[who] if isinstance(v, np.ndarray) and v.ndim else v

        return replace(
            self, p=[pick(v) for v in self.p], c=[pick(v) for v in self.c], history=None, lags=[]
        )


def advance(
    problem: Problem,
    y: np.ndarray,
    start: np.ndarray,
    stop: np.ndarray,
    times: np.ndarray,
    store: np.ndarray,
    include_stop: np.ndarray,
) -> np.ndarray:
    """Integrate every patient from its start to its stop.

    Parameters
    ----------
    problem
        Rates, parameters and tolerances.
    y
        States x patients, at `start`.
    start, stop
        One time a patient.
    times
        Output times, increasing.
    store
        States x patients x times; filled for the times in ``[start, stop)``, and at `stop`
        itself where `include_stop`.
    include_stop
        One truth value a patient.

    Returns
    -------
    numpy.ndarray
        The states at `stop`.

    Raises
    ------
    NonFiniteError, StepSizeError
        If a patient cannot be carried on.
    """
    result = y.copy()
    last = np.where(
        include_stop,
        np.searchsorted(times, stop, side="right"),
        np.searchsorted(times, stop, side="left"),
    )
    upcoming = np.searchsorted(times, start, side="left")
    who = np.arange(y.shape[1])
    idle = stop <= start
    _store_now(who[idle], y, upcoming, last, store)
    who = who[~idle]
    if not who.size:
        return result
    local = problem if not idle.any() else _subset(problem, ~idle)
    t, end, y = start[who].astype(float), stop[who].astype(float), y[:, who].copy()
    upcoming, last = upcoming[who], last[who]
    together = problem.history is not None
    f = _checked_rates(local, t, y)
    h = _first_step(local, t, y, f, end)
    shortest_lag = min((lag[lag > 0].min(initial=np.inf) for _, lag in local.lags), default=np.inf)
    begin, travel = y, np.zeros_like(y)
    work = _Work(y.shape)
    for _ in range(MAX_STEPS):
        h = np.minimum(h, end - t)
        if together:
            to_kink = min((k - t[0] for k in local.kinks if k > t[0] * (1 + 1e-13)), default=np.inf)
            h[:] = min(h.min(), shortest_lag, to_kink)
        with np.errstate(all="ignore"):
            stage, norm = _step(local, t, y, f, h, travel, work)
            if together:
                norm[:] = norm.max() if np.isfinite(norm).all() else np.nan
            good = norm <= 1
            factor = np.clip(0.9 * norm**-0.2, 0.2, 5.0)
            factor[~np.isfinite(norm)] = 0.2
        arrived = np.where(h >= (end - t) * (1 - 1e-12), end, t + h)
        _store_step(who, good, t, arrived, h, y, work, times, upcoming, last, store)
        if together and good[0]:
            assert local.history is not None
            local.history.add(float(t[0]), float(h[0]), y, work.K)
            local.history.forget(float(t[0]) - max(lag.max() for _, lag in local.lags))
        y = stage.copy() if good.all() else np.where(good, stage, y)
        np.maximum(travel, np.abs(np.subtract(y, begin, out=work.a), out=work.a), out=travel)
        f = work.K[6].copy() if good.all() else np.where(good, work.K[6], f)
        t = np.where(good, arrived, t)
        h = h * np.where(good, factor, np.minimum(factor, 0.9))
        done = t >= end
        stuck = ~done & (h < 1e-13 * np.maximum(np.abs(t), np.abs(end)))
        if stuck.any():
            _give_up(local, t, y, h, work.error, int(np.flatnonzero(stuck)[0]), who)
        if done.any():
            result[:, who[done]] = y[:, done]
            if done.all():
                return result
            if not together and done.mean() > 0.08:
                on = ~done
                who, t, end, h, y, f = who[on], t[on], end[on], h[on], y[:, on], f[:, on]
                upcoming, last, local = upcoming[on], last[on], local.take(on)
                begin, travel, work = begin[:, on], travel[:, on], _Work(y.shape)
    raise StepSizeError(
        f"{MAX_STEPS} steps did not reach the end (now at {t.min():.4g})",
        model=problem.model,
        where="integration",
        mend="use a stiff solver (method='LSODA'), a looser rtol or a shorter run",
    )


def _subset(problem: Problem, who: np.ndarray) -> Problem:
    if problem.history is not None:  # patients with a common history start and stop together
        return problem
    return problem.take(who)


def _store_now(
    who: np.ndarray, y: np.ndarray, upcoming: np.ndarray, last: np.ndarray, store: np.ndarray
) -> None:
    for i in who:
        store[:, i, upcoming[i] : last[i]] = y[:, i, None]


class _Work:
    """Arrays that every step writes into, because making them anew would cost more than filling."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.K = np.empty((7, *shape))
        self.stage, self.error, self.a, self.b = (np.empty(shape) for _ in range(4))

    def combine(self, weights: np.ndarray, out: np.ndarray) -> np.ndarray:
        """Write the weighted sum of the first slopes into `out`."""
        flat = self.K[: weights.size].reshape(weights.size, -1)
        np.einsum("s,sn->n", weights, flat, out=out.reshape(-1))  # a dot would start threads
        return out

    def interpolate(self, y: np.ndarray, weights: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """Return states plus weighted slopes of some patients; weights are slopes x these."""
        everybody = rows.size == y.shape[1]
        K, value = (self.K, y.copy()) if everybody else (self.K[:, :, rows], y[:, rows])
        for s in (0, 2, 3, 4, 5, 6):  # the second slope has no weight
            value += weights[s] * K[s]
        return value


def _step(
    problem: Problem,
    t: np.ndarray,
    y: np.ndarray,
    f: np.ndarray,
    h: np.ndarray,
    travel: np.ndarray,
    work: _Work,
) -> tuple[np.ndarray, np.ndarray]:
    """Try a step; return the new states and the error in units of what is tolerated.

    The tolerance is relative to the smaller of a state's size and of how far it has moved so
    far: a temperature of 37 degrees that moves by 1 is held to a share of 1, not of 37.
    """
    K, stage, error = work.K, work.stage, work.error
    K[0] = f
    for s in range(1, 7):
        work.combine(A[s, :s], stage)
        stage *= h
        stage += y
        problem.evaluate(t + C[s] * h, stage, out=K[s])
    work.combine(ERROR, error)
    error *= h
    size = np.abs(y, out=work.a)
    np.maximum(size, np.abs(stage, out=work.b), out=size)
    np.minimum(size, travel, out=size)
    size *= problem.rtol
    size += problem.atol[:, None]
    share = np.divide(error, size, out=size)
    return stage, np.sqrt(np.einsum("mn,mn->n", share, share) / len(y))


def _store_step(
    who: np.ndarray,
    good: np.ndarray,
    t: np.ndarray,
    arrived: np.ndarray,
    h: np.ndarray,
    y: np.ndarray,
    work: _Work,
    times: np.ndarray,
    upcoming: np.ndarray,
    last: np.ndarray,
    store: np.ndarray,
) -> None:
    """Interpolate the output times that the accepted steps have passed."""
    rows = np.flatnonzero(good & (upcoming < last))
    while True:
        index = upcoming[rows]
        reached = times[index] <= arrived[rows]
        rows, index = rows[reached], index[reached]
        if not rows.size:
            return
        x = (times[index] - t[rows]) / h[rows]
        x2 = x * x
        weights = np.einsum("sp,pn->sn", P, np.stack([x, x2, x2 * x, x2 * x2])) * h[rows]
        value = work.interpolate(y, weights, rows)
        place = who[rows], index
        for line, row in zip(store, value, strict=True):
            line[place] = row
        upcoming[rows] += 1
        rows = rows[upcoming[rows] < last[rows]]


def _first_step(
    problem: Problem, t: np.ndarray, y: np.ndarray, f: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Guess the first step by comparing the sizes of solution, slope and curvature."""
    scale = problem.atol[:, None] + problem.rtol * np.abs(y)
    with np.errstate(all="ignore"):
        d0 = np.sqrt(np.mean((y / scale) ** 2, axis=0))
        d1 = np.sqrt(np.mean((f / scale) ** 2, axis=0))
        h0 = np.where((d0 < 1e-5) | (d1 < 1e-5), 1e-6, 0.01 * d0 / d1)
        h0 = np.minimum(h0, end - t)
        if problem.history is not None:
            h0[:] = min(h0.min(), *(lag[lag > 0].min(initial=np.inf) for _, lag in problem.lags))
        d2 = problem.evaluate(t + h0, y + h0 * f) - f
        d2 = np.sqrt(np.mean((d2 / scale) ** 2, axis=0)) / h0
        biggest = np.maximum(d1, d2)
        h1 = np.where(biggest <= 1e-15, np.maximum(1e-6, h0 * 1e-3), (0.01 / biggest) ** 0.2)
    h = np.minimum(np.minimum(100 * h0, h1), end - t)
    return np.asarray(np.where(np.isfinite(h) & (h > 0), h, 1e-6 * (end - t)))


def _checked_rates(problem: Problem, t: np.ndarray, y: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        f = problem.evaluate(t, y)
    if not np.isfinite(f).all():
        state, patient = np.argwhere(~np.isfinite(f))[0]
        raise NonFiniteError(
            f"the rate is not finite at time {t[patient]:.4g}",
            model=problem.model,
            where=f"equation {problem.names[state]}'",
            mend="look for a division by zero or a start value that the equation cannot take",
        )
    return f


def _give_up(
    problem: Problem,
    t: np.ndarray,
    y: np.ndarray,
    h: np.ndarray,
    error: np.ndarray,
    patient: int,
    who: np.ndarray,
) -> NoReturn:
    with np.errstate(all="ignore"):
        f = problem.evaluate(t, y)[:, patient]
        ahead = problem.evaluate(t + h, y + 1e-9 * y)[:, patient]
    broken = ~np.isfinite(f) | ~np.isfinite(ahead) | (np.abs(y[:, patient]) > 1e100)
    broken |= ~np.isfinite(error[:, patient])
    if broken.any():
        raise NonFiniteError(
            f"the solution ceases to be finite at time {t[patient]:.4g} (patient {who[patient]})",
            model=problem.model,
            where=f"equation {problem.names[int(np.argmax(broken))]}'",
            mend="check the parameters for a runaway growth",
        )
    worst = int(np.argmax(np.abs(error[:, patient]) / problem.atol))
    raise StepSizeError(
        f"the step collapses at time {t[patient]:.4g} (patient {who[patient]})",
        model=problem.model,
        where=f"equation {problem.names[worst]}'",
        mend="use a stiff solver (method='LSODA') or look for a singularity there",
    )
