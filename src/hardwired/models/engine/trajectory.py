"""What a run of a model gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from hardwired.models.declaration import Declaration
from hardwired.models.errors import UnknownNameError, nearest

if TYPE_CHECKING:
    import pandas


class Trajectory:
    """What a run gave.

    ``trajectory["x"]`` is a state or output: shape (times,), or (patients, times) for a
    population. Outputs are computed when they are asked for.
    """

    def __init__(
        self,
        model: Declaration,
        t: np.ndarray,
        values: dict[str, np.ndarray],
        later: Callable[[], dict[str, np.ndarray]] | None = None,
    ) -> None:
        self.model, self.t = model, t
        self._values, self._later = values, later

    @property
    def names(self) -> tuple[str, ...]:
        """What can be asked for."""
        return tuple(x.symbol for x in self.model.states + self.model.outputs)

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self.names:
            raise UnknownNameError(
                f"there is no state or output {name}",
                model=self.model.name,
                where=f"trajectory['{name}']",
                mend=nearest(name, self.names),
            )
        if name not in self._values and self._later is not None:
            self._values.update(self._later())
            self._later = None
        return self._values[name]

    def frame(self) -> pandas.DataFrame:
        """Return a table: times as index, a column a name; patient and time for a population."""
        import pandas as pd

        columns = {name: self[name] for name in self.names}
        if all(v.ndim == 1 for v in columns.values()):
            return pd.DataFrame(columns, index=pd.Index(self.t, name="t"))
        n = next(v for v in columns.values() if v.ndim == 2).shape[0]
        index = pd.MultiIndex.from_product([range(n), self.t], names=["patient", "t"])
        shape = (n, self.t.size)
        return pd.DataFrame(
            {k: np.broadcast_to(v, shape).ravel() for k, v in columns.items()}, index=index
        )

    def peak(self, name: str) -> tuple[Any, Any]:
        """Return time and height of the highest value on the grid of times."""
        values = self[name]
        at = np.argmax(values, axis=-1)
        height = np.max(values, axis=-1)
        return (self.t[at], height) if values.ndim > 1 else (float(self.t[at]), float(height))
