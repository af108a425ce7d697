"""Steady states of a model and whether they are stable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import root

from hardwired.models.declaration import Declaration
from hardwired.models.engine.numeric import compiled
from hardwired.models.engine.overrides import read_overrides
from hardwired.models.errors import NoConvergenceError


@dataclass(frozen=True)
class SteadyState:
    """A point at which nothing changes.

    `eigenvalues` are those of the Jacobian (per unit of time), for a delay model the rightmost
    characteristic roots; the state is stable if all their real parts are negative.
    """

    values: dict[str, float]
    eigenvalues: np.ndarray

    @property
    def stable(self) -> bool:
        """Whether small disturbances die out."""
        return bool((self.eigenvalues.real < 0).all())


class Autonomous:
    """Rates and Jacobian of a model as functions of the state alone, time and switches fixed.

    Parameters
    ----------
    model
        An ODE or delay model.
    overrides
        Parameters, as numbers.
    at
        Time at which to freeze the model; what ``after`` switches on by then is on.
    """

    def __init__(
        self, model: Declaration, overrides: dict[str, Any], at: float | None = None
    ) -> None:
        model.require_kind("ODE", "delay", asked="steady state")
        values, _, n = read_overrides(model, overrides)
        if n is not None:
            values = {k: float(np.ravel(v)[0]) for k, v in values.items()}
        self.model, self.code = model, compiled(model)
        system = self.code.system
        self.index = {s.name: i for i, s in enumerate(system.parameters)}
        self.p = [*values.values(), *([0.0] * (len(system.parameters) - system.n_declared))]
        self.t = model.time.first if at is None else at
        for jump, when in zip(system.jumps, self.code.jump_times(self.p), strict=True):
            if jump.is_switch and when <= self.t:
                self.p[self.index[jump.settings[0][0].name]] = 1.0
        self.n = len(model.states)
        self.low = np.array([s.low for s in model.states])
        self.starts = np.array(self.code.starts(self.p), dtype=float)
        self.scale = np.array(
            [s.scale or abs(v) or 1.0 for s, v in zip(model.states, self.starts, strict=True)]
        )

    def _lagged(self, y: np.ndarray) -> list[float]:
        return [y[lag.state] for lag in self.code.system.lags]

    def rates(self, y: np.ndarray) -> np.ndarray:
        """Return the rates at a state."""
        with np.errstate(all="ignore"):
            c = self.code.constants(self.p)
            return np.array(self.code.rates(self.t, y, self.p, c, self._lagged(y)), dtype=float)

    def jacobian(self, y: np.ndarray) -> np.ndarray:
        """Return d rate i / d state j, lagged states held apart."""
        with np.errstate(all="ignore"):
            flat = np.array(self.code.jacobian(self.t, y, self.p, self._lagged(y)), dtype=float)
        return np.asarray(np.nan_to_num(flat.reshape(self.n, self.n), posinf=0.0, neginf=0.0))

    def lagged_matrices(self, y: np.ndarray) -> list[tuple[float, np.ndarray]]:
        """Return for each lag its length and d rate i / d lagged state j."""
        system = self.code.system
        if not system.lags:
            return []
        flat = np.array(self.code.lagged_jacobian(self.t, y, self.p, self._lagged(y)), dtype=float)
        columns = flat.reshape(self.n, len(system.lags))
        matrices = []
        for k, (lag, length) in enumerate(zip(system.lags, self.code.lags(self.p), strict=True)):
            matrix = np.zeros((self.n, self.n))
            matrix[:, lag.state] = columns[:, k]
            matrices.append((float(length), matrix))
        return matrices

    def full_jacobian(self, y: np.ndarray) -> np.ndarray:
        """Return the Jacobian with lagged states moving along, as steady states need it."""
        return self.jacobian(y) + sum(m for _, m in self.lagged_matrices(y))

    def eigenvalues(self, y: np.ndarray) -> np.ndarray:
        """Return the eigenvalues, or the rightmost characteristic roots of a delay model."""
        lagged = [(lag, m) for lag, m in self.lagged_matrices(y) if lag > 0]
        if not lagged:
            return np.linalg.eigvals(self.full_jacobian(y))
        here = self.full_jacobian(y) - sum(m for _, m in lagged)
        roots = np.linalg.eigvals(_generator(here, lagged))
        return roots[np.argsort(-roots.real)][: 4 * self.n]


def _generator(
    here: np.ndarray, lagged: list[tuple[float, np.ndarray]], nodes: int = 40
) -> np.ndarray:
    """Discretise the solution operator's generator on Chebyshev nodes of the longest lag.

    Its rightmost eigenvalues are the characteristic roots (pseudospectral method of Breda,
    Maset and Vermiglio, 2005).
    """
    n, longest = here.shape[0], max(lag for lag, _ in lagged)
    k = np.arange(nodes + 1)
    x = np.cos(np.pi * k / nodes)
    weights = np.where((k == 0) | (k == nodes), 0.5, 1.0) * (-1.0) ** k
    gaps = x[:, None] - x[None, :] + np.eye(nodes + 1)
    D = weights[None, :] / weights[:, None] / gaps
    np.fill_diagonal(D, 0.0)
    np.fill_diagonal(D, -D.sum(axis=1))
    operator = np.kron(D * 2 / longest, np.eye(n))
    operator[:n] = 0.0
    operator[:n, :n] = here
    for lag, matrix in lagged:
        at = 1 - 2 * lag / longest
        close = np.isclose(at, x)
        if close.any():
            basis = close.astype(float)
        else:
            basis = weights / (at - x)
            basis /= basis.sum()
        operator[:n] += np.kron(basis, matrix)
    return operator


def steady_states(
    model: Declaration,
    *,
    tries: int = 200,
    seed: int = 0,
    at: float | None = None,
    upper: Sequence[float] | None = None,
    **overrides: Any,
) -> list[SteadyState]:
    """Find the steady states that a search from many starts reaches.

    Parameters
    ----------
    model
        An ODE or delay model.
    tries
        Number of starts: the model's own, its state after a long time of drift, and random ones.
    seed
        Of the random starts.
    at
        Time at which ``after`` and explicit time are frozen.
    upper
        Largest random start for each state; by default a thousand times its scale.
    **overrides
        Parameters.

    Returns
    -------
    list of SteadyState
        In the order of the first state; those below a state's declared range are left out.

    Raises
    ------
    NoConvergenceError
        If no start leads anywhere.
    """
    frozen = Autonomous(model, overrides, at)
    rng = np.random.default_rng(seed)
    high = 1e3 * frozen.scale if upper is None else np.asarray(upper, dtype=float)
    low = 1e-6 * high
    starts = [frozen.starts, np.zeros(frozen.n)]
    starts += list(low * (high / low) ** rng.random((tries, frozen.n)))
    found: list[np.ndarray] = []
    for start in starts:
        y = _newton(frozen, start)
        if y is None or (y < frozen.low - 1e-9 * frozen.scale).any():
            continue
        size = np.maximum(np.abs(y), 1e-6 * frozen.scale)
        if not any((np.abs(y - other) <= 1e-5 * size).all() for other in found):
            found.append(y)
    if not found:
        raise NoConvergenceError(
            f"none of {len(starts)} starts leads to a steady state",
            model=model.name,
            where="steady states",
            mend="give more tries, or bounds near the expected state in upper",
        )
    names = [s.symbol for s in model.states]
    return [
        SteadyState(dict(zip(names, map(float, y), strict=True)), frozen.eigenvalues(y))
        for y in sorted(found, key=tuple)
    ]


def _newton(frozen: Autonomous, start: np.ndarray) -> np.ndarray | None:
    """Return the root that a search from `start` finds, or None."""
    scale = np.maximum(np.abs(start), frozen.scale)

    def f(x: np.ndarray) -> np.ndarray:
        value = frozen.rates(x * scale) / scale
        return np.asarray(np.where(np.isfinite(value), value, 1e10))

    def jac(x: np.ndarray) -> np.ndarray:
        return np.asarray(frozen.full_jacobian(x * scale) * scale[None, :] / scale[:, None])

    with np.errstate(all="ignore"):
        solved = root(f, start / scale, jac=jac, method="hybr", options={"xtol": 1e-13})
        y = solved.x * scale
        for _ in range(3):
            step = np.linalg.lstsq(frozen.full_jacobian(y), frozen.rates(y), rcond=None)[0]
            y = np.where(np.isfinite(y - step), y - step, y)
        size = np.maximum(np.abs(frozen.full_jacobian(y)) @ np.abs(y), 1e-9 * frozen.scale)
    small = np.abs(frozen.rates(y)) <= 1e-7 * size
    return np.where(np.abs(y) < 1e-12 * frozen.scale, 0.0, y) if small.all() else None
