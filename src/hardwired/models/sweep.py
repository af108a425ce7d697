"""What a model does over a range of one or two parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hardwired.models.core import Model
from hardwired.models.errors import BadInputError, UnknownNameError, nearest
from hardwired.models.simulate import Trajectory

if TYPE_CHECKING:
    import pandas

MEASURES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "final": lambda t, x: x[..., -1],
    "max": lambda t, x: x.max(axis=-1),
    "min": lambda t, x: x.min(axis=-1),
    "mean": lambda t, x: np.trapezoid(x, t, axis=-1) / (t[-1] - t[0]),
    "time_of_max": lambda t, x: t[x.argmax(axis=-1)],
    "area": lambda t, x: np.trapezoid(x, t, axis=-1),
}
"""What can be measured on a trajectory by name."""

Measure = tuple[str, str] | Callable[[Trajectory], np.ndarray]


def measure(run: Trajectory, what: Measure) -> np.ndarray:
    """Measure a trajectory: a pair such as ``("TNF", "max")``, or a function of the trajectory."""
    if callable(what):
        return np.asarray(what(run), dtype=float)
    name, how = what
    if how not in MEASURES:
        raise UnknownNameError(
            f"there is no measure {how}",
            model=run.model.name,
            where=f"measure of {name}",
            mend=nearest(how, MEASURES),
        )
    return MEASURES[how](run.t, run[name])


def sweep(
    model: Model,
    parameters: Mapping[str, Sequence[float]],
    t: Any,
    measures: Mapping[str, Measure],
    **overrides: float,
) -> pandas.DataFrame:
    """Run a model over the grid of one or two (or more) parameters, as one population.

    Parameters
    ----------
    model
        Any model; a delay model is run once for each point.
    parameters
        Values by symbol.
    t
        Times of the runs.
    measures
        Columns to compute, for example ``{"peak": ("TNF", "max")}``.
    **overrides
        Held constant.

    Returns
    -------
    pandas.DataFrame
        One row a grid point: the parameters, then the measures. ``.pivot`` turns two parameters
        into a map.
    """
    import pandas as pd

    if not parameters or any(np.size(v) == 0 for v in parameters.values()):
        raise BadInputError(
            "there is nothing to sweep over",
            model=model.name,
            where="sweep",
            mend="give at least one parameter with values",
        )
    grid = np.meshgrid(*(np.asarray(v, dtype=float) for v in parameters.values()), indexing="ij")
    columns = {name: g.ravel() for name, g in zip(parameters, grid, strict=True)}
    results: dict[str, np.ndarray]
    if model.kind == "delay":
        points = [
            dict(zip(columns, point, strict=True)) for point in zip(*columns.values(), strict=True)
        ]
        runs = [model.simulate(t, **overrides, **point) for point in points]
        results = {
            k: np.array([float(measure(run, what)) for run in runs]) for k, what in measures.items()
        }
    else:
        run = model.simulate(t, **overrides, **columns)
        results = {k: measure(run, what) for k, what in measures.items()}
    return pd.DataFrame({**columns, **results})
