"""Which parameters matter: locally by derivatives, globally by Sobol indices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from hardwired.models.core import Model
from hardwired.models.errors import BadInputError, NonFiniteError
from hardwired.models.simulate import read_overrides
from hardwired.models.sweep import Measure, measure

if TYPE_CHECKING:
    import pandas


def local(
    model: Model,
    t: Any,
    what: Measure,
    parameters: Sequence[str] | None = None,
    *,
    step: float = 1e-3,
    **overrides: float,
) -> pandas.Series:
    """Return by how many per cent a measure changes for one per cent of each parameter.

    Parameters
    ----------
    model, t
        Model and times of the runs.
    what
        A pair such as ``("TNF", "max")`` or a function of the trajectory.
    parameters
        Symbols; by default every parameter that is finite and not zero.
    step
        Relative step of the central difference.
    **overrides
        The point at which to differentiate.

    Returns
    -------
    pandas.Series
        Elasticities d ln(measure) / d ln(parameter), largest first.
    """
    import pandas as pd

    values, _, _ = read_overrides(model, overrides)
    if parameters is None:
        parameters = [k for k, v in values.items() if np.isfinite(v) and v != 0]
    n = len(parameters)
    columns = {}
    for k, name in enumerate(parameters):
        column = np.full(2 * n + 1, float(values[name]))
        column[2 * k] *= 1 + step
        column[2 * k + 1] *= 1 - step
        columns[name] = column
    rest = {k: v for k, v in overrides.items() if k not in columns}
    got = measure(model.simulate(t, rtol=1e-9, **rest, **columns), what)
    if got[-1] == 0 or not np.isfinite(got).all():
        raise NonFiniteError(
            "an elasticity of a measure that is zero has no meaning",
            model=model.name,
            where="sensitivity",
            mend="measure something that is not zero at this point",
        )
    elasticity = (got[0:-1:2] - got[1:-1:2]) / (2 * step * got[-1])
    series = pd.Series(elasticity, index=list(parameters), name="elasticity")
    return series.reindex(series.abs().sort_values(ascending=False).index)


def sobol(
    model: Model,
    t: Any,
    what: Measure,
    ranges: dict[str, tuple[float, float]],
    *,
    n: int = 1024,
    seed: int = 0,
    level: float = 0.95,
    **overrides: float,
) -> pandas.DataFrame:
    """Return first-order and total Sobol indices with bootstrap intervals.

    Parameters
    ----------
    model, t, what
        As in `local`.
    ranges
        Range of a uniform distribution for each parameter.
    n
        Base sample, a power of two; ``n * (len(ranges) + 2)`` patients are run.
    seed
        Of the quasi-random sample and of the bootstrap.
    level
        Confidence of the intervals.

    Returns
    -------
    pandas.DataFrame
        Index: parameters; columns first, first_low, first_high, total, total_low, total_high.
    """
    import pandas as pd

    if n < 2 or n & (n - 1):
        raise BadInputError(
            f"the base sample {n} is not a power of two",
            model=model.name,
            where="sobol",
            mend="take 512, 1024 or 2048",
        )
    names = list(ranges)

    def function(x: np.ndarray) -> np.ndarray:
        columns = dict(zip(names, x, strict=True))
        return np.atleast_2d(measure(model.simulate(t, **overrides, **columns), what))

    dists = [stats.uniform(low, high - low) for low, high in ranges.values()]
    indices = stats.sobol_indices(func=function, n=n, dists=dists, rng=np.random.default_rng(seed))
    boot = indices.bootstrap(confidence_level=level, n_resamples=500)
    table = {
        "first": indices.first_order,
        "first_low": boot.first_order.confidence_interval.low,
        "first_high": boot.first_order.confidence_interval.high,
        "total": indices.total_order,
        "total_low": boot.total_order.confidence_interval.low,
        "total_high": boot.total_order.confidence_interval.high,
    }
    return pd.DataFrame({k: np.ravel(v) for k, v in table.items()}, index=names)
