"""Fitting parameters to published points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import stats
from scipy.optimize import brentq, least_squares

from hardwired.models.core import Model
from hardwired.models.errors import (
    BadInputError,
    ModelError,
    NoConvergenceError,
    UnknownNameError,
    nearest,
)
from hardwired.models.simulate import read_overrides

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    `table` has a row a parameter: value, standard error, and the interval; `covariance` is that
    of the parameters; `residuals` are observed minus fitted, divided by their spread;
    `chi2` their sum of squares, `df` points minus parameters.
    """

    table: pandas.DataFrame
    covariance: np.ndarray
    residuals: np.ndarray
    chi2: float
    df: int

    @property
    def values(self) -> dict[str, float]:
        """The fitted parameters, ready to be given to `Model.simulate`."""
        return {str(k): float(v) for k, v in self.table["value"].items()}


def fit(
    model: Model,
    observed: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    free: Sequence[str],
    *,
    spread: Mapping[str, Sequence[float] | float] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    profile: bool = False,
    level: float = 0.95,
    **overrides: float,
) -> Fit:
    """Fit parameters by least squares.

    Parameters
    ----------
    model
        An ODE, delay or statistical model.
    observed
        For each state or output: times and values.
    free
        Symbols of the parameters (or start values) to fit, from their declared values.
    spread
        Standard deviation of the points, by state or output. Without it all points weigh alike
        and the spread is estimated from the residuals.
    bounds
        Lowest and highest value of a parameter; a positive parameter stays positive by default.
    profile
        Whether intervals come from the profile likelihood, which may be lopsided, instead of
        from the covariance.
    level
        Confidence of the intervals.
    **overrides
        Held constant, or the first guess of a free parameter.

    Raises
    ------
    NoConvergenceError
        If the search does not end, or the points do not determine the parameters.
    """
    problem = _Problem(model, observed, list(free), spread, dict(bounds or {}), overrides)
    best = problem.solve({}, problem.guess)
    df = problem.size - len(problem.free)
    if df < 1:
        raise BadInputError(
            f"{problem.size} points cannot determine {len(problem.free)} parameters",
            model=model.name,
            where="fit",
            mend="fit fewer parameters or give more points",
        )
    chi2 = 2 * float(best.cost)
    _, singular, vt = np.linalg.svd(best.jac, full_matrices=False)
    if singular[-1] < 1e-10 * singular[0]:
        weak = problem.free[int(np.argmax(np.abs(vt[-1])))]
        raise NoConvergenceError(
            "the points do not determine all free parameters",
            model=model.name,
            where=f"fit of {weak}",
            mend=f"hold {weak} constant",
        )
    covariance = vt.T @ np.diag(singular**-2.0) @ vt
    if spread is None:
        covariance = covariance * chi2 / df
    error = np.sqrt(np.diag(covariance))
    quantile = (
        stats.t.ppf((1 + level) / 2, df) if spread is None else stats.norm.ppf((1 + level) / 2)
    )
    low, high = best.x - quantile * error, best.x + quantile * error
    if profile:
        unit = chi2 / df if spread is None else 1.0
        ends = [problem.profile(i, best, error[i], quantile**2 * unit) for i in range(len(low))]
        low, high = np.array(ends).T
    import pandas as pd

    table = pd.DataFrame(
        {"value": best.x, "standard_error": error, "low": low, "high": high}, index=problem.free
    )
    return Fit(table, covariance, -best.fun, chi2, df)


class _Problem:
    def __init__(self, model, observed, free, spread, bounds, overrides) -> None:
        self.model, self.free = model, free
        values, starts, _ = read_overrides(model, overrides)
        known = {**values, **{s.symbol: s.start for s in model.states}, **starts}
        for name in free:
            if name not in known:
                raise UnknownNameError(
                    f"there is no parameter or state {name}",
                    model=model.name,
                    where="fit",
                    mend=nearest(name, known),
                )
        self.overrides = {k: v for k, v in overrides.items() if k not in free}
        self.observed, self.weights = {}, {}
        for name, (t, x) in observed.items():
            t, x = np.asarray(t, dtype=float), np.asarray(x, dtype=float)
            if t.shape != x.shape or not np.isfinite(t).all() or not np.isfinite(x).all():
                raise BadInputError(
                    "times and values differ in number or are not finite",
                    model=model.name,
                    where=f"observed {name}",
                    mend="give one finite value for each time",
                )
            self.observed[name] = (t, x)
            sd = 1.0 if spread is None else np.asarray(spread[name], dtype=float)
            self.weights[name] = np.broadcast_to(1 / sd, x.shape)
        self.times = np.unique(np.concatenate([t for t, _ in self.observed.values()]))
        self.size = sum(x.size for _, x in self.observed.values())
        self.guess = np.array([float(known[k]) for k in free])
        default = [(0.0 if g > 0 else -np.inf, np.inf) for g in self.guess]
        pairs = [bounds.get(k, d) for k, d in zip(free, default, strict=True)]
        self.low, self.high = np.array(pairs, dtype=float).T

    def residuals(self, values: dict[str, float]) -> np.ndarray:
        try:
            run = self.model.simulate(self.times, **self.overrides, **values)
        except ModelError:
            return np.full(self.size, 1e6)
        return np.concatenate(
            [
                (run[name][np.searchsorted(self.times, t)] - x) * self.weights[name]
                for name, (t, x) in self.observed.items()
            ]
        )

    def solve(self, held: dict[str, float], guess: np.ndarray):
        """Fit what is not held."""
        names = [k for k in self.free if k not in held]
        keep = [k not in held for k in self.free]
        solved = least_squares(
            lambda x: self.residuals({**held, **dict(zip(names, x, strict=True))}),
            np.clip(guess[keep], self.low[keep], self.high[keep]),
            bounds=(self.low[keep], self.high[keep]),
            x_scale=np.maximum(np.abs(guess[keep]), 1e-12),
            diff_step=1e-5,
            xtol=1e-10,
            ftol=1e-10,
            gtol=1e-10,
            max_nfev=500,
        )
        if not solved.success:
            raise NoConvergenceError(
                "the search did not end in 500 steps",
                model=self.model.name,
                where=f"fit of {', '.join(names)}",
                mend="give a better first guess or bounds",
            )
        return solved

    def profile(self, i: int, best, error: float, rise: float) -> tuple[float, float]:
        """Return where the best fit with parameter `i` held is worse by `rise`."""
        name = self.free[i]

        def excess(value: float) -> float:
            if len(self.free) == 1:
                cost = float(np.sum(self.residuals({name: value}) ** 2))
            else:
                cost = 2 * float(self.solve({name: value}, best.x).cost)
            return cost - 2 * float(best.cost) - rise

        ends = []
        for sign, limit in ((-1, self.low[i]), (1, self.high[i])):
            reach, end = 2.0 * max(error, 1e-12), float(limit)
            for _ in range(8):
                far = float(np.clip(best.x[i] + sign * reach, self.low[i], self.high[i]))
                if excess(far) > 0:
                    end = brentq(excess, best.x[i], far, xtol=1e-4 * max(error, 1e-12))
                    break
                if far == limit:
                    break
                reach *= 2
            ends.append(end)
        return ends[0], ends[1]
