"""Running a model: events, solvers, and what goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from hardwired.models.declaration import Declaration
from hardwired.models.engine import integrate
from hardwired.models.engine.numeric import compiled
from hardwired.models.engine.overrides import check_start, read_overrides, read_times
from hardwired.models.engine.trajectory import Trajectory
from hardwired.models.errors import (
    BadInputError,
    NonFiniteError,
    StepSizeError,
    UnknownNameError,
    nearest,
)

SCIPY_METHODS = ("LSODA", "RK23", "RK45", "DOP853", "Radau", "BDF")
STALL = 5000
"""Calls of the rates without headway after which a run is given up."""
BLOCK = 10_000
"""Patients that are integrated at once: many, so that few steps are spent on stragglers."""


def run(
    model: Declaration,
    t: Any,
    *,
    method: str | None,
    rtol: float | None,
    atol: float | None,
    seed: int | None,
    overrides: Mapping[str, Any],
) -> Trajectory:
    """Do the work of `Model.simulate`, where parameters and errors are described."""
    t = read_times(model, t)
    values, starts, n = read_overrides(model, overrides)
    if model.run is not None:
        return _run_function(model, t, values, n, seed)
    if method is not None and method != "own" and method not in SCIPY_METHODS:
        raise UnknownNameError(
            f"there is no method {method}",
            model=model.name,
            where="method",
            mend=nearest(method, ("own", *SCIPY_METHODS)),
        )
    if method not in (None, "own") and (n is not None or model.kind == "delay"):
        raise BadInputError(
            f"{method} integrates one individual without delays",
            model=model.name,
            where="method",
            mend="leave method out, so that the vectorised integrator is used",
        )
    if rtol is None:
        rtol = 1e-8 if n is None else 1e-6
    atol = rtol * 1e-3 if atol is None else atol
    runner = _Run(model, t, values, starts, n=n, rtol=rtol, atol=atol)
    own = method == "own" or n is not None or model.kind == "delay"
    return runner.own() if own else runner.scipy(method or "LSODA")


def _run_function(
    model: Declaration, t: np.ndarray, values: dict[str, Any], n: int | None, seed: int | None
) -> Trajectory:
    """Call the plain function of a stochastic or statistical model, once a patient."""
    assert model.run is not None
    rng = np.random.default_rng(0 if seed is None else seed)
    runs = []
    for i in range(1 if n is None else n):
        own = {k: float(v[i]) if np.ndim(v) else v for k, v in values.items()}
        result = model.run(t, own, rng)
        for output in model.outputs:
            got = np.asarray(result.get(output.symbol, np.nan), dtype=float)
            if got.shape not in ((), t.shape) or not np.isfinite(got).all():
                raise NonFiniteError(
                    "the run function does not give one finite number for each time",
                    model=model.name,
                    where=f"output {output.symbol}",
                    mend="return an array as long as t, or declare no such output",
                )
        runs.append(result)
    gathered = {
        o.symbol: np.stack([np.broadcast_to(r[o.symbol], t.shape).astype(float) for r in runs])
        for o in model.outputs
    }
    return Trajectory(
        model, t, gathered if n is not None else {k: v[0] for k, v in gathered.items()}
    )


class _Run:
    """One call of simulate: values, the jumps in order, and what each stretch gave."""

    def __init__(
        self,
        model: Declaration,
        t: np.ndarray,
        values: dict[str, Any],
        starts: dict[str, Any],
        *,
        n: int | None,
        rtol: float,
        atol: float,
    ) -> None:
        self.model, self.t, self.n = model, t, n
        self.compiled = compiled(model)
        self.system = self.compiled.system
        self.rtol = rtol
        self.patients = 1 if n is None else n
        switches = len(self.system.parameters) - self.system.n_declared
        self.p: list[Any] = [*values.values(), *([0.0] * switches)]
        first = model.time.first
        y0 = self._full(self.compiled.starts(self.p))
        for row, state in enumerate(model.states):
            if state.symbol in starts:
                y0[row] = starts[state.symbol]
            else:
                check_start(model, state, y0[row])
        self.y0 = y0
        scales = [
            s.scale or float(np.median(np.abs(y))) or 1.0
            for s, y in zip(model.states, y0, strict=True)
        ]
        self.atol = atol * np.array(scales)
        self.end = max(float(t[-1]), first)
        self.first = first
        self.kinks: list[float] = []
        self.stretches: list[tuple[list[Any], np.ndarray, np.ndarray]] = []

    def _full(self, values: Sequence[Any]) -> np.ndarray:
        """Turn a list of numbers or arrays into rows x patients."""
        out = np.empty((len(values), self.patients))
        for row, value in enumerate(values):
            out[row] = value
        return out

    def _jump(self, number: int, y: np.ndarray, who: np.ndarray) -> None:
        """Apply a jump to some patients."""
        if not who.any():
            return
        names = [s.name for s in self.system.states]
        ahead = list(self.p)
        values = self.compiled.jump_values[number](y, self.p)
        for (symbol, _), value in zip(self.system.jumps[number].settings, values, strict=True):
            if symbol.name in names:
                row = names.index(symbol.name)
                y[row] = np.where(who, value, y[row])
                continue
            at = self.system.parameters.index(symbol)
            if who.all() and not np.ndim(value):
                ahead[at] = float(value)
            elif self.n is None:
                ahead[at] = float(np.asarray(value).ravel()[0])
            else:
                ahead[at] = np.where(who, value, self.p[at])
        self.p = ahead

    def own(self) -> Trajectory:
        """Integrate with the vectorised integrator."""
        # times outside, patients inside: patients who are about as far write side by side
        memory = np.empty((len(self.model.states), self.t.size, self.patients))
        store = memory.transpose(0, 2, 1)
        y = self.y0.copy()
        rows = [lag.state for lag in self.system.lags]
        history = integrate.History(rows, y[rows].copy()) if rows else None
        when = self._full(self.compiled.jump_times(self.p))
        order = self._together(when) if rows else np.argsort(when, axis=0, kind="stable")
        now = np.full(self.patients, self.first)
        for k in range(order.shape[0] + 1):
            final = k == order.shape[0]
            stop = np.full(self.patients, self.end)
            if not final:
                chosen = order[k] if not rows else when[order[k, 0], 0]
                at = when[order[k], np.arange(self.patients)] if not rows else chosen
                stop = np.clip(at, now, self.end)
            y = self._stretch(history, y, now, stop, store, final)
            if not final:
                for number in np.unique(order[k]):
                    due = when[number] <= self.end
                    self._jump(int(number), y, (order[k] == number) & due)
            now = stop
        return self._trajectory(store)

    def _together(self, when: np.ndarray) -> np.ndarray:
        """Order the jumps of patients who share a history and hence must jump together."""
        if when.size and (when != when[:, :1]).any():
            raise BadInputError(
                "patients of a delay model cannot have events at different times",
                model=self.model.name,
                where="events",
                mend="give the event's time as one number and loop over the times",
            )
        return np.asarray(np.argsort(when, axis=0, kind="stable"))

    def _stretch(
        self,
        history: integrate.History | None,
        y: np.ndarray,
        now: np.ndarray,
        stop: np.ndarray,
        store: np.ndarray,
        final: bool,
    ) -> np.ndarray:
        self.stretches.append((self.p, now, stop))
        if not self.model.states:
            return y
        with np.errstate(all="ignore"):
            c = self.compiled.constants(self.p)
        lags = [
            (row, np.broadcast_to(np.asarray(lag, dtype=float), (self.patients,)))
            for row, lag in enumerate(self.compiled.lags(self.p))
        ]
        # a time at the very end belongs to this stretch unless a jump is due there
        include = np.full(self.patients, final)
        ends = np.empty_like(y)
        block = self.patients if history is not None else BLOCK
        if history is not None:
            self._remember_kinks(now, lags)
        for begin in range(0, self.patients, block):
            part = slice(begin, begin + block)
            problem = integrate.Problem(
                model=self.model.name,
                names=[s.symbol for s in self.model.states],
                rates=self.compiled.rates,
                p=[v[part] if np.ndim(v) else v for v in self.p],
                c=[v[part] if np.ndim(v) else v for v in c],
                rtol=self.rtol,
                atol=self.atol,
                history=history,
                lags=lags if history is not None else [],
                kinks=self.kinks,
            )
            ends[:, part] = integrate.advance(
                problem, y[:, part], now[part], stop[part], self.t, store[:, part], include[part]
            )
        return ends

    def _remember_kinks(self, now: np.ndarray, lags: list[tuple[int, np.ndarray]]) -> None:
        """Note where the break of the slope at `now` comes back, up to the method's order."""
        lengths = np.unique(np.concatenate([lag for _, lag in lags]))
        if lengths.size <= 8:
            again = float(now[0]) + np.outer(np.arange(1, 6), lengths).ravel()
            self.kinks = sorted({*self.kinks, *again.tolist()})

    def scipy(self, method: str) -> Trajectory:
        """Integrate one individual with a solver of SciPy."""
        store = np.empty((len(self.model.states), 1, self.t.size))
        y = self.y0.copy()
        when = self._full(self.compiled.jump_times(self.p))[:, 0]
        now = self.first
        for number in [*np.argsort(when, kind="stable"), None]:
            stop = self.end if number is None else float(np.clip(when[number], now, self.end))
            self.stretches.append((self.p, np.array([now]), np.array([stop])))
            if self.model.states:
                y = self._solve(method, y, now, stop, store, number is None)
            if number is not None and when[number] <= self.end:
                self._jump(int(number), y, np.array([True]))
            now = stop
        return self._trajectory(store)

    def _solve(
        self,
        method: str,
        y: np.ndarray,
        now: float,
        stop: float,
        store: np.ndarray,
        final: bool,
    ) -> np.ndarray:
        inside = (self.t >= now) & ((self.t <= stop) if final else (self.t < stop))
        if stop <= now:
            store[:, 0, inside] = y
            return y
        rates, jacobian, p = self.compiled.rates, self.compiled.jacobian, self.p
        n = len(self.model.states)
        with np.errstate(all="ignore"):
            c = self.compiled.constants(p)

            guard = self._guard(now, stop)

            def slope(t: float, x: np.ndarray) -> np.ndarray:
                guard(t, x)
                return np.array(rates(t, x, p, c, ()), dtype=float)

            def matrix(t: float, x: np.ndarray) -> np.ndarray:
                entries = np.array(jacobian(t, x, p, ()), dtype=float).reshape(n, n)
                return np.asarray(np.nan_to_num(entries, nan=0.0, posinf=0.0, neginf=0.0))

            if not np.isfinite(slope(now, y[:, 0])).all():
                row = int(np.argmin(np.isfinite(slope(now, y[:, 0]))))
                raise self._not_finite(row, now)
            extra = {"jac": matrix} if method in ("LSODA", "Radau", "BDF") else {}
            wanted = self.t[inside]
            solved = solve_ivp(
                slope,
                (now, stop),
                y[:, 0],
                method=method,
                rtol=self.rtol,
                atol=self.atol,
                t_eval=np.union1d(wanted, [stop]),
                **extra,
            )
        if not np.isfinite(solved.y).all():
            row, column = np.argwhere(~np.isfinite(solved.y))[0]
            raise self._not_finite(int(row), float(solved.t[column]))
        if solved.status != 0:
            reached = solved.t[-1] if solved.t.size else now
            blown = solved.y.size and np.abs(solved.y[:, -1]).max() > 1e100
            if blown:
                raise self._not_finite(int(np.argmax(np.abs(solved.y[:, -1]))), float(reached))
            raise StepSizeError(
                f"the solver stopped after time {reached:.4g} ({solved.message.strip('. ')})",
                model=self.model.name,
                where=f"method {method}",
                mend="look for a singularity there, or try another method or tolerance",
            )
        store[:, 0, inside] = solved.y[:, : wanted.size]
        return np.array(solved.y[:, -1:])

    def _guard(self, now: float, stop: float) -> Callable[[float, np.ndarray], None]:
        """Return a watch over a solver's calls: some solvers creep for ever near a singularity."""
        reached, calls, least = now, 0, 1e-10 * (stop - now)

        def watch(t: float, x: np.ndarray) -> None:
            nonlocal reached, calls
            calls += 1
            if t > reached + least:
                reached, calls = t, 0
            elif calls > STALL:
                if not np.isfinite(x).all() or np.abs(x / self.y0[:, 0].clip(1.0)).max() > 1e8:
                    raise self._not_finite(int(np.argmax(np.nan_to_num(np.abs(x)))), t)
                raise StepSizeError(
                    f"the solver makes no headway at time {t:.4g}",
                    model=self.model.name,
                    where="integration",
                    mend="look for a singularity there, or try another method or tolerance",
                )

        return watch

    def _not_finite(self, row: int, when: float) -> NonFiniteError:
        return NonFiniteError(
            f"the result is not finite at time {when:.4g}",
            model=self.model.name,
            where=f"equation {self.model.states[row].symbol}'",
            mend="look for a division by zero or a runaway growth",
        )

    def _trajectory(self, store: np.ndarray) -> Trajectory:
        single = self.n is None
        if not np.isfinite(store).all():
            row = int(np.argwhere(~np.isfinite(store))[0][0])
            raise self._not_finite(row, float("nan"))
        values = {
            s.symbol: store[row, 0] if single else store[row]
            for row, s in enumerate(self.model.states)
        }
        return Trajectory(self.model, self.t, values, lambda: self._outputs(store))

    def _outputs(self, store: np.ndarray) -> dict[str, np.ndarray]:
        """Compute the outputs, stretch by stretch, because jumps change parameters."""
        shape = (self.patients, self.t.size)
        results = {name: np.full(shape, np.nan) for name in self.system.outputs}
        if not results:
            return {}
        t = np.broadcast_to(self.t, shape)
        z = [np.full(shape, np.nan) for _ in self.system.lags]
        for number, (p, begin, stop) in enumerate(self.stretches):
            inside = (t >= begin[:, None]) & (t < stop[:, None])
            if number == len(self.stretches) - 1:
                inside |= t >= stop[:, None]
            if number == 0:
                inside |= t < begin[:, None]
            columns = [v[:, None] if np.ndim(v) else v for v in p]
            with np.errstate(all="ignore"):
                got = self.compiled.outputs(t, store, columns, z)
            for name, value in zip(results, got, strict=True):
                results[name] = np.where(inside, value, results[name])
        for name, value in results.items():
            if not np.isfinite(value).all():
                where = self.t[np.argwhere(~np.isfinite(value))[0][1]]
                raise NonFiniteError(
                    f"the output is not finite at {where:.4g}",
                    model=self.model.name,
                    where=f"equation {name}",
                    mend="look for a division by zero, or a delay in an output, which has none",
                )
        return {k: v[0] if self.n is None else v for k, v in results.items()}
