"""Where the behaviour of a model changes: thresholds, and branches of steady states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hardwired.models.analysis.steady import Autonomous
from hardwired.models.declaration import Declaration
from hardwired.models.errors import BadInputError, NoConvergenceError

if TYPE_CHECKING:
    import pandas


def threshold(
    outcome: Callable[[np.ndarray], np.ndarray],
    low: float,
    high: float,
    *,
    tolerance: float,
    model: str = "(any)",
) -> float:
    """Narrow down where a yes-or-no outcome changes between two values.

    Parameters
    ----------
    outcome
        Function of an array of values that returns an array of truth values; 16 values are asked
        at once, so that a population run answers them together.
    low, high
        The outcome must differ between these.
    tolerance
        Half width of the answer.

    Raises
    ------
    BadInputError
        If the outcome is the same at both ends.
    """
    while True:
        values = np.linspace(low, high, 17)
        answers = np.asarray(outcome(values), dtype=bool)
        if answers[0] == answers[-1]:
            raise BadInputError(
                f"the outcome is the same at {low:g} and {high:g}",
                model=model,
                where="threshold",
                mend="widen the range",
            )
        k = int(np.argmax(answers != answers[0]))
        low, high = float(values[k - 1]), float(values[k])
        if high - low <= 2 * tolerance:
            return (low + high) / 2


@dataclass(frozen=True)
class SpecialPoint:
    """A point of a branch at which stability changes.

    `kind` is ``fold`` (saddle-node: the branch turns back), ``branch`` (another branch crosses)
    or ``Hopf`` (oscillations are born).
    """

    kind: str
    parameter: float
    values: dict[str, float]


@dataclass(frozen=True)
class Branch:
    """Steady states followed along a parameter; `points` is a table, `special` what was met."""

    points: pandas.DataFrame
    special: tuple[SpecialPoint, ...]


def continuation(
    model: Declaration,
    parameter: str,
    start: dict[str, float],
    low: float,
    high: float,
    *,
    step: float = 0.01,
    max_points: int = 2000,
    backwards: bool = False,
    **overrides: Any,
) -> Branch:
    """Follow a steady state along a parameter by pseudo-arclength continuation.

    Parameters
    ----------
    model
        An ODE or delay model.
    parameter
        The symbol that varies; its value to begin with is its override, or the declared one.
    start
        A steady state (or a guess) by symbol.
    low, high
        Range of the parameter in which the branch is followed.
    step
        Arclength of a step, in units in which the range of the parameter and the scales of the
        states are 1.
    max_points
        Where to stop at the latest.
    backwards
        Whether the parameter falls to begin with.
    **overrides
        Other parameters.

    Returns
    -------
    Branch
        Table with the parameter, the states, `stable` and the largest real part of an
        eigenvalue; special points refined to about 1e-6 of the range.

    Raises
    ------
    NoConvergenceError
        If the guess leads to no steady state.
    """
    walk = _Continuation(model, parameter, low=low, high=high, step=step, overrides=overrides)
    return walk.follow(start, max_points, -1.0 if backwards else 1.0)


class _Continuation:
    def __init__(
        self,
        model: Declaration,
        parameter: str,
        *,
        low: float,
        high: float,
        step: float,
        overrides: dict[str, Any],
    ) -> None:
        self.model, self.parameter, self.low, self.high = model, parameter, low, high
        self.frozen = Autonomous(model, overrides)
        self.slot = self.frozen.index[parameter]
        self.step = step
        self.scale = np.append(self.frozen.scale, high - low)

    def rates(self, x: np.ndarray) -> np.ndarray:
        self.frozen.p[self.slot] = float(x[-1] * self.scale[-1])
        return np.asarray(self.frozen.rates(x[:-1] * self.scale[:-1]) / self.scale[:-1])

    def matrix(self, x: np.ndarray) -> np.ndarray:
        """Return the derivatives of the scaled rates by scaled states and parameter."""
        self.rates(x)
        inner = self.frozen.full_jacobian(x[:-1] * self.scale[:-1])
        inner = inner * self.scale[:-1][None, :] / self.scale[:-1][:, None]
        nudge = np.zeros_like(x)
        nudge[-1] = 1e-6
        column = (self.rates(x + nudge) - self.rates(x - nudge)) / 2e-6
        return np.column_stack([inner, column])

    def eigenvalues(self, x: np.ndarray) -> np.ndarray:
        self.rates(x)
        return self.frozen.eigenvalues(x[:-1] * self.scale[:-1])

    def tangent(self, x: np.ndarray, along: np.ndarray) -> np.ndarray:
        direction = np.linalg.svd(self.matrix(x))[2][-1]
        return np.asarray(direction if direction @ along >= 0 else -direction)

    def correct(self, guess: np.ndarray, direction: np.ndarray) -> np.ndarray | None:
        """Return the point of the branch in the plane through `guess` across `direction`."""
        x = guess.copy()
        for _ in range(12):
            residual = np.append(self.rates(x), direction @ (x - guess))
            try:
                move = np.linalg.solve(np.vstack([self.matrix(x), direction]), residual)
            except np.linalg.LinAlgError:
                return None
            x = x - move
            if not np.isfinite(x).all():
                return None
            if np.abs(move).max() < 1e-11 * max(1.0, np.abs(x).max()):
                return x
        return x if np.abs(move).max() < 1e-8 else None

    def follow(self, start: dict[str, float], max_points: int, sense: float) -> Branch:
        begin = np.append([start[s.symbol] for s in self.model.states], self.frozen.p[self.slot])
        along = np.zeros(begin.size)
        along[-1] = sense
        x = self.correct(begin / self.scale, np.abs(along))
        if x is None:
            raise NoConvergenceError(
                "the guess leads to no steady state",
                model=self.model.name,
                where=f"continuation along {self.parameter}",
                mend="start from a result of steady_states",
            )
        direction = self.tangent(x, along)
        points, special, length = [x], [], self.step
        while len(points) < max_points:
            ahead = self.correct(x + length * direction, direction)
            if ahead is None or np.linalg.norm(ahead - x) > 2 * length:
                length /= 2
                if length < 1e-8:
                    break
                continue
            turned = self.tangent(ahead, direction)
            if turned @ direction < 0.95 and length > 1e-4 * self.step:
                length /= 2
                continue
            special += self._between(x, direction, ahead, turned)
            points.append(ahead)
            x, direction, length = ahead, turned, min(2 * length, self.step)
            if not self.low <= x[-1] * self.scale[-1] <= self.high:
                break
        return Branch(self._table(points), tuple(special))

    def _count(self, x: np.ndarray) -> tuple[int, int]:
        """Return how many eigenvalues are unstable: real ones, and complex ones."""
        values = self.eigenvalues(x)
        unstable = values[values.real > 0]
        real = np.abs(unstable.imag) < 1e-9 * np.maximum(np.abs(unstable), 1e-300)
        return int(real.sum()), int((~real).sum())

    def _between(
        self, x: np.ndarray, direction: np.ndarray, ahead: np.ndarray, turned: np.ndarray
    ) -> list[SpecialPoint]:
        before, after = self._count(x), self._count(ahead)
        if sum(before) == sum(after) and direction[-1] * turned[-1] > 0:
            return []
        fold = direction[-1] * turned[-1] < 0
        if fold:
            kind = "fold"
        elif abs(sum(before) - sum(after)) >= 2:
            kind = "Hopf"
        else:
            kind = "branch"

        def changed(point: np.ndarray) -> bool:
            if fold:
                return bool(self.tangent(point, direction)[-1] * direction[-1] <= 0)
            return sum(self._count(point)) != sum(before)

        low, high, found = 0.0, float(direction @ (ahead - x)), ahead
        for _ in range(40):
            middle = (low + high) / 2
            point = self.correct(x + middle * direction, direction)
            if point is None:
                break
            if changed(point):
                high, found = middle, point
            else:
                low = middle
        values = found * self.scale
        names = [s.symbol for s in self.model.states]
        state = dict(zip(names, map(float, values[:-1]), strict=True))
        return [SpecialPoint(kind, float(values[-1]), state)]

    def _table(self, points: list[np.ndarray]) -> pandas.DataFrame:
        import pandas as pd

        rows = []
        for x in points:
            largest = float(self.eigenvalues(x).real.max())
            values = x * self.scale
            row = {self.parameter: values[-1]}
            row |= dict(zip([s.symbol for s in self.model.states], values[:-1], strict=True))
            rows.append({**row, "stable": largest < 0, "largest_real_part": largest})
        return pd.DataFrame(rows)
